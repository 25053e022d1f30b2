"""The bank's file of card events on the command line: imported, held against the chat, disagreements listed."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.exits import clear_errors, settings

commands = typer.Typer()


@commands.command("card-events")
def card_events(
    file: Annotated[
        Path | None,
        typer.Argument(help="CSV or XLSX: 客户号 or 申请编号, 事件, 日期; without it, what disagrees is listed"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of sentences")] = False,
) -> None:
    """Take in what the bank tells of applications; what the chat says otherwise is listed, never overwritten.

    Exits with 1 where a line or a disagreement waits for a person.
    """
    from bot.backing import migrated_database
    from bot.clock import Clock
    from handlers.terminal import page
    from handlers.terminal.card_events import needs_a_person, print_report, report_json

    found = settings()
    with clear_errors(), migrated_database(found) as url:
        from bot.operations.card_events import take_in

        report = take_in(file, found, url, Clock(found.effective_clock_file).now)
    lines, disagreements = report.lines, report.disagreements
    typer.echo(report_json(lines, disagreements)) if as_json else print_report(lines, disagreements, page())
    if needs_a_person(lines, disagreements):
        raise typer.Exit(1)
