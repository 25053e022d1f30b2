"""Topics on the command line: check and keep a file, and what each local edition brought."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.exits import clear_errors, refuse
from bot.commands.offices import on_database

if TYPE_CHECKING:
    from bot.operations.topics import TopicOffice

commands = typer.Typer(help="Topics with local editions: their file, what they brought.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table")]
File = Annotated[Path, typer.Argument(help="a topic's file, such as campaigns/topics/example.yaml")]
Found = TypeVar("Found")


@commands.command("check")
def check_file(file: File) -> None:
    """Read a file whole, ask the gate, and say everything that is wrong with its line; nothing is kept."""
    from campaigns.forms.reading import decoded

    with clear_errors():
        from bot.operations.topics import check

        found = check(decoded(file.read_bytes()))
    typer.echo(f"The file is whole: {found.code}, until {found.last}, {len(found.editions)} local editions.")


@commands.command("load")
def load_file(file: File, by: Annotated[str, typer.Option(help="who does it; kept")], as_json: Json = False) -> None:
    """Keep a topic; another text may take its place while its editions keep their places."""
    from campaigns.forms.reading import decoded
    from handlers.terminal import page
    from handlers.terminal.topics import counts_json, print_counts

    if not by.strip():
        refuse("Say who does it with --by NAME.")
    with clear_errors():
        from bot.operations.topics import check

        topic = check(decoded(file.read_bytes()))
        found = [_in_office(lambda office: office.load(topic, by.strip()))]
    typer.echo(counts_json(found)) if as_json else print_counts(found, page())


@commands.command("list")
def list_topics(as_json: Json = False) -> None:
    """Every topic by edition: its link, new people, accounts, customers of before, contributions by state."""
    from handlers.terminal import page
    from handlers.terminal.topics import counts_json, print_counts

    with clear_errors():
        found = _in_office(lambda office: office.counts())
    typer.echo(counts_json(found)) if as_json else print_counts(found, page())


def _in_office(do: "Callable[[TopicOffice], Awaitable[Found]]") -> Found:
    from bot.operations.topics import in_office

    return on_database(in_office, do)
