"""Merchants as a table or as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from campaigns.places.model import Merchant


def print_merchants(merchants: Sequence[Merchant], console: Console) -> None:
    """One line per merchant."""
    table = Table("id", "merchant", "community", "branch", "partner", "groups", "members")
    for each in merchants:
        numbers = (str(each.partner_id), str(each.groups), str(each.members))
        table.add_row(str(each.id), each.name, each.community or "–", each.branch or "–", *numbers)
    console.print(table)


def merchants_json(merchants: Sequence[Merchant]) -> str:
    """A JSON array, one object per merchant."""
    return json.dumps([asdict(each) for each in merchants], ensure_ascii=False, indent=2)
