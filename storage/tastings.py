"""Tastings as booths counted them: rows are only ever added, the booth's own column says what is left."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from campaigns.rallies.model import RallyState
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.partners import PartnerStaffRow
from storage.rally_rows import BoothRow, BoothStaffRow, RallyRow


class TastingRow(SQLModel, table=True):
    """Tastings that a booth gave; pieces below 0 were counted by mistake."""

    __tablename__ = "tastings"

    id: int | None = big(default=None, primary_key=True)
    booth_id: int = big(foreign_key="booths.id")
    pieces: int
    given_by: int = big(foreign_key="members.id")
    at: datetime = moment()


class SqlTastingStore:
    """Implements `campaigns.tastings.service.TastingStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def booths_of(self, member_id: int) -> list[int]:
        """The booths with tastings of running rallies where somebody is on duty, or that somebody runs."""
        named = select(col(BoothStaffRow.booth_id)).where(col(BoothStaffRow.member_id) == member_id)
        partners = select(col(PartnerStaffRow.partner_id)).where(col(PartnerStaffRow.member_id) == member_id)
        statement = (
            select(col(BoothRow.id))
            .join(RallyRow, col(RallyRow.id) == col(BoothRow.rally_id))
            .where(
                col(RallyRow.state) == RallyState.RUNNING,
                col(BoothRow.tastings_left).is_not(None),
                col(BoothRow.id).in_(named)
                | col(BoothRow.partner_id).in_(partners)
                | (col(RallyRow.organiser_id) == member_id),
            )
            .order_by(col(BoothRow.id))
        )
        return [number or 0 for number in await self._session.scalars(statement)]

    async def give(self, booth_id: int, pieces: int, by: int, now: datetime) -> int | None:
        """Count pieces as given, below 0 as taken back; returns what is left, None where there are not as many."""
        left = col(BoothRow.tastings_left)
        given = update(BoothRow).where(col(BoothRow.id) == booth_id, left >= pieces).values(tastings_left=left - pieces)
        found: int | None = await self._session.scalar(given.returning(left))
        if found is not None:
            row = {"booth_id": booth_id, "pieces": pieces, "given_by": by, "at": now}
            await self._session.execute(insert(TastingRow).values(row))
        return found

    async def given_since(self, booth_id: int, by: int, since: datetime) -> int:
        """How many pieces somebody counted at a booth since a moment; the booth is locked."""
        await self._session.execute(select(col(BoothRow.id)).where(col(BoothRow.id) == booth_id).with_for_update())
        own = col(TastingRow.booth_id) == booth_id, col(TastingRow.given_by) == by, col(TastingRow.at) > since
        return int(await self._session.scalar(select(func.sum(col(TastingRow.pieces))).where(*own)) or 0)
