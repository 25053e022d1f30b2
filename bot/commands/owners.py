"""Owners of customers on the command line: the bank's file taken in, managers and strategic clients listed."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.exits import clear_errors, settings

commands = typer.Typer()


@commands.command("customer-owners")
def customer_owners(
    file: Annotated[
        Path | None,
        typer.Argument(help="CSV or XLSX: 客户号, 经理编号; without it, managers and what nobody owns are listed"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of a table")] = False,
) -> None:
    """Name who looks after which customer; whose manager changes is told once.

    Exits with 1 where a line, or a strategic client without a manager, waits for a person.
    """
    from bot.backing import migrated_database
    from bot.clock import Clock
    from handlers.terminal import page
    from handlers.terminal.owners import needs_a_person, print_report, report_json

    found = settings()
    with clear_errors(), migrated_database(found) as url:
        from bot.operations.owners import take_in

        report = take_in(file, found, url, Clock(found.effective_clock_file).now)
    told = (report.lines, report.managers, report.strategic)
    typer.echo(report_json(*told)) if as_json else print_report(*told, page())
    if needs_a_person(report.lines, report.strategic):
        raise typer.Exit(1)
