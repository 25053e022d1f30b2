"""Outings and their volunteers in rows; the database holds that no place is given twice and none beyond the last."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.outings.model import Brought, Outing, OutingKind, OutingPlan, Told, Volunteer
from campaigns.publicity.model import Event, EventState
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.groups import GroupRow
from storage.publicity import CAME_BY
from storage.publicity_rows import EventRow, event_value


class OutingRow(SQLModel, table=True):
    """The outing of an event."""

    __tablename__ = "outings"

    event_id: int = big(primary_key=True, foreign_key="publicity_events.id")
    kind: str
    place: str
    brings: str
    seats: int
    made_at: datetime = moment()


class VolunteerRow(SQLModel, table=True):
    """A place that somebody has, and what they told afterwards; `seats` is the outing's, so that none is beyond it."""

    __tablename__ = "outing_volunteers"

    event_id: int = big(primary_key=True, foreign_key="outings.event_id")
    member_id: int = big(primary_key=True, foreign_key="members.id")
    seats: int
    seat: int = Field(ge=1)
    signed_at: datetime = moment()
    reached: int | None = None
    materials: int | None = None
    told_at: datetime | None = moment(default=None)


# Everybody counts for the first code that brought them to the event.
BROUGHT = text(
    f"""WITH came AS (
        SELECT DISTINCT ON (w.member_id) w.member_id, c.publicist_id FROM ({CAME_BY}) w
        JOIN publicity_codes c ON c.id = w.code_id WHERE c.event_id = :event ORDER BY w.member_id, w.found_at
    ), brought AS (
        SELECT member_id FROM came WHERE publicist_id IN (
            SELECT member_id FROM outing_volunteers WHERE event_id = :event)
        AND NOT EXISTS (SELECT 1 FROM staff_roles f WHERE f.member_id = came.member_id))
    SELECT (SELECT count(*) FROM prospects p JOIN outing_volunteers v
            ON (v.event_id, v.member_id) = (p.event_id, p.publicist_id) WHERE p.event_id = :event),
        (SELECT count(*) FROM brought),
        (SELECT count(*) FROM applications a JOIN brought b USING (member_id)
            WHERE a.opened_at >= :since AND a.opened_at < :until)"""  # noqa: S608 - no value is put in.
)


class SqlOutingStore:
    """Implements `campaigns.outings.service.OutingStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def add(self, event: Event, plan: OutingPlan, now: datetime) -> bool:
        """Keep an outing; False when its event has one."""
        row = vars(plan) | {"event_id": event.id, "made_at": now}
        statement = insert(OutingRow).values(row).on_conflict_do_nothing().returning(col(OutingRow.event_id))
        return (await self._session.scalar(statement)) is not None

    async def outings(self, since: datetime) -> list[Outing]:
        """Outings whose events were not cancelled and begin after a moment, the first to come first."""
        return await self._all(col(EventRow.starts_at) > since, col(EventRow.state) == EventState.PLANNED)

    async def outing(self, event_id: int) -> Outing | None:
        """One outing."""
        found = await self._all(col(OutingRow.event_id) == event_id)
        return found[0] if found else None

    async def lock(self, event_id: int) -> Outing | None:
        """One outing, locked together with its event, so that nobody cancels it meanwhile."""
        row = select(col(OutingRow.event_id)).join(EventRow, col(EventRow.id) == col(OutingRow.event_id))
        locked = row.where(col(OutingRow.event_id) == event_id).with_for_update(of=[OutingRow, EventRow])
        return None if await self._session.scalar(locked) is None else await self.outing(event_id)

    async def volunteers(self, event_id: int) -> list[Volunteer]:
        """Who signed up, by place."""
        row = VolunteerRow
        found = select(row).where(col(row.event_id) == event_id).order_by(col(row.seat))
        return [_volunteer(each) for each in await self._session.scalars(_fresh(found))]

    async def of_member(self, member_id: int) -> dict[int, Volunteer]:
        """The places that somebody has, by event."""
        found = select(VolunteerRow).where(col(VolunteerRow.member_id) == member_id)
        return {each.event_id: _volunteer(each) for each in await self._session.scalars(_fresh(found))}

    async def seat(self, outing: Outing, volunteer: Volunteer) -> None:
        """Give somebody a place."""
        own = {"member_id": volunteer.member_id, "seat": volunteer.seat, "signed_at": volunteer.signed_at}
        row = {"event_id": outing.event.id, "seats": outing.plan.seats, **own}
        await self._session.execute(insert(VolunteerRow).values(row))

    async def unseat(self, event_id: int, member_id: int) -> None:
        """Free somebody's place."""
        await self._session.execute(delete(VolunteerRow).where(*_own(event_id, member_id)))

    async def tell(self, event_id: int, member_id: int, told: Told, now: datetime) -> None:
        """Keep what a volunteer told; the last word holds."""
        changed = update(VolunteerRow).where(*_own(event_id, member_id))
        await self._session.execute(changed.values(**vars(told), told_at=now))

    async def brought(self, event_id: int, since: datetime, until: datetime) -> Brought:
        """What the rows say of the volunteers' people; staff do not count."""
        found = await self._session.execute(BROUGHT, {"event": event_id, "since": since, "until": until})
        return Brought(*map(int, found.one()))

    async def _all(self, *conditions: ColumnElement[bool]) -> list[Outing]:
        taken = select(func.count()).where(col(VolunteerRow.event_id) == col(OutingRow.event_id)).scalar_subquery()
        found = (
            select(OutingRow, EventRow, GroupRow, taken)
            .join(EventRow, col(EventRow.id) == col(OutingRow.event_id))
            .join(GroupRow, col(GroupRow.id) == col(EventRow.group_id))
            .where(*conditions)
            .order_by(col(EventRow.starts_at), col(EventRow.id))
        )
        return [_outing(row) for row in await self._session.execute(_fresh(found))]


def _fresh(statement: Any) -> Any:
    """What another statement of this transaction may have changed is read again."""
    return statement.execution_options(populate_existing=True)


def _own(event_id: int, member_id: int) -> tuple[ColumnElement[bool], ...]:
    return col(VolunteerRow.event_id) == event_id, col(VolunteerRow.member_id) == member_id


def _outing(row: Row[OutingRow, EventRow, GroupRow, int]) -> Outing:
    outing, event, group, taken = row
    plan = OutingPlan(OutingKind(outing.kind), outing.place, outing.brings, outing.seats)
    return Outing(event_value(event, group), plan, int(taken))


def _volunteer(row: VolunteerRow) -> Volunteer:
    told = None if row.reached is None or row.materials is None else Told(row.reached, row.materials)
    return Volunteer(row.member_id, row.seat, row.signed_at, told)
