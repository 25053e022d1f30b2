"""Notes and needs, sealed under the key of the customer whom they speak of: erasing the key erases them."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.notes.model import Note, NoteKind
from storage.columns import big, moment, sealed
from storage.customers import key_owner
from storage.database import UnitOfWork
from storage.vault import Vault


class NoteRow(SQLModel, table=True):
    """One note; `mark` names it to the vault."""

    __tablename__ = "customer_notes"

    id: int | None = big(default=None, primary_key=True)
    mark: UUID = Field(unique=True)
    customer_id: UUID = Field(foreign_key="customers.id")
    kind: str
    words: bytes = sealed()
    author_id: int = big(foreign_key="members.id")
    written_at: datetime = moment()
    settled_at: datetime | None = moment(default=None)
    settled_by: int | None = big(default=None)


class SqlNoteStore:
    """Implements `campaigns.notes.service.NoteStore`."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._vault = vault

    async def add(self, customer_id: UUID, kind: NoteKind, words: str, author: int, now: datetime) -> None:
        """Keep a note, sealed under the customer's key."""
        owner, mark = key_owner(customer_id), uuid4()
        await self._vault.ensure(self._session, owner)
        row = {
            "mark": mark,
            "customer_id": customer_id,
            "kind": kind,
            "words": self._vault.seal(owner, _place(mark), words),
            "author_id": author,
            "written_at": now,
        }
        await self._session.execute(insert(NoteRow).values(row))

    async def of(self, customer_id: UUID, limit: int) -> list[Note]:
        """The newest notes and needs that stand."""
        query = (
            select(NoteRow)
            .where(col(NoteRow.customer_id) == customer_id, col(NoteRow.settled_at).is_(None))
            .order_by(col(NoteRow.id).desc())
            .limit(limit)
        )
        rows = (await self._session.scalars(query)).all()
        owner = key_owner(customer_id)
        await self._vault.load(self._session, [owner] if rows else [])
        return [
            Note(row.id or 0, NoteKind(row.kind), self._vault.open(owner, _place(row.mark), row.words), row.author_id,
                 row.written_at)
            for row in rows
        ]  # fmt: skip

    async def settle(self, customer_id: UUID, note_id: int, by: int, now: datetime) -> bool:
        """Take a note off the desk; False when there is none."""
        statement = (
            update(NoteRow)
            .where(
                col(NoteRow.id) == note_id,
                col(NoteRow.customer_id) == customer_id,
                col(NoteRow.settled_at).is_(None),
            )
            .values(settled_at=now, settled_by=by)
            .returning(col(NoteRow.id))
        )
        return (await self._session.execute(statement)).first() is not None


def _place(mark: UUID) -> str:
    return f"customer_notes.words:{mark}"
