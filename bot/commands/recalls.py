"""Recalls on the command line: take a campaign's messages back, and see how far that is."""

from typing import Annotated

import typer

from bot.commands.exits import clear_errors, refuse, settings

commands = typer.Typer()


@commands.command("recall")
def recall(
    campaign: Annotated[
        str | None, typer.Argument(help="ledger name such as promotion:12; without it, what was recalled is listed")
    ] = None,
    reason: Annotated[str, typer.Option(help="why; kept with the recall")] = "",
    by: Annotated[str, typer.Option(help="who does it; kept with the recall")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table")] = False,
) -> None:
    """Cancel what waits of a campaign and take back what arrived: deleted, else edited, else corrected.

    The running bot does it, about 30 messages a second; each message is taken back once.
    """
    from bot.backing import migrated_database
    from bot.clock import Clock
    from handlers.terminal import page
    from handlers.terminal.recalls import print_recalls, recalls_json

    if campaign is not None and not (reason.strip() and by.strip()):
        refuse("Say why and who: --reason TEXT --by NAME.")
    found = settings()
    with clear_errors(), migrated_database(found) as url:
        from bot.operations.recalls import in_office

        now = Clock(found.effective_clock_file).now
        if campaign is not None:
            in_office(url, now, lambda service: service.recall(campaign, reason, by))
        made = in_office(url, now, lambda service: service.latest())
    typer.echo(recalls_json(made)) if as_json else print_recalls(made, page())
