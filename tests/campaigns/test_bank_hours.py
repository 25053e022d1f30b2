"""Bank time: only open hours of working days count."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.bankdays.hours import OfficeHours, after_bank_time, is_open

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = OfficeHours()
HOUR = timedelta(hours=1)
MOMENTS = st.timedeltas(timedelta(), timedelta(300)).map(lambda ahead: datetime(2026, 1, 1, tzinfo=UTC) + ahead)
AMOUNTS = st.timedeltas(timedelta(), timedelta(hours=60))


def local(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (local(11, 20, 10), 2, local(11, 20, 12)),
        (local(11, 20, 15), 2, local(11, 20, 17)),
        (local(11, 20, 16), 2, local(11, 23, 10)),  # Friday afternoon is Monday morning.
        (local(11, 20, 21), 2, local(11, 23, 11)),
        (local(11, 21, 12), 2, local(11, 23, 11)),  # Saturday.
        (local(11, 20, 6), 2, local(11, 20, 11)),
        (local(9, 30, 16), 2, local(10, 8, 10)),  # The national holiday.
        (local(2, 13, 16), 2, local(2, 14, 10)),  # A Saturday worked for Spring Festival.
        (local(2, 14, 16), 2, local(2, 24, 10)),  # Spring Festival.
        (local(11, 20, 9), 16, local(11, 23, 17)),
    ],
)
def test_bank_time_passes_while_the_bank_is_open(start: datetime, hours: int, end: datetime) -> None:
    assert after_bank_time(start, hours * HOUR, HOURS, ZONE) == end


def test_the_bank_is_open_from_its_first_minute_to_before_its_last() -> None:
    moments = (local(11, 20, 8, 59), local(11, 20, 9), local(11, 20, 16, 59), local(11, 20, 17), local(11, 21, 10))
    assert [is_open(moment, HOURS, ZONE) for moment in moments] == [False, True, True, False, False]


@given(MOMENTS, AMOUNTS, AMOUNTS.filter(bool))
def test_two_stretches_are_one_after_the_other(start: datetime, first: timedelta, second: timedelta) -> None:
    together = after_bank_time(start, first + second, HOURS, ZONE)
    assert after_bank_time(after_bank_time(start, first, HOURS, ZONE), second, HOURS, ZONE) == together
    assert together >= start


def test_hours_that_end_before_they_begin_and_negative_stretches_are_refused() -> None:
    with pytest.raises(ValueError, match="must open first"):
        OfficeHours(time(17), time(9))
    with pytest.raises(ValueError, match="cannot be negative"):
        after_bank_time(local(11, 20, 9), -HOUR, HOURS, ZONE)


def test_the_length_of_a_day() -> None:
    assert OfficeHours(time(8, 30), time(17)).length == timedelta(hours=8.5)
