"""Use cases of zones: what there is, book and cancel a place, the day's list for staff, the day-before reminder."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from campaigns.bankdays.hours import OfficeHours
from campaigns.catalogue.model import Edition
from campaigns.catalogue.zones import Zone
from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Member
from campaigns.zones.model import Booking, BookingRefusal, ZoneCard
from campaigns.zones.rules import book, cancel, free_slots

OPENS = OfficeHours().opens


class ZoneStore(Protocol):
    """What bookings need of the database."""

    async def taken(self, zone: str, since: datetime) -> dict[datetime, int]:
        """How many places are taken of each slot from then on."""
        ...

    async def ahead(self, member_id: int, since: datetime) -> list[Booking]:
        """Somebody's bookings from then on, the next first."""
        ...

    async def of_day(self, day: date) -> list[Booking]:
        """Everybody's bookings of a day by their hour."""
        ...

    async def book(self, booking: Booking, places: int, now: datetime) -> Booking | None:
        """Take a seat of a slot with so many places; None where none is left."""
        ...

    async def cancel(self, booking_id: int, member_id: int, now: datetime) -> bool:
        """Free the seat of an own booking."""
        ...

    async def to_remind(self, day: date) -> list[Booking]:
        """Bookings of a day of which nobody was reminded, marked as reminded now."""
        ...


class Editions(Protocol):
    """Where zones stand."""

    async def edition(self, version: int | None = None) -> Edition | None:
        """One version of the catalogue, the newest by default."""
        ...


class People(Protocol):
    """Who the members are."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id; who is not known is missing."""
        ...


class ZoneWording(Protocol):
    """The sentence that bookings put into the ledger."""

    def tomorrow(self, reader: Member, booking: Booking, zone: Zone) -> Message:
        """What is read the day before."""
        ...


class ZoneService:
    """Bookings inside one unit of work."""

    def __init__(
        self,
        store: ZoneStore,
        editions: Editions,
        people: People,
        outbox: Outbox,
        wording: ZoneWording,
        now: Callable[[], datetime],
        local: ZoneInfo,
    ) -> None:
        self._store = store
        self._editions = editions
        self._people = people
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._local = local

    async def zones(self) -> list[Zone]:
        """Every zone, in the file's order."""
        edition = await self._editions.edition()
        return list(edition.catalogue.zones.values()) if edition else []

    async def card(self, code: str, member: Member) -> ZoneCard | BookingRefusal:
        """One zone with its services on the spot, free slots and the own bookings ahead."""
        edition, now = await self._editions.edition(), self._now()
        zone = edition.catalogue.zones.get(code) if edition else None
        if edition is None or zone is None:
            return BookingRefusal.NO_ZONE
        products, today = edition.catalogue.products, now.astimezone(self._local).date()
        services = tuple(each for code in zone.services if (each := products[code]).first <= today <= each.last)
        slots = free_slots(zone, await self._store.taken(code, now), now, self._local)
        booked = [each for each in await self._store.ahead(member.id, now) if each.zone == code]
        return ZoneCard(zone, services, tuple(slots), tuple(booked))

    async def book(self, code: str, starts_at: datetime, member: Member) -> tuple[Booking, Zone] | BookingRefusal:
        """Book one place; the last one goes to one person, whoever asks at once."""
        edition, now = await self._editions.edition(), self._now()
        zone = edition.catalogue.zones.get(code) if edition else None
        booked = await self._store.ahead(member.id, now)
        refusal = book(zone, starts_at, booked, now, self._local)
        if refusal is not None or zone is None or edition is None:
            return refusal or BookingRefusal.NO_ZONE
        day = starts_at.astimezone(self._local).date()
        wanted = Booking(0, code, edition.version, starts_at, day, 1, member.id)
        made = await self._store.book(wanted, zone.places, now)
        return (made, zone) if made else BookingRefusal.FULL

    async def cancel(self, booking_id: int, member: Member) -> BookingRefusal | None:
        """Give an own place back while there is time."""
        now = self._now()
        ahead = await self._store.ahead(member.id, now)
        refusal = cancel(next((each for each in ahead if each.id == booking_id), None), now)
        if refusal is None and not await self._store.cancel(booking_id, member.id, now):
            return BookingRefusal.NO_BOOKING
        if refusal is None:
            await self._outbox.cancel(*_reminder(booking_id))
        return refusal

    async def mine(self, member: Member) -> list[tuple[Booking, Zone]]:
        """The own bookings ahead with their zones, the next first."""
        return await self._with_zones(await self._store.ahead(member.id, self._now()))

    async def of_today(self) -> list[tuple[Booking, Zone, Member]]:
        """Who comes today, for the staff who receive them."""
        found = await self._with_zones(await self._store.of_day(self._now().astimezone(self._local).date()))
        people = await self._people.many([booking.member_id for booking, _ in found])
        return [(booking, zone, people[booking.member_id]) for booking, zone in found if booking.member_id in people]

    async def tick(self) -> int:
        """From the bank's opening hour on: remind of tomorrow, once; returns of how many."""
        now = self._now()
        local = now.astimezone(self._local)
        if local.time() < OPENS:
            return 0
        tomorrow = local.date() + timedelta(days=1)
        due = await self._with_zones(await self._store.to_remind(tomorrow))
        people = await self._people.many([booking.member_id for booking, _ in due]) if due else {}
        drafts = [
            Draft(
                *_reminder(booking.id),
                reader.id,
                self._wording.tomorrow(reader, booking, zone),
                Kind.SERVICE,
                now,
                expires_at=datetime.combine(tomorrow, time(), self._local),  # On the day itself it would be wrong.
            )
            for booking, zone in due
            if (reader := people.get(booking.member_id))
        ]
        return await self._outbox.add(*drafts) if drafts else 0

    async def _with_zones(self, found: Sequence[Booking]) -> list[tuple[Booking, Zone]]:
        """Bookings with the zone as it stood when they were made."""
        editions = {each.version: await self._editions.edition(each.version) for each in found}
        return [
            (each, zone)
            for each in found
            if (edition := editions[each.version]) and (zone := edition.catalogue.zones.get(each.zone))
        ]


def _reminder(booking_id: int) -> tuple[str, str]:
    """The campaign and the step of a booking's reminder in the ledger."""
    return f"zone:{booking_id}", "tomorrow"
