"""Pure rules of bookings: which slots are free, and who may book or cancel until when."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from campaigns.catalogue.zones import Zone
from campaigns.zones.model import Booking, BookingRefusal, FreeSlot

LATEST = timedelta(minutes=30)  # Until then one may book and cancel.
AHEAD = timedelta(days=14)
SHOWN = 12


def free_slots(zone: Zone, taken: Mapping[datetime, int], now: datetime, local: ZoneInfo) -> list[FreeSlot]:
    """The next slots with room within two weeks, at most twelve."""
    today = now.astimezone(local).date()
    slots = (
        FreeSlot(starts_at, left)
        for ahead in range(AHEAD.days + 1)
        for starts_at in zone.slots(today + timedelta(ahead), local)
        if starts_at - now > LATEST and (left := zone.places - taken.get(starts_at, 0)) > 0
    )
    return list(islice(slots, SHOWN))


def book(
    zone: Zone | None, starts_at: datetime, booked: Sequence[Booking], now: datetime, local: ZoneInfo
) -> BookingRefusal | None:
    """Why somebody may not have a place; None where they may, as long as one is left. One a day and zone (S-185)."""
    if zone is None:
        return BookingRefusal.NO_ZONE
    day = starts_at.astimezone(local).date()
    if starts_at not in set(zone.slots(day, local)) or starts_at - now > AHEAD + timedelta(days=1):
        return BookingRefusal.NO_SLOT
    if starts_at - now <= LATEST:
        return BookingRefusal.TOO_LATE
    if any(each.zone == zone.code and each.day == day for each in booked):
        return BookingRefusal.SAME_DAY
    return None


def cancel(booking: Booking | None, now: datetime) -> BookingRefusal | None:
    """Why a booking cannot be cancelled; None where it can."""
    if booking is None:
        return BookingRefusal.NO_BOOKING
    return BookingRefusal.TOO_LATE if booking.starts_at - now <= LATEST else None
