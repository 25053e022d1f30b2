"""An app on the test's own database; no call leaves it, since nothing runs its sender."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiogram import Bot

from bot.app import App
from bot.clock import Clock
from bot.services import Surroundings
from bot.settings import Settings
from storage.database import Database
from storage.vault import Vault

TOKEN = f"4242:{'t' * 35}"
SECRET = "a_secret-for-the-webhook"


@pytest.fixture
async def app(database: Database, vault: Vault, clock: Clock, tmp_path: Path) -> AsyncIterator[App]:
    """The wired product, with a webhook secret."""
    settings = Settings(_env_file=None, var_dir=tmp_path, bot_token=TOKEN, webhook_secret=SECRET)
    bot = Bot(TOKEN)
    yield App(Surroundings(settings, database, vault, clock, bot, "welfare_bot"))
    await bot.session.close()
