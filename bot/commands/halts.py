"""Stops on the command line: what is held, stop, lift, cancel what is held."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.exits import clear_errors, refuse
from bot.commands.offices import on_database

if TYPE_CHECKING:
    from bot.operations.halts import HaltOffice

commands = typer.Typer(help="Stop all marketing messages, a campaign or a product.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table")]
By = Annotated[str, typer.Option(help="who does it; kept with the stop and told")]
Number = Annotated[int, typer.Argument(min=1, help="the stop's number, as `halts list` shows it")]
Found = TypeVar("Found")


@commands.command("list")
def list_halts(as_json: Json = False) -> None:
    """What is stopped now, by whom, why, and how many messages it holds."""
    from handlers.terminal import page
    from handlers.terminal.halts import halts_json, print_halts

    with clear_errors():
        found = _in_office(lambda office: office.standing())
    typer.echo(halts_json(found)) if as_json else print_halts(found, page())


@commands.command()
def stop(
    aim: Annotated[str, typer.Argument(help="all, a ledger name such as promotion:12 or offer, or `product CODE`")],
    by: By,
    reason: Annotated[str, typer.Option(help="why; kept with the stop and told")],
    as_json: Json = False,
) -> None:
    """Hold it from the sender's next claim on; reminders and answers go on."""
    _named(by)
    with clear_errors():
        held = _in_office(lambda office: office.stop(aim, reason, by.strip()))
    _say(as_json, {"halt": held.halt.id, "held": held.waiting}, f"Stop {held.halt.id} holds {held.waiting:,} messages.")


@commands.command()
def lift(halt: Number, by: By, as_json: Json = False) -> None:
    """Let what a stop holds go on."""
    _named(by)
    with clear_errors():
        done = _in_office(lambda office: office.lift(halt, by.strip()))
    _say(as_json, {"halt": done.id, "state": str(done.state)}, f"Stop {done.id} is lifted: what it held goes on.")


@commands.command()
def cancel(halt: Number, by: By, as_json: Json = False) -> None:
    """End for good what a stop holds now; the stop itself stays."""
    _named(by)
    with clear_errors():
        held = _in_office(lambda office: office.cancel(halt, by.strip()))
    said = f"{held.waiting:,} messages of stop {held.halt.id} are cancelled for good."
    _say(as_json, {"halt": held.halt.id, "cancelled": held.waiting}, said)


def _named(by: str) -> None:
    if not by.strip():
        refuse("Say who does it: --by NAME.")


def _say(as_json: bool, facts: dict[str, object], sentence: str) -> None:
    import json

    typer.echo(json.dumps(facts) if as_json else sentence)


def _in_office(do: "Callable[[HaltOffice], Awaitable[Found]]") -> Found:
    from bot.operations.halts import in_office

    return on_database(in_office, do)
