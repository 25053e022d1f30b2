"""Fields to ask customers again, on the terminal: how many of each, and whom first."""

import json

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.customers.fields import StaleFields
from campaigns.members.model import Language
from handlers.wording.fields import ask_words, field_name
from handlers.wording.segments import yuan


def stale_json(found: StaleFields) -> str:
    """The list as one JSON object."""
    return json.dumps(found.as_json(), ensure_ascii=False)


def print_stale(found: StaleFields, language: Language, console: Console) -> None:
    """The list for a person."""
    if not found.counts:
        console.print(f"No department told a field that ages as of {found.as_of}.")
        return
    counts = Table(title=f"Fields as of {found.as_of}", box=SIMPLE, padding=(0, 1, 0, 0))
    for column in ("field", "known", "to ask again"):
        counts.add_column(column, justify="left" if column == "field" else "right")
    for one in found.counts:
        counts.add_row(field_name(one.name, language), f"{one.known:,}", f"{one.stale:,}")
    console.print(counts)
    people = Table("customer", "assets", "please ask", title="Whom to ask first", box=SIMPLE, padding=(0, 1, 0, 0))
    joint = "；" if language is Language.ZH else "; "
    for customer in found.customers:
        asked = joint.join(ask_words(field, language) for field in customer.fields)
        people.add_row(customer.number, yuan(customer.assets_fen), asked)
    if found.customers:
        console.print(people)
