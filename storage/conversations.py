"""Where a guided conversation stands, kept in the transaction of the update that moved it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Column, Field, SQLModel, col

from storage.database import UnitOfWork
from storage.rows import one_of


class ConversationRow(SQLModel, table=True):
    """One person's conversation in one chat."""

    __tablename__ = "conversations"

    key: str = Field(primary_key=True)
    state: str | None = None
    data: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


async def load(uow: UnitOfWork, keys: Sequence[str]) -> dict[str, tuple[str | None, dict[str, Any]]]:
    """State and data of conversations by key; one that does not stand anywhere is left out."""
    rows = await uow.session.scalars(select(ConversationRow).where(one_of(ConversationRow.key, keys)))
    return {row.key: (row.state, row.data) for row in rows}


async def save(uow: UnitOfWork, key: str, state: str | None, data: dict[str, Any]) -> None:
    """Keep state and data; an ended conversation leaves no row."""
    if state is None and not data:
        await uow.session.execute(delete(ConversationRow).where(col(ConversationRow.key) == key))
        return
    row = {"key": key, "state": state, "data": data}
    statement = insert(ConversationRow).values(row)
    await uow.session.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_={"state": state, "data": data})
    )
