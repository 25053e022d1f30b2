"""Bank days: holidays, make-up days, and the warned fallback where the data end."""

import warnings
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.bankdays.rules import (
    FIRST_YEAR,
    LAST_YEAR,
    HolidaysUnknownWarning,
    is_covered,
    is_working_day,
    working_day_after,
    working_days_between,
    works,
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 1), False),  # New Year.
        (date(2026, 1, 4), True),  # A Sunday that makes up for the holiday.
        (date(2026, 10, 1), False),  # National Day, a Thursday.
        (date(2026, 10, 10), True),  # A Saturday that makes up for it.
        (date(2026, 11, 21), False),  # A plain Saturday.
        (date(2026, 11, 23), True),  # A plain Monday.
    ],
)
def test_holidays_rest_and_make_up_days_work(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_beyond_the_notices_weekends_rest_and_a_warning_says_so() -> None:
    monday, sunday = date(LAST_YEAR + 1, 6, 7), date(LAST_YEAR + 1, 6, 13)
    while monday.weekday():
        monday, sunday = monday.replace(day=monday.day + 1), sunday.replace(day=sunday.day + 1)
    with pytest.warns(HolidaysUnknownWarning, match=f"not {LAST_YEAR + 1}"):
        assert is_working_day(monday)
    with pytest.warns(HolidaysUnknownWarning):
        assert not is_working_day(sunday)


@given(st.dates())
def test_every_day_has_an_answer_and_warns_only_beyond_the_notices(day: date) -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        is_working_day(day)
    assert bool(said) is not is_covered(day)
    assert is_covered(day) is (FIRST_YEAR <= day.year <= LAST_YEAR)


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday to Monday.
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # Over National Day.
        (date(2026, 10, 9), 1, date(2026, 10, 10)),  # To a Saturday that makes up for it.
        (date(2026, 11, 21), 0, date(2026, 11, 23)),  # No day at all, from a Saturday.
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_days_are_counted_as_the_bank_works(day: date, count: int, due: date) -> None:
    assert working_day_after(day, count) == due


@given(st.dates(date(2010, 1, 1), date(2040, 1, 1)), st.integers(1, 30))
def test_the_nth_working_day_works_and_lies_n_working_days_ahead(day: date, count: int) -> None:
    found = working_day_after(day, count)
    assert works(found)
    assert working_days_between(day, found) == count
    assert working_days_between(found, day) == 0
