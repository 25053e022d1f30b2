"""Stamp rallies on the command line: load an event's file, look, announce, open and end; then its settlement."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands import rally_settlements, rally_slips, rally_voids
from bot.commands.exits import clear_errors, refuse, settings
from bot.commands.offices import on_database

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.operations.rallies import RallyOffice
    from campaigns.rallies.model import Rally

commands = typer.Typer(help="Stamp rallies: an event from its file to its settlement.", no_args_is_help=True)
commands.add_typer(rally_settlements.commands)
commands.add_typer(rally_slips.commands)
commands.add_typer(rally_voids.commands)

Json = Annotated[bool, typer.Option("--json", help="JSON instead of tables")]
Code = Annotated[str, typer.Argument(help="the event's code")]
Found = TypeVar("Found")


@commands.command("load")
def load_rally(
    file: Annotated[Path, typer.Argument(help="an event's YAML file, such as campaigns/rallies/example.yaml")],
    organiser: Annotated[int | None, typer.Option(help="the member who runs it, where several may")] = None,
    as_json: Json = False,
) -> None:
    """Check a file whole and keep it as a draft; what is announced only changes in the customers' favour."""
    import re

    from campaigns.forms.reading import decoded
    from handlers.terminal import page
    from handlers.terminal.rallies import one_json, print_figures

    with clear_errors():
        text = decoded(file.read_bytes())
        code = re.search(r"(?m)^code:\s*['\"]?([a-z0-9-]+)", text)
        loaded = _in_office(lambda office: office.load(text, code[1] if code else None, organiser))
        figures = _in_office(lambda office: office.figures(loaded.rally.code))
    if as_json:
        typer.echo(one_json(loaded.rally))
        return
    print_figures(figures, _zone(), page())
    if loaded.version is not None:
        typer.echo(f"Version {loaded.version} of the rules holds now; the running bot posts it in the event's groups.")
    else:
        typer.echo(f"{loaded.rally.code} is a draft; `rally announce {loaded.rally.code} --all` publishes it.")


@commands.command("list")
def list_rallies(as_json: Json = False) -> None:
    """Every event, the latest first."""
    from handlers.terminal import page
    from handlers.terminal.rallies import print_rallies, rallies_json

    with clear_errors():
        found = _in_office(lambda office: office.all())
    typer.echo(rallies_json(found)) if as_json else print_rallies(found, _zone(), page())


@commands.command("show")
def show_rally(code: Code, as_json: Json = False) -> None:
    """One event: booths, targets, who takes part, stamps and medals."""
    from handlers.terminal import page
    from handlers.terminal.rallies import figures_json, print_figures

    with clear_errors():
        found = _in_office(lambda office: office.figures(code))
    typer.echo(figures_json(found)) if as_json else print_figures(found, _zone(), page())


@commands.command("announce")
def announce_rally(
    code: Code,
    group: Annotated[list[int] | None, typer.Option(help="a group's chat id; may be given again")] = None,
    everywhere: Annotated[bool, typer.Option("--all", help="all groups of the organiser")] = False,
    only_preview: Annotated[bool, typer.Option("--preview", help="say what would be posted to whom")] = False,
    as_json: Json = False,
) -> None:
    """Publish the rules and post them in chosen groups; from then on they only change in the customers' favour."""
    from handlers.terminal.rallies import preview_json

    if bool(group) is everywhere:
        refuse("Choose groups with --group CHAT, or all of the organiser's with --all.")
    chats = group or []
    with clear_errors():
        found = _in_office(lambda office: office.preview(code, chats) if only_preview else office.announce(code, chats))
    if as_json:
        typer.echo(preview_json(found))
        return
    groups = len(found.placing.chosen - found.placing.told)
    done = "would be posted" if only_preview else "is published; the running bot posts it"
    typer.echo(f"{found.page}\n\nThis {done} in {groups} groups with {found.heads:,} people.")


@commands.command("open")
def open_rally(code: Code, as_json: Json = False) -> None:
    """Begin an announced event by hand; the clock does it otherwise."""
    _move(lambda office: office.open(code), as_json)


@commands.command("close")
def close_rally(code: Code, as_json: Json = False) -> None:
    """End a running event by hand, for good; the clock does it otherwise."""
    _move(lambda office: office.close(code), as_json)


def _move(do: "Callable[[RallyOffice], Awaitable[Rally]]", as_json: bool) -> None:
    from handlers.terminal.rallies import one_json

    with clear_errors():
        rally = _in_office(do)
    typer.echo(one_json(rally) if as_json else f"{rally.code} is {rally.state}; the running bot tells its groups.")


def _zone() -> "ZoneInfo":
    from zoneinfo import ZoneInfo

    return ZoneInfo(settings().time_zone)


def _in_office(do: "Callable[[RallyOffice], Awaitable[Found]]") -> Found:
    from bot.operations.rallies import in_office

    return on_database(in_office, do)
