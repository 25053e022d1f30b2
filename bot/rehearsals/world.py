"""The world of one rehearsal: a private database, the event in it, a clock that is turned; gone at the end."""

import json
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from aiogram import Bot
from psycopg import sql

from bot.app import App
from bot.clock import Clock
from bot.services import Services, Surroundings
from bot.settings import Settings
from campaigns.members.model import Introduction, Language, Member
from campaigns.rallies.checks import partners_of
from campaigns.rallies.model import Booth, Rally, RallyPlan, RallyState
from campaigns.staff.model import Role
from storage import schema
from storage.database import Database, UnitOfWork
from storage.points import SqlPointsStore
from storage.private_postgres import PrivatePostgres
from storage.rallies import SqlRallyStore
from storage.staff import SqlStaffStore
from storage.vault import Keyring, Vault

TOKEN = "7000000009:" + "r" * 35
USERNAME = "rehearsal_bot"
DATABASE = "rehearsal"
ORGANISER = Introduction(1, "彩排", Language.ZH, is_private=False)
BEFORE = timedelta(minutes=2)
POOL = 6


@contextmanager
def private_database() -> Iterator[tuple[Path, str]]:
    """A folder and the address of an empty, migrated database in it; both are gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as name:
        folder = Path(name)
        os.chmod(folder, 0o755)  # noqa: S103 - the server runs as another user when this runs as root.
        server = PrivatePostgres(folder / "pg").start()
        try:
            _forgetful(server)
            server.create_database(DATABASE)
            url = server.url(DATABASE)
            schema.upgrade(url)
            yield folder, url
        finally:
            server.stop()


def _forgetful(server: PrivatePostgres) -> None:
    """Nothing of a rehearsal must outlive a crash, so that nothing waits for the disk."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            connection.execute(sql.SQL("ALTER SYSTEM SET " + setting))
        connection.execute("SELECT pg_reload_conf()")


@dataclass
class World:
    """One event, ready to be played; `members` are the visitors by their numbers, as far as they are known."""

    app: App
    folder: Path
    plan: RallyPlan
    rally: Rally
    secret: bytes
    organiser: Member
    members: dict[int, Member]

    @property
    def clock_file(self) -> Path:
        """What every process of this world follows."""
        return self.folder / "clock.json"

    def turn_clock(self, now: datetime, rate: float = 0.0) -> None:
        """Let the clock show a moment; it stands still without a rate."""
        turn_clock(self.clock_file, now, rate)

    def booth(self, code: str) -> Booth:
        """A booth by its code."""
        found = self.rally.booth(code)
        assert found is not None
        return found

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Services]:
        """The use cases in a transaction."""
        async with self.app.database.unit_of_work() as uow:
            yield self.app.services(uow)

    async def meet(self, people: Sequence[tuple[int, Introduction]]) -> None:
        """Know visitors by their numbers and what their first update tells."""
        async with self.turn() as services:
            for number, who in people:
                self.members[number] = await services.people.meet(who, self.app.clock.now())


@asynccontextmanager
async def opened(settings: Settings, folder: Path, url: str, plan: RallyPlan) -> AsyncIterator[World]:
    """The event in a database of its own, announced, two minutes before it begins."""
    turn_clock(folder / "clock.json", plan.starts_at - BEFORE)
    told = settings.model_copy(update={"var_dir": folder, "clock_file": folder / "clock.json", "database_url": url})
    database, bot = Database(url, pool_size=POOL), Bot(TOKEN)
    vault = Vault(Keyring.open(told.keyring_file))
    try:
        app = App(Surroundings(told, database, vault, Clock(told.effective_clock_file), bot, USERNAME))
        async with database.unit_of_work() as uow:
            organiser, rally, secret = await _stage(uow, vault, plan, app)
        yield World(app, folder, plan, rally, secret, organiser, {})
    finally:
        await database.close()
        await bot.session.close()


async def _stage(uow: UnitOfWork, vault: Vault, plan: RallyPlan, app: App) -> tuple[Member, Rally, bytes]:
    """An organiser, the partners that the plan names, and the event, announced."""
    now = app.clock.now()
    people, store = app.services(uow).people, SqlRallyStore(uow, vault)
    await people.meet(ORGANISER, now)
    await SqlStaffStore(uow).grant(ORGANISER.id, Role.TEAM_LEAD, now)
    partners = {name: await SqlPointsStore(uow).add_partner(name, "merchant") for name in partners_of(plan)}
    made = await store.create(plan, ORGANISER.id, partners, now)
    await store.move(made.id, RallyState.ANNOUNCED, now)
    organiser, rally = await people.get(ORGANISER.id), await store.find(made.id)
    assert organiser is not None
    assert rally is not None
    return organiser, rally, await store.secret(rally)


def turn_clock(file: Path, now: datetime, rate: float = 0.0) -> None:
    """Write a clock file whole, so that nobody reads half of one."""
    anchor = {"anchor_real": time.clock_gettime(time.CLOCK_REALTIME), "anchor_domain": now.isoformat(), "rate": rate}
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(anchor), "utf-8")
    fresh.replace(file)
