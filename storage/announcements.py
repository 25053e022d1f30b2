"""Announcements as they were published; the database refuses to change or remove any."""

from datetime import datetime

from sqlalchemy import select, text
from sqlmodel import Field, SQLModel, col

from campaigns.announcements.model import Announcement
from storage.columns import moment
from storage.database import UnitOfWork

LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('announcement:' || :subject, 0))")


class AnnouncementRow(SQLModel, table=True):
    """One version of one subject's rule page; `configuration` is the very text that was hashed."""

    __tablename__ = "announcements"

    subject: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    configuration: str
    text_zh: str
    text_en: str
    digest: str
    published_at: datetime = moment()


class SqlAnnouncementStore:
    """Implements `campaigns.announcements.service.AnnouncementStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def lock_newest(self, subject: str) -> Announcement | None:
        """The newest version of a subject's page; until the transaction ends nobody else adds one."""
        await self._session.execute(LOCK, {"subject": subject})
        return await self.newest(subject)

    async def newest(self, subject: str) -> Announcement | None:
        """The newest version of a subject's page."""
        statement = select(AnnouncementRow).where(col(AnnouncementRow.subject) == subject)
        row = await self._session.scalar(statement.order_by(col(AnnouncementRow.version).desc()).limit(1))
        return Announcement(**row.model_dump()) if row else None

    async def version(self, subject: str, version: int) -> Announcement | None:
        """One version of a subject's page."""
        row = await self._session.get(AnnouncementRow, (subject, version))
        return Announcement(**row.model_dump()) if row else None

    async def add(self, announcement: Announcement) -> None:
        """Keep a version for ever."""
        self._session.add(AnnouncementRow.model_validate(announcement, from_attributes=True))
        await self._session.flush()
