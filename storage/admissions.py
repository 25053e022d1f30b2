"""Invitations of customers to exclusive products; one stands at a time, ended ones stay."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.admissions.model import Admission
from storage.columns import big, moment
from storage.customers import CustomerRow
from storage.database import UnitOfWork


class AdmissionRow(SQLModel, table=True):
    """One invitation; a unique index holds that one stands per customer and product."""

    __tablename__ = "admissions"

    id: int | None = big(default=None, primary_key=True)
    customer_id: UUID = Field(foreign_key="customers.id")
    product: str
    invited_by: int = big(foreign_key="members.id")
    made_at: datetime = moment()
    until: datetime = moment()
    ended_at: datetime | None = moment(default=None, nullable=True)
    ended_by: int | None = big(default=None, foreign_key="members.id")


class SqlAdmissionStore:
    """Implements `campaigns.admissions.service.AdmissionStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def lock(self, customer_id: UUID) -> None:
        """Lock the customer until the transaction ends."""
        await self._session.execute(
            select(col(CustomerRow.id)).where(col(CustomerRow.id) == customer_id).with_for_update()
        )

    async def add(self, admission: Admission) -> None:
        """Keep an invitation."""
        await self._session.execute(insert(AdmissionRow).values(vars(admission)))

    async def end(self, customer_id: UUID, product: str, by: int, now: datetime) -> bool:
        """End the invitation that stands, run out or not; False where none does."""
        row = AdmissionRow
        stands = (col(row.customer_id) == customer_id, col(row.product) == product, col(row.ended_at).is_(None))
        ended = update(row).where(*stands).values(ended_at=now, ended_by=by).returning(col(row.id))
        return await self._session.scalar(ended) is not None
