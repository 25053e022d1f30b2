"""Spring Festival: the lunar new years by the calendar, in the holidays, and only where they are kept."""

from datetime import date
from itertools import pairwise

import pytest
from chinese_calendar import constants

from campaigns.bankdays.festivals import lunar_new_year, spring_festivals

YEARS = range(1990, 2051)


def test_new_years_lie_a_lunar_year_apart() -> None:
    days = [day for year in YEARS if (day := lunar_new_year(year))]
    assert len(days) == len(YEARS)
    assert {(after - before).days for before, after in pairwise(days)} <= {
        353,
        354,
        355,
        383,
        384,
        385,
    }
    assert all(date(day.year, 1, 21) <= day <= date(day.year, 2, 21) for day in days)


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_new_year_is_a_holiday_of_the_state_s_notices(year: int) -> None:
    assert constants.holidays[lunar_new_year(year)] == constants.Holiday.spring_festival.value


def test_beyond_the_calendar_there_is_none() -> None:
    assert (lunar_new_year(1989), lunar_new_year(2051)) == (None, None)


def test_a_bank_elsewhere_keeps_no_spring_festival() -> None:
    assert spring_festivals(date(2019, 9, 30), "Asia/Shanghai") == (date(2019, 2, 5), date(2018, 2, 16))
    assert spring_festivals(date(2019, 9, 30), "Europe/Prague") == ()
    assert spring_festivals(date(1990, 9, 30), "Asia/Shanghai") == (date(1990, 1, 27),)
