"""When a reminder comes: once, weekly, on working days, before a festival or a thing; pure, in the bank's zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count, takewhile
from zoneinfo import ZoneInfo

from campaigns.bankdays.feasts import FIRST_YEAR, LAST_YEAR, Festival, day_of
from campaigns.bankdays.rules import working_day_after, works

LOOKED_BACK = timedelta(days=15)  # Longer than the longest holiday, out of which a day may be moved.
LOOKED_AHEAD = 800  # Days without any occurrence after which there is none.


class Rest(StrEnum):
    """What becomes of a weekly day on which the bank rests: it counts ANYWAY, is left out, or moves AFTER the rest."""

    ANYWAY = "anyway"
    SKIP = "skip"
    AFTER = "after"


class Thing(StrEnum):
    """What a reminder may go before: the end of a chain, of one with a single place left, of a to-do; an event."""

    CHAIN = "chain"
    SEAT = "seat"
    TODO = "todo"
    EVENT = "event"


@dataclass(frozen=True)
class Once:
    """At one moment."""

    at: datetime


@dataclass(frozen=True)
class Weekly:
    """On days of the week, 0 for Monday, at a wall time."""

    days: frozenset[int]
    at: time
    rest: Rest = Rest.ANYWAY


@dataclass(frozen=True)
class Workdays:
    """On every day on which the bank works, make-up weekends too."""

    at: time


@dataclass(frozen=True)
class Festive:
    """Every year, so many days before a festival."""

    festival: Festival
    days_before: int
    at: time


@dataclass(frozen=True)
class Before:
    """So long before each thing of a kind."""

    thing: Thing
    lead: timedelta


Timing = Once | Weekly | Workdays | Festive | Before
Calendar = Once | Weekly | Workdays | Festive


def occurrences(timing: Calendar, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Every moment later than `after` at which it comes, in UTC and in order.

    A wall time that a clock change leaves out is the moment after the change, one that comes twice is the first.
    """
    if isinstance(timing, Once):
        return iter([timing.at.astimezone(UTC)] if timing.at > after else [])
    start = after.astimezone(zone).date()
    moments = (_at(day, timing.at, zone) for day in _days(timing, start))
    return (moment for moment in moments if moment > after)


def _days(timing: Weekly | Workdays | Festive, start: date) -> Iterator[date]:
    match timing:
        case Weekly():
            return _of_week(timing, start)
        case Workdays():
            return (day for day in _each(start) if works(day))
        case Festive():
            return _before_festivals(timing, start)


def _of_week(timing: Weekly, start: date) -> Iterator[date]:
    """The days themselves, or where they move to: never one day twice; ends where none comes any more."""
    last, empty = start - timedelta(days=1), 0
    for day in _each(start - LOOKED_BACK):
        empty += 1
        if empty > LOOKED_AHEAD:
            return
        found = _moved(day, timing.rest) if day.weekday() in timing.days else None
        if found is not None and found > last:
            last, empty = found, 0
            yield found


def _moved(day: date, rest: Rest) -> date | None:
    match rest:
        case Rest.ANYWAY:
            return day
        case Rest.SKIP:
            return day if works(day) else None
        case Rest.AFTER:
            return working_day_after(day, 0)


def _before_festivals(timing: Festive, start: date) -> Iterator[date]:
    years = range(max(start.year, FIRST_YEAR), LAST_YEAR + 1)
    days = (day_of(timing.festival, year) for year in years)
    return (day - timedelta(days=timing.days_before) for day in days if day)


def _each(start: date) -> Iterator[date]:
    return takewhile(lambda day: day.year < date.max.year, (start + timedelta(days=ahead) for ahead in count()))


def _at(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)
