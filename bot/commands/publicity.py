"""Publicity on the command line: the report that follows every join code."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.exits import clear_errors, refuse, settings

commands = typer.Typer(help="Publicity before events.", no_args_is_help=True)


@commands.callback()
def publicity() -> None:
    """Publicity before events."""


@commands.command("report")
def report(
    event: Annotated[int, typer.Argument(help="the event's number", min=1)],
    out: Annotated[Path | None, typer.Option(help="a new .csv file for a spreadsheet")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Follow every code of an event to what its people did; staff and publicists themselves stand apart."""
    from bot.backing import migrated_database
    from bot.operations.publicity import find_report
    from handlers.terminal import page
    from handlers.terminal.publicity import check_file, print_report, report_json, write_report

    found_settings = settings()
    with clear_errors():
        if out is not None:
            check_file(out)
        with migrated_database(found_settings) as url:
            found = find_report(found_settings, url, event)
        if found is None:
            refuse(f"There is no event {event}. The manager sees the events in the chat: /publicity.")
        if out is not None:
            write_report(out, found)
    if as_json:
        typer.echo(report_json(found))
    elif out is not None:
        typer.echo(f"Written to {out}: {len(found.codes)} codes, {found.total.joined} people joined.")
    else:
        print_report(found, page())
