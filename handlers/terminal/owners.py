"""Owners of customers on the terminal: what became of a file's lines, managers, strategic clients without one."""

import json
from collections import Counter
from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.owners.naming import ManagerLoad
from campaigns.owners.owner_files import FINE, OwnerOutcome

SHOWN = 50


def needs_a_person(lines: Sequence[OwnerOutcome], strategic: Sequence[str]) -> bool:
    """Whether somebody must look."""
    return bool(strategic) or any(line.code not in FINE for line in lines)


def report_json(lines: Sequence[OwnerOutcome], managers: Sequence[ManagerLoad], strategic: Sequence[str]) -> str:
    """The report as one JSON object."""
    told = {
        "codes": Counter(line.code for line in lines),
        "lines": [line._asdict() for line in lines],
        "managers": [each._asdict() for each in managers],
        "strategic_without_owner": list(strategic),
    }
    return json.dumps(told, ensure_ascii=False)


def print_report(
    lines: Sequence[OwnerOutcome], managers: Sequence[ManagerLoad], strategic: Sequence[str], console: Console
) -> None:
    """The counts, every line that did not go through, the managers, then strategic clients whom nobody owns."""
    counts = Counter(line.code for line in lines)
    if lines:
        console.print(f"{len(lines):,} lines: " + ", ".join(f"{n:,} {code}" for code, n in counts.items()) + ".")
    others = [line for line in lines if line.code not in FINE]
    for line in others[:SHOWN]:
        console.print(f"line {line.line}: {line.code}: {line.note}", markup=False)
    if len(others) > SHOWN:
        console.print(f"{len(others) - SHOWN:,} more; --json has all of them.")
    table = Table(title="理财经理 Managers", box=SIMPLE, padding=(0, 1, 0, 0))
    for column in ("id", "name", "customers named"):
        table.add_column(column)
    for each in managers:
        table.add_row(str(each.member_id), each.name, str(each.customers))
    console.print(table)
    if strategic:
        first = ", ".join(strategic[:SHOWN])
        console.print(f"{len(strategic):,} strategic clients have no manager of their own: {first}", markup=False)
