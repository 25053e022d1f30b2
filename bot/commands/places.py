"""Merchants with community and branch, and the templates of their groups."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.exits import clear_errors, refuse, settings

commands = typer.Typer(help="Merchants, communities, branches, and templates of groups.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="a JSON array instead of a table")]


@commands.command("list")
def list_places(as_json: Json = False) -> None:
    """Every merchant with its community, branch, partner, groups and members."""
    from bot.backing import migrated_database
    from bot.operations.places import merchants
    from handlers.terminal import page
    from handlers.terminal.places import merchants_json, print_merchants

    with clear_errors(), migrated_database(settings()) as url:
        found = merchants(url)
    typer.echo(merchants_json(found)) if as_json else print_merchants(found, page())


@commands.command("add")
def add_place(
    merchant: Annotated[str, typer.Argument(help="as it stands in the group's name")],
    community: Annotated[str | None, typer.Option(help="where its customers live")] = None,
    branch: Annotated[str | None, typer.Option(help="the branch that looks after it")] = None,
) -> None:
    """Keep one merchant; the same again changes nothing."""
    from bot.backing import migrated_database
    from bot.operations.places import COMPLAINTS, keep
    from campaigns.places.model import SpotFault
    from campaigns.places.rules import read_spot

    spot = read_spot(",".join((merchant, community or "", branch or "")))
    if isinstance(spot, SpotFault):
        refuse(f"The merchant {COMPLAINTS[spot]}.")
    with clear_errors(), migrated_database(settings()) as url:
        [kept] = keep(url, [spot])
    typer.echo(f"Merchant {kept.id}: {kept.name}, community {kept.community or '–'}, branch {kept.branch or '–'}.")


@commands.command("import")
def import_places(file: Annotated[Path, typer.Argument(help="CSV: merchant, community, branch")]) -> None:
    """Keep every merchant of a CSV file, or none when a line cannot be read; again changes nothing."""
    from bot.backing import migrated_database
    from bot.operations.places import keep, read_places

    with clear_errors():
        spots = read_places(file)
        with migrated_database(settings()) as url:
            kept = keep(url, spots)
    typer.echo(f"{len(kept)} merchants are kept.")


@commands.command("template")
def set_template(
    file: Annotated[Path, typer.Argument(help="YAML: description, announcement, capacity, welcomes")],
    merchant: Annotated[str | None, typer.Option(help="for this merchant alone; else the default of all")] = None,
) -> None:
    """Keep how new groups are described, announced and filled, and how newcomers are welcomed."""
    from bot.backing import migrated_database
    from bot.clock import Clock
    from bot.operations.places import set_template as store
    from campaigns.places.model import Spot

    found = settings()
    with clear_errors(), migrated_database(found) as url:
        spot = Spot(merchant.strip()) if merchant and merchant.strip() else None
        template = store(url, file, spot, Clock(found.effective_clock_file).now())
    capacity = template.capacity or "the platform's"
    kept = f"{len(template.welcomes)} welcomes, capacity {capacity}"
    typer.echo(f"The template of {merchant or 'all merchants'} is kept: {kept}.")
