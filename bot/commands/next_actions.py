"""What follows from classes: the dictionary of tags, audiences, and the trial of next products."""

from datetime import date, datetime
from typing import Annotated

import typer

from bot.commands.exits import clear_errors, refuse, settings
from campaigns.customers.model import Band, Letter, Lifecycle
from campaigns.members.model import Language

commands = typer.Typer()


@commands.command()
def tags(
    language: Annotated[Language, typer.Option(help="zh or en")] = Language.ZH,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of tables")] = False,
) -> None:
    """Show the dictionary of tags with how many customers have each, and the audiences."""
    from bot.backing import migrated_database
    from bot.clock import Clock
    from handlers.terminal import page
    from handlers.terminal.tags import print_tags, tags_json
    from storage.segments import open_segments

    found = settings()
    with clear_errors(), migrated_database(found) as url, open_segments(url, found.time_zone) as store:
        counts = store.tags.counts(Clock(found.effective_clock_file).now())
        audiences = store.tags.all()
    typer.echo(tags_json(counts, audiences)) if as_json else print_tags(counts, audiences, language, page())


@commands.command()
def audience(
    name: Annotated[str, typer.Argument(help="the audience's name")],
    by: Annotated[str, typer.Option(help="who saves it; kept with it")],
    letter: Annotated[list[Letter] | None, typer.Option(help="a class; may be repeated")] = None,
    band: Annotated[list[Band] | None, typer.Option(help="a band; may be repeated")] = None,
    lifecycle: Annotated[list[Lifecycle] | None, typer.Option(help="a stage; may be repeated")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="a tag that all must have; may be repeated")] = None,
    without: Annotated[list[str] | None, typer.Option(help="a tag that nobody may have; may be repeated")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of a table")] = False,
) -> None:
    """Save who belongs to an audience, and count them; every run tells who joined and left."""
    import json

    from bot.backing import migrated_database
    from bot.clock import Clock
    from campaigns.tags.model import AudienceCondition
    from campaigns.tags.rules import unknown_tags
    from handlers.terminal import page
    from handlers.terminal.tags import print_audiences
    from storage.segments import open_segments

    condition = AudienceCondition(
        tuple(letter or ()), tuple(band or ()), tuple(lifecycle or ()), tuple(tag or ()), tuple(without or ())
    )
    if not name.strip() or not by.strip():
        refuse("Name the audience, and say who saves it with --by NAME.")
    if unknown := unknown_tags(condition):
        refuse(f"The dictionary has no tag {', '.join(unknown)}; tags lists what there is.")
    found = settings()
    now = Clock(found.effective_clock_file).now()
    with clear_errors(), migrated_database(found) as url, open_segments(url, found.time_zone) as store:
        store.tags.save(name.strip(), condition, by.strip(), now)
        if (run := store.run_of(date.max)) is not None:
            store.tags.follow(run[0], now)
        saved = [each for each in store.tags.all() if each.name == name.strip()]
    typer.echo(json.dumps(saved[0].as_json(), ensure_ascii=False)) if as_json else print_audiences(saved, page())


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
