"""Vouchers on the command line: check a file, play it, keep it, look, compare, take in what was bought, settle."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.editions import By, Json, Reason, Version, add_diff
from bot.commands.exits import clear_errors, refuse, settings
from bot.commands.offices import on_database

if TYPE_CHECKING:
    from bot.operations.vouchers import VoucherOffice

commands = typer.Typer(
    help="Vouchers with a condition: their file, what it costs, what came of it.", no_args_is_help=True
)

File = Annotated[Path, typer.Argument(help="a file of vouchers, such as campaigns/vouchers/example.yaml")]
Found = TypeVar("Found")


@commands.command("check")
def check_vouchers(file: File, as_json: Json = False) -> None:
    """Read a file whole, ask the gate, and say everything that is wrong with its line; nothing is kept."""
    import json

    from campaigns.forms.reading import decoded

    with clear_errors():
        from bot.operations.vouchers import check

        found = check(decoded(file.read_bytes()))
    count = len(found.plans)
    typer.echo(json.dumps({"vouchers": count}) if as_json else f"The file is whole: {count} vouchers.")


@commands.command("simulate")
def simulate_vouchers(
    file: File,
    customers: Annotated[int, typer.Option(help="how many may claim each voucher")] = 1000,
    claim: Annotated[float, typer.Option(help="percent of them who claim")] = 30,
    meet: Annotated[float, typer.Option(help="percent of those who meet the condition")] = 40,
    keep_days: Annotated[int, typer.Option(help="days that the bank wants the money to stay")] = 30,
    accomplices: Annotated[int, typer.Option(help="friends who pass the same money around")] = 5,
    runs: Annotated[int, typer.Option(help="how often it is played")] = 200,
    seed: Annotated[int, typer.Option(help="the same seed, the same figures")] = 1,
    as_json: Json = False,
) -> None:
    """What a file would cost, which exploit pays how much, and what would stop it; exits 1 where one pays."""
    from campaigns.forms.reading import decoded
    from campaigns.vouchers.exploits import World
    from campaigns.vouchers.simulation import Crowd
    from handlers.terminal import page
    from handlers.terminal.vouchers import forecast_json, print_forecast

    with clear_errors():
        from bot.operations.vouchers import check, forecast

        crowd, world = Crowd(customers, claim / 100, meet / 100), World(keep_days, accomplices)
        found = forecast(check(decoded(file.read_bytes())), crowd, world, runs, seed)
    typer.echo(forecast_json(found)) if as_json else print_forecast(found, page())
    if found.paying:
        raise typer.Exit(1)


@commands.command("load")
def load_vouchers(
    file: File,
    by: By,
    reason: Reason,
    override: Annotated[str | None, typer.Option(help="why an exploit that pays may stand; kept too")] = None,
    as_json: Json = False,
) -> None:
    """Keep a file as a new version and publish its rule pages; refused while an exploit pays, unless overridden."""
    from campaigns.forms.reading import decoded
    from handlers.terminal import page
    from handlers.terminal.vouchers import changed_json, print_changed

    if not by.strip() or not reason.strip() or (override is not None and not override.strip()):
        refuse("Say who changes it and why: --by NAME --reason WORDS, and words with --override too.")
    with clear_errors():
        from bot.operations.vouchers import check

        book = check(decoded(file.read_bytes()))
        edition, changes = _in_office(lambda office: office.load(book, by.strip(), reason.strip(), override))
    typer.echo(changed_json(edition, changes)) if as_json else print_changed(edition, changes, page())


@commands.command("show")
def show_vouchers(version: Version = None, as_json: Json = False) -> None:
    """The vouchers of a version, and who made which version why."""
    from handlers.terminal import page
    from handlers.terminal.vouchers import edition_json, print_edition

    with clear_errors():
        found, history = _in_office(lambda office: office.shown(version))
    typer.echo(edition_json(found, history)) if as_json else print_edition(found, history, page())


@commands.command("progress")
def take_in_progress(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX: 流水号, 客户号, 事件, 代号, 金额, 日期, (原因)")],
    as_json: Json = False,
) -> None:
    """Take in what customers bought, returned or were paid, once; exits 1 where a line waits for a person."""
    from handlers.terminal import page
    from handlers.terminal.vouchers import intake_json, print_intake

    with clear_errors():
        from bot.clock import Clock
        from bot.operations.vouchers import read_file

        found = settings()
        read = read_file(file, found, Clock(found.effective_clock_file).now)
        intake = _in_office(lambda office: office.take_in(read))
    typer.echo(intake_json(intake)) if as_json else print_intake(intake, page())
    if not intake.is_clean:
        raise typer.Exit(1)


@commands.command("settle")
def settle_vouchers(as_json: Json = False) -> None:
    """What became of every piece, what was paid by partner and product; exits 1 where it does not add up."""
    from handlers.terminal import page
    from handlers.terminal.vouchers import print_settlement, settlement_json

    with clear_errors():
        found = _in_office(lambda office: office.settlement())
    typer.echo(settlement_json(found)) if as_json else print_settlement(found, page())
    if not found.is_balanced:
        raise typer.Exit(1)


def _in_office(do: "Callable[[VoucherOffice], Awaitable[Found]]") -> Found:
    from bot.operations.vouchers import in_office

    return on_database(in_office, do)


add_diff(commands, _in_office)
