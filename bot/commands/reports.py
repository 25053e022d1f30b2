"""The command of the segment report."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.exits import clear_errors, refuse, settings

commands = typer.Typer()

REFUSALS = {
    "NO_RUN": "No run is known as of this day: import a delivery and run segment first.",
    "NO_EARLIER_RUN": "No run before the report's is known as of {since}: run segment --as-of {since} first.",
}


@commands.command("segment-report")
def segment_report(
    html: Annotated[Path | None, typer.Option(help="the file for the page")] = None,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the latest day, unless given")] = None,
    compare: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="hold it against the run of that day")
    ] = None,
    model: Annotated[Path | None, typer.Option(help="a model file of train, to show its quality")] = None,
    first: Annotated[int, typer.Option(min=0, max=1000, help="how many customers each list names")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Write the report of the latest segmentation run: one page with pictures that needs nothing beside itself."""
    from bot.backing import migrated_database
    from campaigns.customers.report import plain
    from campaigns.customers.reporting import ReportRefusal, ReportService
    from handlers.pages.reports.page import report_page
    from handlers.pages.reports.writing import check_file, write_page
    from storage.data_quality import data_quality
    from storage.reports import open_reports

    if html is None and not as_json:
        refuse("Name a file for the page with --html FILE, or ask for --json.")
    until, since = _day(as_of), _day(compare)
    found = settings()
    with clear_errors():
        if html is not None:
            check_file(html)
        with migrated_database(found) as url:
            with open_reports(url, found.time_zone) as store:
                report = ReportService(store).report(until, since=since, model=model, first=first)
            if isinstance(report, ReportRefusal):
                refuse(REFUSALS[report.name].format(since=since))
            quality = data_quality(url, report.run, report.as_of)
        if html is not None:
            write_page(html, report_page(report, quality))
    if as_json:
        typer.echo(json.dumps({**report.as_json(), "data_quality": plain(quality)}, ensure_ascii=False))
    else:
        typer.echo(f"Written to {html}: classes as of {report.as_of}.")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
