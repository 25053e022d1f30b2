"""A sandbox and a bot process of the test's own."""

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.operations.invitations import invite
from bot.settings import Settings
from campaigns.staff.model import Role
from sandbox.client import Phone, Sandbox
from tests.bot_process import BotProcess
from tests.sandbox_process import running_sandbox

TOKEN = f"600001:{secrets.token_hex(18)[:35]}"
USERNAME = "welfare_bot"


@pytest.fixture
def clock_file(tmp_path: Path) -> Path:
    """The clock of sandbox and bot."""
    return tmp_path / "clock.json"


@pytest.fixture
def sandbox_url(clock_file: Path) -> Iterator[str]:
    """A sandbox with Telegram's limits in force."""
    with running_sandbox("--clock-file", str(clock_file), "--bot", f"{TOKEN}:{USERNAME}:福利小助手") as url:
        yield url


@pytest.fixture
async def sandbox(sandbox_url: str) -> AsyncIterator[Sandbox]:
    """The person's side."""
    async with Sandbox(sandbox_url) as found:
        yield found


@pytest.fixture
def bot_process(tmp_path: Path, database_url: str, sandbox_url: str, clock_file: Path) -> BotProcess:
    """A bot that is not started yet."""
    return BotProcess(
        tmp_path / "serve.log",
        VAR_DIR=str(tmp_path),
        DATABASE_URL=database_url,
        BOT_API_URL=sandbox_url,
        BOT_TOKEN=TOKEN,
        CLOCK_FILE=str(clock_file),
    )


@pytest.fixture
async def manager(sandbox: Sandbox, tmp_path: Path, database_url: str, sandbox_url: str) -> Phone:
    """Somebody with an unopened invitation; `accepts` it once the bot runs."""
    return await sandbox.new_person("李敏", role="manager")


@pytest.fixture
def invitation(tmp_path: Path, database_url: str) -> str:
    """A start parameter that makes a wealth manager."""
    settings = Settings(_env_file=None, var_dir=tmp_path)
    return invite(settings, database_url, Role.WEALTH_MANAGER, Clock().now).removeprefix("start=")
