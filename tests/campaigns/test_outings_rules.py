"""Outings' rules: plans and reports are read or refused, the lowest free place is given, no reminder at night."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.compliance.hours import is_quiet
from campaigns.compliance.model import GatePolicy
from campaigns.outings.model import OutingKind, OutingPlan, Told
from campaigns.outings.rules import free_seat, is_of_the_bank, may_tell, read_plan, read_told, reminder_at
from campaigns.staff.model import Role

NOW = datetime(2026, 12, 20, 4, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


def test_a_plan_is_one_line_of_place_things_and_places() -> None:
    plan = OutingPlan(OutingKind.SCHOOL, "第一中学礼堂", "展架、手册100份", 4)
    assert read_plan(OutingKind.SCHOOL, " 第一中学礼堂 ｜ 展架、手册100份 | 4 ") == plan
    for line in (
        "第一中学",
        "第一中学 | 展架",
        "第一中学 | 展架 | 0",
        "| 展架 | 2",
        "第一中学 | 展架 | 二",
        "x" * 61 + "|a|1",
    ):
        assert read_plan(OutingKind.SCHOOL, line) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [("到场 120 发放 80", Told(120, 80)), ("0 0", Told(0, 0)), ("120", None), ("1 2 3", None), ("5 1000000", None)],
)
def test_what_happened_is_two_numbers(text: str, told: Told | None) -> None:
    assert read_told(text) == told


@given(st.integers(1, 20), st.sets(st.integers(1, 20)))
def test_a_free_place_is_one_that_nobody_has_or_none_is_left(seats: int, taken: set[int]) -> None:
    found = free_seat(seats, taken)
    if found is None:
        assert set(range(1, seats + 1)) <= taken
    else:
        assert 1 <= found <= seats
        assert found not in taken


@given(st.timedeltas(timedelta(0), timedelta(days=90)), st.integers(18, 23), st.integers(0, 11))
def test_a_reminder_comes_before_the_outing_and_never_at_night(ahead: timedelta, start: int, end: int) -> None:
    policy = GatePolicy(quiet_from=time(start), quiet_until=time(end))
    starts = NOW + ahead
    moment = reminder_at(starts, NOW, ZONE, policy)
    if moment is not None:
        assert NOW < moment < starts
        assert not is_quiet(moment, ZONE, policy)


def test_staff_of_the_bank_volunteer_and_tell_for_two_weeks() -> None:
    assert is_of_the_bank({Role.CUSTOMER, Role.BRANCH})
    assert not is_of_the_bank({Role.CUSTOMER, Role.PARTNER})
    assert not may_tell(NOW, NOW - timedelta(seconds=1))
    assert may_tell(NOW, NOW)
    assert not may_tell(NOW, NOW + timedelta(days=14))
