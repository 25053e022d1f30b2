"""A rehearsal of an event on the command line."""

from typing import Annotated

import typer

from bot.commands.exits import clear_errors, settings

commands = typer.Typer()


@commands.command()
def rehearse(
    event: Annotated[str, typer.Argument(help="the event's file, or the code of one that is loaded")],
    members: Annotated[int, typer.Option(min=1, max=20_000, help="how many visitors come")] = 2_000,
    seed: Annotated[int, typer.Option(help="the same seed gives the same visitors")] = 1,
    fast: Annotated[bool, typer.Option("--fast", help="the services alone, without chat and messages")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of tables")] = False,
) -> None:
    """Play an event before its day with simulated visitors, cheats among them, in a world of its own."""
    from zoneinfo import ZoneInfo

    from bot import logs
    from campaigns.rehearsals.report import Way
    from handlers.terminal import page
    from handlers.terminal.progress import counted
    from handlers.terminal.rehearsals import print_rehearsal, rehearsal_json

    found = settings()
    logs.configure(json=False, level="ERROR")
    with clear_errors():
        from bot.rehearsals import staging

        way = Way.SERVICES if fast else Way.CHAT
        order = staging.Order(staging.find_plan(found, event), members, seed, way)
        with counted(quiet=as_json) as watch:
            report = staging.rehearse(found, order, watch)
    typer.echo(rehearsal_json(report)) if as_json else print_rehearsal(report, ZoneInfo(found.time_zone), page())
