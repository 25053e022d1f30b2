"""Whether the bank works on a day in mainland China; pure, on the State Council's holiday notices."""

import warnings
from datetime import date

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
    if is_covered(day):
        return bool(is_workday(day))
    warnings.warn(
        f"The holiday data cover {FIRST_YEAR} to {LAST_YEAR}, not {day.year}: only weekends count as free days. "
        f"Update chinesecalendar.",
        HolidaysUnknownWarning,
        stacklevel=2,
    )
    return day.weekday() < SATURDAY


def is_covered(day: date) -> bool:
    """Whether the holiday notice of this day's year is known."""
    return bool(FIRST_YEAR <= day.year <= LAST_YEAR)
