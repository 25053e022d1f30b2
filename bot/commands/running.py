"""The running machine: everything at once, the bot alone, the schema."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.exits import clear_errors, settings

DEMO_DAY = datetime(2026, 9, 30)  # noqa: DTZ001 - Typer gives and takes days without a zone.

commands = typer.Typer()


@commands.command()
def run(
    delivery: Annotated[
        Path | None, typer.Option(help="bank data for the demo world; an invented bank otherwise")
    ] = None,
    profile: Annotated[str, typer.Option(help="how that bank's departments deliver")] = "cn-bank",
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="the day that data is true at")] = DEMO_DAY,
) -> None:
    """Run everything on this machine: database, sandbox with its web chat, and the bot; Ctrl-C stops it."""
    from bot.backing import migrated_database
    from bot.running import Delivery, Run, interrupted_by_signals

    found = settings()
    with clear_errors(), interrupted_by_signals(), migrated_database(found) as url:
        running = Run(found, url, typer.echo)
        try:
            running.start(Delivery(delivery and delivery.resolve(), profile, as_of.date()))
            running.watch()
        except KeyboardInterrupt:
            typer.echo("\nStopping …")
        finally:
            running.stop()
    typer.echo("Everything has stopped.")


@commands.command()
def serve() -> None:
    """Run the bot alone: long polling, or webhooks with WEBHOOK_URL."""
    import asyncio
    import gc

    gc.disable()  # What is loaded here stays: to look through it again and again takes a quarter of the start.
    from bot import logs, serving
    from bot.backing import migrated_database

    gc.freeze()
    gc.set_threshold(10_000, 20, 20)  # Looking through all that lives takes 80 ms: in a crowd seldom, not each second.
    gc.enable()
    found = settings()
    logs.configure(json=found.log_json, level=found.log_level)
    with clear_errors(), migrated_database(found) as url:
        asyncio.run(serving.serve(found, url))


@commands.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from bot.backing import open_database
    from storage import schema

    with clear_errors(), open_database(settings()) as url:
        before = schema.upgrade(url)
        typer.echo(f"The schema is at revision {schema.head()} (it was at {before or 'nothing'}).")
