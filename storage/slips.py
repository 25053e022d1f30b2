"""Slips in the database: issued in batches, each used up once, with what could not count."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.slips.model import Conflict, Slip, SlipOutcome, Supply
from campaigns.slips.service import Person
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.members import MemberRow
from storage.rally_rows import BoothRow, RallyMemberRow
from storage.rows import insert_rows

LOCK_BOOTH = text("SELECT id FROM booths WHERE id = :booth FOR NO KEY UPDATE")
TAKE = text(
    """UPDATE slips SET member_id = used.member_id, at = used.at, stored_at = :now, device_id = :device
    FROM unnest(:serials ::integer[], :members ::bigint[], :moments ::timestamptz[]) AS used (serial, member_id, at)
    WHERE slips.booth_id = :booth AND slips.serial = used.serial"""
)


class SlipBatchRow(SQLModel, table=True):
    """Slips that were issued together, to a screen or for print."""

    __tablename__ = "slip_batches"

    id: int | None = big(default=None, primary_key=True)
    booth_id: int = big(foreign_key="booths.id")
    device_id: int | None = big(default=None, foreign_key="booth_devices.id")
    issued_at: datetime = moment()
    void_at: datetime | None = moment(default=None)
    void_reason: str | None = None


class SlipRow(SQLModel, table=True):
    """A slip; the code is made of its number anew, so that it is not kept."""

    __tablename__ = "slips"

    booth_id: int = big(primary_key=True, foreign_key="booths.id")
    serial: int = Field(primary_key=True)
    batch_id: int = big(foreign_key="slip_batches.id")
    member_id: int | None = big(default=None, foreign_key="members.id")
    at: datetime | None = moment(default=None)
    stored_at: datetime | None = moment(default=None)
    device_id: int | None = big(default=None, foreign_key="booth_devices.id")


class SlipConflictRow(SQLModel, table=True):
    """A use of a slip that could not count."""

    __tablename__ = "slip_conflicts"

    booth_id: int = big(primary_key=True)
    serial: int = Field(primary_key=True)
    said: str
    kind: str
    member_id: int | None = big(default=None, foreign_key="members.id")
    at: datetime = moment()
    stored_at: datetime = moment()
    device_id: int | None = big(default=None, foreign_key="booth_devices.id")


class SqlSlipStore:
    """Implements `campaigns.slips.service.SlipStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def issue(self, booth_id: int, device_id: int | None, count: int, now: datetime) -> list[int]:
        """Store so many new slips as one batch; returns their serial numbers."""
        await self._session.execute(LOCK_BOOTH, {"booth": booth_id})
        batch = {"booth_id": booth_id, "device_id": device_id, "issued_at": now}
        number = await self._session.scalar(insert(SlipBatchRow).values(batch).returning(col(SlipBatchRow.id)))
        latest = select(func.coalesce(func.max(col(SlipRow.serial)), 0)).where(col(SlipRow.booth_id) == booth_id)
        begin = int(await self._session.scalar(latest) or 0) + 1
        serials = list(range(begin, begin + count))
        rows = [{"booth_id": booth_id, "serial": each, "batch_id": number} for each in serials]
        await self._session.execute(insert_rows(SlipRow, rows))
        return serials

    async def unused_of(self, booth_id: int, device_id: int) -> list[int]:
        """The serial numbers that a screen was given and that nobody has used yet."""
        statement = (
            select(col(SlipRow.serial))
            .join(SlipBatchRow, col(SlipBatchRow.id) == col(SlipRow.batch_id))
            .where(
                col(SlipRow.booth_id) == booth_id,
                col(SlipBatchRow.device_id) == device_id,
                col(SlipBatchRow.void_at).is_(None),
                col(SlipRow.member_id).is_(None),
            )
            .order_by(col(SlipRow.serial))
        )
        return list(await self._session.scalars(statement))

    async def lock(self, booth_id: int, serials: Sequence[int]) -> Mapping[int, Slip]:
        """Slips by serial number, locked in their order."""
        if not serials:
            return {}
        statement = (
            select(SlipRow, SlipBatchRow)
            .join(SlipBatchRow, col(SlipBatchRow.id) == col(SlipRow.batch_id))
            .where(col(SlipRow.booth_id) == booth_id, col(SlipRow.serial).in_(serials))
            .order_by(col(SlipRow.serial))
            .with_for_update(of=SlipRow)
            .execution_options(populate_existing=True)
        )
        return {row.serial: _slip(row, batch) for row, batch in await self._session.execute(statement)}

    async def take(self, booth_id: int, slips: Sequence[Slip], device_id: int | None, now: datetime) -> None:
        """Store who used these slips up."""
        given = {
            "booth": booth_id,
            "serials": [each.serial for each in slips],
            "members": [each.member_id for each in slips],
            "moments": [each.at for each in slips],
            "device": device_id,
            "now": now,
        }
        await self._session.execute(TAKE, given)

    async def visitors(self, rally_id: int, numbers: Sequence[int]) -> Mapping[int, Person]:
        """Who has these visitors' numbers, and the customer behind."""
        if not numbers:
            return {}
        statement = (
            select(col(RallyMemberRow.number), col(MemberRow.id), col(MemberRow.customer_id))
            .join(MemberRow, col(MemberRow.id) == col(RallyMemberRow.member_id))
            .where(col(RallyMemberRow.rally_id) == rally_id, col(RallyMemberRow.number).in_(sorted(set(numbers))))
        )
        found = await self._session.execute(statement)
        return {number: (member_id, customer_id) for number, member_id, customer_id in found if number is not None}

    async def keep_conflict(self, conflict: Conflict, device_id: int | None) -> None:
        """Keep a use that could not count; the same one again changes nothing."""
        row = vars(conflict) | {"device_id": device_id}
        await self._session.execute(insert(SlipConflictRow).values(row).on_conflict_do_nothing())

    async def conflicts(self, rally_id: int) -> list[Conflict]:
        """What could not count in a rally, the latest first."""
        statement = (
            select(SlipConflictRow)
            .join(BoothRow, col(BoothRow.id) == col(SlipConflictRow.booth_id))
            .where(col(BoothRow.rally_id) == rally_id)
            .order_by(col(SlipConflictRow.stored_at).desc(), col(SlipConflictRow.serial))
        )
        return [_conflict(row) for row in await self._session.scalars(statement)]

    async def supply(self, booth_id: int) -> Supply:
        """How a booth's slips stand."""
        statement = (
            select(
                func.count(),
                func.count(col(SlipRow.member_id)),
                func.count().filter(col(SlipBatchRow.void_at).is_not(None), col(SlipRow.member_id).is_(None)),
            )
            .select_from(SlipRow)
            .join(SlipBatchRow, col(SlipBatchRow.id) == col(SlipRow.batch_id))
            .where(col(SlipRow.booth_id) == booth_id)
        )
        return Supply(*(await self._session.execute(statement)).one())

    async def void(self, booth_id: int, serial: int, reason: str, now: datetime) -> bool:
        """Let the whole batch of a slip count no more; False where there is none or it is void already."""
        batch = select(col(SlipRow.batch_id)).where(col(SlipRow.booth_id) == booth_id, col(SlipRow.serial) == serial)
        statement = (
            update(SlipBatchRow)
            .where(col(SlipBatchRow.id) == batch.scalar_subquery(), col(SlipBatchRow.void_at).is_(None))
            .values(void_at=now, void_reason=reason)
            .returning(col(SlipBatchRow.id))
        )
        return await self._session.scalar(statement) is not None


def _slip(row: SlipRow, batch: SlipBatchRow) -> Slip:
    is_void, is_printed = batch.void_at is not None, batch.device_id is None
    return Slip(row.booth_id, row.serial, batch.issued_at, row.member_id, row.at, is_void, is_printed)


def _conflict(row: SlipConflictRow) -> Conflict:
    kind = SlipOutcome(row.kind)
    return Conflict(row.booth_id, row.serial, row.said, kind, row.member_id, row.at, row.stored_at)
