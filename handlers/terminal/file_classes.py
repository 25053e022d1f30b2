"""A run over files on the terminal."""

import json
from pathlib import Path

from rich.console import Console

from campaigns.customers.file_classes import FileRun
from segmentation.dimensions import LETTERS


def file_run_json(run: FileRun) -> str:
    """A run as one JSON object."""
    return json.dumps(run.as_json(), ensure_ascii=False)


def print_file_run(run: FileRun, out: Path, kept: Path | None, console: Console) -> None:
    """A run for a person."""
    count = run.letters.total()
    shares = ", ".join(f"{letter} {run.letters[letter]:,} ({run.letters[letter] / count:.1%})" for letter in LETTERS)
    console.print(f"{count:,} customers as of {run.as_of} are in {out}: {shares}.")
    if run.held or run.provisional:
        console.print(f"{run.held:,} letters are held by the margin, {run.provisional:,} are provisional.")
    if run.silent or run.astray:
        console.print(
            f"{run.silent:,} customers have no transaction, so their activity is unknown; "
            f"{run.astray:,} with transactions have no balances and are left out."
        )
    if left_out := run.left_out():
        console.print(f"No letter comes from: {', '.join(f'{code} ({why})' for code, why in left_out.items())}.")
    if run.fitted:
        where = f"kept in {kept}" if kept else "kept nowhere: with --policy FILE the next run measures alike"
        console.print(f"The scaler was fitted to these customers and is {where}.")
