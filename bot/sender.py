"""Drains the delivery ledger to Telegram: intent is committed before the call, the outcome after."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import (
    DeleteMessage,
    EditMessageMedia,
    EditMessageText,
    PinChatMessage,
    RestrictChatMember,
    SendMessage,
    SendPhoto,
    SetChatDescription,
    SetChatTitle,
    TelegramMethod,
    UnpinChatMessage,
)
from aiogram.types import BufferedInputFile, InputMediaPhoto, Message
from aiohttp import ClientConnectorError
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.clock import Clock
from bot.pacing import Family, Pacer
from bot.rounds import Rounds
from campaigns.compliance.rules import Defer, Pass, Suppress
from campaigns.deliveries.model import Delivery, Kind, Picture, Reason, State
from campaigns.deliveries.rules import (
    EDITS,
    Ambiguous,
    Outcome,
    RateLimited,
    Refused,
    Sent,
    Undrawn,
    Unreachable,
    Verdict,
    after,
)
from storage.compliance import SqlGate
from storage.database import Database, UnitOfWork
from storage.deliveries import Resting, SqlDeliveryStore
from storage.groups import SqlGroupStore

AT_ONCE = 30
GATHER = 0.02  # Real seconds.
LOOK_AGAIN = 0.25  # Real seconds between looks for rows whose time has come.

log: structlog.stdlib.BoundLogger = structlog.get_logger("sender")

ERRANDS: dict[str, type[TelegramMethod[Any]]] = {
    method.__api_method__: method
    for method in (
        PinChatMessage,
        UnpinChatMessage,
        DeleteMessage,
        SetChatTitle,
        SetChatDescription,
        RestrictChatMember,
    )
}

Suppressed = Callable[[UnitOfWork, Delivery, Reason], Awaitable[None]]
Draw = Callable[[Picture], Awaitable[bytes | None]]


class NotDrawnError(Exception):
    """A picture could not be drawn; nothing was sent."""


class Sender:
    """One bot's sender; only the process that holds the bot's advisory lock runs it."""

    def __init__(
        self, database: Database, bot: Bot, clock: Clock, pacer: Pacer, suppressed: Suppressed, draw: Draw
    ) -> None:
        self._database = database
        self._bot = bot
        self._clock = clock
        self._pacer = pacer
        self._suppressed = suppressed
        self._draw = draw
        self._owner = uuid4().hex
        self._rounds = Rounds(self._round, LOOK_AGAIN)
        self._chats: set[int] = set()

    def wake(self) -> None:
        """Look into the ledger now."""
        self._rounds.wake()

    async def run(self) -> None:
        """Send until `stop`; calls in flight are waited for, so that a clean stop leaves nothing unknown."""
        await self.recover()
        await self._rounds.run()

    def stop(self) -> None:
        """Claim nothing more; `run` returns once every call in flight is settled."""
        self._rounds.stop()

    async def recover(self) -> int:
        """Settle what a killed sender left in flight; returns how many became unknown."""
        now = self._clock.now()
        async with self._database.unit_of_work() as uow:
            store = SqlDeliveryStore(uow)
            left = await store.abandoned(self._owner)
            verdicts = [after(delivery, Ambiguous(Reason.KILLED), now) for delivery in left]
            for delivery, verdict in zip(left, verdicts, strict=True):
                await self._record(store, delivery, verdict)
                log.warning("delivery_abandoned", delivery=delivery.id, state=verdict.state)
        return sum(verdict.state is State.UNKNOWN for verdict in verdicts)

    async def _round(self) -> int:
        """Claim what may leave now and let it fly; returns how many."""
        if self._rounds.in_hand:
            await asyncio.sleep(GATHER)  # Calls that end in a row make one round, not one each.
        room = AT_ONCE - len(self._rounds.in_hand)
        if room <= 0:
            await asyncio.wait(self._rounds.in_hand, return_when=asyncio.FIRST_COMPLETED)
            return 1
        now = self._clock.now()
        async with self._database.unit_of_work() as uow:
            store = SqlDeliveryStore(uow)
            due = await store.due(now, self._resting(), limit=10 * room)
            chosen = await self._pass_gate(uow, one_per_chat(due)[:room])
            leaving = [delivery for delivery in chosen if self._pacer.take(delivery.recipient, delivery.method)]
            await store.dispatch([delivery.id for delivery in leaving], self._owner)
        for delivery in leaving:
            self._launch(delivery)
        return len(leaving)

    def _resting(self) -> Resting:
        """Chats that must be left alone in this round: one call at a time, and never over the pace."""
        busy = list(self._chats)
        return Resting([*self._pacer.cooling(Family.SEND), *busy], [*self._pacer.cooling(Family.EDIT), *busy])

    async def _pass_gate(self, uow: UnitOfWork, due: list[Delivery]) -> list[Delivery]:
        """Ask the gate about each; what may not leave is settled here."""
        now = self._clock.now()
        store = SqlDeliveryStore(uow)
        passed = []
        for delivery, verdict in zip(due, await SqlGate(uow).judge_many(due, now), strict=True):
            match verdict:
                case Pass():
                    passed.append(delivery)
                case Suppress(reason):
                    await store.settle(delivery, Verdict(State.SUPPRESSED, reason), now)
                    await self._suppressed(uow, delivery, reason)
                case Defer(until, reason):
                    await store.settle(delivery, Verdict(State.RETRY, reason, until), now)
        return passed

    def _launch(self, delivery: Delivery) -> None:
        self._chats.add(delivery.recipient)
        task = self._rounds.launch(self._deliver(delivery))
        task.add_done_callback(self._landed)
        task.add_done_callback(lambda _: self._chats.discard(delivery.recipient))

    def _landed(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (fault := task.exception()):
            log.error("delivery_not_settled", exc_info=fault)
        self._rounds.wake()

    async def _deliver(self, delivery: Delivery) -> None:
        """Make the call and record what came of it, however long the database needs to come back."""
        outcome = await self._call(delivery)
        if isinstance(outcome, RateLimited):
            self._pacer.penalise(delivery.recipient, delivery.method, outcome.wait)
        verdict = None
        while verdict is None:
            try:
                verdict = await self._settle(delivery, outcome)
            except SQLAlchemyError as fault:
                log.warning("outcome_not_recorded", delivery=delivery.id, fault=str(fault))
                await asyncio.sleep(LOOK_AGAIN)
        metrics.DELIVERIES.labels(verdict.state).inc()
        log.info("delivered", delivery=delivery.id, campaign=delivery.campaign, step=delivery.step, state=verdict.state)

    async def _settle(self, delivery: Delivery, outcome: Outcome) -> Verdict:
        """Record the outcome, and plan what follows from it, in one transaction."""
        now = self._clock.now()
        verdict = after(delivery, outcome, now)
        async with self._database.unit_of_work() as uow:
            await self._record(SqlDeliveryStore(uow), delivery, verdict)
            if verdict.state is State.SUPPRESSED and isinstance(outcome, Refused):
                await self._suppressed(uow, delivery, outcome.reason)
        return verdict

    async def _record(self, store: SqlDeliveryStore, delivery: Delivery, verdict: Verdict) -> None:
        """Keep the verdict with what it asks for: a pin behind a post, a fresh post behind a card in doubt."""
        now = self._clock.now()
        await store.settle(delivery, verdict, now)
        if verdict.state is State.SENT and delivery.pin and verdict.message_id:
            await store.plan_pin(delivery, verdict.message_id, now)
        if verdict.state is State.UNKNOWN and delivery.kind is Kind.CARD:
            await store.post_again(delivery, now)

    async def _call(self, delivery: Delivery) -> Outcome:
        """One Bot API call, and what the platform's answer means."""
        try:
            method = await self._method(delivery)
            if method is None:
                return Refused(Reason.CARD_LOST)
            answer = await self._bot(method)
        except NotDrawnError:
            log.exception("picture_not_drawn", delivery=delivery.id)
            return Undrawn()
        except TelegramMigrateToChat as moved:
            await self._move(delivery.recipient, moved.migrate_to_chat_id)
            return RateLimited(timedelta(0))
        except ClientDecodeError:
            return Ambiguous(Reason.TIMED_OUT)
        except TelegramAPIError as fault:
            return meaning(fault)
        return Sent(answer.message_id if isinstance(answer, Message) else delivery.message_id)

    async def _method(self, delivery: Delivery) -> TelegramMethod[Any] | None:
        """The ledger's row as aiogram's call; None for an edit whose card is not there, or nothing to draw."""
        call: dict[str, Any] = {"chat_id": delivery.recipient, **delivery.payload}
        if delivery.method in EDITS:
            async with self._database.unit_of_work() as uow:
                call["message_id"] = await SqlDeliveryStore(uow).card_message(delivery.campaign, delivery.recipient)
            if call["message_id"] is None:
                return None
        match delivery.method:
            case "sendPhoto":
                drawn = await self._drawn(Picture(**call.pop("picture")))
                return SendPhoto(photo=drawn, **call) if drawn else None
            case "editMessageMedia":
                drawn, caption = await self._drawn(Picture(**call.pop("picture"))), call.pop("caption")
                return EditMessageMedia(media=InputMediaPhoto(media=drawn, caption=caption), **call) if drawn else None
            case "editMessageText":
                return EditMessageText(**call)
            case name if name in ERRANDS:
                return ERRANDS[name](**call)
            case _:
                return SendMessage(**call)

    async def _drawn(self, picture: Picture) -> BufferedInputFile | None:
        """The picture as it looks now; None where its subject is gone.

        Raises:
            NotDrawnError: it could not be drawn this time.
        """
        try:
            content = await self._draw(picture)
        except Exception as fault:
            raise NotDrawnError from fault
        return BufferedInputFile(content, f"{picture.subject}.png") if content else None

    async def _move(self, old: int, new: int) -> None:
        log.info("group_migrated", old=old, new=new)
        async with self._database.unit_of_work() as uow:
            await SqlGroupStore(uow).move_chat(old, new)


def one_per_chat(due: list[Delivery]) -> list[Delivery]:
    """The first delivery of each chat: the rest keep their order behind it."""
    first: dict[int, Delivery] = {}
    for delivery in due:
        first.setdefault(delivery.recipient, delivery)
    return list(first.values())


def meaning(fault: TelegramAPIError) -> Outcome:
    """What a fault says about the message: whether it can have arrived, and whether it ever can."""
    match fault:
        case TelegramRetryAfter():
            return RateLimited(timedelta(seconds=max(fault.retry_after, 1)))
        case TelegramForbiddenError():
            return Refused(_forbidden(fault.message), fault.message)
        case TelegramBadRequest() if "is not modified" in fault.message or "to delete not found" in fault.message:
            return Sent()
        case TelegramNetworkError() if isinstance(fault.__context__, ClientConnectorError):
            return Unreachable()
        case TelegramEntityTooLarge():
            return Refused(Reason.REFUSED_BY_PLATFORM, fault.message)
        case TelegramNetworkError() | TelegramServerError():
            return Ambiguous(Reason.TIMED_OUT)
        case _ if "Too Many Requests" in fault.message:  # A retry_after of 0 reaches us without its own type.
            return RateLimited(timedelta(seconds=1))
        case _:
            return Refused(Reason.REFUSED_BY_PLATFORM, fault.message)


def _forbidden(message: str) -> Reason:
    if "can't initiate" in message:
        return Reason.NO_PRIVATE_CHAT
    return Reason.BLOCKED if "blocked" in message or "deactivated" in message else Reason.BOT_REMOVED
