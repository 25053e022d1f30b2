"""The service clock on the command line."""

from typing import Annotated

import typer

from bot.commands.exits import clear_errors, settings

commands = typer.Typer()


@commands.command("service-clock")
def service_clock(
    days: Annotated[
        list[str] | None, typer.Option(metavar="WHO=DAYS", help="bank days of a class or tier; may be given many times")
    ] = None,
    unclassed: Annotated[int | None, typer.Option(min=1, max=90, help="bank days without a class")] = None,
    complaint: Annotated[int | None, typer.Option(min=1, max=90, help="bank days for a complaint")] = None,
    by: Annotated[str, typer.Option(help="who changes it")] = "operator",
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table")] = False,
) -> None:
    """Show the service clock; options change it as a new version, which counts for follow-ups opened from then on."""
    from bot.backing import migrated_database
    from bot.clock import Clock
    from handlers.terminal import page
    from handlers.terminal.service_clocks import clock_json, print_clock

    found = settings()
    with clear_errors():
        from bot.operations.service_clocks import read_change
        from bot.operations.service_clocks import service_clock as change_clock

        change = read_change(days or [], unclassed, complaint)
        with migrated_database(found) as url:
            in_force = change_clock(change, by, url, Clock(found.effective_clock_file).now)
    typer.echo(clock_json(in_force)) if as_json else print_clock(in_force, page())
