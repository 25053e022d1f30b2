"""Queued jobs: what is too long for one update, deferred in the transaction that asks for it.

A job is only a hurry-up: a lost one is made good by the tick, which finds what is unfinished in the domain's rows.
"""

from collections.abc import Awaitable, Callable

from procrastinate import App as Queue
from procrastinate import PsycopgConnector
from sqlalchemy import text

from storage.database import UnitOfWork

PLANNING = "offers"
SEARCH_PATH = "procrastinate"  # The queue's tables have a schema of their own.

PlanChunk = Callable[[int, int], Awaitable[int | None]]


class Jobs:
    """One process's side of the queue: defers jobs on the caller's connection, works them on its own."""

    def __init__(self, url: str, plan_chunk: PlanChunk) -> None:
        connector = PsycopgConnector(
            conninfo=url, min_size=1, max_size=2, kwargs={"options": f"-c search_path={SEARCH_PATH}"}
        )
        self._queue = Queue(connector=connector)
        self._plan_chunk = plan_chunk
        self._plan_offers = self._queue.task(name="plan_offers", queue=PLANNING)(self.plan_offers)

    async def defer_planning(self, uow: UnitOfWork, campaign_id: int) -> None:
        """Ask for the rest of a campaign's planning; row and job commit together or not at all."""
        await uow.session.execute(text(f"SET LOCAL search_path TO public, {SEARCH_PATH}"))
        pooled = await (await uow.session.connection()).get_raw_connection()
        task = self._plan_offers.configure(connection=pooled.driver_connection, lock=f"offers:{campaign_id}")
        await task.defer_async(campaign_id=campaign_id)

    async def plan_offers(self, campaign_id: int) -> None:
        """Plan chunk after chunk, each in a transaction of its own, until everybody is planned."""
        after: int | None = 0
        while after is not None:
            after = await self._plan_chunk(campaign_id, after)

    async def run(self) -> None:
        """Work until cancelled; the job in hand ends first."""
        await self._work(wait=True)

    async def run_waiting(self) -> None:
        """Work what waits now, then return."""
        await self._work(wait=False)

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
