"""Points on the command line: partners, campaigns, the shelf, rules of earning, events, settlement, closing."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.exits import clear_errors, refuse, settings
from bot.commands.offices import on_database
from campaigns.earnings.model import EarnEvent, EarnLimit
from campaigns.partners.model import PartnerKind

if TYPE_CHECKING:
    from bot.operations.points import PointsOffice
    from campaigns.announcements.model import Announcement
    from campaigns.earnings.model import Objection

commands = typer.Typer(help="Points: partners, campaigns, shelf, rules, events, settlement.", no_args_is_help=True)
partners = typer.Typer(help="Who shares the cost and hands goods out.", no_args_is_help=True)
shelf = typer.Typer(help="What points buy.", no_args_is_help=True)
rules = typer.Typer(help="What earns points.", no_args_is_help=True)
commands.add_typer(partners, name="partner")
commands.add_typer(shelf, name="shelf")
commands.add_typer(rules, name="rule")

Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]
Found = TypeVar("Found")
ONE_IN_TWENTY = 0.05  # A budget that lasts in fewer runs than 95 of 100 is looked at by a person.
LARGEST = 2**31 - 1  # A larger number of anything is a slip of the hand.


@partners.command("add")
def add_partner(
    name: Annotated[str, typer.Argument(help="as members read it")],
    kind: Annotated[PartnerKind, typer.Option(help="what it is to a campaign")] = PartnerKind.MERCHANT,
) -> None:
    """Keep a partner; the same name again is the same partner."""
    if not name.strip():
        refuse("Give the partner a name.")
    number = in_office(lambda office: office.add_partner(name.strip(), kind))
    typer.echo(f"Partner {number}: {name.strip()} ({kind}).")


@partners.command("list")
def list_partners(as_json: Json = False) -> None:
    """List the partners."""
    from handlers.terminal import page
    from handlers.terminal.points import partners_json, print_partners

    found = in_office(lambda office: office.partners())
    typer.echo(partners_json(found)) if as_json else print_partners(found, page())


@commands.command("open")
def open_campaign(
    file: Annotated[Path | None, typer.Argument(help="YAML with the keys of the options, share as a mapping")] = None,
    title: Annotated[str | None, typer.Option(help="as members read it")] = None,
    price: Annotated[int | None, typer.Option(min=1, max=LARGEST, help="fen per 100 points")] = None,
    valid_days: Annotated[int | None, typer.Option(min=1, max=LARGEST, help="how many days points live")] = None,
    budget: Annotated[int | None, typer.Option(min=1, max=LARGEST, help="points in all")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the last day that pays")] = None,
    share: Annotated[list[str] | None, typer.Option(metavar="PARTNER=PERCENT", help="may be repeated")] = None,
    group: Annotated[str | None, typer.Option(help="the group's name; everybody, unless given")] = None,
    as_json: Json = False,
) -> None:
    """Open a campaign and fund its budget, from options or a YAML file; shares add up to 100."""
    from handlers.terminal import page
    from handlers.terminal.points import campaigns_json, print_campaigns

    given: dict[str, object] = {
        "title": title,
        "price": price,
        "valid_days": valid_days,
        "budget": budget,
        "until": until,
    }
    given |= {"share": share, "group": group}
    with clear_errors():
        from bot.operations.points_files import campaign_order

        order = campaign_order(file, given)
        sheet = in_office(lambda office: office.open(order))
    typer.echo(campaigns_json([sheet])) if as_json else print_campaigns([sheet], page())


@commands.command("campaigns")
def list_campaigns(as_json: Json = False) -> None:
    """List the newest campaigns with where their points lie."""
    from handlers.terminal import page
    from handlers.terminal.points import campaigns_json, print_campaigns

    found = in_office(lambda office: office.sheets())
    typer.echo(campaigns_json(found)) if as_json else print_campaigns(found, page())


@shelf.command("add")
def add_item(
    title: Annotated[str, typer.Argument(help="in Chinese")],
    title_en: Annotated[str, typer.Option(help="in English")],
    partner: Annotated[str, typer.Option(help="who hands it out")],
    points: Annotated[int, typer.Option(min=1, max=LARGEST, help="the price")],
    stock: Annotated[int, typer.Option(min=0, max=LARGEST, help="how many there are")],
    since: Day,
    until: Day,
    per_person: Annotated[int, typer.Option(min=1, max=LARGEST, help="how many a person may have")] = 1,
    offset_fen: Annotated[int | None, typer.Option(min=1, max=LARGEST, help="money off a purchase, in fen")] = None,
) -> None:
    """Put something on the shelf."""
    from campaigns.redemptions.model import ShelfItem

    item = ShelfItem(
        0, 0, title.strip(), title_en.strip(), points, stock, since.date(), until.date(), per_person, offset_fen
    )
    number = in_office(lambda office: office.add_item(item, partner))
    typer.echo(f"Item {number}: {item.title_zh}, {points:,} points, {stock:,} pieces, at {partner}.")


@shelf.command("change")
def change_item(
    item: Annotated[int, typer.Argument(min=1, max=LARGEST, help="the item's number")],
    points: Annotated[int | None, typer.Option(min=1, max=LARGEST, help="its price from now on")] = None,
    more: Annotated[int, typer.Option(min=0, max=LARGEST, help="pieces that came in")] = 0,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="its last day")] = None,
) -> None:
    """Give something another price, more pieces or another last day; what is set aside keeps its price."""
    if points is None and not more and until is None:
        refuse("Say what changes: --points, --more or --until.")
    changed = in_office(lambda office: office.change_item(item, points, more, until.date() if until else None))
    price, left = f"{changed.points:,} points", f"{changed.stock:,} pieces left"
    typer.echo(f"Item {item}: {changed.title_zh}, {price}, {left}, until {changed.ends_on}.")


@shelf.command("list")
def list_items(as_json: Json = False) -> None:
    """List everything that ever stood on the shelf, with what is left."""
    from handlers.terminal import page
    from handlers.terminal.points import items_json, print_items

    found, names = in_office(lambda office: office.items())
    typer.echo(items_json(found, names)) if as_json else print_items(found, names, page())


@rules.command("add")
def add_rule(
    event: Annotated[EarnEvent, typer.Argument(help="what earns points")],
    campaign: Annotated[int, typer.Option(min=1, max=LARGEST, help="the campaign that pays")],
    points: Annotated[int, typer.Option(min=1, max=LARGEST, help="how many")],
    limit: Annotated[EarnLimit, typer.Option(help="how often a person is paid")],
    title: Annotated[str, typer.Option(help="as members read it, in Chinese")],
    title_en: Annotated[str, typer.Option(help="the same in English")],
    product: Annotated[str | None, typer.Option(help="the event in the department's file")] = None,
    as_json: Json = False,
) -> None:
    """Write a rule; it pays once it is activated."""
    from campaigns.earnings.model import EarnRule
    from handlers.terminal import page
    from handlers.terminal.points import print_rules, rules_json

    draft = EarnRule(0, campaign, event, points, limit, title.strip(), title_en.strip(), product)
    made = in_office(lambda office: office.add_rule(draft))
    typer.echo(rules_json([made])) if as_json else print_rules([made], page())


@rules.command("list")
def list_rules(
    campaign: Annotated[int, typer.Option(min=1, max=LARGEST, help="the campaign")], as_json: Json = False
) -> None:
    """List a campaign's rules."""
    from handlers.terminal import page
    from handlers.terminal.points import print_rules, rules_json

    found = in_office(lambda office: office.rules(campaign))
    typer.echo(rules_json(found)) if as_json else print_rules(found, page())


@commands.command("simulate")
def simulate_rules(
    campaign: Annotated[int, typer.Option(min=1, max=LARGEST, help="the campaign that would pay")],
    members: Annotated[int, typer.Option(min=1, max=LARGEST, help="how many people are expected")],
    take_up: Annotated[float, typer.Option(min=0, max=100, help="percent of them who do what a rule pays for")] = 50,
    share: Annotated[list[str] | None, typer.Option(metavar="EVENT=PERCENT", help="another one for an event")] = None,
    each: Annotated[int, typer.Option(min=1, max=1_000, help="how often a person does what is paid each time")] = 1,
    runs: Annotated[int, typer.Option(min=1, help="how often the campaign is played")] = 500,
    seed: Annotated[int, typer.Option(help="the same seed gives the same figures")] = 1,
    as_json: Json = False,
) -> None:
    """Say what a campaign's rules would cost, drafts among them; exit code 1 where gate or budget stands against it."""
    from campaigns.earnings.simulation import Crowd
    from handlers.terminal import page
    from handlers.terminal.earn_forecasts import earn_forecast_json, print_earn_forecast

    with clear_errors():
        from bot.operations.points_files import shares_of_events

        crowd = Crowd(members, shares_of_events(share or [], take_up), each)
    found = in_office(lambda office: office.simulate(campaign, crowd, runs, seed))
    typer.echo(earn_forecast_json(found)) if as_json else print_earn_forecast(found, page())
    is_refused = any(rule.objections for rule in found.rules)
    raise typer.Exit(int(is_refused or found.used_up > ONE_IN_TWENTY))


RuleNumber = Annotated[int, typer.Argument(min=1, max=LARGEST, help="the rule's number")]


@rules.command("activate")
def activate_rule(
    rule: RuleNumber,
    complaints: Annotated[str, typer.Option(help="where complaints and questions go, on the rule page")],
    complaints_en: Annotated[str | None, typer.Option(help="the same in English")] = None,
) -> None:
    """Publish a rule's page and let it pay, if the compliance gate lets it; else say why not and what is lawful."""
    from campaigns.earnings.model import Imprint

    bank = settings().bank_name
    imprint = Imprint(bank, bank, complaints.strip(), (complaints_en or complaints).strip())
    _announced(rule, in_office(lambda office: office.activate(rule, imprint)), "is active")


@rules.command("change")
def change_rule(
    rule: RuleNumber,
    points: Annotated[int, typer.Option(min=1, max=LARGEST, help="what it pays from now on")],
) -> None:
    """Let an announced rule pay more, as the next version of its page; less is refused."""
    _announced(rule, in_office(lambda office: office.change(rule, points)), f"pays {points:,} points")


def _announced(rule: int, outcome: "Announcement | tuple[Objection, ...]", now: str) -> None:
    from handlers.terminal.points import objection_sentence

    if isinstance(outcome, tuple):
        refuse("\n".join(map(objection_sentence, outcome)))
    typer.echo(f"Rule {rule} {now}; version {outcome.version} of its page is published, SHA-256 {outcome.digest}.")


@rules.command("stop")
def stop_rule(rule: RuleNumber) -> None:
    """Let a draft never pay; announce the end of an active rule, seven days ahead. What was earned stays."""
    from zoneinfo import ZoneInfo

    from campaigns.announcements.model import Announcement
    from campaigns.announcements.rules import read_page
    from campaigns.earnings.model import Objection
    from handlers.terminal.points import objection_sentence

    outcome = in_office(lambda office: office.stop(rule))
    if isinstance(outcome, Objection):
        refuse(objection_sentence(outcome))
    if not isinstance(outcome, Announcement):
        typer.echo(f"Rule {rule} is stopped.")
        return
    end = read_page(outcome.configuration).closes_at.astimezone(ZoneInfo(settings().time_zone))
    typer.echo(f"Rule {rule} pays until {end:%Y-%m-%d %H:%M}; version {outcome.version} of its page is published.")


@commands.command("events")
def take_events(
    file: Annotated[Path, typer.Argument(help="CSV: customer number, event, date")],
    campaign: Annotated[int, typer.Option(min=1, max=LARGEST, help="the campaign that pays")],
    as_json: Json = False,
) -> None:
    """Pay for a department's events by the active product rules; the same file again pays nothing."""
    from handlers.terminal import page
    from handlers.terminal.points import events_json, print_events

    with clear_errors():
        from bot.operations.points_files import text_of

        text = text_of(file)
        found = in_office(lambda office: office.take_in(campaign, text))
    typer.echo(events_json(found)) if as_json else print_events(found, page())


@commands.command("settlement")
def show_settlement(
    campaign: Annotated[int, typer.Argument(min=1, max=LARGEST, help="the campaign's number")],
    out: Annotated[Path | None, typer.Option(help="a .csv or .xlsx file for it")] = None,
    as_json: Json = False,
) -> None:
    """Show a campaign's settlement sheet as of now; each partner's part to the fen."""
    from handlers.terminal import page
    from handlers.terminal.points import print_settlement, settlement_json
    from handlers.terminal.settlement_files import check_out, write_settlement

    with clear_errors():
        if out is not None:
            check_out(out)
        sheet = in_office(lambda office: office.sheet(campaign))
        if out is not None:
            write_settlement(out, sheet)
    typer.echo(settlement_json(sheet)) if as_json else print_settlement(sheet, page())


@commands.command("close")
def close_campaign(campaign: Annotated[int, typer.Argument(min=1, max=LARGEST, help="the campaign's number")]) -> None:
    """Close a campaign that balances, and give back what is left of its budget."""
    sheet = in_office(lambda office: office.close(campaign))
    typer.echo(f"Campaign {campaign} is closed; {sheet.totals.left:,} points went back.")


@commands.command("statement")
def show_statement(
    member: Annotated[int, typer.Argument(min=1, max=2**52, help="the member's number on the platform")],
    as_json: Json = False,
) -> None:
    """Show a member's balance and latest movements."""
    from handlers.terminal import page
    from handlers.terminal.points import print_statement, statement_json

    found = in_office(lambda office: office.statement(member))
    typer.echo(statement_json(found)) if as_json else print_statement(found, page())


def in_office(do: "Callable[[PointsOffice], Awaitable[Found]]") -> Found:
    """Do one thing in one transaction on this process's database."""
    with clear_errors():
        from bot.operations.points import open_office

        return on_database(open_office, do)
