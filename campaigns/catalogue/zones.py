"""体验区: parts of a branch, a hospital or a community where people are received at set hours, and their free times."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from campaigns.offers.model import Text


class ZoneKind(StrEnum):
    """What a zone is for: trying wealth products, children, a hospital's department, a service day in the community."""

    WEALTH = "wealth"
    FAMILY = "family"
    CLINIC = "clinic"
    COMMUNITY = "community"


@dataclass(frozen=True)
class Zone:
    """One zone: where, what happens there, on which weekdays (1 Monday) from when until when, and for how many.

    A slot lasts `minutes` and takes `places` people. `staff` explain there; `services` are products by code that are
    done on the spot; with `game` the money game is offered to who booked.
    """

    code: str
    name: Text
    kind: ZoneKind
    place: Text
    about: Text
    weekdays: tuple[int, ...]
    opens: time
    closes: time
    minutes: int
    places: int
    staff: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    game: bool = False

    def slots(self, day: date, zone: ZoneInfo) -> Iterator[datetime]:
        """When one may come on a day, in the bank's zone; nothing on other weekdays."""
        if day.isoweekday() not in self.weekdays:
            return
        starts, ends = datetime.combine(day, self.opens, zone), datetime.combine(day, self.closes, zone)
        step = timedelta(minutes=self.minutes)
        while starts + step <= ends:
            yield starts
            starts += step
