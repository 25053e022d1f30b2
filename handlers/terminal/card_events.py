"""The bank's file of card events on the terminal: what became of its lines, and what disagrees with the chat."""

import json
from collections import Counter
from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.applications.reconciling import FINE, CardOutcome, Disagreement

SHOWN = 50


def needs_a_person(lines: Sequence[CardOutcome], disagreements: Sequence[Disagreement]) -> bool:
    """Whether somebody must look."""
    return bool(disagreements) or any(line.code not in FINE for line in lines)


def report_json(lines: Sequence[CardOutcome], disagreements: Sequence[Disagreement]) -> str:
    """The report as one JSON object."""
    told = {
        "codes": Counter(line.code for line in lines),
        "lines": [vars(line) for line in lines],
        "disagreements": [_disagreement(each) for each in disagreements],
    }
    return json.dumps(told, ensure_ascii=False, default=str)


def print_report(lines: Sequence[CardOutcome], disagreements: Sequence[Disagreement], console: Console) -> None:
    """The counts, every line that did not go through, then all that disagrees."""
    counts = Counter(line.code for line in lines)
    if lines:
        console.print(f"{len(lines):,} lines: " + ", ".join(f"{n:,} {code}" for code, n in counts.items()) + ".")
    others = [line for line in lines if line.code not in FINE]
    for line in others[:SHOWN]:
        note = f": {line.note}" if line.note else ""
        console.print(f"line {line.line}: {line.code}{note}", markup=False)
    if len(others) > SHOWN:
        console.print(f"{len(others) - SHOWN:,} more; --json has all of them.")
    if not disagreements:
        console.print("The bank's files and the chat agree.")
        return
    table = Table(title="银行对账 Disagreements", box=SIMPLE, padding=(0, 1, 0, 0))
    for column in ("application", "bank says", "on", "chat says", "owner"):
        table.add_column(column)
    for each in disagreements[:SHOWN]:
        table.add_row(*(str(value) for value in _disagreement(each).values()))
    console.print(table)
    if len(disagreements) > SHOWN:
        console.print(f"{len(disagreements) - SHOWN:,} more; --json has all of them.")


def _disagreement(found: Disagreement) -> dict[str, object]:
    event, one = found.event, found.application
    return {
        "application": one.number,
        "bank": event.stage,
        "on": event.on,
        "chat": one.stage,
        "owner": one.owner_id,
    }
