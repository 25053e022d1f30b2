"""Emergency slips on the command line: print sheets for a booth whose network may fail, void a lost one."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.exits import clear_errors, refuse, settings
from bot.commands.offices import on_database

if TYPE_CHECKING:
    from bot.operations.rally_slips import SlipOffice

commands = typer.Typer(help="Emergency slips of booths.")

Event = Annotated[str, typer.Argument(help="the event's code")]
BoothCode = Annotated[str, typer.Argument(help="the booth's code, such as B3")]
Found = TypeVar("Found")
LONGEST_REASON = 100


@commands.command("slips")
def print_slips(
    event: Event,
    booth: BoothCode,
    out: Annotated[Path, typer.Option("--out", help="a .pdf file, or a .png file for one page")],
    pages: Annotated[int, typer.Option(min=1, max=20, help="pages of 24 slips each")] = 1,
) -> None:
    """Write emergency sheets (A4): 24 signed slips a page, each for one visitor, once."""
    if out.suffix.lower() not in {".pdf", ".png"} or (out.suffix.lower() == ".png" and pages > 1):
        refuse("Give --out a .pdf file, or a .png file for a single page.")
    if not out.parent.is_dir():
        refuse(f"There is no folder {out.parent} for the sheet.")
    with clear_errors():
        from bot.operations.platform import ask

        username = str(ask(settings(), "getMe")["username"])
        sheets = _in_office(lambda office: office.sheets(event, booth, pages, username))
    from handlers.pictures.slip_sheets import sheet_png, sheets_pdf

    out.write_bytes(sheets_pdf(sheets) if out.suffix.lower() == ".pdf" else sheet_png(sheets[0]))
    first, last = sheets[0].slips[0][0], sheets[-1].slips[-1][0]
    typer.echo(f"{out}: slips {first} to {last} of {booth}. Whoever holds it holds stamps: keep it as you keep cash.")


@commands.command("void-slips")
def void_slips(
    event: Event,
    booth: BoothCode,
    serial: Annotated[int, typer.Argument(min=1, help="the number on any slip of the lost sheet")],
    reason: Annotated[str, typer.Option(help="why, for the audit trail")],
) -> None:
    """Let every unused slip of the same print or screen count no more; what was used before stays."""
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        refuse(f"Give a reason of at most {LONGEST_REASON} characters.")
    with clear_errors():
        _in_office(lambda office: office.void(event, booth, serial, reason.strip()))
    typer.echo(f"The batch of slip {serial} of {booth} is void; what was used before stays.")


def _in_office(do: "Callable[[SlipOffice], Awaitable[Found]]") -> Found:
    from bot.operations.rally_slips import in_office

    return on_database(in_office, do)
