"""Recalls on the terminal."""

import json
from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.recalls.model import Recall, RecallState


def recalls_json(found: Sequence[Recall]) -> str:
    """The last recalls as a JSON array, newest first."""
    return json.dumps([_plain(each) for each in found], ensure_ascii=False)


def print_recalls(found: Sequence[Recall], console: Console) -> None:
    """The last recalls as a table, newest first."""
    if not found:
        console.print("Nothing was recalled.")
        return
    table = Table("no.", "campaign", "since", "by", "reason", *RecallState, box=SIMPLE)
    for each in found:
        table.add_row(*(str(value) for value in _plain(each).values()))
    console.print(table)


def _plain(each: Recall) -> dict[str, object]:
    return {
        "recall": each.id,
        "campaign": each.campaign,
        "since": each.made_at.isoformat(timespec="seconds"),
        "by": each.made_by,
        "reason": each.reason,
        **{state.value: each.counts.get(state, 0) for state in RecallState},
    }
