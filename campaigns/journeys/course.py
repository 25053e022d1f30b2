"""A customer's way through a journey: pure decisions on one entry; the same question always has the same answer."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.events.model import Event, EventKind
from campaigns.journeys.model import Branch, End, Entry, EntryRules, Mark, Outcome, Plan, Send, Task, Wait

Pause = Branch | Send | Task | Mark  # What somebody else answers or does before the way goes on.


def begins(plan: Plan, event: Event, now: datetime) -> bool:
    """Whether an event begins a journey: of its kind and conditions, and not known too late."""
    trigger = plan.trigger
    if event.kind is EventKind.AUDIENCE_ENTERED and event.payload.get("journey") != plan.name:
        return False
    if event.kind is not trigger.event or now - event.at > timedelta(days=trigger.within_days):
        return False
    if trigger.least_amount is not None and (event.amount or 0) < trigger.least_amount:
        return False
    return all(event.payload.get(name) == value for name, value in trigger.payload.items())


def may_enter(rules: EntryRules, entered: Sequence[Entry], now: datetime) -> bool:
    """Whether somebody may enter who was in it so often: never while inside; once, or so many days after."""
    if any(each.outcome is None for each in entered):
        return False
    if not entered:
        return True
    last = max(each.entered_at for each in entered)
    return rules.again_after is not None and now - last >= timedelta(days=rules.again_after)


def start(plan: Plan, entry: Entry) -> Entry:
    """The entry at the first step; it goes on from there at once."""
    return replace(entry, node=plan.steps[0].id, due_at=entry.entered_at, waits_for=None)


def arrive(
    plan: Plan, entry: Entry, now: datetime, zone: ZoneInfo, happened: Callable[[EventKind], bool]
) -> Entry | Pause:
    """The entry as it stands: waiting or at its end; or the step that is to be done or decided first.

    An entry that was waiting goes on only when its time has come.
    """
    if entry.outcome is not None:
        return entry
    if entry.due_at is not None and entry.due_at > now:
        return entry
    at = plan.step(entry.node)
    while True:
        match at:
            case None:
                return ended(entry, Outcome.COMPLETED, now)
            case End(_, is_reached):
                return ended(entry, Outcome.REACHED if is_reached else Outcome.COMPLETED, now)
            case Wait():
                if entry.node == at.id and entry.is_waiting:
                    entry, at = moved(entry, at.next, now), plan.step(at.next)
                    continue
                if at.until is not None and happened(at.until):
                    entry, at = moved(entry, at.next, now), plan.step(at.next)
                    continue
                due = until(at, now, zone)
                return replace(entry, node=at.id, due_at=due, waits_for=at.until, is_waiting=True)
            case _:
                return at


def moved(entry: Entry, node: str | None, now: datetime) -> Entry:
    """The entry at another step, from which it goes on at once."""
    return replace(entry, node=node, due_at=now, waits_for=None, is_waiting=False)


def done(entry: Entry, step: Pause, now: datetime, *, answer: bool = False) -> Entry:
    """The entry behind a step that was done, or a branch that was answered."""
    return moved(entry, step.then if isinstance(step, Branch) and answer else step.next, now)


def ended(entry: Entry, outcome: Outcome, now: datetime) -> Entry:
    """The entry at its end; one that ended before stays as it is."""
    if entry.outcome is not None:
        return entry
    return replace(entry, due_at=None, waits_for=None, is_waiting=False, ended_at=now, outcome=outcome)


def hear(plan: Plan, entry: Entry, event: Event, now: datetime) -> Entry:
    """The entry after an event of its customer: at its goal, woken from a wait, or as before.

    What happened before the trigger did is no answer to it.
    """
    if entry.outcome is not None or event.id == entry.event_id or event.at < entry.since:
        return entry
    if plan.goal is event.kind:
        return ended(entry, Outcome.REACHED, now)
    return replace(entry, due_at=now) if entry.waits_for is event.kind else entry


def until(wait: Wait, now: datetime, zone: ZoneInfo) -> datetime:
    """When a wait is over: so many days on, or the first such wall time that is not past by then."""
    if wait.at is None:
        return now + timedelta(days=wait.days)
    day = now.astimezone(zone).date() + timedelta(days=wait.days)
    due = datetime.combine(day, wait.at, tzinfo=zone)
    return due if due >= now else datetime.combine(day + timedelta(days=1), wait.at, tzinfo=zone)
