"""Audiences from the terminal: a line is checked, counted, looked into, saved and shown."""

import json
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.exits import REFUSED, clear_errors, refuse, settings

if TYPE_CHECKING:
    from campaigns.audiences.model import Expression
    from campaigns.audiences.service import AudienceService
    from storage.audiences import SqlAudienceStore

commands = typer.Typer(help="Who is meant, in one line: checked, counted, saved.", no_args_is_help=True)

Answer = TypeVar("Answer")
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object instead of words")]
Line = Annotated[str, typer.Argument(help="the condition, or the name of a saved audience")]


class Restriction(StrEnum):
    """What keeps personal messages from a customer."""

    SUSPENDED = "suspended"
    NON_PERSONAL = "non_personal"


@commands.command()
def check(line: Annotated[str, typer.Argument(help="the condition")], as_json: AsJson = False) -> None:
    """Say how a condition is understood, in both languages, or what is wrong with it and where; needs no database."""
    from campaigns.members.model import Language
    from handlers.wording.audiences import line_words

    found = _parsed(line, as_json)
    said = {"en": line_words(found, Language.EN), "zh": line_words(found, Language.ZH)}
    typer.echo(json.dumps(said, ensure_ascii=False) if as_json else f"{said['en']}\n{said['zh']}")


@commands.command()
def fields() -> None:
    """Show every field that a condition may speak of."""
    from handlers.terminal import page
    from handlers.terminal.audiences import print_fields

    print_fields(page())


@commands.command()
def count(line: Line, as_json: AsJson = False) -> None:
    """Count who belongs, who of them is within reach, and why not the others."""
    from campaigns.members.model import Language
    from handlers.wording.audiences import answer_words, line_words

    async def work(audiences: "AudienceService", _: "SqlAudienceStore") -> None:
        expression = await _read(audiences, line, as_json)
        counted = await audiences.count(expression)
        if as_json:
            said = {"expression": line_words(expression, Language.EN), **counted.as_json()}
            typer.echo(json.dumps(said, ensure_ascii=False))
        else:
            typer.echo(answer_words(expression, counted, Language.EN))

    _with_audiences(work)


@commands.command()
def sample(
    line: Line,
    size: Annotated[int, typer.Option(min=1, max=100, help="how many customers")] = 10,
    as_json: AsJson = False,
) -> None:
    """Show some who belong, masked; the same ones each time."""
    from handlers.terminal import page
    from handlers.terminal.audiences import print_sample

    async def work(audiences: "AudienceService", _: "SqlAudienceStore") -> None:
        people = await audiences.sample(await _read(audiences, line, as_json), size)
        if as_json:
            typer.echo(json.dumps([each.as_json() for each in people], ensure_ascii=False))
        else:
            print_sample(people, page())

    _with_audiences(work)


@commands.command()
def save(
    name: Annotated[str, typer.Argument(help="the audience's name")],
    line: Annotated[str, typer.Argument(help="the condition")],
    by: Annotated[str, typer.Option(help="who saves it; kept with it")],
    replace: Annotated[bool, typer.Option(help="take over a name that somebody else uses")] = False,
    as_json: AsJson = False,
) -> None:
    """Keep a condition under a name and count its members; every run tells who joined and left."""
    from campaigns.audiences.model import SaveRefusal
    from campaigns.members.model import Language
    from handlers.terminal import page
    from handlers.terminal.audiences import print_audiences
    from handlers.wording.audiences import REFUSALS

    if not by.strip():
        refuse("Say who saves it with --by NAME.")
    expression = _parsed(line, as_json)

    async def work(audiences: "AudienceService", _: "SqlAudienceStore") -> None:
        kept = await audiences.save(name, expression, by.strip(), replace=replace)
        if isinstance(kept, SaveRefusal):
            advice = " Or take it over with --replace." if kept is SaveRefusal.TAKEN else ""
            refuse(REFUSALS[kept].say(Language.EN) + advice)
        if as_json:
            typer.echo(json.dumps(kept.as_json(), ensure_ascii=False))
        else:
            print_audiences([kept], page())

    _with_audiences(work)


@commands.command("list")
def list_audiences(as_json: AsJson = False) -> None:
    """Show every saved audience with its members, and who joined and left at the latest run."""
    from handlers.terminal import page
    from handlers.terminal.audiences import print_audiences

    async def work(audiences: "AudienceService", _: "SqlAudienceStore") -> None:
        saved = await audiences.saved()
        if as_json:
            typer.echo(json.dumps([each.as_json() for each in saved], ensure_ascii=False))
        else:
            print_audiences(saved, page())

    _with_audiences(work)


@commands.command()
def show(name: Annotated[str, typer.Argument(help="a saved audience")], as_json: AsJson = False) -> None:
    """Show a saved audience: its condition in both languages, its count now, and what the latest runs made of it."""
    from campaigns.members.model import Language
    from handlers.terminal import page
    from handlers.terminal.audiences import print_changes
    from handlers.wording.audiences import answer_words, line_words

    async def work(audiences: "AudienceService", _: "SqlAudienceStore") -> None:
        saved = await audiences.find(name)
        if saved is None:
            refuse(f"No audience is called {name!r}; audience list shows them all.")
        expression = await _read(audiences, saved.expression, as_json)
        counted, changes = await audiences.count(expression), await audiences.changes(saved.name)
        if as_json:
            said = {
                **saved.as_json(),
                "zh": line_words(expression, Language.ZH),
                "now": counted.as_json(),
                "changes": [each.as_json() for each in changes],
            }
            typer.echo(json.dumps(said, ensure_ascii=False))
            return
        typer.echo(f"{line_words(expression, Language.ZH)}\n{answer_words(expression, counted, Language.EN)}")
        print_changes(changes, page())

    _with_audiences(work)


@commands.command()
def restrict(
    number: Annotated[str, typer.Argument(help="the customer's number")],
    kind: Annotated[Restriction, typer.Argument(help="what keeps personal messages away")],
    by: Annotated[str, typer.Option(help="who says so; kept")],
    lift: Annotated[bool, typer.Option(help="end it instead")] = False,
) -> None:
    """Keep a customer out of reach: suspended by the bank, or wants nothing personal (PIPL art. 24)."""
    from bot.clock import Clock

    if not by.strip():
        refuse("Say who decides with --by NAME.")
    now = Clock(settings().effective_clock_file).now()

    async def work(_: "AudienceService", store: "SqlAudienceStore") -> None:
        if not await store.restrict(number, kind, by.strip(), now, lift=lift):
            refuse(f"Customer {number} is not {kind}." if lift else f"There is no customer {number}.")
        typer.echo(f"Customer {number} is {'no longer ' if lift else ''}{kind}.")

    _with_audiences(work)


def _with_audiences(work: Callable[["AudienceService", "SqlAudienceStore"], Awaitable[Answer]]) -> Answer:
    """Run something on one transaction, which commits when it ends well."""
    from bot.backing import in_one_transaction, migrated_database
    from bot.clock import Clock
    from campaigns.audiences.service import AudienceService
    from handlers.wording.audiences import LEXICON
    from storage.audiences import SqlAudienceStore
    from storage.database import UnitOfWork

    found = settings()

    async def run(uow: UnitOfWork) -> Answer:
        store = SqlAudienceStore(uow, found.time_zone)
        return await work(AudienceService(store, LEXICON, Clock(found.effective_clock_file).now), store)

    with clear_errors(), migrated_database(found) as url:
        return in_one_transaction(url, run)


async def _read(audiences: "AudienceService", line: str, as_json: bool) -> "Expression":
    from campaigns.audiences.model import Fault

    found = await audiences.read(line)
    return _parsed(line, as_json) if isinstance(found, Fault) else found


def _parsed(line: str, as_json: bool) -> "Expression":
    """The tree of a line, or the way out with what is wrong."""
    from campaigns.audiences.model import Fault
    from campaigns.audiences.parser import parse
    from handlers.terminal.audiences import fault_report
    from handlers.wording.audiences import LEXICON

    found = parse(line, LEXICON)
    if not isinstance(found, Fault):
        return found
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False))
        raise typer.Exit(REFUSED)
    return refuse(fault_report(found))
