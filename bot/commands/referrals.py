"""Referral programmes on the command line: open, stop, list, report, and the bank's file of accounts."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.exits import clear_errors
from bot.commands.offices import on_database

if TYPE_CHECKING:
    from bot.operations.referrals import ReferralOffice

commands = typer.Typer(help="Referral programmes: open, report, the bank's file of accounts.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table")]
Number = Annotated[int, typer.Argument(min=1, max=2**31 - 1, help="the programme's number")]
Found = TypeVar("Found")


@commands.command("open")
def open_programme(
    campaign: Annotated[int, typer.Option(min=1, max=2**31 - 1, help="the points campaign that pays")],
    places: Annotated[int, typer.Option(min=1, max=1_000_000, help="how many newcomers it is for")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="the last day for newcomers")],
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the first day, if not now")] = None,
    yuan: Annotated[int, typer.Option(min=1, help="each side's reward, in points at the campaign's price")] = 100,
    title: Annotated[str, typer.Option(help="as people read it, in Chinese")] = "老带新",
    title_en: Annotated[str, typer.Option(help="the same in English")] = "Bring a friend",
    condition: Annotated[str, typer.Option(help="what a newcomer does, in Chinese")] = "在本行新开立账户",
    condition_en: Annotated[str, typer.Option(help="the same in English")] = "opens a first account with us",
    free_months: Annotated[int, typer.Option(min=0, max=24, help="free messages for the newcomer")] = 3,
    cooling_days: Annotated[int, typer.Option(min=1, max=180, help="from the account to the pay")] = 7,
    patience_days: Annotated[int, typer.Option(min=1, max=180, help="from the link to the account")] = 30,
    as_json: Json = False,
) -> None:
    """Open a programme whose terms never change again; every place is paid for beforehand, deposits never."""
    from bot.operations.referrals import ProgrammeOrder
    from handlers.terminal import page
    from handlers.terminal.referrals import print_programmes, programmes_json

    order = ProgrammeOrder(
        campaign=campaign,
        yuan=yuan,
        places=places,
        until=until.date(),
        since=since.date() if since else None,
        title=(title, title_en),
        condition=(condition, condition_en),
        free_months=free_months,
        cooling_days=cooling_days,
        patience_days=patience_days,
    )
    made = in_office(lambda office: office.open(order))
    books = in_office(lambda office: office.books(made.id))
    typer.echo(programmes_json(books)) if as_json else print_programmes(books, page())


@commands.command("stop")
def stop_programme(programme: Number) -> None:
    """Take no newcomers any more; those under way go on by their terms."""
    in_office(lambda office: office.stop(programme))
    typer.echo(f"Programme {programme} takes no newcomers any more.")


@commands.command("list")
def list_programmes(as_json: Json = False) -> None:
    """List every programme with how its referrals stand."""
    show(None, as_json=as_json)


@commands.command("report")
def report(programme: Number, as_json: Json = False) -> None:
    """Show how one programme stands: stages, doubts, points paid, taken back and missing."""
    show(programme, as_json=as_json)


@commands.command("events")
def take_events(
    file: Annotated[Path, typer.Argument(help="CSV: customer number, 开户 or 销户, date")],
    as_json: Json = False,
) -> None:
    """Take in the bank's file of accounts opened and closed; the same file again changes nothing."""
    from handlers.terminal import page
    from handlers.terminal.referrals import file_json, print_file

    with clear_errors():
        from bot.operations.points_files import text_of

        text = text_of(file)
        found = in_office(lambda office: office.take_in(text))
    typer.echo(file_json(found)) if as_json else print_file(found, page())


def show(programme: int | None, *, as_json: bool) -> None:
    """Print the books of one programme, or of all."""
    from handlers.terminal import page
    from handlers.terminal.referrals import print_programmes, programmes_json

    found = in_office(lambda office: office.books(programme))
    typer.echo(programmes_json(found)) if as_json else print_programmes(found, page())


def in_office(do: "Callable[[ReferralOffice], Awaitable[Found]]") -> Found:
    """Do one thing in one transaction on this process's database."""
    with clear_errors():
        from bot.operations.referrals import open_office

        return on_database(open_office, do)
