"""Storms the points ledger with claims of four processes, and measures a burst of claimers beside a plain loop.

    python bench/claims.py [--claims 1000000] [--claimers 1000]

The storm: batches of claims by members who tap twice and come back, transactions that are rolled back, redemptions that
are set aside, cancelled and claimed, points that are clawed back; a watcher asks all the while whether the ledger sums
to nothing and the report balances. The burst: a thousand claimers at once through the batcher, against as many times
`UPDATE … SET remaining = remaining - 1 WHERE remaining > 0 RETURNING` in transactions of their own. Invented, seeded.
"""

import argparse
import asyncio
import gc
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pydantic import TypeAdapter  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402
from sqlalchemy import text  # noqa: E402

from bot.batcher import Batcher  # noqa: E402
from bot.turns import Turn  # noqa: E402
from campaigns.points.model import Grant, GrantCode, MovementReason, PointsCampaign, Settlement, Share  # noqa: E402
from campaigns.points.service import PointsService  # noqa: E402
from storage import schema  # noqa: E402
from storage.database import Database, UnitOfWork  # noqa: E402
from storage.points import SqlPointsStore  # noqa: E402
from storage.private_postgres import PrivatePostgres  # noqa: E402

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
ENDS = NOW + timedelta(days=5)
ZONE = ZoneInfo("Asia/Shanghai")
PROCESSES = 4
BATCH = 100
BOT = 7
OCCASIONS = ("join", "task", "day-1", "day-2")
RUN_DRY = 0.6  # The budget is this part of what everybody together would be paid.


@dataclass
class Tally:
    """What one process did and was told; only what was committed counts."""

    codes: Counter[GrantCode] = field(default_factory=Counter)
    paid: int = 0
    taken: int = 0
    held: int = 0
    claims: int = 0
    rolled_back: int = 0


@dataclass(frozen=True)
class Storm:
    """The end of a storm: what all processes were told, what the watcher saw, and the sheet."""

    tally: Tally
    snapshots: int
    faults: tuple[str, ...]
    sheet: Settlement
    seconds: float


@dataclass(frozen=True)
class Burst:
    """Claims per second through the batcher and by the plain loop, and the batcher's 99th percentile in seconds."""

    batched: float
    plain: float
    p99: float
    granted: int


def ledger(uow: UnitOfWork) -> PointsService:
    """The ledger with a clock that stands still."""
    return PointsService(SqlPointsStore(uow), lambda: NOW, ZONE)


async def open_campaign(uow: UnitOfWork, budget: int) -> PointsCampaign:
    """A campaign of two partners."""
    store = SqlPointsStore(uow)
    shares = [Share(await store.add_partner("bank", "bank"), 6_000)]
    shares.append(Share(await store.add_partner("shop", "merchant"), 4_000))
    return await ledger(uow).open("storm", 100, 30, shares, budget, ENDS)


async def storm(url: str, claims: int, processes: int = PROCESSES, seed: int = 1) -> Storm:
    """Let the processes claim, watch them meanwhile, and add up what they were told."""
    people = max(20, claims // 8)
    budget = int(people * len(OCCASIONS) * 5.5 * RUN_DRY)
    database = Database(url, pool_size=2)
    async with database.unit_of_work() as uow:
        campaign = await open_campaign(uow, budget)
    started, loop = time.perf_counter(), asyncio.get_running_loop()
    watcher = Watcher(database, campaign.id, budget)
    watching = asyncio.create_task(watcher.watch())
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        share = claims // processes
        working = [
            loop.run_in_executor(pool, work, url, campaign, share, people, seed * 100 + at) for at in range(processes)
        ]
        tallies = await asyncio.gather(*working)
    watcher.done = True
    await watching
    seconds = time.perf_counter() - started
    async with database.unit_of_work() as uow:
        sheet = await ledger(uow).settlement(campaign.id)
    await database.close()
    assert sheet is not None
    return Storm(_sum(tallies), watcher.snapshots, tuple(watcher.faults), sheet, seconds)


class Watcher:
    """Asks all the while whether the ledger sums to nothing and the report balances, each at one instant."""

    def __init__(self, database: Database, campaign_id: int, budget: int) -> None:
        self._database = database
        self._campaign_id = campaign_id
        self._budget = budget
        self.done = False
        self.snapshots = 0
        self.faults: list[str] = []

    async def watch(self) -> None:
        """Look until `done`, and once more."""
        while not self.done:
            await self._look()
        await self._look()

    async def _look(self) -> None:
        async with self._database.unit_of_work() as uow:
            whole = await uow.session.scalar(text("SELECT sum(balance) FROM points_accounts"))
            lowest = await uow.session.scalar(text("SELECT min(balance) FROM points_accounts WHERE kind <> 'issue'"))
            totals = await SqlPointsStore(uow).totals(self._campaign_id)
        self.snapshots += 1
        if whole != 0 or (lowest or 0) < 0 or not totals.is_balanced or totals.issued != self._budget:
            self.faults.append(f"snapshot {self.snapshots}: sum {whole}, lowest {lowest}, {totals}")


def work(url: str, campaign: PointsCampaign, claims: int, people: int, seed: int) -> Tally:
    """One process of the storm."""
    return asyncio.run(_work(url, campaign, claims, people, seed))


async def _work(url: str, campaign: PointsCampaign, claims: int, people: int, seed: int) -> Tally:
    database, chance, tally = Database(url, pool_size=1), random.Random(seed), Tally()
    redemption = seed * 10_000_000
    last: list[Grant] = []
    try:
        while tally.claims < claims:
            fresh = [_wish(chance, people) for _ in range(min(BATCH, claims - tally.claims))]
            batch = (
                last if last and chance.random() < 0.1 else fresh
            )  # A whole batch comes again: nothing more is paid.
            await _claim(database, campaign, batch, tally, undo=chance.random() < 0.1)
            last = batch
            redemption += 1
            await _spend(database, campaign, chance, people, redemption, tally)
    finally:
        await database.close()
    return tally


def _wish(chance: random.Random, people: int) -> Grant:
    """A claim by anybody: who comes back, or taps twice, claims the same occasion again."""
    return Grant(chance.randrange(people) + 1, chance.randint(1, 10), MovementReason.TASK, chance.choice(OCCASIONS))


async def _claim(database: Database, campaign: PointsCampaign, batch: list[Grant], tally: Tally, *, undo: bool) -> None:
    tally.claims += len(batch)
    async with database.unit_of_work() as uow:
        codes = await ledger(uow).grant(campaign.id, batch)
        if undo:
            await uow.session.rollback()
    if undo:
        tally.rolled_back += len(batch)
        return
    tally.codes.update(codes)
    tally.paid += sum(grant.points for grant, code in zip(batch, codes, strict=True) if code is GrantCode.GRANTED)


async def _spend(
    database: Database, campaign: PointsCampaign, chance: random.Random, people: int, redemption: int, tally: Tally
) -> None:
    """Set something aside, then claim it, cancel it or leave it; whoever cancelled then loses points."""
    member, points, cancelled = chance.randrange(people) + 1, chance.randint(1, 12), False
    async with database.unit_of_work() as uow:
        if await ledger(uow).hold(member, redemption, points) is not None:
            return
        match chance.randrange(3):
            case 0:
                await ledger(uow).claim(redemption, campaign.shares[1].partner)
                tally.taken += points
            case 1:
                await ledger(uow).give_back(redemption)
                cancelled = True
            case _:
                tally.held += points
    if cancelled:
        async with database.unit_of_work() as uow:
            tally.taken += await ledger(uow).claw_back(campaign.id, member, points, str(redemption))


def _sum(tallies: list[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        whole.codes.update(tally.codes)
        for name in ("paid", "taken", "held", "claims", "rolled_back"):
            setattr(whole, name, getattr(whole, name) + getattr(tally, name))
    return whole


async def burst(url: str, claimers: int) -> Burst:
    """A thousand claimers at once: through the batcher, and each with an UPDATE of its own."""
    database = Database(url, pool_size=12)
    async with database.unit_of_work() as uow:
        campaign = await open_campaign(uow, claimers * 10)
        await uow.session.execute(text("CREATE UNLOGGED TABLE IF NOT EXISTS plain_stock (remaining integer NOT NULL)"))
        await uow.session.execute(text("TRUNCATE plain_stock"))
        await uow.session.execute(text("INSERT INTO plain_stock VALUES (:remaining)"), {"remaining": claimers})
    plain = await _plain(database, claimers)
    started, taken = time.perf_counter(), list[float]()
    batcher = Batcher[Grant, GrantCode](
        database,
        BOT,
        lambda uow, number, grants: ledger(uow).grant(number, grants),
        TypeAdapter(GrantCode),
        lambda: NOW,
    )

    async def claim(member: int) -> GrantCode:
        code = await batcher.claim(
            Turn(member, database.unit_of_work()), campaign.id, Grant(member, 5, MovementReason.JOIN, "once")
        )
        taken.append(time.perf_counter() - started)
        return code

    codes = await asyncio.gather(*(claim(member) for member in range(1, claimers + 1)))
    seconds = time.perf_counter() - started
    await database.close()
    return Burst(claimers / seconds, plain, quantiles(taken, n=100)[98], codes.count(GrantCode.GRANTED))


async def _grant(uow: UnitOfWork, campaign_id: int, grants: Sequence[Grant]) -> list[GrantCode]:
    return await ledger(uow).grant(campaign_id, grants)


async def _plain(database: Database, claimers: int) -> float:
    """Claims per second of the plain loop, every one in a transaction of its own."""
    room = asyncio.Semaphore(12)

    async def claim() -> None:
        async with room, database.unit_of_work() as uow:
            await uow.session.execute(
                text("UPDATE plain_stock SET remaining = remaining - 1 WHERE remaining > 0 RETURNING remaining")
            )

    started = time.perf_counter()
    await asyncio.gather(*(claim() for _ in range(claimers)))
    return claimers / (time.perf_counter() - started)


def main() -> None:
    """Run both on a private server, print, and leave with 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--claimers", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=7, help="bursts, each in a campaign of its own")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="claims-") as folder:
        Path(folder).chmod(0o755)  # The server runs as another user where this runs as root.
        server = PrivatePostgres(Path(folder) / "pg").start()
        try:
            server.create_database("claims")
            url = server.url("claims")
            schema.upgrade(url)
            gc.collect()
            gc.freeze()  # As `serve` does once it has started: a full collection would take 80 ms of a burst.
            bursts = [asyncio.run(burst(url, given.claimers)) for _ in range(given.rounds)]
            stormed = asyncio.run(storm(url, given.claims))
        finally:
            server.stop()
    _print(bursts, stormed)
    sys.exit(1 if stormed.faults else 0)


def _print(bursts: list[Burst], stormed: Storm) -> None:
    console = Console(width=110)
    table = Table(title="A burst of claimers", caption="plain: one UPDATE per transaction, 12 connections")
    for column in ("batched, claims/s", "plain, claims/s", "ratio", "p99 ms", "granted"):
        table.add_column(column, justify="right")
    for each in bursts:
        ratio = f"{each.batched / each.plain:.1f}"
        table.add_row(f"{each.batched:,.0f}", f"{each.plain:,.0f}", ratio, f"{each.p99 * 1000:.0f}", str(each.granted))
    console.print(table)
    times, p99 = median(each.batched / each.plain for each in bursts), median(each.p99 for each in bursts)
    console.print(f"In the middle: {times:.1f} times the plain loop, p99 {p99 * 1000:.0f} ms.")
    tally, totals = stormed.tally, stormed.sheet.totals
    console.print(
        f"{tally.claims:,} claims in {stormed.seconds:.0f} s, {tally.rolled_back:,} of them rolled back: "
        f"{dict(tally.codes)}; paid {tally.paid:,}, granted by the sheet {totals.granted:,}; "
        f"{stormed.snapshots:,} snapshots, {len(stormed.faults)} faults."
    )


if __name__ == "__main__":
    main()
