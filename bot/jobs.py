"""Queued jobs: what is too long for one update, deferred in the transaction that asks for it.

A job is only a hurry-up: a lost one is made good by the tick, which finds what is unfinished in the domain's rows.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from procrastinate import App as Queue
from procrastinate import PsycopgConnector
from sqlalchemy import text

from storage.database import UnitOfWork

PLANNING = "offers"  # Both kinds of planning, one job at a time.
SEARCH_PATH = "procrastinate"  # The queue's tables have a schema of their own.

PlanChunk = Callable[[int, int], Awaitable[int | None]]
PlanPromotion = Callable[[int, int], Awaitable[bool]]


async def nothing_planned(_promotion_id: int, _number: int) -> bool:
    """No promotion is planned by this process."""
    return False


class Jobs:
    """One process's side of the queue: defers jobs on the caller's connection, works them on its own."""

    def __init__(self, url: str, plan_chunk: PlanChunk, plan_promotion: PlanPromotion = nothing_planned) -> None:
        connector = PsycopgConnector(
            conninfo=url, min_size=1, max_size=2, kwargs={"options": f"-c search_path={SEARCH_PATH}"}
        )
        self._queue = Queue(connector=connector)
        self._plan_chunk = plan_chunk
        self._plan_promotion_chunk = plan_promotion
        self._plan_offers = self._queue.task(name="plan_offers", queue=PLANNING)(self.plan_offers)
        self._plan_promotion = self._queue.task(name="plan_promotion", queue=PLANNING)(self.plan_promotion)

    async def defer_planning(self, uow: UnitOfWork, campaign_id: int) -> None:
        """Ask for the rest of a campaign's planning; row and job commit together or not at all."""
        task = self._plan_offers.configure(connection=await self._connection(uow), lock=f"offers:{campaign_id}")
        await task.defer_async(campaign_id=campaign_id)

    async def defer_promotion(self, uow: UnitOfWork, promotion_id: int, number: int) -> None:
        """Ask for the planning of a promotion's version, in the transaction that starts it.

        It has no lock of the queue's, which a killed job would keep: the version's own row is what planners lock.
        """
        task = self._plan_promotion.configure(connection=await self._connection(uow))
        await task.defer_async(promotion_id=promotion_id, number=number)

    async def plan_offers(self, campaign_id: int) -> None:
        """Plan chunk after chunk, each in a transaction of its own, until everybody is planned."""
        after: int | None = 0
        while after is not None:
            after = await self._plan_chunk(campaign_id, after)

    async def plan_promotion(self, promotion_id: int, number: int) -> None:
        """Plan chunk after chunk of a promotion, each in a transaction of its own, while there is more to do."""
        while await self._plan_promotion_chunk(promotion_id, number):
            pass

    async def run(self) -> None:
        """Work until cancelled; the job in hand ends first."""
        await self._work(wait=True)

    async def run_waiting(self) -> None:
        """Work what waits now, then return."""
        await self._work(wait=False)

    async def _connection(self, uow: UnitOfWork) -> Any:
        """The caller's own connection, which finds the queue's tables from here on."""
        await uow.session.execute(text(f"SET LOCAL search_path TO public, {SEARCH_PATH}"))
        return (await (await uow.session.connection()).get_raw_connection()).driver_connection

    async def _work(self, *, wait: bool) -> None:
        async with self._queue.open_async():
            await self._queue.run_worker_async(
                queues=[PLANNING],
                concurrency=1,
                wait=wait,
                listen_notify=wait,
                delete_jobs="successful",
                install_signal_handlers=False,
            )
