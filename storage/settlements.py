"""Sheets of settled rallies; rows are only ever added."""

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Column, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field, SQLModel, col

from campaigns.settlements.model import RallySheet
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.rally_rows import BoothRow
from storage.tastings import TastingRow

SHEET = TypeAdapter(RallySheet)


class RallySettlementRow(SQLModel, table=True):
    """The sheet under which a rally was settled."""

    __tablename__ = "rally_settlements"

    rally_id: int = big(primary_key=True, foreign_key="rallies.id")
    settled_at: datetime = moment()
    sheet: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


class SqlSettlementStore:
    """Implements `campaigns.settlements.service.SettlementStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def settled(self, rally_id: int) -> RallySheet | None:
        """The sheet under which a rally was settled."""
        row = await self._session.get(RallySettlementRow, rally_id)
        return SHEET.validate_python(row.sheet) if row else None

    async def keep(self, rally_id: int, sheet: RallySheet, now: datetime) -> None:
        """Keep the sheet of a settled rally."""
        row = {"rally_id": rally_id, "settled_at": now, "sheet": SHEET.dump_python(sheet, mode="json")}
        await self._session.execute(insert(RallySettlementRow).values(row))

    async def tastings(self, rally_id: int) -> dict[str, int]:
        """How many tastings were counted as given, by booth."""
        counted = (
            select(col(BoothRow.code), func.sum(col(TastingRow.pieces)))
            .join(BoothRow, col(BoothRow.id) == col(TastingRow.booth_id))
            .where(col(BoothRow.rally_id) == rally_id)
        )
        found = await self._session.execute(counted.group_by(col(BoothRow.code)))
        return {code: int(pieces or 0) for code, pieces in found}
