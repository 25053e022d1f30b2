"""Queued jobs: they live and die with the row that asked for them."""

import asyncio

import pytest
from sqlalchemy import text

from bot.jobs import Jobs
from storage.database import Database, UnitOfWork


class Planner:
    """Plans a campaign of three chunks and notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []
        self.done = asyncio.Event()

    async def plan_chunk(self, campaign_id: int, after: int) -> int | None:
        self.asked.append((campaign_id, after))
        if after < 2:
            return after + 1
        self.done.set()
        return None


async def waiting(uow: UnitOfWork) -> int:
    return int(await uow.session.scalar(text("SELECT count(*) FROM procrastinate.procrastinate_jobs")) or 0)


async def test_a_job_commits_with_its_row_and_plans_chunk_after_chunk(database: Database) -> None:
    planner = Planner()
    jobs = Jobs(database.url, planner.plan_chunk)
    async with database.unit_of_work() as uow:
        await jobs.defer_planning(uow, 7)
        assert await waiting(uow) == 1
    await jobs.run_waiting()
    assert planner.asked == [(7, 0), (7, 1), (7, 2)]
    async with database.unit_of_work() as uow:
        assert await waiting(uow) == 0


async def test_a_job_rolls_back_with_its_row(database: Database) -> None:
    jobs = Jobs(database.url, Planner().plan_chunk)
    uow = database.unit_of_work()
    await jobs.defer_planning(uow, 7)
    await uow.__aexit__(RuntimeError, RuntimeError("the update failed"), None)
    async with database.unit_of_work() as uow:
        assert await waiting(uow) == 0


async def test_a_worker_hears_of_a_job_and_stops_when_cancelled(database: Database) -> None:
    planner = Planner()
    jobs = Jobs(database.url, planner.plan_chunk)
    worker = asyncio.create_task(jobs.run())
    async with database.unit_of_work() as uow:
        await jobs.defer_planning(uow, 7)
    await asyncio.wait_for(planner.done.wait(), 20)
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker
