"""Reminders on the command line: what is on, when each comes next, and what became of the last."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.exits import clear_errors, settings

if TYPE_CHECKING:
    from campaigns.reminders.model import Line

commands = typer.Typer(help="Scheduled reminders to groups and persons.", no_args_is_help=True)


@commands.callback()
def reminders() -> None:
    """Scheduled reminders to groups and persons."""


@commands.command("list")
def list_reminders(as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table")] = False) -> None:
    """Show every reminder that is on, paused or in review: its next three times and what became of the last."""
    from handlers.terminal import page
    from handlers.terminal.reminders import print_reminders, reminders_json

    with clear_errors():
        found = _lines()
    typer.echo(reminders_json(found)) if as_json else print_reminders(found, page())


def _lines() -> "list[Line]":
    from zoneinfo import ZoneInfo

    from bot.backing import in_one_transaction, migrated_database
    from bot.clock import Clock
    from campaigns.reminders.book import ReminderBook
    from storage.reminders import SqlReminderStore

    found = settings()
    now, zone = Clock(found.effective_clock_file).now, ZoneInfo(found.time_zone)
    with migrated_database(found) as url:
        return in_one_transaction(url, lambda uow: ReminderBook(SqlReminderStore(uow), now, zone).lines())
