"""What proves a delivery, and that a high-risk customer was reviewed."""

from typing import Annotated

import typer

from bot.commands.exits import clear_errors, refuse, settings

LARGEST = 2**63 - 1

commands = typer.Typer()


@commands.command()
def evidence(
    delivery: Annotated[str, typer.Argument(help="the ledger's number of the delivery, or channel:NUMBER")],
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of a table")] = False,
) -> None:
    """Print text, version, why this person, consent, the gate's verdict, attempts, outcome and recall of a delivery.

    `channel:NUMBER` is a message of another channel, such as a text message. Exits with 1 where there is none of this
    number.
    """
    from bot.backing import migrated_database
    from handlers.terminal import page
    from handlers.terminal.evidence import evidence_json, print_evidence

    ledger, _, number = delivery.rpartition(":")
    if ledger not in {"", "channel"} or not number.isdecimal() or int(number) > LARGEST:
        refuse(f"{delivery} is no number of a delivery: give 4711, or channel:12 for a message of another channel.")
    with clear_errors(), migrated_database(settings()) as url:
        from bot.operations.evidence import evidence_of, evidence_outside

        found = evidence_outside(url, int(number)) if ledger else evidence_of(url, int(number))
    if found is None:
        where = "in /unknown, in `channels list`" if ledger else "in /unknown, in logs"
        typer.echo(f"There is no delivery {delivery}: the number stands {where} and in exports.", err=True)
        raise typer.Exit(1)
    typer.echo(evidence_json(found)) if as_json else print_evidence(found, page())


@commands.command("clear-customer")
def clear_customer(
    number: Annotated[str, typer.Argument(help="the customer's number")],
    reason: Annotated[str, typer.Option(help="what the review found; kept")],
    by: Annotated[str, typer.Option(help="who reviewed; kept")],
    days: Annotated[int, typer.Option(min=1, max=365, help="how long it holds")] = 90,
) -> None:
    """Keep that a high-risk customer was reviewed, so that offers may leave for so many days."""
    from datetime import timedelta

    from bot.backing import migrated_database
    from bot.clock import Clock

    if not reason.strip() or not by.strip():
        refuse("Say what the review found and who made it: --reason TEXT --by NAME.")
    found = settings()
    now = Clock(found.effective_clock_file).now()
    with clear_errors(), migrated_database(found) as url:
        from bot.operations.evidence import clear

        clear(url, number, reason.strip(), by.strip(), now, now + timedelta(days=days))
    typer.echo(f"Customer {number} is cleared for {days} days.")
