"""Next actions on the terminal: one customer's, a run's in counts and sums, and how well next products were ranked."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.customers.next_actions import ActionChannel, ActionKind, NextAction
from campaigns.customers.portraits import Portrait
from campaigns.members.model import Language
from campaigns.tags.model import Tag
from campaigns.tags.rules import liquidity_need
from handlers.wording.lending import lending_line
from handlers.wording.liquidity import need_words
from handlers.wording.next_actions import action_lines, rate_words
from handlers.wording.tags import tags_words
from segmentation.lending import LoanOffer, NoLoan
from segmentation.rates import Quote

Loan = LoanOffer | NoLoan | None
COLUMNS = ("what", "customers", "expected, yuan", "contacts, yuan")


def beside_json(
    portrait: Portrait,
    found: NextAction | None,
    tags: tuple[Tag, ...],
    rate: Quote | None,
    loan: Loan,
    today: date,
) -> str:
    """The portrait with what follows from it, as one JSON object."""
    need = liquidity_need(tags, today)
    beside = {
        "next_action": found.as_json() if found else None,
        "tags": [tag.as_json() for tag in tags],
        "loan_rate": vars(rate) if rate else None,
        "loan": asdict(loan) if isinstance(loan, LoanOffer) else loan,
        "liquidity": {**asdict(need), "is_told": need.is_told} if need else None,
    }
    return json.dumps({**portrait.as_json(), **beside}, ensure_ascii=False)


def print_beside(
    found: NextAction | None,
    tags: tuple[Tag, ...],
    rate: Quote | None,
    loan: Loan,
    today: date,
    language: Language,
    console: Console,
) -> None:
    """What follows from a portrait, for a person."""
    for line in beside_lines(found, tags, rate, loan, today, language):
        console.print(line, markup=False, highlight=False)


def beside_lines(
    found: NextAction | None,
    tags: tuple[Tag, ...],
    rate: Quote | None,
    loan: Loan,
    today: date,
    language: Language,
) -> Iterator[str]:
    """The next action, a rate to advise, a loan to propose, when the money is needed, and the tags, line by line."""
    if found is not None:
        yield from action_lines(found, language)
    if rate is not None:
        yield rate_words(rate, language)
    if loan is not None:
        yield lending_line(loan, language)
    yield need_words(liquidity_need(tags, today), language)
    if tags:
        yield tags_words(tags, language)


def print_action_report(found: dict[str, Any], console: Console) -> None:
    """A run's next actions: by action, class and channel, hours, and what routing saves."""
    kinds = [ActionKind(kind) for kind in found["by_action"]]
    named = {kind.value: kind.value.replace("_", " ") for kind in kinds}
    console.print(_sums("下一步行动 Next actions", found["by_action"], named))
    console.print(_sums("按类别 By class", found["by_class"], {letter: letter for letter in found["by_class"]}))
    channels = {channel.value: channel.value for channel in ActionChannel} | {"nothing": "none"}
    console.print(_sums("按渠道 By channel", found["by_channel"], channels))
    hours = found["manager_hours"]
    console.print(
        f"Expected value {found['expected_value_fen'] / 100:,.0f} yuan in all. Managers: {hours['used']:,} of "
        f"{hours['there']:,} hours, {found['waiting_for_staff']:,} customers wait for their time. Contacts cost "
        f"{found['contact_cost_fen'] / 100:,.0f} yuan; calls to the same customers would cost "
        f"{found['cost_if_called_fen'] / 100:,.0f}, so routing saves {found['saved_by_routing_fen'] / 100:,.0f}."
    )


def print_trial(found: dict[str, Any], console: Console) -> None:
    """How well next products were ranked, and how that was found out."""
    console.print(found["how"])
    table = Table(title="Next products: hit rate at 3", box=SIMPLE)
    for name in ("ranking", "hits", "rate", "95 % interval", "at the top"):
        table.add_column(name, justify="left" if name == "ranking" else "right")
    for name in ("alike", "popular"):
        low, high = found[name]["interval"]
        table.add_row(
            name,
            f"{found[name]['hits']:,}",
            f"{found[name]['rate']:.1%}",
            f"{low:.1%} – {high:.1%}",
            f"{found[name]['first']:,}",
        )
    console.print(table)
    console.print(f"{found['cases']:,} cases; calibration error {found['calibration_error']:.4f}.")


def _sums(title: str, counted: dict[str, dict[str, int]], names: dict[str, str]) -> Table:
    table = Table(title=title, box=SIMPLE, padding=(0, 1, 0, 0))
    for name in COLUMNS:
        table.add_column(name, justify="left" if name == "what" else "right")
    for kind, row in counted.items():
        value, cost = row["expected_value_fen"] / 100, row["cost_fen"] / 100
        table.add_row(names[kind], f"{row['customers']:,}", f"{value:,.0f}", f"{cost:,.0f}")
    return table
