"""The registry of partners on the command line: contracts, due diligence, approval, what each partner brings."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.exits import clear_errors, refuse
from bot.commands.offices import on_database
from campaigns.partners.model import DueItem, PartnerKind, Terms

if TYPE_CHECKING:
    from bot.operations.partners import RegistryOffice
    from campaigns.partners.model import Entry

commands = typer.Typer(
    help="Partners: contracts, due diligence, approval, links, what they bring.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(help="the partner's name, as members read it")]
By = Annotated[str, typer.Option(help="who does it; kept")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]
Json = Annotated[bool, typer.Option("--json", help="JSON instead of words")]
Found = TypeVar("Found")
LONGEST = 120


@commands.command("register")
def register(
    name: Name,
    kind: Annotated[PartnerKind, typer.Option(help="what it is")],
    number: Annotated[str, typer.Option(help="the contract's number")],
    since: Day,
    until: Day,
    answerable: Annotated[str, typer.Option(help="who of the bank is answerable")],
    contact: Annotated[str, typer.Option(help="how the partner is reached")],
    by: By,
    as_json: Json = False,
) -> None:
    """Hand a partner's contract in; another one in its place is looked at and approved anew, the link stays."""
    found = _words(name, number, answerable, contact, by)
    terms = Terms(found[1], since.date(), until.date(), found[2], found[3])
    _tell(as_json, lambda office: office.register(found[0], kind, terms, found[4]))


@commands.command("check")
def check(
    name: Name,
    item: Annotated[DueItem, typer.Argument(help="what was looked at")],
    by: By,
    note: Annotated[str, typer.Option(help="what was seen; kept")],
    passed: Annotated[bool, typer.Option("--passed/--failed", help="whether it may be")] = True,
    as_json: Json = False,
) -> None:
    """Keep what due diligence found of one item; what fails suspends an approved partner at once."""
    found = _words(name, by, note)
    _tell(as_json, lambda office: office.look_at(found[0], item, found[1], found[2], passed=passed))


@commands.command("approve")
def approve(name: Name, by: By, as_json: Json = False) -> None:
    """Approve a contract of which everything has passed, by a second person; its link works in its days."""
    found = _words(name, by)
    _tell(as_json, lambda office: office.approve(*found))


@commands.command("suspend")
def suspend(name: Name, by: By, reason: Annotated[str, typer.Option(help="why; kept")], as_json: Json = False) -> None:
    """Let a partner's link work no more, from now on; `approve` by a second person lets it go on."""
    found = _words(name, by, reason)
    _tell(as_json, lambda office: office.suspend(*found))


@commands.command("list")
def list_partners(as_json: Json = False) -> None:
    """Every partner with kind, state, contract, who is answerable, due diligence, leads and accounts."""
    from handlers.terminal import page
    from handlers.terminal.partners import print_registry, registry_json

    with clear_errors():
        found = _in_office(lambda office: office.entries())
    typer.echo(registry_json(found)) if as_json else print_registry(found, page())


@commands.command("show")
def show(name: Name, as_json: Json = False) -> None:
    """One partner with what was done since its contract was handed in, and its link."""

    async def one(office: "RegistryOffice") -> "Entry":
        return (await office.entries(name.strip()))[0]

    _tell(as_json, one)


def _words(*given: str) -> tuple[str, ...]:
    """Words without the space around them; refused where one is empty or too long."""
    found = tuple(" ".join(each.split()) for each in given)
    if not all(0 < len(each) <= LONGEST for each in found):
        refuse(f"Give every name, number and reason, in at most {LONGEST} characters.")
    return found


def _tell(as_json: bool, do: "Callable[[RegistryOffice], Awaitable[Entry]]") -> None:
    from handlers.terminal import page
    from handlers.terminal.partners import print_entry, registry_json

    with clear_errors():
        found = _in_office(do)
    typer.echo(registry_json([found])) if as_json else print_entry(found, page())


def _in_office(do: "Callable[[RegistryOffice], Awaitable[Found]]") -> Found:
    from bot.operations.partners import in_office

    return on_database(in_office, do)
