"""Versions of the service clock: how many bank days the bank gives itself for each class and tier."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Column, Field, SQLModel, col

from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Letter
from campaigns.followups.model import ServiceClock
from storage.columns import moment
from storage.database import UnitOfWork


class ServiceClockRow(SQLModel, table=True):
    """One version; a change is a new row."""

    __tablename__ = "service_clocks"

    version: int = Field(primary_key=True)
    days: dict[str, int] = Field(sa_column=Column(JSONB, nullable=False))
    unclassed: int
    complaint: int
    made_by: str
    made_at: datetime = moment()


async def newest_clock(session: AsyncSession) -> ServiceClock:
    """The version in force."""
    newest = select(ServiceClockRow).order_by(col(ServiceClockRow.version).desc()).limit(1)
    row = (await session.scalars(newest)).one()
    days = {Letter(name) if name in set(Letter) else Tier(name): count for name, count in row.days.items()}
    return ServiceClock(row.version, days, row.unclassed, row.complaint)


class SqlServiceClockStore:
    """Service clocks inside one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def newest(self) -> ServiceClock:
        """The version in force."""
        return await newest_clock(self._session)

    async def set(self, clock: ServiceClock, made_by: str, now: datetime) -> None:
        """Keep a new version; the number must be the next one."""
        row = {**vars(clock), "days": dict(clock.days), "made_by": made_by, "made_at": now}
        await self._session.execute(insert(ServiceClockRow).values(row))
