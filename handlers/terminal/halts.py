"""Stops on the terminal."""

import json
from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from campaigns.halts.model import Held


def halts_json(found: Sequence[Held]) -> str:
    """What is stopped as a JSON array."""
    return json.dumps([_plain(each) for each in found], ensure_ascii=False)


def print_halts(found: Sequence[Held], console: Console) -> None:
    """What is stopped as a table."""
    if not found:
        console.print("Nothing is stopped.")
        return
    table = Table("no.", "scope", "target", "since", "by", "reason", "held", box=SIMPLE)
    for each in found:
        row = _plain(each)
        table.add_row(
            *(escape(str(row[name])) for name in ("halt", "scope", "target", "since", "by", "reason", "held"))
        )
    console.print(table)


def _plain(each: Held) -> dict[str, object]:
    halt = each.halt
    return {
        "halt": halt.id,
        "scope": str(halt.aim.scope),
        "target": halt.aim.target,
        "since": (halt.stopped_at or halt.made_at).isoformat(timespec="seconds"),
        "by": halt.made_by,
        "reason": halt.reason,
        "held": each.waiting,
    }
