"""Pure decisions on to-dos: who counts as done, when one is about to end, what a line of a manager asks for."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.chains.reading import normal, read_deadline
from campaigns.todos.model import Tick, TickCode, TickOutcome, Todo, TodoFault, TodoPlan, TodoState

LONGEST_TITLE = 120
ENDING_BEFORE = timedelta(hours=2)
DEADLINE_WORDS = 2  # 12-31 18:00


def mark(todo: Todo, done: Collection[int], ticks: Sequence[Tick], now: datetime) -> list[TickOutcome]:
    """Decide taps in their order: each person goes from not done to done once, and never back.

    `done` are those of the tapping people who had done it before.
    """
    ready, count = set(done), todo.done
    outcomes = []
    for tick in ticks:
        code = _judge(todo, tick, ready, now)
        if code is TickCode.DONE:
            ready.add(tick.member_id)
            count += 1
        outcomes.append(TickOutcome(code, count))
    return outcomes


def _judge(todo: Todo, tick: Tick, ready: Collection[int], now: datetime) -> TickCode:
    if tick.chat_id != todo.chat_id:
        return TickCode.NO_TODO
    if tick.member_id in ready:
        return TickCode.TWICE
    if state_of(todo, now) is TodoState.ENDED:
        return TickCode.ENDED
    return TickCode.DONE if not todo.named or tick.member_id in todo.named else TickCode.NOT_FOR_YOU


def state_of(todo: Todo, now: datetime) -> TodoState:
    """Where a to-do stands; the moment of the deadline itself is late."""
    if todo.is_closed or now >= todo.deadline:
        return TodoState.ENDED
    return TodoState.ENDING if now >= todo.ending_at else TodoState.RUNNING


def ending_at(opened_at: datetime, deadline: datetime) -> datetime:
    """When a to-do is about to end: its last two hours, or its last half where it is shorter."""
    return max(deadline - ENDING_BEFORE, opened_at + (deadline - opened_at) / 2)


def check(title: str, deadline: datetime | None, named: Collection[int], now: datetime) -> TodoPlan | TodoFault:
    """Make a plan of what a manager asked for, or name the first thing wrong with it."""
    plain = " ".join(title.split())
    if not plain:
        return TodoFault.NO_TITLE
    if len(plain) > LONGEST_TITLE:
        return TodoFault.LONG_TITLE
    if deadline is None:
        return TodoFault.BAD_DEADLINE
    return TodoPlan(plain, deadline, frozenset(named)) if deadline > now else TodoFault.PAST_DEADLINE


def read_plan(text: str, named: Collection[int], now: datetime, zone: ZoneInfo) -> TodoPlan | TodoFault:
    """Read "title deadline"; the title may hold spaces, the deadline is the last word or the last two."""
    said = normal(text).split()
    for words in range(min(DEADLINE_WORDS, len(said) - 1), 0, -1):
        deadline = read_deadline(" ".join(said[-words:]), now, zone)
        if deadline is not None:
            return check(" ".join(said[:-words]), deadline, named, now)
    return TodoFault.BAD_DEADLINE if said else TodoFault.NO_TITLE
