"""Draws on the command line: preview, publish, verify."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.exits import clear_errors, settings

commands = typer.Typer(help="Draws: preview and publish a plan, verify what is closed.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="a YAML or JSON file with kind, title, prizes, closes and terms")]
GroupName = Annotated[str, typer.Option("--group", help="the group's whole title, or its chat id")]


@commands.command()
def preview(file: File, group: GroupName) -> None:
    """Show the rules as the group would read them; nothing is written."""
    from bot.backing import migrated_database
    from bot.clock import Clock

    found = settings()
    with clear_errors(), migrated_database(found) as url:
        from bot.operations import draws

        typer.echo(draws.preview(found, url, file, group, Clock(found.effective_clock_file).now))


@commands.command()
def publish(
    file: File,
    group: GroupName,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a sentence")] = False,
) -> None:
    """Publish a draw in its group, never to be changed; the running bot sends rules and card."""
    from bot.backing import migrated_database
    from bot.clock import Clock

    found = settings()
    with clear_errors(), migrated_database(found) as url:
        from bot.operations import draws

        draw = draws.publish(found, url, file, group, Clock(found.effective_clock_file).now)
    address = f"{found.public_address}/draws/{draw.id}"
    told = {"draw": draw.id, "commitment": draw.commitment, "closes_at": draw.closes_at.isoformat(), "page": address}
    typer.echo(json.dumps(told) if as_json else f"Draw {draw.id} is published: {address}\nPromise: {draw.commitment}")


@commands.command()
def simulate(
    file: File,
    takers: Annotated[int, typer.Option(min=1, help="how many people are expected to draw")],
    price: Annotated[int, typer.Option(min=1, max=1_000_000, help="fen per 100 points")],
    runs: Annotated[int, typer.Option(min=1, help="how often the draw is played")] = 1_000,
    seed: Annotated[int, typer.Option(help="the same seed gives the same figures")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table")] = False,
) -> None:
    """Say what a draw would cost, and when each prize would be used up; nothing is read or written but the file."""
    from zoneinfo import ZoneInfo

    from bot.clock import Clock
    from handlers.terminal import page
    from handlers.terminal.draw_forecasts import forecast_json, print_forecast

    found = settings()
    with clear_errors():
        from bot.operations import draws

        now = Clock(found.effective_clock_file).now
        forecast = draws.forecast(found, file, now, price=price, takers=takers, runs=runs, seed=seed)
    typer.echo(forecast_json(forecast)) if as_json else print_forecast(forecast, ZoneInfo(found.time_zone), page())


@commands.command()
def verify(
    number: Annotated[int, typer.Argument(min=1, max=2**63 - 1)],
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of lines")] = False,
) -> None:
    """Compute a closed draw again from what is public; exit code 1 when something is wrong."""
    from bot.backing import migrated_database
    from bot.clock import Clock
    from campaigns.draws.rules import verify as compute_again

    found = settings()
    with clear_errors(), migrated_database(found) as url:
        from bot.operations import OperationRefusedError, draws

        public = draws.public(found, url, number, Clock(found.effective_clock_file).now)
        if public.published is None:
            raise OperationRefusedError(f"Draw {number} is still open: its secret is shown after its end.")
    findings = compute_again(public.published)
    told = [{"mismatch": finding.mismatch, "ticket": finding.number} for finding in findings]
    if as_json:
        typer.echo(json.dumps({"draw": number, "tickets": len(public.published.tickets), "findings": told}))
    elif findings:
        typer.echo("\n".join(f"Wrong: {each['mismatch']} (ticket {each['ticket'] or '-'})" for each in told))
    else:
        typer.echo(f"Draw {number}: the secret and all {len(public.published.tickets)} tickets are as promised.")
    raise typer.Exit(int(bool(findings)))
