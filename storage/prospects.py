"""Prospects: name, number and words sealed under a key of the person's own, so that forgetting is final."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.prospects.model import Note, Prospect
from campaigns.prospects.rules import state_of
from campaigns.publicity.model import JoinCode
from storage.columns import big, moment, sealed
from storage.database import UnitOfWork
from storage.publicity import SqlPublicityStore
from storage.publicity_rows import EventRow
from storage.vault import Vault


class ProspectRow(SQLModel, table=True):
    """Somebody whom a publicist recorded with their consent."""

    __tablename__ = "prospects"

    id: UUID = Field(primary_key=True)
    event_id: int = big(foreign_key="publicity_events.id")
    publicist_id: int = big(foreign_key="members.id")
    code_id: int = big(foreign_key="publicity_codes.id")
    name: bytes = sealed()
    phone: bytes | None = sealed(default=None)
    words: bytes | None = sealed(default=None)
    consent_wording: str
    made_at: datetime = moment()


class SqlProspectStore:
    """Implements `campaigns.prospects.service.ProspectStore`."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._vault = vault
        self._publicity = SqlPublicityStore(uow)

    async def add(self, note: Note, event_id: int, code: JoinCode, wording: str, now: datetime) -> None:
        """Keep somebody, sealed under a key of their own."""
        made = uuid4()
        await self._vault.ensure(self._session, _owner(made))
        row = {
            "id": made,
            "event_id": event_id,
            "publicist_id": code.publicist_id,
            "code_id": code.id,
            "name": self._seal(made, "name", note.name),
            "phone": self._seal(made, "phone", note.phone) if note.phone else None,
            "words": self._seal(made, "words", note.words) if note.words else None,
            "consent_wording": wording,
            "made_at": now,
        }
        await self._session.execute(insert(ProspectRow).values(row))

    async def of_publicist(self, member_id: int) -> list[Prospect]:
        """A publicist's prospects, the newest first, each with how far the invitation is."""
        statement = (
            select(ProspectRow)
            .where(col(ProspectRow.publicist_id) == member_id)
            .order_by(col(ProspectRow.made_at).desc(), col(ProspectRow.id))
        )
        rows = list(await self._session.scalars(statement))
        await self._vault.load(self._session, [_owner(row.id) for row in rows])
        return [await self._prospect(row) for row in rows]

    async def count(self, event_id: int, member_id: int) -> int:
        """How many a publicist recorded for an event."""
        statement = select(func.count()).where(
            col(ProspectRow.event_id) == event_id, col(ProspectRow.publicist_id) == member_id
        )
        return int(await self._session.scalar(statement) or 0)

    async def forget(self, prospect_id: UUID, member_id: int) -> bool:
        """Delete a publicist's own prospect with the key; False when there is none."""
        statement = (
            delete(ProspectRow)
            .where(col(ProspectRow.id) == prospect_id, col(ProspectRow.publicist_id) == member_id)
            .returning(col(ProspectRow.id))
        )
        if await self._session.scalar(statement) is None:
            return False
        await self._vault.erase(self._session, _owner(prospect_id))
        return True

    async def _prospect(self, row: ProspectRow) -> Prospect:
        group = await self._session.scalar(select(col(EventRow.group_id)).where(col(EventRow.id) == row.event_id))
        came = await self._publicity.openers(row.code_id)
        place = await self._publicity.place(group or 0, came[0]) if came else None
        state = state_of(opened=bool(came), joined=place is not None, left=place is not None and not place.is_inside)
        name = self._vault.open(_owner(row.id), _place("name", row.id), row.name)
        return Prospect(row.id, row.event_id, row.publicist_id, row.code_id, name, row.made_at, state)

    def _seal(self, prospect_id: UUID, column: str, text: str) -> bytes:
        return self._vault.seal(_owner(prospect_id), _place(column, prospect_id), text)


def _owner(prospect_id: UUID) -> str:
    return f"prospect:{prospect_id}"


def _place(column: str, prospect_id: UUID) -> str:
    return f"prospects.{column}:{prospect_id}"
