"""Settling a rally on the command line: its sheet, settling it once, voiding a merchant's coupons."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.exits import clear_errors, refuse
from bot.commands.offices import on_database

if TYPE_CHECKING:
    from bot.operations.rally_settlements import SettlementOffice
    from campaigns.settlements.model import RallySheet

commands = typer.Typer(help="Settling an event.")

Code = Annotated[str, typer.Argument(help="the rally's code")]
Json = Annotated[bool, typer.Option("--json", help="JSON instead of tables; money in fen")]
Out = Annotated[Path | None, typer.Option("--out", help="a .csv or .xlsx file for it")]
Found = TypeVar("Found")
LONGEST_REASON = 100


@commands.command("sheet")
def show_sheet(code: Code, out: Out = None, as_json: Json = False) -> None:
    """Show a rally's settlement sheet as of now: gifts, coupons, tastings, each side's part to the fen."""
    _tell(out, as_json, lambda office: office.sheet(code))


@commands.command("settle")
def settle(code: Code, out: Out = None, as_json: Json = False) -> None:
    """Settle an ended rally that balances, once; nothing of it changes afterwards, and again the sheet is the same."""
    _tell(out, as_json, lambda office: office.settle(code))


@commands.command("void-coupons")
def void_coupons(
    code: Code,
    coupon: Annotated[str, typer.Argument(help="the coupon's code")],
    reason: Annotated[str, typer.Option(help="why, as the members read it")],
) -> None:
    """Make every open coupon of one kind void, and tell its members why."""
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        refuse(f"Give a reason of at most {LONGEST_REASON} characters: the members read it.")
    with clear_errors():
        count = _in_office(lambda office: office.void(code, coupon, reason.strip()))
    typer.echo(f"{count:,} coupons {coupon} of {code} are void; the running bot tells their members.")


def _tell(out: Path | None, as_json: bool, do: "Callable[[SettlementOffice], Awaitable[RallySheet]]") -> None:
    from handlers.terminal import page
    from handlers.terminal.rally_settlements import print_sheet, rows, sheet_json
    from handlers.terminal.settlement_files import check_out, write_rows

    with clear_errors():
        if out is not None:
            check_out(out)
        sheet = _in_office(do)
        if out is not None:
            write_rows(out, list(rows(sheet)))
    typer.echo(sheet_json(sheet)) if as_json else print_sheet(sheet, page())


def _in_office(do: "Callable[[SettlementOffice], Awaitable[Found]]") -> Found:
    from bot.operations.rally_settlements import in_office

    return on_database(in_office, do)
