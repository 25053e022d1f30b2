"""What follows from classes: the dictionary of tags, and the trial of next products."""

from datetime import datetime
from typing import Annotated

import typer

from bot.commands.exits import clear_errors, settings
from campaigns.members.model import Language

commands = typer.Typer()


@commands.command()
def tags(
    language: Annotated[Language, typer.Option(help="zh or en")] = Language.ZH,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of tables")] = False,
) -> None:
    """Show the dictionary of tags with how many customers have each."""
    from bot.backing import migrated_database
    from bot.clock import Clock
    from handlers.terminal import page
    from handlers.terminal.tags import print_tags, tags_json
    from storage.segments import open_segments

    found = settings()
    with clear_errors(), migrated_database(found) as url, open_segments(url, found.time_zone) as store:
        counts = store.tags.counts(Clock(found.effective_clock_file).now())
    typer.echo(tags_json(counts)) if as_json else print_tags(counts, language, page())


@commands.command("next-products")
def next_products(
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the latest day, unless given")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of a table")] = False,
) -> None:
    """Try how well next products are ranked: on what customers took up between two days, or within the one there is."""
    import json

    from bot.backing import migrated_database
    from campaigns.customers.product_trials import try_next_products
    from handlers.terminal import page
    from handlers.terminal.next_actions import print_trial
    from storage.segments import open_segments

    found = settings()
    with clear_errors(), migrated_database(found) as url, open_segments(url, found.time_zone) as store:
        trial = try_next_products(store, as_of.date() if as_of else None)
    typer.echo(json.dumps(trial)) if as_json else print_trial(trial, page())
