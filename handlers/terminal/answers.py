"""Reviewed answers on the terminal: what an import did, every version, one entry in full."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from campaigns.answers.model import AnswerEntry, Imported
from campaigns.answers.rules import sayable


def imported_json(found: Sequence[Imported]) -> str:
    """What an import did, as a JSON array."""
    told = [
        {"key": each.entry.key, "version": each.entry.version, "did": each.code, "reviewed": each.entry.is_reviewed}
        for each in found
    ]
    return json.dumps(told, ensure_ascii=False)


def print_imported(found: Sequence[Imported], console: Console) -> None:
    """What an import did, in a sentence or two."""
    counts = Counter(each.code for each in found)
    console.print(f"{len(found)} entries: " + ", ".join(f"{number} {code}" for code, number in sorted(counts.items())))
    unread = sum(not each.entry.is_reviewed for each in found)
    if unread:
        console.print(f"{unread} have no reviewer and are not said: import again with --reviewer.")


def entries_json(found: Sequence[AnswerEntry]) -> str:
    """Versions as a JSON array, with whether they are said today."""
    said = {(each.key, each.version) for each in sayable(found)}
    told = [asdict(each) | {"said": (each.key, each.version) in said} for each in found]
    return json.dumps(told, ensure_ascii=False, default=str)


def print_entries(found: Sequence[AnswerEntry], console: Console) -> None:
    """Every version in a table."""
    said = {(each.key, each.version) for each in sayable(found)}
    table = Table(title="知识条目 Reviewed answers", box=SIMPLE, padding=(0, 1, 0, 0))
    for column in ("key", "version", "title", "author", "reviewer", "reviewed", "questions", "said"):
        table.add_column(column)
    for each in found:
        table.add_row(
            each.key,
            str(each.version),
            escape(each.title_zh),
            escape(each.author),
            escape(each.reviewer or "-"),
            str(each.reviewed_on or "-"),
            str(len(each.asked)),
            "yes" if (each.key, each.version) in said else "no",
        )
    console.print(table)


def print_entry(found: Sequence[AnswerEntry], console: Console) -> None:
    """What every version of one entry says."""
    for each in found:
        state = f"reviewed by {each.reviewer} on {each.reviewed_on}" if each.is_reviewed else "not reviewed"
        console.print(f"{each.key} version {each.version}, by {each.author}, {state}", markup=False)
        for title, text in ((each.title_zh, each.text_zh), (each.title_en, each.text_en)):
            console.print(f"\n{title}\n{text}", markup=False)
        if each.asked:
            console.print("\nAnswers: " + " · ".join(each.asked), markup=False)
        console.print()
