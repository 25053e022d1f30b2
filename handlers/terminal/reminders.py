"""Reminders on the terminal."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.reminders.model import Line
from campaigns.reminders.reading import kept
from campaigns.reminders.topics import topic_of


def reminders_json(found: Sequence[Line]) -> str:
    """Reminders as a JSON array; moments are in UTC, `late_minutes` is for how long a late one still comes."""
    return json.dumps([_plain(each) for each in found], ensure_ascii=False)


def print_reminders(found: Sequence[Line], console: Console) -> None:
    """Reminders as a table."""
    if not found:
        console.print("There are no reminders.")
        return
    table = Table("no.", "owner", "state", "time", "to", "words", "next", "last", box=SIMPLE)
    for each in found:
        row = _plain(each)
        upcoming, last = each.upcoming[0] if each.upcoming else None, each.last
        told = f"{_short(last.due_at)} {last.outcome} {last.recipients}" if last else "–"
        table.add_row(
            *(str(row[name]) for name in ("reminder", "owner", "state", "time")),
            _whom(each),
            str(row["words"]),
            _short(upcoming) if upcoming else "–",
            told,
        )
    console.print(table)


def _plain(each: Line) -> dict[str, object]:
    reminder, plan, last = each.reminder, each.reminder.shown, each.last
    return {
        "reminder": reminder.id,
        "owner": reminder.owner_id,
        "state": "in review" if reminder.in_review else str(reminder.state),
        "version": reminder.version,
        "topic": str(topic_of(plan)),
        "time": kept(plan.timing),
        "groups": list(each.groups),
        "audience": plan.audience.line,
        "member": plan.audience.member_id,
        "words": plan.words,
        "marketing": plan.is_marketing,
        "late_minutes": plan.useful // timedelta(minutes=1),
        "next": [moment.isoformat() for moment in each.upcoming],
        "last": last
        and {
            "due_at": last.due_at.isoformat(),
            "outcome": str(last.outcome),
            "recipients": last.recipients,
            "states": {str(state): count for state, count in last.states.items()},
        },
    }


def _whom(each: Line) -> str:
    audience = each.reminder.shown.audience
    return "\n".join(each.groups) or audience.line or f"member {audience.member_id}"


def _short(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}Z"
