"""Donations on the command line: check and keep a charity file, how it stands, its sheet, its payment, a correction."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.exits import clear_errors, refuse
from bot.commands.offices import on_database

if TYPE_CHECKING:
    from bot.operations.donations import DonationOffice

commands = typer.Typer(help="What the bank gives for every opened account.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table; money in fen")]
Out = Annotated[Path | None, typer.Option("--out", help="a .csv or .xlsx file for the sheet")]
By = Annotated[str, typer.Option(help="who does it; kept")]
Code = Annotated[str, typer.Argument(help="the pledge's code")]
File = Annotated[Path, typer.Argument(help="a charity file, such as campaigns/donations/example.yaml")]
Found = TypeVar("Found")


@commands.command("check")
def check_file(file: File) -> None:
    """Read a charity file whole, ask the gate, and say everything that is wrong with its line; nothing is kept."""
    from campaigns.forms.reading import decoded

    with clear_errors():
        from bot.operations.donations import check

        found = check(decoded(file.read_bytes()))
    typer.echo(f"The file is whole: {found.code}, {found.first} to {found.last}.")


@commands.command("load")
def load_file(file: File, by: By, as_json: Json = False) -> None:
    """Keep a pledge and count the accounts that were opened in its days; once one counts, it never changes."""
    from campaigns.forms.reading import decoded
    from handlers.terminal import page
    from handlers.terminal.donations import print_standings, standings_json

    _named(by)
    with clear_errors():
        from bot.operations.donations import check

        pledge = check(decoded(file.read_bytes()))
        found = [_in_office(lambda office: office.load(pledge, by.strip()))]
    typer.echo(standings_json(found)) if as_json else print_standings(found, page())


@commands.command("list")
def list_pledges(as_json: Json = False) -> None:
    """Every pledge with its accounts, what accrued, what was paid and what is owed."""
    from handlers.terminal import page
    from handlers.terminal.donations import print_standings, standings_json

    with clear_errors():
        found = _in_office(lambda office: office.standings())
    typer.echo(standings_json(found)) if as_json else print_standings(found, page())


@commands.command("sheet")
def show_sheet(code: Code, out: Out = None, as_json: Json = False) -> None:
    """What the next payment is for, day by day, with what was withdrawn since the last one; nothing changes."""
    from handlers.terminal import page
    from handlers.terminal.donations import print_sheet, rows, sheet_json
    from handlers.terminal.settlement_files import check_out, write_rows

    with clear_errors():
        if out is not None:
            check_out(out)
        kept, sheet = _in_office(lambda office: office.sheet(code))
        if out is not None:
            write_rows(out, list(rows(kept.pledge, sheet, "")))
    typer.echo(sheet_json(kept.pledge, sheet, "")) if as_json else print_sheet(kept.pledge, sheet, "", page())


@commands.command("pay")
def pay(
    code: Code,
    reference: Annotated[str, typer.Option(help="the number of the transfer; the same again is the same payment")],
    by: By,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Record that all that is owed was transferred, with its sheet; it stands on the public page at once."""
    from handlers.terminal import page
    from handlers.terminal.donations import print_sheet, rows, sheet_json
    from handlers.terminal.settlement_files import check_out, write_rows

    _named(by)
    number = reference.strip()
    if not 0 < len(number) <= 60:
        refuse("Give the number of the transfer, at most 60 characters: --reference NUMBER.")
    with clear_errors():
        if out is not None:
            check_out(out)
        kept, payment = _in_office(lambda office: office.pay(code, number, by.strip()))
        if out is not None:
            write_rows(out, list(rows(kept.pledge, payment.sheet, number)))
    shown = kept.pledge, payment.sheet, number
    typer.echo(sheet_json(*shown)) if as_json else print_sheet(*shown, page())


@commands.command("withdraw")
def withdraw(
    code: Code,
    number: Annotated[str, typer.Argument(help="the customer's number")],
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="the day of the opening")],
    reason: Annotated[str, typer.Option(help="why; kept")],
    by: By,
) -> None:
    """Take one account's donation back, as the bank's file was wrong; a paid one is set against the next payment."""
    _named(by)
    if not 0 < len(reason.strip()) <= 100:
        refuse("Say why, in at most 100 characters: --reason WORDS.")
    with clear_errors():
        _in_office(lambda office: office.withdraw(code, number, day.date(), reason.strip(), by.strip()))
    typer.echo(f"The donation for the account of {day:%Y-%m-%d} is taken back.")


def _named(by: str) -> None:
    if not by.strip():
        refuse("Say who does it with --by NAME.")


def _in_office(do: "Callable[[DonationOffice], Awaitable[Found]]") -> Found:
    from bot.operations.donations import in_office

    return on_database(in_office, do)
