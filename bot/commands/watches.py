"""The risk watch on the command line: look now, and set a line."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.exits import clear_errors, refuse
from bot.commands.offices import on_database

if TYPE_CHECKING:
    from bot.operations.watches import WatchOffice

commands = typer.Typer(help="The daily look at what makes campaigns and customers risky.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="one JSON object instead of words")]
Found = TypeVar("Found")


@commands.command()
def look(as_json: Json = False) -> None:
    """Look now: campaigns over a line are held, complaining customers left alone, compliance is told what is new."""
    from campaigns.members.model import Language
    from handlers.wording.watches import finding_words

    with clear_errors():
        found = _in_office(lambda office: office.look())
    if as_json:
        typer.echo(json.dumps(asdict(found) | {"at": found.at.isoformat()}, ensure_ascii=False))
        return
    for each in found.findings:
        typer.echo(finding_words(each, Language.EN))
    typer.echo(f"New findings: {len(found.findings)}; suspended {found.suspended}, released {found.released}.")


@commands.command("set")
def set_line(
    name: Annotated[str, typer.Argument(help="the line's name, such as opt_outs")],
    value: Annotated[float, typer.Argument(help="a share from 0 to 1, a count or fen")],
    by: Annotated[str, typer.Option(help="who sets it; kept")],
    as_json: Json = False,
) -> None:
    """Set a line from the next look on; every version is kept."""
    if not by.strip():
        refuse("Say who sets it with --by NAME.")
    with clear_errors():
        policy = _in_office(lambda office: office.set_line(name, value, by.strip()))
    said = policy.as_json()
    typer.echo(json.dumps(said) if as_json else f"The line {name} is {said[name]:,} from the next look on.")


def _in_office(do: "Callable[[WatchOffice], Awaitable[Found]]") -> Found:
    from bot.operations.watches import in_office

    return on_database(in_office, do)
