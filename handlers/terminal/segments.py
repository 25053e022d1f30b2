"""Classes on the terminal and in a file: sizes, assets and activity per class, reasons in words."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.customers.model import Axis, ClassReason, Letter
from campaigns.customers.segments import SegmentationRun
from campaigns.members.model import Language
from handlers.wording.segments import letter_name, reason_words

COLUMNS = (
    "class",
    "customers",
    "share",
    "assets, M",
    "median",
    "gate",
    "log in",
    "moves",
    "current",
    "potential",
    "sure",
)
LEGEND = (
    "assets in million yuan, median in yuan; gate: customers over the line to the middle and high tier; moves: median "
    "transfers of the quarter; current and potential: mean scores 0–100; sure: mean confidence 0–1"
)
HEADER = ("number", "class", "current", "potential", "confidence", "reason 1", "reason 2", "reason 3", "missing")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def run_json(run: SegmentationRun) -> str:
    """The run as one JSON object."""
    return json.dumps(run.as_json(), ensure_ascii=False)


def print_run(run: SegmentationRun, console: Console) -> None:
    """The run for a person."""
    news = "" if run.is_new else " (nothing changed since this run, so it was not made again)"
    console.print(f"Classes as of {run.key.as_of}, {run.key.classifier}, policy {run.key.policy_version}{news}.")
    table = Table(title="客户分类 Classes", caption=LEGEND, box=SIMPLE, padding=(0, 1, 0, 0))
    for at, column in enumerate(COLUMNS):
        table.add_column(column, justify="left" if at == 0 else "right", no_wrap=at == 0)
    for entry in run.summary:
        table.add_row(*_cells(entry))
    console.print(table)


def write_classes(file: Path, classes: Iterable[tuple[Any, ...]]) -> None:
    """Write every customer's class with its reasons in words; values that a spreadsheet would run are quoted."""
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for number, letter, current, potential, reasons, confidence, missing in classes:
            words = [_words(reason) for reason in reasons]
            writer.writerow([_inert(number), letter, current, potential, confidence, *words, " ".join(missing)])


def _cells(entry: dict[str, Any]) -> tuple[str, ...]:
    letter = Letter(entry["letter"])
    name = f"{letter_name(letter, Language.ZH)} {letter_name(letter, Language.EN).removeprefix(letter).strip()}"
    if not entry["customers"]:
        return (name, "0", *["–"] * (len(COLUMNS) - 2))
    transfers = entry["transfers_median"]
    return (
        name,
        f"{entry['customers']:,}",
        f"{entry['share']:.1%}",
        f"{entry['assets_fen'] / 100e6:,.0f}",
        f"{entry['assets_median_fen'] / 100:,.0f}",
        f"{entry['over_gate']:,}",
        f"{entry['log_in_share']:.0%}",
        "–" if transfers is None else f"{transfers:g}",
        f"{entry['current_mean']:.1f}",
        f"{entry['potential_mean']:.1f}",
        f"{entry['confidence_mean']:.2f}",
    )


def _words(reason: dict[str, Any]) -> str:
    found = ClassReason(**{**reason, "axis": Axis(reason["axis"])})
    return f"{reason_words(found, Language.ZH)} {reason_words(found, Language.EN)}"


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
