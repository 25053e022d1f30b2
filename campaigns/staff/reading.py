"""Reading days off as people write them: 12-01 12-05, 12月1日到12月5日, 2026-12-01."""

import re
import unicodedata
from datetime import date

_DAY = re.compile(r"(?:(20\d\d)[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")


def read_days(text: str, today: date) -> tuple[date, date] | None:
    """The first and the last day; one day alone is both. None where they cannot be read.

    A day without a year is the next such day from a month ago on, so that days which have begun can be told.
    """
    plain = unicodedata.normalize("NFKC", text)
    found = _DAY.findall(plain)
    if not 1 <= len(found) <= 2 or re.search(r"\d", _DAY.sub("", plain)):
        return None
    try:
        first = _day(found[0], today)
        return first, _day(found[-1], first)
    except ValueError:
        return None


def read_day(text: str, today: date) -> date | None:
    """One day alone, or None."""
    found = read_days(text, today)
    return found[0] if found and found[0] == found[1] else None


def _day(found: tuple[str, str, str], near: date) -> date:
    year, month, day = found
    told = date(int(year or near.year), int(month), int(day))
    is_past = not year and (near - told).days > 31
    return told.replace(year=told.year + 1) if is_past else told
