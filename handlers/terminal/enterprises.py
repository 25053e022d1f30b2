"""Enterprises on the terminal: the tiers of a run in figures, and one enterprise in words or as JSON."""

import json
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.customers.enterprises import EnterprisePortrait, Tier
from campaigns.members.model import Language
from handlers.wording.enterprises import enterprise_lines, tier_name


def print_tiers(found: dict[str, Any], console: Console) -> None:
    """Enterprises by tier, out of a run's report."""
    table = Table(title="企业客户分层 Tiers of enterprises", box=SIMPLE, padding=(0, 1, 0, 0))
    for column in ("tier", "enterprises", "loans, M", "deposits, M"):
        table.add_column(column, justify="left" if column == "tier" else "right")
    for name, figures in found["tiers"].items():
        tier = Tier(name)
        title = f"{tier_name(tier, Language.ZH)} {tier_name(tier, Language.EN)}"
        sums = (f"{figures[what] / 100e6:,.1f}" for what in ("loans_fen", "deposits_fen"))
        table.add_row(title, f"{figures['customers']:,}", *sums)
    console.print(table)


def enterprise_json(found: EnterprisePortrait) -> str:
    """The enterprise as one JSON object."""
    return json.dumps(found.as_json(), ensure_ascii=False)


def print_enterprise(found: EnterprisePortrait, language: Language, console: Console) -> None:
    """The enterprise for a person."""
    for line in enterprise_lines(found, language):
        console.print(line, markup=False, highlight=False)
