"""Pure rules of briefs: who is in it and in which order, and when it and its reminder leave."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns.bankdays.rules import works
from campaigns.briefs.model import Brief, BriefItem, BriefRefusal, Candidate, ItemState
from campaigns.customers.next_actions import ActionChannel, ActionKind

MOST = 10
REMINDER = time(16, 30)
EARLIEST, LATEST = time(6), time(12)
STATES = {
    ActionChannel.MESSAGE: ItemState.SENT,
    ActionChannel.CALL: ItemState.CALLED,
    ActionChannel.VISIT: ItemState.VISITED,
}


def choose(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """At most ten customers, each once: what is due first by its day, then actions by expected value."""
    due, proposed = [], []
    for each in candidates:
        if each.due_at is not None:
            due.append(each)
        elif each.action not in (None, ActionKind.NOTHING) and each.expected_value_fen > 0:
            proposed.append(each)
    due.sort(key=lambda each: (each.due_at, -each.expected_value_fen, each.customer.number))
    proposed.sort(key=lambda each: (-each.expected_value_fen, each.customer.number))
    once = {each.customer.id: each for each in reversed([*due, *proposed])}
    return tuple(each for each in (*due, *proposed) if once[each.customer.id] is each)[:MOST]


def is_morning(now: datetime, zone: ZoneInfo) -> date | None:
    """The day whose briefs may leave now: a bank day before the afternoon's reminder."""
    wall = now.astimezone(zone)
    return wall.date() if works(wall.date()) and wall.time() < REMINDER else None


def is_afternoon(now: datetime, zone: ZoneInfo) -> date | None:
    """The day whose reminders may leave now: a bank day from half past four on."""
    wall = now.astimezone(zone)
    return wall.date() if works(wall.date()) and wall.time() >= REMINDER else None


def read_hour(text: str) -> time | None:
    """08:30, 8.30, ８：３０ as a morning's time between six and noon; None otherwise."""
    parts = text.strip().replace("：", ":").replace(".", ":").split(":")
    if len(parts) != 2 or not all(part.isdecimal() and len(part) <= 2 for part in parts):
        return None
    hour, minute = map(int, parts)
    if hour > 23 or minute > 59:
        return None
    found = time(hour, minute)
    return found if EARLIEST <= found <= LATEST else None


def settle(found: tuple[Brief, BriefItem] | None, member_ids: list[int]) -> BriefItem | BriefRefusal:
    """The item that a manager may settle, or why not."""
    if found is None or found[0].manager_id not in member_ids:
        return BriefRefusal.UNKNOWN
    return found[1] if found[1].state is ItemState.OPEN else BriefRefusal.SETTLED


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
