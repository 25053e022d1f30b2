"""The catalogue on the command line: check a file, keep it as a version, look, compare, change a cell of the matrix."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.editions import By, Json, Reason, Version, add_diff, refuse_unnamed
from bot.commands.exits import clear_errors
from bot.commands.offices import on_database

if TYPE_CHECKING:
    from bot.operations.catalogue import CatalogueOffice

commands = typer.Typer(help="Products, bundles and the matrix of classes and products.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="a catalogue's YAML file, such as campaigns/catalogue/example.yaml")]
Found = TypeVar("Found")


@commands.command("check")
def check_catalogue(file: File, as_json: Json = False) -> None:
    """Read a file whole and say everything that is wrong with it, each with its line; nothing is kept."""
    import json

    from campaigns.forms.reading import decoded

    with clear_errors():
        from bot.operations.catalogue import check

        found = check(decoded(file.read_bytes()))
    counts = {"products": len(found.products), "bundles": len(found.bundles), "classes": len(found.matrix)}
    if as_json:
        typer.echo(json.dumps(counts))
    else:
        typer.echo("The file is whole: {products} products, {bundles} bundles, {classes} classes.".format(**counts))


@commands.command("load")
def load_catalogue(file: File, by: By, reason: Reason, as_json: Json = False) -> None:
    """Keep a file as a new version and say what changed; one that says the same as the newest is not kept again."""
    from campaigns.forms.reading import decoded
    from handlers.terminal import page
    from handlers.terminal.catalogue import print_changed
    from handlers.terminal.editions import changed_json

    refuse_unnamed(by, reason)
    with clear_errors():
        text = decoded(file.read_bytes())
        edition, changes = _in_office(lambda office: office.load(text, by.strip(), reason.strip()))
    typer.echo(changed_json(edition, changes)) if as_json else print_changed(edition, changes, page())


@commands.command("set")
def set_cell(
    standing: Annotated[str, typer.Argument(metavar="CLASS", help="A, B, C, D, strategic, key or general")],
    product: Annotated[str, typer.Argument(help="the product's code")],
    advice: Annotated[str, typer.Argument(help="offer, only-if-asked or never")],
    by: By,
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Change one cell of the matrix as a new version."""
    from handlers.terminal import page
    from handlers.terminal.catalogue import print_changed
    from handlers.terminal.editions import changed_json

    refuse_unnamed(by, reason)
    with clear_errors():
        edition, changes = _in_office(lambda office: office.set(standing, product, advice, by.strip(), reason))
    typer.echo(changed_json(edition, changes)) if as_json else print_changed(edition, changes, page())


@commands.command("show")
def show_catalogue(version: Version = None, as_json: Json = False) -> None:
    """Products, bundles, the matrix, and who made which version why."""
    from handlers.terminal import page
    from handlers.terminal.catalogue import edition_json, print_edition

    with clear_errors():
        found, history = _in_office(lambda office: office.shown(version))
    typer.echo(edition_json(found, history)) if as_json else print_edition(found, history, page())


@commands.command("export")
def export_catalogue(
    out: Annotated[Path | None, typer.Option(help="the file to write; standard output, unless given")] = None,
    version: Version = None,
) -> None:
    """Write a version as a file that can be edited and loaded again."""
    from campaigns.catalogue.files import written

    with clear_errors():
        text = written(_in_office(lambda office: office.edition(version)).catalogue)
        if out is not None:
            out.write_text(text, "utf-8")
    typer.echo(text if out is None else f"Written to {out}.", nl=out is not None)


def _in_office(do: "Callable[[CatalogueOffice], Awaitable[Found]]") -> Found:
    from bot.operations.catalogue import in_office

    return on_database(in_office, do)


add_diff(commands, _in_office)
