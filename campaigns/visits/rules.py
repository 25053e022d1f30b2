"""Pure decisions on visits: which hours are meant, who may book what until when, and the order of a day's route."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from campaigns.applications.model import Stage
from campaigns.staff.reading import read_day
from campaigns.visits.model import Hours, HoursFault, Slot, Visit, VisitRefusal, VisitState

LATEST_BOOKING = timedelta(hours=2)  # Until then a route can still change.
READY = frozenset({Stage.DELIVERED, Stage.VISIT_BOOKED})
DEFAULT_PLACES, MOST_PLACES, MOST_SLOTS = 3, 20, 60
_CLOCK = r"(\d{1,2})(?:[:点时](\d{2})?分?)"
_HOURS = re.compile(rf"{_CLOCK}\s*[-~到至]\s*{_CLOCK}")


def read_hours(text: str, now: datetime, zone: ZoneInfo) -> list[Hours] | HoursFault:
    """Read days × hours and how many visits each holds: "11-25 11-26 09:00-12:00 14:00-17:00 3".

    Args:
        text: as typed; full-width characters are read as what they mean; 3 visits where no number stands.
        now: aware.
        zone: the bank's.
    """
    plain = unicodedata.normalize("NFKC", text)
    spans = _HOURS.findall(plain)
    words = _HOURS.sub(" ", plain).split()
    places = DEFAULT_PLACES
    if words and (found := re.fullmatch(r"(\d{1,3})[位个人户]?", words[-1])):
        places, words = int(found[1]), words[:-1]
    days = [read_day(word, now.astimezone(zone).date()) for word in words]
    if not days or None in days:
        return HoursFault.NO_DAY
    if not spans:
        return HoursFault.NO_HOURS
    if not 1 <= places <= MOST_PLACES:
        return HoursFault.BAD_PLACES
    return _check([_hours(day, span, places, zone) for day, span in product(days, spans) if day], now)


def _hours(day: date, span: tuple[str, str, str, str], places: int, zone: ZoneInfo) -> Hours | None:
    try:
        first, last = (time(int(span[at]), int(span[at + 1] or 0)) for at in (0, 2))
    except ValueError:
        return None
    return Hours(datetime.combine(day, first, zone), datetime.combine(day, last, zone), places)


def _check(found: Sequence[Hours | None], now: datetime) -> list[Hours] | HoursFault:
    whole = [hours for hours in found if hours is not None]
    if len(whole) < len(found):
        return HoursFault.NO_HOURS
    if any(hours.ends_at <= hours.starts_at for hours in whole):
        return HoursFault.BACKWARDS
    if any(hours.starts_at <= now for hours in whole):
        return HoursFault.PAST
    return whole if len(whole) <= MOST_SLOTS else HoursFault.TOO_MANY


def book(stage: Stage, owner_id: int, slot: Slot | None, booked: Visit | None, now: datetime) -> VisitRefusal | None:
    """Why a customer may not book this slot; None where they may. A booked visit is moved while there is time."""
    if stage not in READY:
        return VisitRefusal.NOT_READY
    if slot is None or slot.manager_id != owner_id:
        return VisitRefusal.NO_SLOT
    if booked is not None and booked.slot.id == slot.id:
        return VisitRefusal.SAME
    if booked is not None and is_fixed(booked.slot, now):
        return VisitRefusal.TOO_LATE
    if is_fixed(slot, now):
        return VisitRefusal.TOO_LATE
    return VisitRefusal.FULL if slot.taken >= slot.hours.places else None


def is_fixed(slot: Slot, now: datetime) -> bool:
    """Whether it is too late to book, to move or to cancel."""
    return now > slot.hours.starts_at - LATEST_BOOKING


def close(visit: Visit | None, manager_ids: Sequence[int], now: datetime) -> VisitRefusal | None:
    """Why a manager may not note a visit's result; None where they may."""
    if visit is None or visit.state is not VisitState.BOOKED:
        return VisitRefusal.NO_VISIT
    if visit.slot.manager_id not in manager_ids:
        return VisitRefusal.NOT_YOURS
    return VisitRefusal.TOO_EARLY if now < visit.slot.hours.starts_at - LATEST_BOOKING else None


def route(visits: Sequence[Visit]) -> list[Visit]:
    """The order of a day: by the hours, then area by area, then by address, so that neighbours follow each other."""
    return sorted(visits, key=lambda visit: (visit.slot.hours.starts_at, visit.area, visit.address or "", visit.id))
