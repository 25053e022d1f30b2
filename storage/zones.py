"""Bookings of places in zones; that a place is given once is held by a unique index."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select, text, update
from sqlmodel import Field, SQLModel, col

from campaigns.zones.model import Booking, BookingState
from storage.columns import big, moment
from storage.database import UnitOfWork

TOLD_AT_ONCE = 500
# The lowest free seat; where somebody takes it first, or has booked that day, nothing is inserted.
BOOK = text(
    """INSERT INTO zone_bookings (zone, version, starts_at, day, seat, member_id, state, booked_at, reminded)
    SELECT CAST(:zone AS varchar), :version, CAST(:starts_at AS timestamptz), :day, min(n), :member, 'booked', :now,
        false
    FROM generate_series(1, :places) n
    WHERE NOT EXISTS (SELECT FROM zone_bookings WHERE zone = CAST(:zone AS varchar)
        AND starts_at = CAST(:starts_at AS timestamptz) AND seat = n AND state = 'booked')
    HAVING min(n) IS NOT NULL
    ON CONFLICT DO NOTHING RETURNING id"""
)


class ZoneBookingRow(SQLModel, table=True):
    """One booking; a cancelled one frees its seat."""

    __tablename__ = "zone_bookings"

    id: int | None = big(default=None, primary_key=True)
    zone: str
    version: int = Field(foreign_key="catalogue_versions.version")
    starts_at: datetime = moment()
    day: date
    seat: int
    member_id: int = big(foreign_key="members.id")
    state: str = BookingState.BOOKED
    booked_at: datetime = moment()
    ended_at: datetime | None = moment(default=None, nullable=True)
    reminded: bool = False


class SqlZoneStore:
    """Implements `campaigns.zones.service.ZoneStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def taken(self, zone: str, since: datetime) -> dict[datetime, int]:
        """How many places are taken of each slot from then on."""
        row = ZoneBookingRow
        counted = select(col(row.starts_at), func.count()).where(*_standing(), col(row.zone) == zone)
        found = await self._session.execute(counted.where(col(row.starts_at) >= since).group_by(col(row.starts_at)))
        return {row[0]: row[1] for row in found}

    async def ahead(self, member_id: int, since: datetime) -> list[Booking]:
        """Somebody's bookings from then on, the next first."""
        row = ZoneBookingRow
        return await self._all(col(row.member_id) == member_id, col(row.starts_at) >= since)

    async def of_day(self, day: date) -> list[Booking]:
        """Everybody's bookings of a day by their hour."""
        return await self._all(col(ZoneBookingRow.day) == day)

    async def book(self, booking: Booking, places: int, now: datetime) -> Booking | None:
        """Take the lowest free seat of a slot with so many places; None where none is left or the day is taken."""
        facts = {
            "zone": booking.zone,
            "version": booking.version,
            "starts_at": booking.starts_at,
            "day": booking.day,
            "member": booking.member_id,
            "places": places,
            "now": now,
        }
        for _ in range(places):  # Whoever loses a seat to somebody else tries the next one.
            made = await self._session.scalar(BOOK, facts)
            if made is not None:
                return (await self._all(col(ZoneBookingRow.id) == made))[0]
            taken = await self.taken(booking.zone, booking.starts_at)
            if taken.get(booking.starts_at, 0) >= places or await self.has_day(booking):
                return None
        return None

    async def has_day(self, booking: Booking) -> bool:
        """Whether the person has another booking of that zone on that day."""
        row = ZoneBookingRow
        theirs = (col(row.zone) == booking.zone, col(row.day) == booking.day, col(row.member_id) == booking.member_id)
        return bool(await self._all(*theirs))

    async def cancel(self, booking_id: int, member_id: int, now: datetime) -> bool:
        """Free the seat of an own booking; False where there is none."""
        row = ZoneBookingRow
        own = (col(row.id) == booking_id, col(row.member_id) == member_id)
        ended = update(row).where(*_standing(), *own).values(state=BookingState.CANCELLED, ended_at=now)
        return await self._session.scalar(ended.returning(col(row.id))) is not None

    async def to_remind(self, day: date) -> list[Booking]:
        """Bookings of a day of which nobody was reminded, marked as reminded now."""
        row = ZoneBookingRow
        due = select(col(row.id)).where(*_standing(), col(row.day) == day, col(row.reminded).is_(False))
        due = due.order_by(col(row.id)).limit(TOLD_AT_ONCE).with_for_update(skip_locked=True)
        marked = update(row).where(col(row.id).in_(due)).values(reminded=True).returning(col(row.id))
        ids = list(await self._session.scalars(marked))
        return await self._all(col(row.id).in_(ids)) if ids else []

    async def _all(self, *conditions: ColumnElement[bool]) -> list[Booking]:
        row = ZoneBookingRow
        wanted = select(row).where(*_standing(), *conditions).order_by(col(row.starts_at), col(row.zone), col(row.seat))
        found: Sequence[ZoneBookingRow] = (
            await self._session.scalars(wanted.execution_options(populate_existing=True))
        ).all()
        return [_booking(each) for each in found]


def _standing() -> tuple[ColumnElement[bool], ...]:
    return (col(ZoneBookingRow.state) == BookingState.BOOKED,)


def _booking(row: ZoneBookingRow) -> Booking:
    assert row.id is not None
    state = BookingState(row.state)
    return Booking(row.id, row.zone, row.version, row.starts_at, row.day, row.seat, row.member_id, state)
