"""Taking a visitor's stamp back on the command line."""

from typing import Annotated

import typer

from bot.commands.exits import clear_errors, settings

commands = typer.Typer(help="Stamps that are taken back.")


@commands.command("void-stamp")
def void_stamp(
    event: Annotated[str, typer.Argument(help="the event's code")],
    booth: Annotated[str, typer.Argument(help="the booth's code, such as B3")],
    number: Annotated[str, typer.Argument(help="the visitor's number, as it stands under /stamps")],
    reason: Annotated[str, typer.Option(help="why, for the audit trail")],
) -> None:
    """Let a visitor's stamp count no more, in the organiser's name; it cannot be undone."""
    from bot.backing import migrated_database
    from bot.clock import Clock

    with clear_errors():
        found = settings()
        with migrated_database(found) as url:
            from bot.operations.rally_voids import void_stamp as void

            said = void(found, url, Clock(found.effective_clock_file).now(), event, booth, number, reason)
    typer.echo(said)
