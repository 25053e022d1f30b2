"""Referral programmes on the terminal: how each stands, and the report on the bank's file."""

import json
from collections import Counter
from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.referrals.model import FileCode, FileLine, ProgrammeBooks, Stage

SHOWN_LINES = 50
FINE = frozenset({FileCode.OPENED, FileCode.KEPT, FileCode.UNCHANGED})


def programmes_json(found: Sequence[ProgrammeBooks]) -> str:
    """Programmes with their books as a JSON array."""
    return json.dumps([_programme(books) for books in found], ensure_ascii=False, default=str)


def print_programmes(found: Sequence[ProgrammeBooks], console: Console) -> None:
    """Programmes as a table, then why referrals wait or ended."""
    columns = ("id", "title", "version", "until", "points", "places", *(stage.value for stage in Stage), "missing")
    table = Table(title="老带新 Referral programmes", box=SIMPLE, padding=(0, 1, 0, 0))
    for column in columns:
        table.add_column(column)
    for books in found:
        terms = books.programme
        heads = [f"{books.stages[stage]:,}" for stage in Stage]
        table.add_row(
            str(terms.id), terms.title_zh, str(terms.version), f"{terms.ends_at:%Y-%m-%d}", f"{terms.points:,}",
            f"{terms.places:,}", *heads, f"{books.missing:,}",
        )  # fmt: skip
    console.print(table)
    for books in found:
        reasons = ", ".join(f"{heads:,} {doubt}" for doubt, heads in books.doubts.items()) or "none"
        console.print(
            f"Programme {books.programme.id}: {books.paid:,} points paid, {books.returned:,} taken back, "
            f"{books.missing:,} missing; doubts: {reasons}{'; closed' if books.is_closed else ''}."
        )


def file_json(found: Sequence[FileLine]) -> str:
    """The report on a file as one JSON object."""
    lines = [vars(line) for line in found]
    return json.dumps({"codes": Counter(line.code for line in found), "lines": lines}, ensure_ascii=False)


def print_file(found: Sequence[FileLine], console: Console) -> None:
    """The counts, and every line that did not simply go through, the first fifty of them."""
    counts = Counter(line.code for line in found)
    console.print(f"{len(found):,} lines: " + ", ".join(f"{n:,} {code}" for code, n in counts.items()) + ".")
    others = [line for line in found if line.code not in FINE]
    for line in others[:SHOWN_LINES]:
        note = f": {line.note}" if line.note else ""
        console.print(f"line {line.line}: {line.code}{note}", markup=False)
    if len(others) > SHOWN_LINES:
        console.print(f"{len(others) - SHOWN_LINES:,} more; --json has all of them.")


def _programme(books: ProgrammeBooks) -> dict[str, object]:
    terms = vars(books.programme) | {
        "cooling": books.programme.cooling.days,
        "patience": books.programme.patience.days,
        "burst_within": books.programme.burst_within.total_seconds(),
    }
    counts = {"stages": books.stages, "doubts": books.doubts, "paid": books.paid, "returned": books.returned}
    return terms | counts | {"missing": books.missing, "is_closed": books.is_closed}
