"""Festivals: each a year apart by its own calendar, and on the days that the State Council's notices give off."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from chinese_calendar import constants

from campaigns.bankdays.feasts import FIRST_YEAR, LAST_YEAR, Festival, day_of

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
LUNAR_OR_SOLAR_YEAR = {353, 354, 355, 383, 384, 385, 365, 366}
OFF = {
    Festival.DRAGON_BOAT: constants.Holiday.dragon_boat_festival,
    Festival.MID_AUTUMN: constants.Holiday.mid_autumn_festival,
    Festival.QINGMING: constants.Holiday.tomb_sweeping_day,
    Festival.NATIONAL: constants.Holiday.national_day,
}


@pytest.mark.parametrize("festival", Festival)
def test_a_festival_comes_every_year_and_about_a_year_after_the_last(festival: Festival) -> None:
    days = [day for year in YEARS if (day := day_of(festival, year))]
    assert len(days) == len(YEARS)
    assert {(after - before).days for before, after in pairwise(days)} <= LUNAR_OR_SOLAR_YEAR
    assert (day_of(festival, FIRST_YEAR - 1), day_of(festival, LAST_YEAR + 1)) == (None, None)


@pytest.mark.parametrize("festival", OFF)
def test_what_the_state_gives_off_for_a_festival_lies_at_its_day(festival: Festival) -> None:
    """2020 had both festivals of autumn on one day; of 2012 the day before the Dragon Boat Festival was the day off."""
    for year in range(2008, max(constants.holidays).year + 1):
        day = day_of(festival, year)
        assert day is not None
        near = {constants.holidays.get(day + timedelta(days=ahead)) for ahead in (-1, 0, 1)}
        assert OFF[festival].value in near or constants.Holiday.national_day.value in near, day


def test_days_that_people_remember_are_where_they_were() -> None:
    assert day_of(Festival.MID_AUTUMN, 2026) == date(2026, 9, 25)
    assert day_of(Festival.NEW_YEARS_EVE, 2027) == date(2027, 2, 5)
    assert day_of(Festival.DRAGON_BOAT, 2012) == date(2012, 6, 23)
