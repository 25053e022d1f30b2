"""How long planning a promotion takes: a million customers, all bound and willing, from the start to the last row.

`python -m bench.promotions` fills a database of its own, brings a promotion to its start and plans it through the use
case that the bot's job calls, chunk by chunk, each in a transaction of its own. It prints seconds, the peak memory of
this process (Linux alone), rows per second, and the ratio to a bare COPY of the same rows into the same two tables.
"""

import argparse
import asyncio
import os
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from bot.operations.promotions import desk
from campaigns.checklists.model import Subject
from campaigns.checklists.service import ChecklistService
from campaigns.members.model import Language, Member
from campaigns.promotions.model import Version
from campaigns.staff.service import StaffService
from storage import schema
from storage.checklists import SqlChecklistStore
from storage.database import Database
from storage.private_postgres import PrivatePostgres
from storage.staff import SqlStaffStore
from storage.vault import Keyring, Vault
from tests.promotion_people import AUTHOR, REVIEWER, fill

NOW, ZONE, BANK = datetime(2030, 11, 1, 3, tzinfo=UTC), ZoneInfo("Asia/Shanghai"), "A银行"
FILE = """
code: million
title: 金秋回馈 | Autumn thanks
audience: everybody
channels: { A: private, B: private, C: private, D: private }
window: { from: 2030-11-01 09:00, until: 2030-11-20 20:00 }
arms:
  - { name: lecture, text: 到店听一场讲座，领取资料一份。 | Join a lecture at our branch and take the handout home. }
  - { name: review, text: 预约理财经理，一起看看您的家庭资产安排。 | Book your manager for a look at your finances. }
budget_yuan: 0
rules: { organiser: 财富管理部 | Wealth management, complaints: 请到任一网点 | At any branch }
"""
COPIED = {
    "promotion_recipients": "promotion_id, version, customer_id, member_id, letter, place, arm, channel, excluded, "
    "assigned_at",
    "deliveries": "campaign, step, recipient, kind, method, payload, state, priority, due_at, expires_at, product, "
    "risk, planned_at, ended_at, attempts, repeats, pin, awaits_release",
}


def main() -> None:
    """Fill, plan, copy, print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=1_000_000)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="promotions-", dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the server runs as another user when this runs as root.
        server = PrivatePostgres(Path(folder) / "pg").start()
        try:
            server.create_database("bench")
            url = server.url("bench")
            schema.upgrade(url)
            fill(url, given.people, NOW, willing=True)
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
                connection.execute("CHECKPOINT")
            vault = Vault(Keyring.open(Path(folder) / "keys.json"))
            seconds = asyncio.run(measure(url, vault))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            bare, rows = copy_of(url, Path(folder))
        finally:
            server.stop()
    print(f"planned {given.people:,} in {seconds:.1f} s, peak {peak:.0f} MiB, {rows / seconds:,.0f} rows/s")
    print(f"bare COPY of the same {rows:,} rows: {bare:.1f} s; planning takes {seconds / bare:.2f} times as long")


async def measure(url: str, vault: Vault) -> float:
    """Bring the promotion to its start; returns the seconds from there to the last planned row."""
    database = Database(url, pool_size=1)
    async with database.unit_of_work() as uow:
        service, _ = desk(uow, vault, BANK, lambda: NOW, ZONE)
        loaded = await service.load(FILE, AUTHOR)
        assert isinstance(loaded, Version), loaded
        began = time.perf_counter()
        outcome = await service.check(loaded.code)
        assert isinstance(outcome, tuple), outcome
        assert not outcome[1].faults, outcome[1].faults
        print(f"check with dry run: {time.perf_counter() - began:.1f} s")
        submitted = await service.submit(loaded.code, AUTHOR)
        assert isinstance(submitted, Version), submitted
        await service.approve(loaded.code, submitted.digest, REVIEWER)
        ready = ChecklistService(SqlChecklistStore(uow), StaffService(SqlStaffStore(uow), lambda: NOW), lambda: NOW)
        lead, subject = Member(REVIEWER, "", Language.ZH), Subject(loaded.promotion_id, loaded.number)
        await ready.override(subject, "a measurement", lead)
        await service.schedule(loaded.code, AUTHOR)
    began = time.perf_counter()
    async with database.unit_of_work() as uow:
        await desk(uow, vault, BANK, lambda: NOW, ZONE)[1].tick()
    more, chunks = True, 0
    while more:
        async with database.unit_of_work() as uow:
            more = await desk(uow, vault, BANK, lambda: NOW, ZONE)[1].plan_chunk(loaded.promotion_id, loaded.number)
        chunks += 1
        if chunks == 1:
            print(f"audience found: {time.perf_counter() - began:.1f} s")
    seconds = time.perf_counter() - began
    await database.close()
    return seconds


def copy_of(url: str, folder: Path) -> tuple[float, int]:
    """Take the rows out and copy them back into emptied tables; returns the seconds of the way back, and how many."""
    rows = 0
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        for table, columns in COPIED.items():
            with (folder / table).open("wb") as file, cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as out:
                for block in out:
                    file.write(block)
            rows += connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # type: ignore[index]  # noqa: S608
        connection.execute(f"TRUNCATE {', '.join(COPIED)} CASCADE")
        connection.execute("CHECKPOINT")
        began = time.perf_counter()
        for table, columns in COPIED.items():
            with (folder / table).open("rb") as file, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as back:
                while block := file.read(1 << 20):
                    back.write(block)
        return time.perf_counter() - began, rows


if __name__ == "__main__":
    main()
