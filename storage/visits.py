"""Hours offered for visits, and the visits; where somebody lives is sealed under the person's key."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Row, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col

from campaigns.applications.model import Application, Stage
from campaigns.visits.model import Hours, Slot, Visit, VisitState
from storage.application_rows import ApplicationRow
from storage.chains import ChainRow
from storage.columns import big, moment, sealed
from storage.database import UnitOfWork
from storage.groups import GroupRow
from storage.members import key_owner
from storage.places import PlaceRow
from storage.vault import Vault

TOLD_AT_ONCE = 500


class VisitSlotRow(SQLModel, table=True):
    """Hours of one manager; one begins at a time."""

    __tablename__ = "visit_slots"

    id: int | None = big(default=None, primary_key=True)
    manager_id: int = big(foreign_key="members.id")
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    places: int
    offered_at: datetime = moment()


class VisitRow(SQLModel, table=True):
    """One visit; a moved one is ended and another one is booked."""

    __tablename__ = "visits"

    id: int | None = big(default=None, primary_key=True)
    application_id: int = big(foreign_key="applications.id")
    member_id: int = big(foreign_key="members.id")
    slot_id: int = big(foreign_key="visit_slots.id")
    area: str
    address: bytes | None = sealed(default=None)
    state: str = VisitState.BOOKED
    booked_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)
    photo: str | None = None
    reminded: bool = False
    routed: bool = False


_others = aliased(VisitRow)


def _stands(row: type[VisitRow]) -> ColumnElement[bool]:
    """Not cancelled, and not left behind by an application that went on, back or away without it."""
    awaited = exists().where(
        col(ApplicationRow.id) == col(row.application_id), col(ApplicationRow.stage) == Stage.VISIT_BOOKED
    )
    return or_(
        col(row.state).in_((VisitState.DONE, VisitState.NO_SHOW)), (col(row.state) == VisitState.BOOKED) & awaited
    )


TAKEN = (
    select(func.count())
    .where(col(_others.slot_id) == col(VisitSlotRow.id), _stands(_others))
    .correlate(VisitSlotRow)
    .scalar_subquery()
)

_AHEAD = (col(VisitRow.state) == VisitState.BOOKED, _stands(VisitRow))


class SqlVisitStore:
    """Implements `campaigns.visits.ports.VisitStore`."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._vault = vault

    async def offer(self, manager_id: int, hours: Sequence[Hours], now: datetime) -> int:
        """Store hours, leaving alone what begins when others of the manager do; returns how many are new."""
        rows = [{"manager_id": manager_id, "offered_at": now, **vars(each)} for each in hours]
        statement = insert(VisitSlotRow).values(rows).on_conflict_do_nothing().returning(col(VisitSlotRow.id))
        return len((await self._session.scalars(statement)).all())

    async def free(self, manager_id: int, since: datetime, limit: int) -> list[Slot]:
        """The next slots of a manager with room."""
        row = VisitSlotRow
        wanted = (col(row.manager_id) == manager_id, col(row.starts_at) > since, col(row.places) > TAKEN)
        found = select(row, TAKEN).where(*wanted).order_by(col(row.starts_at)).limit(limit)
        return [_slot(slot, taken) for slot, taken in await self._session.execute(found)]

    async def lock_slot(self, slot_id: int) -> Slot | None:
        """One slot, locked before its visits are counted."""
        row = VisitSlotRow
        await self._session.execute(select(col(row.id)).where(col(row.id) == slot_id).with_for_update())
        found = (await self._session.execute(select(row, TAKEN).where(col(row.id) == slot_id))).first()
        return _slot(found[0], found[1]) if found else None

    async def booked(self, application_id: int) -> Visit | None:
        """The visit that an application has ahead, locked."""
        ahead = (col(VisitRow.application_id) == application_id, col(VisitRow.state) == VisitState.BOOKED)
        return await self._one(*ahead)

    async def lock(self, visit_id: int) -> Visit | None:
        """One visit, locked."""
        return await self._one(col(VisitRow.id) == visit_id)

    async def add(self, application: Application, slot: Slot, address: str | None, now: datetime) -> Visit:
        """Store a booked visit; its area is the community of the group's merchant, or the merchant."""
        row = {
            "application_id": application.id,
            "member_id": application.member_id,
            "slot_id": slot.id,
            "area": await self._area(application.chain_id),
            "state": VisitState.BOOKED,
            "booked_at": now,
            "reminded": False,
            "routed": False,
        }
        made = await self._session.scalar(insert(VisitRow).values(row).returning(col(VisitRow.id)))
        assert made is not None
        visit = await self.lock(made)
        assert visit is not None
        if address is not None:
            await self.set_address(visit, address)
        return replace(visit, address=address)

    async def end(self, visit: Visit, state: VisitState, now: datetime, photo: str | None = None) -> None:
        """Store what became of a visit."""
        row = VisitRow
        statement = update(row).where(col(row.id) == visit.id)
        await self._session.execute(statement.values(state=state, ended_at=now, photo=photo))

    async def set_address(self, visit: Visit, address: str) -> None:
        """Keep the address, sealed under the member's key."""
        owner = key_owner(visit.member_id)
        await self._vault.load(self._session, [owner])
        words = self._vault.seal(owner, _address_place(visit.id), address)
        await self._session.execute(update(VisitRow).where(col(VisitRow.id) == visit.id).values(address=words))

    async def of_day(self, manager_ids: Sequence[int], first: datetime, end: datetime) -> list[Visit]:
        """The visits of these managers that begin within a stretch, without those that are off."""
        theirs = col(VisitSlotRow.manager_id).in_(manager_ids)
        return await self._all(theirs, _stands(VisitRow), *_within(first, end))

    async def to_route(self, first: datetime, end: datetime) -> list[int]:
        """The managers with a booked visit within a stretch who were not told of their route."""
        ahead = (*_AHEAD, col(VisitRow.routed).is_(False), *_within(first, end))
        found = select(col(VisitSlotRow.manager_id)).join(VisitRow, col(VisitRow.slot_id) == col(VisitSlotRow.id))
        return list(await self._session.scalars(found.where(*ahead).distinct()))

    async def mark_routed(self, manager_ids: Sequence[int], first: datetime, end: datetime) -> None:
        """Remember that managers were told of their route."""
        slots = select(col(VisitSlotRow.id)).where(col(VisitSlotRow.manager_id).in_(manager_ids), *_within(first, end))
        await self._session.execute(update(VisitRow).where(col(VisitRow.slot_id).in_(slots)).values(routed=True))

    async def to_remind(self, first: datetime, end: datetime) -> list[Visit]:
        """Booked visits within a stretch of which the customer was not reminded, locked."""
        ahead = (*_AHEAD, col(VisitRow.reminded).is_(False), *_within(first, end))
        return await self._all(*ahead, lock=True)

    async def mark_reminded(self, visit_ids: Sequence[int]) -> None:
        """Remember that the customers were reminded."""
        await self._session.execute(update(VisitRow).where(col(VisitRow.id).in_(visit_ids)).values(reminded=True))

    async def _area(self, chain_id: int) -> str:
        """Where the people of a chain's group live, as far as the group tells."""
        place, community_row = aliased(PlaceRow), aliased(PlaceRow)
        found = await self._session.execute(
            select(col(GroupRow.merchant), col(community_row.name))
            .select_from(ChainRow)
            .join(GroupRow, col(GroupRow.id) == col(ChainRow.group_id))
            .outerjoin(place, col(place.id) == col(GroupRow.place_id))
            .outerjoin(community_row, col(community_row.id) == col(place.community_id))
            .where(col(ChainRow.id) == chain_id)
        )
        merchant, community = found.one()
        return community or merchant

    async def _one(self, *conditions: ColumnElement[bool]) -> Visit | None:
        found = await self._all(*conditions, lock=True)
        return found[0] if found else None

    async def _all(self, *conditions: ColumnElement[bool], lock: bool = False) -> list[Visit]:
        wanted = (
            select(VisitRow, VisitSlotRow, TAKEN)
            .join(VisitSlotRow, col(VisitSlotRow.id) == col(VisitRow.slot_id))
            .where(*conditions)
            .order_by(col(VisitRow.id))
            .limit(TOLD_AT_ONCE)
            .execution_options(populate_existing=True)
        )
        rows = (await self._session.execute(wanted.with_for_update(of=VisitRow) if lock else wanted)).all()
        await self._vault.load(self._session, [key_owner(row[0].member_id) for row in rows if row[0].address])
        return [self._visit(row) for row in rows]

    def _visit(self, found: Row[VisitRow, VisitSlotRow, int]) -> Visit:
        row, slot, taken = found
        assert row.id is not None
        address = None
        if row.address is not None:
            address = self._vault.open(key_owner(row.member_id), _address_place(row.id), row.address)
        return Visit(
            row.id,
            row.application_id,
            row.member_id,
            _slot(slot, taken),
            row.area,
            address,
            VisitState(row.state),
            row.photo,
        )


def _address_place(visit_id: int) -> str:
    """Where a visit's sealed address stands."""
    return f"visits.address:{visit_id}"


def _within(first: datetime, end: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(VisitSlotRow.starts_at) >= first, col(VisitSlotRow.starts_at) < end


def _slot(row: VisitSlotRow, taken: int) -> Slot:
    assert row.id is not None
    return Slot(row.id, row.manager_id, Hours(row.starts_at, row.ends_at, row.places), taken)
