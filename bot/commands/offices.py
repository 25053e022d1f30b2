"""How a command works on the database: its schema up to date, at the deployment's time, in one transaction."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from bot.commands.exits import settings

if TYPE_CHECKING:
    from bot.settings import Settings

Office = TypeVar("Office")
Found = TypeVar("Found")
Do = Callable[[Office], Awaitable[Found]]


def on_database(
    work: "Callable[[Settings, str, Callable[[], datetime], Do[Office, Found]], Found]", do: Do[Office, Found]
) -> Found:
    """Let `work`, an `in_office` of the operations, do one thing on this process's database."""
    from bot.backing import migrated_database
    from bot.clock import Clock

    found = settings()
    with migrated_database(found) as url:
        return work(found, url, Clock(found.effective_clock_file).now, do)
