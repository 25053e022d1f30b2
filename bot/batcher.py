"""Claims that arrive together are decided in one transaction; those that wait hold no connection."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from bot.turns import Turn
from campaigns.chains.model import Claim, ClaimCode, ClaimOutcome
from campaigns.chains.service import ChainService
from storage.database import Database, UnitOfWork
from storage.inbox import SqlInbox

BATCH = 256


@dataclass
class _Waiting:
    """One claim in the queue, with the update that brought it."""

    turn: Turn
    claim: Claim
    answer: "asyncio.Future[ClaimOutcome]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class ClaimBatcher:
    """One queue per chain; each round takes what has gathered, in the order of the updates."""

    def __init__(
        self,
        database: Database,
        bot_id: int,
        chains: Callable[[UnitOfWork], ChainService],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._bot_id = bot_id
        self._chains = chains
        self._now = now
        self._queues: dict[int, list[_Waiting]] = {}
        self._rounds: dict[int, asyncio.Task[None]] = {}

    async def claim(self, turn: Turn, chain_id: int, claim: Claim) -> ClaimOutcome:
        """Queue a claim and wait for its outcome."""
        waiting = _Waiting(turn, claim)
        self._queues.setdefault(chain_id, []).append(waiting)
        if chain_id not in self._rounds:
            self._rounds[chain_id] = asyncio.create_task(self._work(chain_id))
        return await waiting.answer

    async def _work(self, chain_id: int) -> None:
        """Decide round after round until the queue is empty."""
        try:
            while queue := self._queues.pop(chain_id, []):
                queue.sort(key=lambda waiting: waiting.turn.update_id)
                for start in range(0, len(queue), BATCH):
                    await self._settle(queue[start : start + BATCH], chain_id)
        finally:
            del self._rounds[chain_id]

    async def _settle(self, batch: Sequence[_Waiting], chain_id: int) -> None:
        """Answer a whole batch, or hand its fault to every claim in it."""
        try:
            outcomes = await self._decide(batch, chain_id)
        except Exception as fault:  # noqa: BLE001 - whatever went wrong, each waiting update must hear of it.
            for waiting in batch:
                waiting.answer.set_exception(fault)
            return
        for waiting, outcome in zip(batch, outcomes, strict=True):
            waiting.turn.decided = True
            if not waiting.answer.done():
                waiting.answer.set_result(outcome)

    async def _decide(self, batch: Sequence[_Waiting], chain_id: int) -> list[ClaimOutcome]:
        """One transaction: outcomes that were stored before are returned, the rest decided and stored."""
        async with self._database.unit_of_work() as uow:
            inbox = SqlInbox(uow, self._bot_id)
            stored = {
                update_id: read_outcome(found)
                for update_id, found in (await inbox.outcomes([waiting.turn.update_id for waiting in batch])).items()
            }
            fresh = [waiting for waiting in batch if waiting.turn.update_id not in stored]
            decided = await self._chains(uow).decide(chain_id, [waiting.claim for waiting in fresh])
            made = {waiting.turn.update_id: outcome for waiting, outcome in zip(fresh, decided, strict=True)}
            await inbox.mark_decided({key: asdict(outcome) for key, outcome in made.items()}, self._now())
            every = stored | made
            return [every[waiting.turn.update_id] for waiting in batch]


def read_outcome(stored: dict[str, Any]) -> ClaimOutcome:
    """An outcome as it was stored with its update."""
    return ClaimOutcome(**(stored | {"code": ClaimCode(stored["code"])}))


@dataclass(frozen=True)
class TurnDesk:
    """The claim desk of one update, as handlers know it (`campaigns.chains.service.ClaimDesk`)."""

    batcher: ClaimBatcher
    turn: Turn

    async def claim(self, chain_id: int, claim: Claim) -> ClaimOutcome:
        """Decide one claim together with those that arrive at the same moment."""
        return await self.batcher.claim(self.turn, chain_id, claim)
