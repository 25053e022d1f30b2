"""Deliveries in, classes out: the commands about the bank's customers."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.commands.exits import clear_errors, refuse, settings
from campaigns.members.model import Language

if TYPE_CHECKING:
    from campaigns.customers.portraits import Portrait

commands = typer.Typer()
MOMENTS = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f"]


@commands.command("import")
def import_delivery(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="the folder of a delivery, or one file")],
    profile: Annotated[str, typer.Option(help="how this bank's departments deliver")],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="the day the delivery is true at")],
    max_rejected: Annotated[float, typer.Option(min=0, max=1, help="share of a file's rows that may be bad")] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of tables")] = False,
) -> None:
    """Import what the bank's departments delivered: whole or not at all, and once."""
    from bot.backing import migrated_database
    from bot.clock import Clock
    from campaigns.customers.intake import IntakeReport, IntakeService
    from handlers.terminal import page
    from handlers.terminal.intakes import fault_json, print_report, report_json
    from handlers.terminal.progress import watched
    from storage.intakes import open_intakes
    from storage.vault import Keyring, Vault

    found = settings()
    with clear_errors(), migrated_database(found) as url, watched(quiet=as_json) as watcher:
        vault, now = Vault(Keyring.open(found.keyring_file)), Clock(found.effective_clock_file).now()
        with open_intakes(url, vault, scratch=found.var_dir / "scratch") as store:
            outcome = IntakeService(store, watcher, now).import_delivery(place, profile, as_of.date(), max_rejected)
    if isinstance(outcome, IntakeReport):
        typer.echo(report_json(outcome)) if as_json else print_report(outcome, page())
        return
    if as_json:
        typer.echo(fault_json(outcome))
    refuse(f"Refused, nothing was stored. {outcome}")


@commands.command()
def segment(
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the latest day, unless given")] = None,
    out: Annotated[Path | None, typer.Option(help="a .csv or .parquet file for every customer's class")] = None,
    known_by: Annotated[
        datetime | None,
        typer.Option(formats=MOMENTS, help="compute from what was known at that moment, bank's time; keep nothing"),
    ] = None,
    compare: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="show who moved since the run of that day")
    ] = None,
    first: Annotated[int, typer.Option(min=0, max=1000, help="how many customers each list names")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of tables")] = False,
) -> None:
    """Put every customer into class A, B, C or D, with both values and the three strongest reasons."""
    from bot.backing import migrated_database
    from bot.clock import Clock
    from campaigns.customers.segments import SegmentService
    from handlers.terminal import page
    from handlers.terminal.class_files import check_out, write_classes
    from handlers.terminal.segments import print_run, run_json
    from storage.segments import open_segments

    found = settings()
    if known_by and compare:
        refuse("--known-by looks at one moment: leave --compare out.")
    until = as_of.date() if as_of else None
    moment = known_by.replace(tzinfo=ZoneInfo(found.time_zone)) if known_by else None
    with (
        clear_errors(),
        migrated_database(found) as url,
        open_segments(url, found.time_zone, known_by=moment, until=until) as store,
    ):
        if out is not None:
            check_out(out)
        now = moment or Clock(found.effective_clock_file).now()
        run = SegmentService(store, now).segment(until)
        if run is None:
            refuse("There are no customers to segment as of this day: import a delivery first.")
        earlier = store.run_of(compare.date()) if compare else None
        if compare and earlier is None:
            refuse(f"No run is known as of {compare.date()}: run segment --as-of {compare.date()} first.")
        migration = store.lists.migration(earlier, (run.id, run.key.as_of)) if earlier else None
        lists = store.class_lists(run, first)
        if out is not None:
            write_classes(out, store.lists.lines(run.id))
    typer.echo(run_json(run, lists, migration)) if as_json else print_run(run, lists, migration, page())
    if known_by and not as_json:
        typer.echo(f"Computed from what was known by {known_by}; nothing was kept.")


@commands.command()
def explain(
    customer: Annotated[str, typer.Argument(help="the bank's number of the customer")],
    language: Annotated[Language, typer.Option(help="zh or en")] = Language.ZH,
    indicators: Annotated[bool, typer.Option("--indicators", help="every indicator instead, with its points")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Say why a customer is in a class or an enterprise in a tier, and what would lead to the next one."""
    import asyncio

    from bot.backing import migrated_database
    from handlers.terminal import page
    from handlers.terminal.enterprises import enterprise_json, print_enterprise
    from storage.enterprise_portraits import enterprise_of
    from storage.portraits import portrait_of

    with clear_errors(), migrated_database(settings()) as url:
        found = asyncio.run(portrait_of(url, customer))
        if found is None and (enterprise := asyncio.run(enterprise_of(url, customer))):
            typer.echo(enterprise_json(enterprise)) if as_json else print_enterprise(enterprise, language, page())
            return
        if found is None:
            refuse(f'No run knows a customer "{customer}": check the number, import the delivery and run segment.')
        if indicators:
            explain_indicators(url, found, language, as_json=as_json)
            return
        tell(url, found, language, as_json=as_json)


def explain_indicators(url: str, found: "Portrait", language: Language, *, as_json: bool) -> None:
    """Print every indicator behind a portrait: value, window, source, age, and its points in each score."""
    from campaigns.customers.indicators import indicators_of
    from handlers.terminal import page
    from handlers.terminal.indicators import indicators_json, print_indicators
    from storage.segments import open_segments

    with open_segments(url, settings().time_zone) as store:
        table = indicators_of(store, found)
    typer.echo(indicators_json(table)) if as_json else print_indicators(table, language, page())


def tell(url: str, found: "Portrait", language: Language, *, as_json: bool) -> None:
    """Print a portrait and what follows from it: next action, products, tags, and a loan rate to advise."""
    import asyncio

    from bot.clock import Clock
    from handlers.terminal import page
    from handlers.terminal.next_actions import beside_json, print_beside
    from handlers.terminal.portraits import print_portrait
    from storage.tags import beside_of

    now = Clock(settings().effective_clock_file).now()
    beside = asyncio.run(beside_of(url, found, now))
    if as_json:
        typer.echo(beside_json(found, *beside, now.date()))
        return
    print_portrait(found, language, page())
    print_beside(*beside, now.date(), language, page())


@commands.command()
def stale(
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the latest day, unless given")] = None,
    first: Annotated[int, typer.Option(min=0, max=100_000, help="how many customers are named")] = 20,
    language: Annotated[Language, typer.Option(help="zh or en")] = Language.ZH,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of tables")] = False,
) -> None:
    """List what is too old to count: contact, occupation, income and the like, and which customers to ask first."""
    from bot.backing import migrated_database
    from handlers.terminal import page
    from handlers.terminal.fields import print_stale, stale_json
    from storage.fields import stale_fields

    with clear_errors(), migrated_database(settings()) as url:
        found = stale_fields(url, as_of.date() if as_of else None, first)
    if found is None:
        refuse("There are no customers as of this day: import a delivery first.")
    typer.echo(stale_json(found)) if as_json else print_stale(found, language, page())


@commands.command("demo-contacts")
def demo_contacts(
    out: Annotated[Path, typer.Option(help="the folder for the invented delivery")],
    count: Annotated[int, typer.Option(min=1, max=10_000)] = 40,
) -> None:
    """Invent names and phone numbers that cannot exist for some imported customers of every class."""
    from bot.backing import migrated_database
    from segmentation.synthetic import write_contacts
    from storage.segments import clear_cases

    with clear_errors(), migrated_database(settings()) as url:
        found = clear_cases(url, count)
        if not found:
            refuse("There are no classes yet: import a delivery and run segment first.")
        write_contacts(out, [number for _, number in found])
    letters = " ".join(f"{letter} {sum(of == letter for of, _ in found)}" for letter in "ABCD")
    typer.echo(f"{len(found)} invented contacts in {out} ({letters}).")
