"""The policy of classes on the terminal: its keys and values, its history, and what a change would do."""

import json
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.customers.policies import PolicyEntry, WhatIf
from campaigns.customers.segments import PolicyVersion
from segmentation.changes import flat


def policy_json(made: PolicyVersion, history: list[PolicyEntry]) -> str:
    """A version and the history as one JSON object."""
    entries = [{**vars(entry), "made_at": entry.made_at.isoformat()} for entry in history]
    return json.dumps(
        {"version": made.version, "policy": made.policy.as_json(), "history": entries}, ensure_ascii=False
    )


def print_policy(made: PolicyVersion, history: list[PolicyEntry], console: Console) -> None:
    """Every key with its value, then who made which version."""
    stands = f"version {made.version}" if made.version else "the defaults; the first run makes version 1"
    console.print(f"The policy of classes, {stands}.")
    for key, value in flat(made.policy.as_json()):
        console.print(f"{key} = {json.dumps(value, ensure_ascii=False)}", markup=False, highlight=False, soft_wrap=True)
    for entry in history:
        note = f": {entry.note}" if entry.note else ""
        console.print(
            f"Version {entry.version} by {entry.made_by}, {entry.made_at:%Y-%m-%d %H:%M}{note}",
            markup=False,
            highlight=False,
        )


def what_if_json(found: WhatIf) -> str:
    """What a change would do, as one JSON object."""
    return json.dumps(found.as_json(), ensure_ascii=False)


def print_what_if(found: WhatIf, console: Console) -> None:
    """What a change would do, for a person."""
    for key, (old, new) in found.changes.items():
        console.print(f"{key}: {_plain(old)} → {_plain(new)}", markup=False, highlight=False, soft_wrap=True)
    if not found.changes:
        console.print("Nothing would change.")
    moving = found.moving
    share = moving["letter"] / found.customers if found.customers else 0
    console.print(
        f"Of {found.customers:,} customers as of {found.as_of}, {moving['letter']:,} letters ({share:.1%}), "
        f"{moving['band']:,} bands, {moving['lifecycle']:,} stages of life, {moving['quadrant']:,} quadrants, "
        f"{moving['potential']:,} potential scores, {moving['churn']:,} churn scores and {moving['tier']:,} tiers of "
        "enterprises would move."
    )
    table = Table(title="Letters now and then", box=SIMPLE, padding=(0, 1, 0, 0))
    for column in ("now \\ then", *found.matrix):
        table.add_column(column, justify="right")
    for letter, row in found.matrix.items():
        table.add_row(letter, *(f"{heads:,}" for heads in row.values()))
    console.print(table)


def _plain(value: Any) -> str:
    return "–" if value is None else json.dumps(value, ensure_ascii=False)
