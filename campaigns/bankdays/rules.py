"""Whether the bank works on a day in mainland China; pure, on the State Council's holiday notices."""

import warnings
from datetime import date, timedelta

from chinese_calendar import constants, is_workday

FIRST_YEAR = min(constants.holidays).year
LAST_YEAR = max(constants.holidays).year
SATURDAY = 5


class HolidaysUnknownWarning(UserWarning):
    """The holiday data do not reach this year, so only weekends were looked at."""


def is_working_day(day: date) -> bool:
    """Whether the bank works on this day.

    Beyond the years that the data cover it warns (`HolidaysUnknownWarning`) and takes Monday to Friday.
    """
    if not is_covered(day):
        warnings.warn(
            f"The holiday data cover {FIRST_YEAR} to {LAST_YEAR}, not {day.year}: only weekends count as free days. "
            f"Update chinesecalendar.",
            HolidaysUnknownWarning,
            stacklevel=2,
        )
    return works(day)


def works(day: date) -> bool:
    """The same without a warning, for plans that reach into years whose holidays are not announced yet."""
    return bool(is_workday(day)) if is_covered(day) else day.weekday() < SATURDAY


def working_day_after(day: date, count: int) -> date:
    """The `count`-th working day after a day; with 0 the day itself, or the first working day from then on."""
    found = day if count else day - timedelta(days=1)
    for _ in range(count or 1):
        found += timedelta(days=1)
        while not works(found):
            found += timedelta(days=1)
    return found


def working_days_between(since: date, until: date) -> int:
    """How many working days lie after `since`, up to and with `until`; 0 where `until` is not later."""
    return sum(works(since + timedelta(days=ahead)) for ahead in range(1, (until - since).days + 1))


def is_covered(day: date) -> bool:
    """Whether the holiday notice of this day's year is known."""
    return bool(FIRST_YEAR <= day.year <= LAST_YEAR)
