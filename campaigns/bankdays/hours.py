"""Stretches of bank time: only hours count in which the bank is open, by its own calendar; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns.bankdays.rules import works

LONGEST_REST = 40  # Days; the longest closing in China's calendar is nine.


@dataclass(frozen=True)
class OfficeHours:
    """When the bank is open on a working day, in its own zone; `opens` lies before `closes`."""

    opens: time = time(9)
    closes: time = time(17)

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError(f"The bank opens at {self.opens} and closes at {self.closes}: it must open first.")

    @property
    def length(self) -> timedelta:
        """How long a working day is."""
        day = date(2000, 1, 1)
        return datetime.combine(day, self.closes) - datetime.combine(day, self.opens)


def is_open(moment: datetime, hours: OfficeHours, zone: ZoneInfo) -> bool:
    """Whether the bank is open at a moment."""
    local = moment.astimezone(zone)
    return hours.opens <= local.time() < hours.closes and works(local.date())


def after_bank_time(start: datetime, amount: timedelta, hours: OfficeHours, zone: ZoneInfo) -> datetime:
    """The moment at which `amount` of open time has passed since `start`, in UTC.

    Two hours from Friday 16:00 are Monday 10:00; adjusted working weekends count, festivals do not.

    Raises:
        ValueError: the amount is negative.
    """
    if amount < timedelta():
        raise ValueError(f"A stretch of bank time cannot be negative: {amount}.")
    left = amount
    for opens, closes in _openings(start, hours, zone):
        begin = max(start.astimezone(UTC), opens)
        if closes - begin >= left:
            return begin + left
        left -= closes - begin
    raise AssertionError("The bank opens again within the longest rest.")


def _openings(start: datetime, hours: OfficeHours, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The opening times from a moment on, without end, in UTC."""
    day, rested = start.astimezone(zone).date(), 0
    while rested < LONGEST_REST:
        closes = datetime.combine(day, hours.closes, zone).astimezone(UTC)
        if works(day) and closes > start:
            rested = 0
            yield datetime.combine(day, hours.opens, zone).astimezone(UTC), closes
        else:
            rested += 1
        day += timedelta(1)
