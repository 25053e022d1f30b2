"""Claims that arrive together are decided in one transaction; those that wait hold no connection."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from bot.turns import Turn
from storage.database import Database, UnitOfWork
from storage.inbox import SqlInbox

BATCH = 256
C = TypeVar("C")
O = TypeVar("O")  # noqa: E741 - the outcome of a claim C.
Decide = Callable[[UnitOfWork, int, Sequence[C]], Awaitable[list[O]]]


@dataclass
class _Waiting(Generic[C, O]):
    """One claim in the queue, with the update that brought it."""

    turn: Turn
    claim: C
    answer: "asyncio.Future[O]"


class Batcher(Generic[C, O]):
    """One queue per thing claimed; each round takes what has gathered, in the order of the updates.

    `decide` gives one outcome per claim; `outcomes` writes and reads them beside their updates.
    """

    def __init__(
        self,
        database: Database,
        bot_id: int,
        decide: Decide[C, O],
        outcomes: TypeAdapter[O],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._bot_id = bot_id
        self._decide = decide
        self._outcomes = outcomes
        self._now = now
        self._queues: dict[int, list[_Waiting[C, O]]] = {}
        self._rounds: dict[int, asyncio.Task[None]] = {}

    async def claim(self, turn: Turn, claimed: int, claim: C) -> O:
        """Queue a claim and wait for its outcome."""
        waiting = _Waiting[C, O](turn, claim, asyncio.get_running_loop().create_future())
        self._queues.setdefault(claimed, []).append(waiting)
        if claimed not in self._rounds:
            self._rounds[claimed] = asyncio.create_task(self._work(claimed))
        return await waiting.answer

    async def _work(self, claimed: int) -> None:
        """Decide round after round until the queue is empty."""
        try:
            while queue := self._queues.pop(claimed, []):
                queue.sort(key=lambda waiting: waiting.turn.update_id)
                for start in range(0, len(queue), BATCH):
                    await self._settle(queue[start : start + BATCH], claimed)
        finally:
            del self._rounds[claimed]

    async def _settle(self, batch: Sequence[_Waiting[C, O]], claimed: int) -> None:
        """Answer a whole batch, or hand its fault to every claim in it."""
        try:
            outcomes = await self._decide_fresh(batch, claimed)
        except Exception as fault:  # noqa: BLE001 - whatever went wrong, each waiting update must hear of it.
            for waiting in batch:
                waiting.answer.set_exception(fault)
            return
        for waiting, outcome in zip(batch, outcomes, strict=True):
            waiting.turn.decided = True
            if not waiting.answer.done():
                waiting.answer.set_result(outcome)

    async def _decide_fresh(self, batch: Sequence[_Waiting[C, O]], claimed: int) -> list[O]:
        """One transaction: outcomes that were stored before are returned, the rest decided and stored."""
        async with self._database.unit_of_work() as uow:
            inbox = SqlInbox(uow, self._bot_id)
            found = await inbox.outcomes([waiting.turn.update_id for waiting in batch])
            stored = {update_id: self._outcomes.validate_python(outcome) for update_id, outcome in found.items()}
            fresh = [waiting for waiting in batch if waiting.turn.update_id not in stored]
            decided = await self._decide(uow, claimed, [waiting.claim for waiting in fresh])
            made = {waiting.turn.update_id: outcome for waiting, outcome in zip(fresh, decided, strict=True)}
            written = {key: self._outcomes.dump_python(outcome, mode="json") for key, outcome in made.items()}
            await inbox.mark_decided(written, self._now())
            every = stored | made
            return [every[waiting.turn.update_id] for waiting in batch]


@dataclass(frozen=True)
class TurnDesk(Generic[C, O]):
    """The claim desk of one update, as handlers know it (`campaigns.chains.service.ClaimDesk` and the like)."""

    batcher: Batcher[C, O]
    turn: Turn

    async def claim(self, claimed: int, claim: C) -> O:
        """Decide one claim together with those that arrive at the same moment."""
        return await self.batcher.claim(self.turn, claimed, claim)
