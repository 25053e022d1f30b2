"""The registry of partners on the terminal."""

import json
from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from campaigns.partners.model import DueItem, Entry
from campaigns.partners.rules import findings
from handlers.wording.partners import LINK


def registry_json(entries: Sequence[Entry]) -> str:
    """The registry as a JSON array, each with what was done since its contract was handed in."""
    return json.dumps([_plain(each) for each in entries], ensure_ascii=False)


def print_registry(entries: Sequence[Entry], console: Console) -> None:
    """The registry as a table."""
    if not entries:
        console.print("No partner is registered yet; partners register hands a contract in.")
        return
    names = ("partner", "kind", "state", "contract", "from", "until", "answerable", "checked", "leads", "accounts")
    table = Table(*names, box=SIMPLE)
    for each in entries:
        terms, passed = each.contract.terms, sum(findings(each.acts).values())
        facts = (each.contract.partner.name, each.contract.partner.kind, each.contract.state, terms.number)
        days = terms.starts_on.isoformat(), terms.ends_on.isoformat()
        figures = (f"{passed}/{len(DueItem)}", f"{each.brought.leads:,}", f"{each.brought.accounts:,}")
        table.add_row(*(escape(str(cell)) for cell in (*facts, *days, terms.answerable, *figures)))
    console.print(table)


def print_entry(entry: Entry, console: Console) -> None:
    """One partner: its line of the table, what was done, and what its link begins the chat with."""
    print_registry([entry], console)
    for act in entry.acts:
        what = f"{act.deed} {act.item or ''}".strip()
        console.print(f"{act.at:%Y-%m-%d %H:%M} {what} by {act.by}: {act.note}".rstrip(": "), markup=False)
    console.print(f"start parameter of the link: {LINK}{entry.contract.token}", markup=False)


def _plain(each: Entry) -> dict[str, object]:
    terms, partner = each.contract.terms, each.contract.partner
    contract = {"contract": terms.number, "from": terms.starts_on.isoformat(), "until": terms.ends_on.isoformat()}
    people = {"answerable": terms.answerable, "contact": terms.contact}
    acts = [
        {"deed": act.deed, "item": act.item, "by": act.by, "at": act.at.isoformat(), "note": act.note}
        for act in each.acts
    ]
    head = {"partner": partner.name, "kind": partner.kind, "state": each.contract.state}
    link = {"start": f"{LINK}{each.contract.token}"}
    return head | contract | people | {"acts": acts} | vars(each.brought) | link
