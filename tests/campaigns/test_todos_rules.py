"""To-dos by their rules: once per person, never back, about to end before they end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.todos.model import Tick, TickCode, Todo, TodoFault, TodoPlan, TodoState
from campaigns.todos.rules import ending_at, mark, read_plan, state_of

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
TODO = Todo(1, 1, -100, 9, "填写报名表", NOW, NOW + DAY - timedelta(hours=2), NOW + DAY)


def tick(member: int, chat: int = -100) -> Tick:
    return Tick(member, "王*", chat)


@given(st.lists(st.integers(1, 8), max_size=40), st.sets(st.integers(1, 8)), st.sets(st.integers(1, 8)))
def test_everybody_counts_once_whatever_is_tapped(taps: list[int], before: set[int], named: set[int]) -> None:
    todo = replace(TODO, named=frozenset(named), done=len(before))
    outcomes = mark(todo, before, [tick(member) for member in taps], NOW)
    allowed = {member for member in taps if not named or member in named}
    assert sum(outcome.code is TickCode.DONE for outcome in outcomes) == len(allowed - before)
    counts = [len(before), *(outcome.done for outcome in outcomes)]
    assert counts == sorted(counts)
    assert counts[-1] == len(before | allowed)


@given(st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=400)), st.floats(0, 2))
def test_a_todo_is_running_then_about_to_end_then_over(length: timedelta, share: float) -> None:
    todo = replace(TODO, ending_at=ending_at(NOW, NOW + length), deadline=NOW + length)
    order = [TodoState.RUNNING, TodoState.ENDING, TodoState.ENDED]
    found = order.index(state_of(todo, NOW + length * share))
    assert found == (share * length >= length) + (NOW + length * share >= todo.ending_at)
    assert state_of(todo, todo.deadline) is TodoState.ENDED
    assert state_of(todo, todo.ending_at) is TodoState.ENDING


def test_a_tap_that_is_late_or_from_elsewhere_changes_nothing() -> None:
    late = mark(TODO, (), [tick(1)], TODO.deadline)
    elsewhere = mark(TODO, (), [tick(1, chat=-7), tick(1, chat=1)], NOW)
    assert [outcome.code for outcome in late + elsewhere] == [TickCode.ENDED, TickCode.NO_TODO, TickCode.NO_TODO]


@pytest.mark.parametrize(
    ("text", "title", "hours"),
    [
        ("填写 活动报名表 明天20:00", "填写 活动报名表", 32),
        ("看公告 11-23 20:00", "看公告", 32),
        ("看公告 11-23", "看公告", 32),
        ("Read the rules 3h", "Read the rules", 3),
    ],
)
def test_a_line_says_title_and_deadline(text: str, title: str, hours: int) -> None:
    assert read_plan(text, {5}, NOW, ZONE) == TodoPlan(title, NOW + timedelta(hours=hours), frozenset({5}))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", TodoFault.NO_TITLE),
        ("填写报名表", TodoFault.BAD_DEADLINE),
        ("明天20:00", TodoFault.BAD_DEADLINE),
        ("填写报名表 很快", TodoFault.BAD_DEADLINE),
        ("填写报名表 2026-11-01 10:00", TodoFault.PAST_DEADLINE),
        (f"{'长' * 121} 3天", TodoFault.LONG_TITLE),
    ],
)
def test_a_line_that_says_too_little_is_explained(text: str, fault: TodoFault) -> None:
    assert read_plan(text, (), NOW, ZONE) is fault
