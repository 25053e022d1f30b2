"""Reviewed entries, version by version."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import JSONB, distinct_on, insert
from sqlmodel import Column, Field, SQLModel, col

from campaigns.answers.model import AnswerEntry, EntryKind
from storage.columns import moment
from storage.database import UnitOfWork

APART = ("key", "version", "author", "reviewer", "reviewed_on")


class AnswerEntryRow(SQLModel, table=True):
    """One version of an entry; `body` is what it says and which questions it answers."""

    __tablename__ = "answer_entries"

    key: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    author: str
    reviewer: str | None = None
    reviewed_on: date | None = None
    taken_in_at: datetime = moment()


class SqlAnswerStore:
    """Implements `campaigns.answers.service.AnswerStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def versions(self) -> list[AnswerEntry]:
        """Every version of every entry, by key and version."""
        statement = select(AnswerEntryRow).order_by(col(AnswerEntryRow.key), col(AnswerEntryRow.version))
        return [_entry(row) for row in await self._session.scalars(statement)]

    async def reviewed(self) -> list[AnswerEntry]:
        """The newest reviewed version of each entry, by key."""
        statement = (
            select(AnswerEntryRow)
            .where(col(AnswerEntryRow.reviewer).is_not(None))
            .ext(distinct_on(col(AnswerEntryRow.key)))
            .order_by(col(AnswerEntryRow.key), col(AnswerEntryRow.version).desc())
        )
        return [_entry(row) for row in await self._session.scalars(statement)]

    async def keep(self, entry: AnswerEntry, now: datetime) -> None:
        """Store a version, or the reviewer of one that is known."""
        body = {name: value for name, value in asdict(entry).items() if name not in APART}
        review = {"reviewer": entry.reviewer, "reviewed_on": entry.reviewed_on}
        row = {"key": entry.key, "version": entry.version, "body": body, "author": entry.author, "taken_in_at": now}
        statement = insert(AnswerEntryRow).values(row | review)
        await self._session.execute(statement.on_conflict_do_update(index_elements=["key", "version"], set_=review))


def _entry(row: AnswerEntryRow) -> AnswerEntry:
    lists = {name: tuple(row.body[name]) for name in ("asked_zh", "asked_en")}
    return AnswerEntry(
        key=row.key,
        version=row.version,
        author=row.author,
        reviewer=row.reviewer,
        reviewed_on=row.reviewed_on,
        **row.body | lists | {"kind": EntryKind(row.body["kind"])},
    )
