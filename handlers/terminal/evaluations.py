"""Evaluations of a model on the terminal: quality, what it beats and by how much, by tenure, how it was held out."""

import json

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.customers.evaluations import Evaluation
from handlers.terminal.outlook import LEGEND, print_comparison, print_tenure, quality_cells
from segmentation.outlook.indicators import BY_NAME


def evaluation_json(found: Evaluation) -> str:
    """The evaluation as one JSON object."""
    return json.dumps(found.as_json(), ensure_ascii=False)


def print_evaluation(found: Evaluation, console: Console) -> None:
    """The evaluation for a person."""
    console.print(f"{found.comparison.customers:,} customers as of {found.as_of}, from {BY_NAME[found.used].title}.")
    table = Table(title="What the outlook is worth", caption=LEGEND, box=SIMPLE, padding=(0, 1, 0, 0))
    for name in ("macro AUC", "AUC fell", "lift fell", "calibration"):
        table.add_column(name, justify="right")
    table.add_row(*quality_cells(found.quality))
    console.print(table)
    console.print(f"Held out: {found.held_out}.")
    print_comparison(found.comparison, console)
    print_tenure(found.tenure, console)
    if found.unknown or found.untold:
        console.print(f"{found.unknown:,} outcomes have no customer here, {found.untold:,} customers have no outcome.")
    for note in found.notes:
        console.print(note)
