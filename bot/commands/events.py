"""Behaviour events of customers on the command line: a bank's file is taken in, each event once."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.exits import clear_errors, settings

commands = typer.Typer(help="Behaviour events: what customers did, as the bank tells it.", no_args_is_help=True)


@commands.callback()
def events() -> None:
    """Behaviour events: what customers did, as the bank tells it."""


@commands.command("import")
def import_events(
    file: Annotated[Path, typer.Argument(help="CSV or JSONL: 客户号, 事件, 时间, and 金额, 页面, 编号 where known")],
    profile: Annotated[
        Path | None, typer.Option(help="how this bank names things; campaigns/events/profile.yaml, unless given")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of sentences")] = False,
) -> None:
    """Take a file in, in one transaction; the same file again changes nothing.

    Exits with 1 where a line was not taken: each is listed with its line and why.
    """
    from zoneinfo import ZoneInfo

    from bot.backing import migrated_database
    from bot.clock import Clock
    from handlers.terminal import page
    from handlers.terminal.journeys import print_report, report_json

    found = settings()
    with clear_errors(), migrated_database(found) as url:
        from bot.operations.journeys import in_office, read_file

        now = Clock(found.effective_clock_file).now
        lines = read_file(file, profile, now(), ZoneInfo(found.time_zone))
        report = in_office(found, url, now, lambda office: office.take_in(lines))
    typer.echo(report_json(report)) if as_json else print_report(report, page())
    if report.bad:
        raise typer.Exit(1)
