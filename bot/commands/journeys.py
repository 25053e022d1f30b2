"""Journeys on the command line: check a file, keep it as a version, release it, look, compare, pause, stop."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.exits import clear_errors, refuse
from bot.commands.offices import on_database

if TYPE_CHECKING:
    from bot.operations.journeys import JourneyOffice

commands = typer.Typer(help="Journeys: what follows when something happens to a customer.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="JSON instead of sentences")]
By = Annotated[str, typer.Option(help="who does it; kept with it")]
Reason = Annotated[str, typer.Option(help="why; kept with it")]
Name = Annotated[str, typer.Argument(help="the journey's code")]
Version = Annotated[int | None, typer.Option(min=1, help="the newest, unless given")]
File = Annotated[Path, typer.Argument(help="a journey's YAML file, such as campaigns/journeys/birthday.yaml")]
Found = TypeVar("Found")


@commands.command("check")
def check_journey(file: File, as_json: Json = False) -> None:
    """Read a file whole and say everything that is wrong with it, each with its line; nothing is kept."""
    import json

    from campaigns.forms.reading import decoded

    with clear_errors():
        from bot.operations.journeys import check

        found = check(decoded(file.read_bytes()))
    told = {"journey": found.name, "steps": len(found.steps), "advertises": found.markets}
    if as_json:
        typer.echo(json.dumps(told))
    else:
        kind = "some of it is advertising" if found.markets else "none of it is advertising"
        typer.echo(f"The file is whole: {found.name} has {len(found.steps)} steps; {kind}.")


@commands.command("load")
def load_journey(file: File, by: By, reason: Reason, as_json: Json = False) -> None:
    """Keep a file as a new version that waits for a second person's release."""
    from campaigns.forms.reading import decoded
    from handlers.terminal import page
    from handlers.terminal.journeys import loaded_json, print_loaded

    _named(by, reason)
    with clear_errors():
        text = decoded(file.read_bytes())
        edition, changes = _in_office(lambda office: office.load(text, by.strip(), reason.strip()))
    typer.echo(loaded_json(edition, changes)) if as_json else print_loaded(edition, changes, page())


@commands.command("release")
def release_journey(name: Name, by: By, reason: Reason, version: Version = None) -> None:
    """Let a version run; never by the person who loaded it."""
    _named(by, reason)
    with clear_errors():
        edition = _in_office(lambda office: office.release(name, version, by.strip(), reason.strip()))
    typer.echo(f"Version {edition.version} of {name} runs now.")


@commands.command("pause")
def pause_journey(name: Name, by: By, reason: Reason) -> None:
    """Let nobody in and nobody go on; everybody stays where they are."""
    _change(name, "pause", by, reason)


@commands.command("resume")
def resume_journey(name: Name, by: By, reason: Reason) -> None:
    """Let a paused journey go on; what became due meanwhile is done at once."""
    _change(name, "resume", by, reason)


@commands.command("stop")
def stop_journey(name: Name, by: By, reason: Reason) -> None:
    """End a journey for everybody who is in it, and take back what has not left."""
    _change(name, "stop", by, reason)


@commands.command("list")
def list_journeys(as_json: Json = False) -> None:
    """Every journey: its state, how many entered, where they stand, how it ended for the others."""
    from handlers.terminal import page
    from handlers.terminal.journeys import overviews_json, print_overviews

    with clear_errors():
        found = _in_office(lambda office: office.overviews())
    if as_json:
        typer.echo(overviews_json(found))
    elif found:
        print_overviews(found, page())
    else:
        typer.echo("There are no journeys yet; `journeys load` keeps one.")


@commands.command("show")
def show_journey(name: Name, version: Version = None, as_json: Json = False) -> None:
    """The path of a version as text, and who made which version why."""
    from handlers.terminal import page
    from handlers.terminal.journeys import edition_json, print_edition

    with clear_errors():
        found, history = _in_office(lambda office: office.shown(name, version))
    typer.echo(edition_json(found, history)) if as_json else print_edition(found, history, page())


@commands.command("diff")
def diff_journey(
    name: Name,
    old: Annotated[int | None, typer.Argument(min=1, help="the version before, unless given")] = None,
    new: Annotated[int | None, typer.Argument(min=1, help="the newest, unless given")] = None,
    as_json: Json = False,
) -> None:
    """What changed from one version to another, place by place."""
    from handlers.terminal import page
    from handlers.terminal.editions import diff_json, print_diff

    with clear_errors():
        earlier, later, changes = _in_office(lambda office: office.diff(name, old, new))
    typer.echo(diff_json(earlier, later, changes)) if as_json else print_diff(earlier, later, changes, page())


def _change(name: str, change: str, by: str, reason: str) -> None:
    _named(by, reason)
    with clear_errors():
        from campaigns.journeys.model import Change

        found = _in_office(lambda office: office.change(name, Change(change), by.strip(), reason.strip()))
    typer.echo(f"{found.name} is {found.state} now.")


def _named(by: str, reason: str) -> None:
    if not by.strip() or not reason.strip():
        refuse("Say who does it and why: --by NAME --reason WORDS.")


def _in_office(do: "Callable[[JourneyOffice], Awaitable[Found]]") -> Found:
    from bot.operations.journeys import in_office

    return on_database(in_office, do)
