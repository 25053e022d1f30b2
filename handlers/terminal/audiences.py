"""Audiences on the terminal: what a line means, heads and reach, samples, saved audiences, the fields there are."""

from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.audiences.fields import FIELDS, Kind
from campaigns.audiences.model import Audience, Change, Fault, Sampled
from campaigns.members.model import Language
from handlers.wording.audiences import LEXICON, fault_words, pointed, sample_words


def fault_report(fault: Fault) -> str:
    """The line, a caret below the place, and the sentence."""
    return f"{pointed(fault)}\n{fault_words(fault, Language.EN)}"


def print_sample(people: Sequence[Sampled], console: Console) -> None:
    """One customer a line, masked."""
    console.print(sample_words(people, Language.EN), markup=False, highlight=False)


def print_audiences(audiences: Sequence[Audience], console: Console) -> None:
    """Audiences with who joined and left at the latest run."""
    table = _table("客群 Audiences", ("audience", "condition"), ("customers", "joined", "left", "as of"))
    for each in audiences:
        counts = (f"{each.members:,}", f"{each.joined:,}", f"{each.left:,}")
        table.add_row(each.name, each.expression, *counts, str(each.as_of or "–"))
    console.print(table)


def print_changes(changes: Sequence[Change], console: Console) -> None:
    """What the latest runs made of an audience."""
    table = _table("名单变化 Changes by run", (), ("as of", "customers", "joined", "left"))
    for each in changes:
        table.add_row(str(each.as_of), f"{each.members:,}", f"{each.joined:,}", f"{each.left:,}")
    console.print(table)


def print_fields(console: Console) -> None:
    """Every field with its Chinese name, its kind and its values."""
    table = _table("字段 Fields", ("field", "名称", "kind", "values"), ())
    for each in FIELDS.values():
        choices = LEXICON.choices(each) if each.kind is not Kind.TAGS else ()
        values = ", ".join(f"{choice.code} {choice.zh}" for choice in choices)
        table.add_row(each.name, each.zh, each.kind, "see tags" if each.kind is Kind.TAGS else values)
    console.print(table)


def _table(title: str, left: tuple[str, ...], right: tuple[str, ...]) -> Table:
    table = Table(title=title, box=SIMPLE, padding=(0, 1, 0, 0))
    for name in left:
        table.add_column(name, overflow="fold")
    for name in right:
        table.add_column(name, justify="right")
    return table
