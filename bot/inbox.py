"""Works through the inbox: each update in its own transaction, each person's updates in their order."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from aiogram import Bot
from aiogram.methods import TelegramMethod
from aiogram.types import Update
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot import metrics
from bot.clock import Clock
from bot.replies import Replies, answers_to
from bot.rounds import Rounds
from storage.database import Database
from storage.inbox import Seals, SqlInbox

TRIES = 3
UNSENT = 10  # Answers that one person may have to come while the next update is worked on.
LOOK_AGAIN = 1.0  # Real seconds; another process may have stored a webhook's update.

log: structlog.stdlib.BoundLogger = structlog.get_logger("inbox")

Work = Callable[[Update], Awaitable[TelegramMethod[Any] | None]]


class InboxWorker:
    """Takes stored updates and hands them to the dispatcher.

    A fault rolls the update's transaction back; a database conflict is tried again, anything else is parked
    for a person and the sender of the update gets a kind word.
    """

    def __init__(
        self,
        database: Database,
        bot: Bot,
        clock: Clock,
        seals: Seals,
        replies: Replies,
        work: Work,
        apologise: Work,
        *,
        lanes: int,
    ) -> None:
        self._database = database
        self._seals = seals
        self._bot = bot
        self._clock = clock
        self._replies = replies
        self._work = work
        self._apologise = apologise
        self._room = asyncio.Semaphore(lanes)
        self._lanes: dict[int, deque[tuple[int, dict[str, Any]]]] = {}
        self._unsent: dict[int, deque[TelegramMethod[Any]]] = {}
        self._answering: dict[int, asyncio.Task[None]] = {}
        self._busy: set[int] = set()
        self._rounds = Rounds(self._take, LOOK_AGAIN)

    def wake(self) -> None:
        """Look into the inbox now."""
        self._rounds.wake()

    async def run(self) -> None:
        """Work until `stop`; then finish what is in hand, so that no reply is lost to a clean stop."""
        await self._rounds.run()

    def stop(self) -> None:
        """Take nothing more; `run` returns once the updates in hand are done."""
        self._rounds.stop()

    async def _take(self) -> int:
        """Queue what waits, each person's updates in a lane of their own; returns how many were new."""
        async with self._database.unit_of_work() as uow:
            found = await SqlInbox(uow, self._bot.id, self._seals).waiting(beyond=list(self._busy), limit=1000)
        for update_id, raw in found:
            self._busy.add(update_id)
            lane = lane_of(raw)
            if lane in self._lanes:
                self._lanes[lane].append((update_id, raw))
            else:
                self._lanes[lane] = deque([(update_id, raw)])
                self._rounds.launch(self._walk(lane))
        return len(found)

    async def _walk(self, lane: int) -> None:
        """One person's updates, one after the other; what a fault leaves undone is taken again."""
        queue = self._lanes[lane]
        try:
            while queue and not self._rounds.stopping:
                async with self._room:
                    answers = await self._handle(*queue[0])
                self._busy.discard(queue.popleft()[0])
                await self._answer(lane, answers)
        except SQLAlchemyError as fault:
            log.warning("update_postponed", fault=str(fault))
            await asyncio.sleep(LOOK_AGAIN)
        finally:
            self._busy.difference_update(update_id for update_id, _ in queue)
            del self._lanes[lane]

    async def _answer(self, lane: int, answers: Sequence[TelegramMethod[Any]]) -> None:
        """Answer in the order of the updates, beside the person's next ones: a place in a busy chat takes seconds.

        Who has many answers to come is not worked for until they are sent.
        """
        if not answers:
            return
        if lane not in self._unsent:
            self._unsent[lane] = deque(answers)
            self._answering[lane] = self._rounds.launch(self._send(lane))
        else:
            self._unsent[lane].extend(answers)
        if len(self._unsent[lane]) > UNSENT:
            await asyncio.wait([self._answering[lane]])

    async def _send(self, lane: int) -> None:
        try:
            while self._unsent[lane]:
                await self._replies.send(self._unsent[lane], lane)
        finally:
            del self._unsent[lane], self._answering[lane]

    async def _handle(self, update_id: int, raw: dict[str, Any]) -> list[TelegramMethod[Any]]:
        """Parse one update and work on it; what cannot be parsed is parked alone. Returns what to answer."""
        try:
            update = Update.model_validate(raw, context={"bot": self._bot})
        except ValidationError as fault:
            await self._give_up(update_id, fault)
            return []
        with metrics.UPDATE_SECONDS.time():
            return answers_to(update, await self._try(update_id, update))

    async def _try(self, update_id: int, update: Update) -> TelegramMethod[Any] | None:
        for attempt in range(1, TRIES + 1):
            try:
                reply = await self._work(update)
            except DBAPIError as fault:
                log.warning("update_conflict", update_id=update_id, attempt=attempt, fault=str(fault.orig))
                if attempt == TRIES:
                    return await self._fail(update_id, update, fault)
            except Exception as fault:  # noqa: BLE001 - one bad update must never stop the others.
                return await self._fail(update_id, update, fault)
            else:
                metrics.UPDATES.labels("done").inc()
                return reply
        return None

    async def _fail(self, update_id: int, update: Update, fault: Exception) -> TelegramMethod[Any] | None:
        """Park the update and find a kind word for its sender."""
        await self._give_up(update_id, fault)
        return await self._apologise(update)

    async def _give_up(self, update_id: int, fault: Exception) -> None:
        fault = without_values(fault) if isinstance(fault, ValidationError) else fault
        metrics.UPDATES.labels("parked").inc()
        log.error("update_parked", update_id=update_id, exc_info=fault)
        async with self._database.unit_of_work() as uow:
            await SqlInbox(uow, self._bot.id).mark_failed(update_id, repr(fault), self._clock.now(), park=True)


def without_values(fault: ValidationError) -> ValueError:
    """The same fault without the values that it quotes: they are what people wrote."""
    found = fault.errors(include_url=False, include_context=False, include_input=False)
    said = "; ".join(f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}" for error in found)
    return ValueError(said).with_traceback(fault.__traceback__)


def lane_of(raw: dict[str, Any]) -> int:
    """The person behind a raw update (or its chat), so that each person's updates keep their order."""
    for value in raw.values():
        if isinstance(value, dict):
            for place in ("from", "user", "chat"):
                who = value.get(place)
                if isinstance(who, dict) and isinstance(who.get("id"), int):
                    return int(who["id"])
    return 0
