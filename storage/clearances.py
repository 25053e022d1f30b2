"""Clearances: that somebody looked at a high-risk customer before anything is offered."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Field, SQLModel

from storage.columns import big, moment
from storage.database import UnitOfWork

CLEAR = text(
    """INSERT INTO customer_clearances (customer_id, reason, cleared_by, cleared_at, until)
    SELECT id, :reason, :by, :now, :until FROM customers WHERE number = :number RETURNING id"""
)


class ClearanceRow(SQLModel, table=True):
    """One review of a high-risk customer: offers may leave until it runs out."""

    __tablename__ = "customer_clearances"

    id: int | None = big(default=None, primary_key=True)
    customer_id: UUID = Field(foreign_key="customers.id")
    reason: str
    cleared_by: str
    cleared_at: datetime = moment()
    until: datetime = moment()


class SqlClearances:
    """Clearances inside one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def clear(self, number: str, reason: str, by: str, now: datetime, until: datetime) -> bool:
        """Keep that a customer was reviewed (S-142); False when nobody has this number."""
        given = {"number": number, "reason": reason, "by": by, "now": now, "until": until}
        return bool((await self._session.execute(CLEAR, given)).all())
