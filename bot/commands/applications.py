"""The terms of applications on the command line."""

from typing import Annotated

import typer

from bot.commands.exits import clear_errors, settings

commands = typer.Typer()


@commands.command("application-terms")
def application_terms(
    days: Annotated[
        list[str] | None, typer.Option(metavar="STAGE=DAYS", help="working days in a stage; may be given many times")
    ] = None,
    escalate: Annotated[
        str | None, typer.Option(help="working days overdue at which the leads hear, e.g. 3,5,7")
    ] = None,
    nudge: Annotated[
        int | None, typer.Option(min=1, max=90, help="working days after which the customer is reminded")
    ] = None,
    by: Annotated[str, typer.Option(help="who changes them")] = "operator",
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table")] = False,
) -> None:
    """Show the terms of applications; options change them as a new version, which counts for moves from then on."""
    from bot.backing import migrated_database
    from bot.clock import Clock
    from handlers.terminal import page
    from handlers.terminal.applications import print_terms, terms_json

    found = settings()
    with clear_errors():
        from bot.operations.applications import read_change, terms

        change = read_change(days or [], escalate, nudge)
        with migrated_database(found) as url:
            now_in_force = terms(change, by, url, Clock(found.effective_clock_file).now)
    typer.echo(terms_json(now_in_force)) if as_json else print_terms(now_in_force, page())
