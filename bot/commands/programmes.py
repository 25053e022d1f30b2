"""The command of the programme report: the tiered programme before and after, by class."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.exits import clear_errors, refuse, settings

commands = typer.Typer()


@commands.command("programme-report")
def programme_report(
    before: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="a day with a run, before the programme")],
    after: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="a later day with a run")],
    out: Annotated[Path | None, typer.Option("--out", help="the file for the page")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Compare two days by class: customers, AUM, migration, online share, cost, beside those kept out of campaigns."""
    from bot.backing import migrated_database
    from campaigns.channels.model import COSTS, Touch
    from handlers.pages.programmes.page import programme_page
    from handlers.pages.reports.writing import check_file, write_page
    from segmentation.programmes import programme
    from storage.programmes import read_days

    if out is None and not as_json:
        refuse("Name a file for the page with --out FILE, or ask for --json.")
    if before.date() >= after.date():
        refuse("--before is a day before --after.")
    with clear_errors():
        if out is not None:
            check_file(out)
        with migrated_database(settings()) as url:
            days = read_days(url, before.date(), after.date(), {touch: COSTS[touch] for touch in Touch})
        found = programme(days.people, before.date(), after.date(), days.planned_control)
        if out is not None:
            write_page(out, programme_page(found))
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        typer.echo(f"Written to {out}: {found.before} to {found.after}, {found.control:,} kept out of campaigns.")
