"""The first invitation of a bank: who runs the machine makes the first administrator."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.operations.platform import PlatformError, ask
from bot.settings import Settings
from campaigns.staff.model import Role
from campaigns.staff.service import StaffService
from storage.database import one_transaction
from storage.staff import SqlStaffStore


def invite(settings: Settings, url: str, role: Role, now: Callable[[], datetime]) -> str:
    """A one-time link that gives a role; the bare start parameter where the bot's name cannot be learnt."""
    parameter = f"start=staff_{asyncio.run(_token(url, role, now))}"
    try:
        return f"https://t.me/{ask(settings, 'getMe')['username']}?{parameter}"
    except (PlatformError, KeyError):
        return parameter


async def _token(url: str, role: Role, now: Callable[[], datetime]) -> str:
    async with one_transaction(url) as uow:
        return await StaffService(SqlStaffStore(uow), now).invite(role, None)
