"""Where a guided conversation stands, kept in the transaction of the update that moved it."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Column, Field, SQLModel, col

from storage.database import UnitOfWork


class ConversationRow(SQLModel, table=True):
    """One person's conversation in one chat."""

    __tablename__ = "conversations"

    key: str = Field(primary_key=True)
    state: str | None = None
    data: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


async def load(uow: UnitOfWork, key: str) -> tuple[str | None, dict[str, Any]]:
    """State and data of a conversation; nothing when there is none."""
    row = await uow.session.get(ConversationRow, key)
    return (row.state, row.data) if row else (None, {})


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
