"""Drains the delivery ledger to Telegram: intent is committed before the call, the outcome after."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from time import monotonic
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
    EditMessageCaption,
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
from handlers.gathering import Gathering
from storage.compliance import SqlGate
from storage.database import Database, UnitOfWork
from storage.deliveries import Resting, Said, SqlDeliveryStore
from storage.groups import SqlGroupStore

AT_ONCE, MOST_AT_ONCE = 30, 150  # Calls under way, by the bot's pace.
LOOK_AHEAD = 3  # Due rows read for each that may leave: several may be for one chat.
GATHER = 0.02  # Real seconds.
TURN = 0.002
LOOK_AGAIN = 0.25  # Real seconds between looks for rows whose time has come.
OTHERS = 5.0  # Real seconds between looks for what another sender left in flight.

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
        EditMessageCaption,
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
        self._outcomes = Gathering(self._settle_all)
        self._at_once = min(max(AT_ONCE, pacer.per_second // 4), MOST_AT_ONCE)
        self._chats: set[int] = set()
        self._others: frozenset[int] = frozenset()
        self._looked_at_others = monotonic()

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

    async def recover(self, *, seen: frozenset[int] | None = None) -> int:
        """Settle what a killed sender left in flight, or only what was `seen`; returns how many became unknown."""
        now = self._clock.now()
        async with self._database.unit_of_work() as uow:
            store = SqlDeliveryStore(uow)
            left = await store.abandoned(self._owner)
            self._others = frozenset(delivery.id for delivery in left)
            lost = [delivery for delivery in left if seen is None or delivery.id in seen]
            settled = [(delivery, after(delivery, Ambiguous(Reason.KILLED), now)) for delivery in lost]
            await self._record(store, settled, now)
        for delivery, verdict in settled:
            log.warning("delivery_abandoned", delivery=delivery.id, state=verdict.state)
        return sum(verdict.state is State.UNKNOWN for _, verdict in settled)

    async def _round(self) -> int:
        """Claim what may leave now and let it fly; returns how many."""
        await self._look_at_others()
        if self._rounds.in_hand:
            await asyncio.sleep(GATHER)  # Calls that end in a row make one round, not one each.
        room = min(self._at_once - len(self._rounds.in_hand), self._pacer.room())
        if room <= 0:
            await self._wait_for_room()
            return 1
        now = self._clock.now()
        async with self._database.unit_of_work() as uow:
            store = SqlDeliveryStore(uow)
            due = await store.due(now, self._resting(), limit=LOOK_AHEAD * room)
            chosen, said = await self._pass_gate(uow, one_per_chat(due)[:room])
            booked = [(each, self._pacer.book(each.recipient, each.method)) for each in chosen]
            leaving = [(delivery, place) for delivery, place in booked if place]
            cards = await store.card_messages({(one.campaign, one.recipient) for one, _ in leaving if needs_card(one)})
            if leaving:
                await store.dispatch([delivery.id for delivery, _ in leaving], self._owner, said)
        for delivery, place in leaving:
            self._launch(delivery, place, cards.get((delivery.campaign, delivery.recipient)))
        return len(leaving)

    async def _wait_for_room(self) -> None:
        """Until a call ends, where too many are under way; else until the pace has a handful of places again."""
        if len(self._rounds.in_hand) >= self._at_once:
            await asyncio.wait(self._rounds.in_hand, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(min(LOOK_AGAIN, self._clock.real_seconds(self._pacer.room_after()) + TURN))

    async def _look_at_others(self) -> None:
        """Settle what another sender claimed late and left: what is in flight at two looks in a row."""
        if monotonic() - self._looked_at_others >= OTHERS:
            self._looked_at_others = monotonic()
            await self.recover(seen=self._others)

    def _resting(self) -> Resting:
        """Chats that must be left alone in this round: one call at a time, and never over the pace."""
        busy = list(self._chats)
        return Resting([*self._pacer.cooling(Family.SEND), *busy], [*self._pacer.cooling(Family.EDIT), *busy])

    async def _pass_gate(self, uow: UnitOfWork, due: list[Delivery]) -> tuple[list[Delivery], Said]:
        """Ask the gate about each; what may not leave is settled here. The minutes go with what passed."""
        now = self._clock.now()
        gate = SqlGate(uow)
        passed: list[Delivery] = []
        settled: list[tuple[Delivery, Verdict]] = []
        for delivery, verdict in zip(due, await gate.judge_many(due, now) if due else [], strict=True):
            match verdict:
                case Pass():
                    passed.append(delivery)
                case Suppress(reason):
                    settled.append((delivery, Verdict(State.SUPPRESSED, reason)))
                case Defer(until, reason):
                    settled.append((delivery, Verdict(State.RETRY, reason, until)))
        await SqlDeliveryStore(uow).settle_all(settled, now, gate.said)
        for delivery, held in settled:
            if held.state is State.SUPPRESSED and held.reason:
                await self._suppressed(uow, delivery, Reason(held.reason))
        return passed, gate.said

    def _launch(self, delivery: Delivery, place: datetime, card: int | None) -> None:
        self._chats.add(delivery.recipient)
        task = self._rounds.launch(self._deliver(delivery, place, card))
        task.add_done_callback(self._landed)
        task.add_done_callback(lambda _: self._chats.discard(delivery.recipient))

    def _landed(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (fault := task.exception()):
            log.error("delivery_not_settled", exc_info=fault)
        self._rounds.wake()

    async def _deliver(self, delivery: Delivery, place: datetime, card: int | None) -> None:
        """Make the call at its place and record what came of it, however long the database needs to come back."""
        if (early := place - self._clock.now()) > timedelta(0):
            await asyncio.sleep(min(LOOK_AGAIN, self._clock.real_seconds(early)))
        outcome = await self._call(delivery, card)
        if isinstance(outcome, RateLimited):
            self._pacer.penalise(delivery.recipient, delivery.method, outcome.wait)
        verdict = None
        while verdict is None:
            try:
                verdict = await self._outcomes.ask((delivery, outcome))
            except SQLAlchemyError as fault:
                log.warning("outcome_not_recorded", delivery=delivery.id, fault=str(fault))
                await asyncio.sleep(LOOK_AGAIN)
        metrics.DELIVERIES.labels(verdict.state).inc()
        log.info("delivered", delivery=delivery.id, campaign=delivery.campaign, step=delivery.step, state=verdict.state)

    async def _settle_all(self, ended: Sequence[tuple[Delivery, Outcome]]) -> list[Verdict]:
        """Record the outcomes of calls that ended together, and plan what follows from them, in one transaction."""
        now = self._clock.now()
        verdicts = [after(delivery, outcome, now) for delivery, outcome in ended]
        async with self._database.unit_of_work() as uow:
            settled = [(delivery, verdict) for (delivery, _), verdict in zip(ended, verdicts, strict=True)]
            await self._record(SqlDeliveryStore(uow), settled, now)
            for (delivery, outcome), verdict in zip(ended, verdicts, strict=True):
                if verdict.state is State.SUPPRESSED and isinstance(outcome, Refused):
                    await self._suppressed(uow, delivery, outcome.reason)
        return verdicts

    async def _record(self, store: SqlDeliveryStore, settled: list[tuple[Delivery, Verdict]], now: datetime) -> None:
        """Keep verdicts with what they ask for: a pin behind a post, a fresh post behind a card in doubt."""
        await store.settle_all(settled, now)
        for delivery, verdict in settled:
            if verdict.state is State.SENT and delivery.pin and verdict.message_id:
                await store.plan_pin(delivery, verdict.message_id, now)
            if verdict.state is State.UNKNOWN and delivery.kind is Kind.CARD:
                await store.post_again(delivery, now)

    async def _call(self, delivery: Delivery, card: int | None) -> Outcome:
        """One Bot API call, and what the platform's answer means."""
        try:
            method = await self._method(delivery, card)
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

    async def _method(self, delivery: Delivery, card: int | None) -> TelegramMethod[Any] | None:
        """The ledger's row as aiogram's call; None for an edit whose card is not there, or nothing to draw."""
        call: dict[str, Any] = {"chat_id": delivery.recipient, **delivery.payload}
        if needs_card(delivery):
            if card is None:
                return None
            call["message_id"] = card
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


def needs_card(delivery: Delivery) -> bool:
    """Whether it edits a card, whose newest post says which message that is; a recall names its message itself."""
    return delivery.method in EDITS and "message_id" not in delivery.payload


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
