"""Packs on the command line: check a file, keep it as a version, look, compare."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.editions import By, Json, Reason, Version, add_diff, refuse_unnamed
from bot.commands.exits import clear_errors
from bot.commands.offices import on_database

if TYPE_CHECKING:
    from bot.operations.packs import PackOffice

commands = typer.Typer(help="Packs of vouchers, products and services by stage, scene and tier.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="a file of packs, such as campaigns/packs/example.yaml")]
Found = TypeVar("Found")


@commands.command("check")
def check_packs(file: File, as_json: Json = False) -> None:
    """Read a file whole, ask the gate, and say everything that is wrong with its line; nothing is kept."""
    import json

    from campaigns.forms.reading import decoded

    with clear_errors():
        from bot.operations.packs import check

        found = check(decoded(file.read_bytes()))
    count = len(found.packs)
    typer.echo(json.dumps({"packs": count}) if as_json else f"The file is whole: {count} packs.")


@commands.command("load")
def load_packs(
    file: File,
    by: By,
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Keep a file as a new version; every voucher and product that it names must be there."""
    from campaigns.forms.reading import decoded
    from handlers.terminal import page
    from handlers.terminal.editions import changed_json
    from handlers.terminal.packs import print_changed

    refuse_unnamed(by, reason)
    with clear_errors():
        from bot.operations.packs import check

        packs = check(decoded(file.read_bytes()))
        edition, changes = _in_office(lambda office: office.load(packs, by.strip(), reason.strip()))
    typer.echo(changed_json(edition, changes)) if as_json else print_changed(edition, changes, page())


@commands.command("show")
def show_packs(version: Version = None, as_json: Json = False) -> None:
    """The packs of a version with what one customer gets by each at most, and who made which version why."""
    from handlers.terminal import page
    from handlers.terminal.packs import edition_json, print_edition

    with clear_errors():
        found, history, worths = _in_office(lambda office: office.shown(version))
    typer.echo(edition_json(found, history, worths)) if as_json else print_edition(found, history, worths, page())


def _in_office(do: "Callable[[PackOffice], Awaitable[Found]]") -> Found:
    from bot.operations.packs import in_office

    return on_database(in_office, do)


add_diff(commands, _in_office)
