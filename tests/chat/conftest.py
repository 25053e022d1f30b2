"""A running bot in the test's own loop, its clock shared with a sandbox, and phones to talk to it with."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from bot import serving
from bot.app import App
from bot.settings import Settings
from sandbox.client import Sandbox
from storage import schema
from storage.private_postgres import PrivatePostgres
from tests.chat import classed_bank as bank
from tests.driver import Stage
from tests.sandbox_process import running_sandbox

TOKENS = count(700_001)
HURRY = 60  # Domain seconds in a real one.


@pytest.fixture(scope="session")
def sandbox_clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clock file that the sandbox turns and every bot follows."""
    return tmp_path_factory.mktemp("clock") / "clock.json"


@pytest.fixture(scope="session")
def sandbox_url(sandbox_clock: Path) -> Iterator[str]:
    """One sandbox for the session; each test brings a bot of its own."""
    with running_sandbox("--clock-file", str(sandbox_clock)) as url:
        yield url


@pytest.fixture
async def sandbox(sandbox_url: str) -> AsyncIterator[Sandbox]:
    """The sandbox with no faults; its clock runs ahead, so that the pace of Telegram costs the tests no time."""
    async with Sandbox(sandbox_url) as found:
        await found.set_faults(limits=False)
        await found.turn_clock(rate=HURRY)
        yield found


@asynccontextmanager
async def running_bot(settings: Settings, url: str) -> AsyncIterator[App]:
    """The bot as `serve` runs it, without the process around it."""
    async with serving.opened(settings, url) as app:
        stop = asyncio.Event()
        leader = asyncio.create_task(serving.lead(app, url, stop))
        try:
            yield app
        finally:
            stop.set()
            await leader


@pytest.fixture
async def stage(database_url: str, sandbox: Sandbox, sandbox_clock: Path, tmp_path: Path) -> AsyncIterator[Stage]:
    """A running bot and the sandbox it talks to."""
    number = next(TOKENS)
    settings = Settings(
        _env_file=None,
        var_dir=tmp_path,
        bot_token=f"{number}:{'t' * 35}",
        bot_api_url=sandbox.url,
        clock_file=sandbox_clock,
        webhook_secret="hook",
        pool_size=8,
    )
    async with running_bot(settings, database_url) as app:
        yield Stage(sandbox, app)


@pytest.fixture
async def noon(stage: Stage) -> datetime:
    """The next noon of the bank, an hour at which everything may arrive."""
    now = stage.app.clock.now().astimezone(stage.app.zone)
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)
    await stage.sandbox.turn_clock(now=noon.isoformat())
    return noon


@pytest.fixture(scope="session")
def classed_bank(postgres: PrivatePostgres) -> Iterator[str]:
    """A database with invented customers of two quarters, to be copied."""
    name = "template_classed"
    postgres.create_database(name)
    schema.upgrade(postgres.url(name))
    with tempfile.TemporaryDirectory(prefix="welfare-") as folder:
        bank.fill(postgres.url(name), Path(folder))
    yield name
    postgres.drop_database(name)
