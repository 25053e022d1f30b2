"""A booking of one place in one slot of a zone, free slots, and why there is none."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from campaigns.catalogue.model import Product
from campaigns.catalogue.zones import Zone


class BookingState(StrEnum):
    """Where a booking stands; one whose hour is over stays booked."""

    BOOKED = "booked"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Booking:
    """体验区预约: `seat` is the place in the slot, from 1; `day` is the bank's calendar day."""

    id: int
    zone: str
    version: int
    starts_at: datetime
    day: date
    seat: int
    member_id: int
    state: BookingState = BookingState.BOOKED


@dataclass(frozen=True)
class FreeSlot:
    """When one may come, and how many places are left."""

    starts_at: datetime
    left: int


@dataclass(frozen=True)
class ZoneCard:
    """A zone as one person sees it: services on the spot, the next free slots, and the own bookings ahead."""

    zone: Zone
    services: tuple[Product, ...]
    slots: tuple[FreeSlot, ...]
    booked: tuple[Booking, ...]


class BookingRefusal(StrEnum):
    """Why nothing was booked or cancelled."""

    NO_ZONE = "no_zone"
    NO_SLOT = "no_slot"
    FULL = "full"
    SAME_DAY = "same_day"
    TOO_LATE = "too_late"
    NO_BOOKING = "no_booking"
