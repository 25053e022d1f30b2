"""Points on the terminal: partners, campaigns, shelf, rules, events, settlement sheets and statements."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.earnings.model import EarnRule, LineCode, LineOutcome, Objection, ObjectionCode
from campaigns.partners.model import Partner
from campaigns.points.model import Settlement, Statement
from campaigns.redemptions.model import ShelfItem

SHOWN_LINES = 50
OBJECTIONS = {
    ObjectionCode.PAYS_FOR_DEPOSITS: (
        "It pays for deposits, and {law} forbids cash, securities or goods to attract them. Lawful instead: pay for "
        "what does not depend on a balance, such as a check-in, a visit, a lesson, or paying by card at a merchant."
    ),
    ObjectionCode.FORBIDDEN_WORD: "It says {word!r}, which {law} forbids: say it otherwise.",
    ObjectionCode.NO_RISK_NOTICE: (
        "It speaks of investments without 理财非存款、产品有风险、投资须谨慎: add that in a new rule."
    ),
    ObjectionCode.NO_RULE: "There is no such rule; points rule list --campaign N shows them.",
    ObjectionCode.STOPPED: "A stopped rule stays stopped: write a new one.",
    ObjectionCode.PAID_ALREADY: (
        "Another active rule of this campaign pays for the same event, and it holds until the campaign's end."
    ),
    ObjectionCode.CHECK_IN_TASK: (
        "A check-in task of this campaign pays already, and nobody is paid twice for one check-in: put the rule into "
        "another campaign, or publish no check-in task."
    ),
    ObjectionCode.PAID_ELSEWHERE: (
        "Tasks (task FILE) and referral programmes say themselves what they pay: no rule pays for them."
    ),
    ObjectionCode.CAMPAIGN_OVER: "The campaign is over: a rule of it could pay nobody.",
    ObjectionCode.NO_COMPLAINTS: "Say where complaints go, with --complaints: the rule page must name it.",
    ObjectionCode.NOT_ACTIVE: "It is not active: nothing was announced yet; points rule activate publishes it.",
    ObjectionCode.ANNOUNCED: (
        "Its page is published and holds until the campaign's end: it speaks of no earlier one, or too few days are "
        "left for a notice; points rule change may let it pay more."
    ),
    ObjectionCode.UNFAVOURABLE: (
        "What was announced may change in the customer's favour only: give more points than it pays now."
    ),
}


def partners_json(found: Sequence[Partner]) -> str:
    """Partners as a JSON array."""
    return _json([vars(partner) for partner in found])


def print_partners(found: Sequence[Partner], console: Console) -> None:
    """Partners as a table."""
    table = _table("合作方 Partners", "id", "name", "kind")
    for partner in found:
        table.add_row(str(partner.id), partner.name, partner.kind)
    console.print(table)


def campaigns_json(found: Sequence[Settlement]) -> str:
    """Campaigns with their totals as a JSON array."""
    return _json([_campaign(sheet) for sheet in found])


def print_campaigns(found: Sequence[Settlement], console: Console) -> None:
    """Campaigns as a table: where their points lie."""
    columns = ("id", "title", "state", "issued", "left", "members", "held", "claimed", "expired", "void")
    table = _table("波豆活动 Points campaigns", *columns)
    for sheet in found:
        totals = sheet.totals
        numbers = (
            totals.issued, totals.left, totals.outstanding, totals.held, sum(totals.claimed.values()),
            totals.expired, totals.void,
        )  # fmt: skip
        campaign = sheet.campaign
        table.add_row(str(campaign.id), campaign.title, campaign.state, *(f"{number:,}" for number in numbers))
    console.print(table)


def items_json(found: Sequence[ShelfItem], names: Mapping[int, str]) -> str:
    """The shelf as a JSON array."""
    return _json([{**vars(item), "partner": names[item.partner_id]} for item in found])


def print_items(found: Sequence[ShelfItem], names: Mapping[int, str], console: Console) -> None:
    """The shelf as a table."""
    table = _table("兑换架 Shelf", "id", "title", "points", "stock", "per person", "partner", "from", "until", "offset")
    for item in found:
        offset = "" if item.offset_fen is None else f"{item.offset_fen / 100:,.2f}"
        table.add_row(
            str(item.id), item.title_zh, f"{item.points:,}", f"{item.stock:,}", str(item.per_person),
            names[item.partner_id], str(item.starts_on), str(item.ends_on), offset,
        )  # fmt: skip
    console.print(table)


def rules_json(found: Sequence[EarnRule]) -> str:
    """Rules of earning as a JSON array."""
    return _json([vars(rule) for rule in found])


def print_rules(found: Sequence[EarnRule], console: Console) -> None:
    """Rules of earning as a table."""
    table = _table("赚取规则 Rules", "id", "event", "points", "limit", "state", "ends", "title", "product")
    for rule in found:
        ends = f"{rule.ends_at:%Y-%m-%d %H:%M}" if rule.ends_at else ""
        cells = (rule.event, f"{rule.points:,}", rule.limit, rule.state, ends, rule.title_zh, rule.product or "")
        table.add_row(str(rule.id), *cells)
    console.print(table)


def objection_sentence(found: Objection) -> str:
    """Why the gate does not let a rule pass, and what to do."""
    return OBJECTIONS[found.code].format(law=found.law, word=found.word)


def events_json(found: Sequence[LineOutcome]) -> str:
    """The report on a file of events, with every line."""
    return _json({**_event_counts(found), "lines": [vars(outcome) for outcome in found]})


def print_events(found: Sequence[LineOutcome], console: Console) -> None:
    """The counts, and every line that was not paid, the first fifty of them."""
    counts = _event_counts(found)
    console.print(f"{len(found):,} lines: " + ", ".join(f"{n:,} {code}" for code, n in counts["codes"].items()) + ".")
    console.print(f"{counts['points']:,} points were paid.")
    others = [outcome for outcome in found if outcome.code not in {LineCode.PAID, LineCode.TWICE}]
    for outcome in others[:SHOWN_LINES]:
        note = f": {outcome.note}" if outcome.note else ""
        console.print(f"line {outcome.line}: {outcome.code}{note}", markup=False)
    if len(others) > SHOWN_LINES:
        console.print(f"{len(others) - SHOWN_LINES:,} more; --json has all of them.")


def settlement_json(sheet: Settlement) -> str:
    """A settlement sheet as one JSON object."""
    return _json({**_campaign(sheet), "cost_fen": sheet.cost_fen, "lines": [vars(line) for line in sheet.lines]})


def print_settlement(sheet: Settlement, console: Console) -> None:
    """A settlement sheet: the equation, and each partner's part."""
    print_campaigns([sheet], console)
    table = _table("结算单 Settlement", "partner", "share", "claimed", "pays, yuan", "receives, yuan")
    for line in sheet.lines:
        table.add_row(
            line.name, f"{line.basis_points / 100:g} %", f"{line.claimed:,}", f"{line.pays_fen / 100:,.2f}",
            f"{line.receives_fen / 100:,.2f}",
        )  # fmt: skip
    console.print(table)
    state = "It balances." if sheet.totals.is_balanced else "IT DOES NOT BALANCE."
    console.print(f"Cost of what was claimed: {sheet.cost_fen / 100:,.2f} yuan. {state}")


def statement_json(found: Statement) -> str:
    """A member's statement as one JSON object."""
    return _json({**vars(found), "lines": [vars(line) for line in found.lines]})


def print_statement(found: Statement, console: Console) -> None:
    """A member's statement."""
    ends = f", {found.ending:,} of them until {found.ends_on}" if found.ends_on else ""
    console.print(f"{found.spendable:,} points to spend{ends}; {found.held:,} set aside.")
    table = _table("变动 Movements", "at", "points", "reason", "campaign")
    for line in found.lines:
        table.add_row(f"{line.made_at:%Y-%m-%d %H:%M} UTC", f"{line.points:+,}", line.reason, line.campaign)
    console.print(table)


def _campaign(sheet: Settlement) -> dict[str, Any]:
    totals = {**vars(sheet.totals), "is_balanced": sheet.totals.is_balanced}
    totals.pop("cost")
    campaign = {**vars(sheet.campaign), "shares": [vars(share) for share in sheet.campaign.shares]}
    return {"campaign": campaign, "totals": totals}


def _event_counts(found: Sequence[LineOutcome]) -> dict[str, Any]:
    codes = Counter(outcome.code.value for outcome in found)
    return {"codes": dict(sorted(codes.items())), "points": sum(outcome.points for outcome in found)}


def _json(found: object) -> str:
    return json.dumps(found, ensure_ascii=False, default=str)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, box=SIMPLE, padding=(0, 1, 0, 0))
    words = {"title", "name", "kind", "state", "event", "limit", "product", "partner", "reason", "campaign", "at"}
    for name in columns:
        table.add_column(name, justify="left" if name in words else "right")
    return table
