"""Channels on the command line: how they stand, try one, consents, costs, printed notices, what is in doubt."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.exits import clear_errors, refuse, settings
from bot.commands.offices import on_database
from campaigns.channels.model import Channel

if TYPE_CHECKING:
    from bot.operations.channels import ChannelOffice

commands = typer.Typer(help="Ways to customers outside of the chat.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table")]
By = Annotated[str, typer.Option(help="who says so; kept")]
Found = TypeVar("Found")


@commands.command("list")
def list_channels(
    campaign: Annotated[str | None, typer.Option(help="of one campaign alone, such as promotion:7")] = None,
    as_json: Json = False,
) -> None:
    """How every channel stands: set up or not, the cost of a contact, what left and what it cost, what is in doubt."""
    from handlers.terminal import page
    from handlers.terminal.channels import channels_json, print_channels

    with clear_errors():
        found = _in_office(lambda office: office.overview(campaign))
    facts = (found.policy, found.configured, found.spent, found.unknown)
    typer.echo(channels_json(*facts)) if as_json else print_channels(*facts, page())


@commands.command("test")
def try_channel(
    channel: Annotated[Channel, typer.Argument(help="the channel")],
    to: Annotated[str, typer.Option(help="a number or an e-mail address of your own")] = "",
    text: Annotated[str, typer.Option(help="what to send")] = "测试 Test",
    as_json: Json = False,
) -> None:
    """Send one word of your own to see whether a channel works; no ledger knows of it."""
    with clear_errors():
        from bot.operations.channels import try_out
        from campaigns.deliveries.rules import Sent

        outcome = try_out(settings(), channel, text, to)
    came = isinstance(outcome, Sent)
    if as_json:
        typer.echo(json.dumps({"channel": channel, "outcome": type(outcome).__name__.lower()}))
    else:
        said = "was taken" if came else f"did not leave ({type(outcome).__name__.lower()})"
        typer.echo(f"The word by {channel} {said}.")
    raise typer.Exit(0 if came else 1)


@commands.command()
def consent(
    number: Annotated[str, typer.Argument(help="the customer's number")],
    channel: Annotated[Channel, typer.Argument(help="the channel")],
    by: By,
    wording: Annotated[str, typer.Option(help="the words that the customer agreed to")] = "",
    address: Annotated[str | None, typer.Option(help="the number or address that it was given for")] = None,
    withdraw: Annotated[bool, typer.Option(help="the customer wants nothing there any more")] = False,
) -> None:
    """Record a customer's consent to offers on one channel, or the end of it; an objection holds at once."""
    if not by.strip() or not (withdraw or wording.strip()):
        refuse("Say who records it with --by NAME, and what was agreed to with --wording WORDS.")
    with clear_errors():
        if withdraw:
            _in_office(lambda office: office.object(number, channel, by.strip()))
        else:
            _in_office(lambda office: office.consent(number, channel, wording.strip(), by.strip(), address))
    typer.echo(f"Customer {number}: {'nothing more' if withdraw else 'offers allowed'} by {channel}.")


@commands.command("import")
def import_consents(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX with 客户号,渠道,同意,地址,条款 (or in English)")],
    by: By,
    as_json: Json = False,
) -> None:
    """Take in the bank's consents by channel with addresses, and objections; bad lines are told, the rest holds."""
    from collections import Counter

    from campaigns.channels.consent_files import ConsentCode, read_consent_file

    if not by.strip():
        refuse("Say who hands it in with --by NAME.")
    with clear_errors():
        lines = read_consent_file(file)
        outcomes = _in_office(lambda office: office.take_in(lines, by.strip()))
    counts = Counter(each.code for each in outcomes)
    bad = [each for each in outcomes if each.code in {ConsentCode.NO_CUSTOMER, ConsentCode.UNREADABLE}]
    if as_json:
        told = {"counts": dict(counts), "refused": [each._asdict() for each in bad]}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for each in bad:
        typer.echo(f"Line {each.line}: {each.code.replace('_', ' ')}: {each.note}", err=True)
    typer.echo(f"{file.name}: {counts[ConsentCode.AGREED]:,} agreed, {counts[ConsentCode.OBJECTED]:,} objected.")


@commands.command()
def cost(
    name: Annotated[str, typer.Argument(help="a channel; for a manager's task call or visit")],
    fen: Annotated[int, typer.Argument(min=0, help="what one contact costs, in fen")],
    by: By,
    as_json: Json = False,
) -> None:
    """Set what one contact costs from now on; what was planned before keeps its cost."""
    if not by.strip():
        refuse("Say who sets it with --by NAME.")
    with clear_errors():
        policy = _in_office(lambda office: office.set_cost(name, fen, by.strip()))
    said = {"version": policy.version, "costs": dict(policy.costs)}
    typer.echo(json.dumps(said) if as_json else f"One contact by {name} costs {fen:,} fen (version {policy.version}).")


@commands.command("print")
def print_notices(
    campaign: Annotated[str, typer.Argument(help="the campaign, such as promotion:7")],
    out: Annotated[Path, typer.Option("--out", help="a .pdf file")],
) -> None:
    """Write the printed notices of a campaign that wait (A4, eight on a page); each comes once."""
    if out.suffix.lower() != ".pdf" or not out.parent.is_dir():
        refuse("Give --out a .pdf file in a folder that is there.")

    async def work(office: "ChannelOffice") -> int:
        from handlers.pictures.notices import notices_pdf

        notices = await office.notices(campaign)
        out.write_bytes(notices_pdf(notices, settings().bank_name))  # Before the commit: what is not on paper waits.
        return len(notices)

    with clear_errors():
        count = _in_office(work)
    typer.echo(f"{out}: {count:,} notices of {campaign}.")


@commands.command()
def resolve(
    message: Annotated[int, typer.Argument(min=1, help="the message's number, as `channels list` shows it")],
    by: By,
    arrived: Annotated[bool, typer.Option("--arrived/--lost", help="what the provider's own records say")],
) -> None:
    """Settle a message in doubt by what the provider's records say; it is never sent again."""
    if not by.strip():
        refuse("Say who settles it with --by NAME.")
    with clear_errors():
        _in_office(lambda office: office.resolve(message, by.strip(), arrived=arrived))
    typer.echo(f"Message {message} {'arrived' if arrived else 'was lost'}.")


def _in_office(do: "Callable[[ChannelOffice], Awaitable[Found]]") -> Found:
    from bot.operations.channels import in_office

    return on_database(in_office, do)
