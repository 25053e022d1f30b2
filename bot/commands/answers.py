"""Reviewed answers on the command line: take a file in, list, show, and the answer clock."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.exits import clear_errors, refuse
from bot.commands.offices import on_database

if TYPE_CHECKING:
    from bot.operations.answers import AnswerOffice

commands = typer.Typer(help="Reviewed answers and the answer clock.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table")]
Hour = Annotated[datetime | None, typer.Option(formats=["%H:%M"], help="local time of the bank")]
Found = TypeVar("Found")


@commands.command("import")
def take_in(
    file: Annotated[str, typer.Argument(help="a YAML file, or `starting` for the set that comes with the product")],
    reviewer: Annotated[
        str | None, typer.Option(help="who read the entries that name no reviewer; not their author")
    ] = None,
    as_json: Json = False,
) -> None:
    """Take in the entries of a file, all or none; the same file again changes nothing."""
    from handlers.terminal import page
    from handlers.terminal.answers import imported_json, print_imported

    with clear_errors():
        from bot.operations.answers import text_of

        text = text_of(file)
    found = in_office(lambda office: office.take_in(text, reviewer))
    typer.echo(imported_json(found)) if as_json else print_imported(found, page())


@commands.command("list")
def list_answers(as_json: Json = False) -> None:
    """List every version with its author and reviewer; what nobody reviewed is never said."""
    from handlers.terminal import page
    from handlers.terminal.answers import entries_json, print_entries

    found = in_office(lambda office: office.versions())
    typer.echo(entries_json(found)) if as_json else print_entries(found, page())


@commands.command("show")
def show_answer(
    key: Annotated[str, typer.Argument(help="the entry's key, as answers list shows it")], as_json: Json = False
) -> None:
    """Show what every version of one entry says, and to which questions."""
    from handlers.terminal import page
    from handlers.terminal.answers import entries_json, print_entry

    found = in_office(lambda office: office.versions(key))
    typer.echo(entries_json(found)) if as_json else print_entry(found, page())


@commands.command("clock")
def set_clock(
    minutes: Annotated[int | None, typer.Option(min=10, max=4800, help="bank time for an answer")] = None,
    opens: Hour = None,
    closes: Hour = None,
    by: Annotated[str, typer.Option(help="who decided it")] = "",
    as_json: Json = False,
) -> None:
    """Show the answer clock, or put the next version in force: bank time, counted while the bank is open."""
    import json

    order = None
    if minutes is not None or opens or closes:
        if not by.strip():
            refuse("A new clock needs --by: the name of who decided it.")
        kept = in_office(lambda office: office.clock(None))
        from bot.operations.answers import ClockOrder

        order = ClockOrder(
            minutes=minutes or int(kept.within.total_seconds() // 60),
            opens=opens.time() if opens else kept.hours.opens,
            closes=closes.time() if closes else kept.hours.closes,
            by=by.strip(),
        )
    found = in_office(lambda office: office.clock(order))
    told = {
        "version": found.version,
        "minutes": int(found.within.total_seconds() // 60),
        "opens": f"{found.hours.opens:%H:%M}",
        "closes": f"{found.hours.closes:%H:%M}",
    }
    sentence = "Version {version}: an answer within {minutes} minutes of bank time, {opens} to {closes} on bank days."
    typer.echo(json.dumps(told) if as_json else sentence.format(**told))


def in_office(do: "Callable[[AnswerOffice], Awaitable[Found]]") -> Found:
    """Do one thing in one transaction on this process's database."""
    with clear_errors():
        from bot.operations.answers import open_office

        return on_database(open_office, do)
