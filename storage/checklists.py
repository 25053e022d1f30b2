"""Checklists of promotions: an item is marked once, a lead's word is kept beside."""

from datetime import datetime

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.checklists.model import Checklist, Item, Mark, Override, Subject
from storage.columns import big, moment
from storage.database import UnitOfWork

STATE = """SELECT scheduled_at IS NOT NULL OR ended_at IS NOT NULL FROM promotion_versions
    WHERE promotion_id = :promotion AND version = :version FOR UPDATE"""


class ChecklistMarkRow(SQLModel, table=True):
    """One item that is ready."""

    __tablename__ = "checklist_marks"

    promotion_id: int = big(primary_key=True)
    version: int = Field(primary_key=True)
    item: str = Field(primary_key=True)
    member_id: int = big(foreign_key="members.id")
    at: datetime = moment()


class ChecklistOverrideRow(SQLModel, table=True):
    """A lead's word that a version starts although something is open."""

    __tablename__ = "checklist_overrides"

    promotion_id: int = big(primary_key=True)
    version: int = Field(primary_key=True)
    reason: str
    member_id: int = big(foreign_key="members.id")
    at: datetime = moment()


class SqlChecklistStore:
    """Implements `campaigns.checklists.service.ChecklistStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def checklist(self, subject: Subject) -> Checklist:
        """One version's list."""
        row, word = ChecklistMarkRow, ChecklistOverrideRow
        marked = select(row).where(col(row.promotion_id) == subject.promotion_id, col(row.version) == subject.version)
        marks = [Mark(Item(each.item), each.member_id, each.at) for each in await self._session.scalars(marked)]
        found = await self._session.get(word, tuple(subject), populate_existing=True)
        override = Override(found.reason, found.member_id, found.at) if found else None
        return Checklist(subject, tuple(marks), override)

    async def is_shut(self, subject: Subject) -> bool:
        """Whether the version is scheduled already, or further; unknown versions are shut, the others locked."""
        facts = {"promotion": subject.promotion_id, "version": subject.version}
        found = await self._session.scalar(text(STATE), facts)
        return found is None or bool(found)

    async def mark(self, subject: Subject, mark: Mark) -> bool:
        """Keep that an item is ready; False where it was."""
        values = {**_key(subject), "item": mark.item, "member_id": mark.member_id, "at": mark.at}
        made = insert(ChecklistMarkRow).values(values).on_conflict_do_nothing()
        return await self._session.scalar(made.returning(col(ChecklistMarkRow.item))) is not None

    async def unmark(self, subject: Subject, item: Item) -> None:
        """Take a mark back."""
        row = ChecklistMarkRow
        await self._session.execute(
            delete(row).where(
                col(row.promotion_id) == subject.promotion_id,
                col(row.version) == subject.version,
                col(row.item) == item,
            )
        )

    async def override(self, subject: Subject, word: Override) -> None:
        """Keep a lead's word; the first one stays."""
        values = {**_key(subject), "reason": word.reason, "member_id": word.member_id, "at": word.at}
        await self._session.execute(insert(ChecklistOverrideRow).values(values).on_conflict_do_nothing())


def _key(subject: Subject) -> dict[str, int]:
    return {"promotion_id": subject.promotion_id, "version": subject.version}
