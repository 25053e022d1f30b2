"""Which customers let the manager of an application see their number, from the yes to its taking back."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from storage.application_rows import ApplicationRow
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.members import SqlMemberStore
from storage.vault import Vault


class ApplicationContactRow(SQLModel, table=True):
    """One yes, with the version of the words that were shown; history stays."""

    __tablename__ = "application_contacts"

    id: int | None = big(default=None, primary_key=True)
    application_id: int = big(foreign_key="applications.id")
    wording: str
    agreed_at: datetime = moment()
    withdrawn_at: datetime | None = moment(default=None)


STANDS = col(ApplicationContactRow.withdrawn_at).is_(None)


class SqlApplicationContactStore:
    """Implements `campaigns.applications.contacts.ContactStore`."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._people = SqlMemberStore(uow, vault)

    async def agree(self, application_id: int, wording: str, now: datetime) -> None:
        """Keep a yes; one that stands already stays as it was given."""
        row = {"application_id": application_id, "wording": wording, "agreed_at": now}
        await self._session.execute(insert(ApplicationContactRow).values(row).on_conflict_do_nothing())

    async def agreed(self, application_id: int) -> bool:
        """Whether a yes stands."""
        row = ApplicationContactRow
        query = select(col(row.id)).where(col(row.application_id) == application_id, STANDS)
        return await self._session.scalar(query) is not None

    async def withdraw(self, member_id: int, now: datetime) -> bool:
        """Take every yes of a member back; False where none stood."""
        own = select(col(ApplicationRow.id)).where(col(ApplicationRow.member_id) == member_id)
        row = ApplicationContactRow
        done = await self._session.execute(
            update(row).where(col(row.application_id).in_(own), STANDS).values(withdrawn_at=now).returning(col(row.id))
        )
        return bool(done.all())

    async def phone_of(self, member_id: int) -> str | None:
        """The number that a member linked, opened; None where there is none."""
        return await self._people.phone_of(member_id)
