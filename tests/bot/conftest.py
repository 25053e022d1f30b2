"""An app on the test's own database; no call leaves it, since nothing runs its sender."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import typer
from aiogram import Bot
from typer.testing import CliRunner

from bot.app import App
from bot.clock import Clock
from bot.services import Surroundings
from bot.settings import Settings
from storage.database import Database
from storage.vault import Vault

TOKEN = f"4242:{'t' * 35}"
SECRET = "a_secret-for-the-webhook"

Types = Callable[..., tuple[int, str]]


@pytest.fixture
def command_line(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Types:
    """An operator in an empty folder, with the test's database and no other setting; `var` lies in that folder.

    Runs a command of an app with its arguments; returns its exit code and all that it said.
    """
    for name in ("BOT_TOKEN", "BOT_API_URL", "CLOCK_FILE", "TIME_ZONE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "250")

    def run(app: typer.Typer, *arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, list(arguments))
        return done.exit_code, done.output

    return run


@pytest.fixture
async def app(database: Database, vault: Vault, clock: Clock, tmp_path: Path) -> AsyncIterator[App]:
    """The wired product, with a webhook secret."""
    settings = Settings(_env_file=None, var_dir=tmp_path, bot_token=TOKEN, webhook_secret=SECRET)
    bot = Bot(TOKEN)
    yield App(Surroundings(settings, database, vault, clock, bot, "welfare_bot"))
    await bot.session.close()
