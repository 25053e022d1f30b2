"""To-dos and who has done them; what is done is kept by the database itself."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Column, ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlmodel import Field, SQLModel, col

from campaigns.groups.model import Group
from campaigns.todos.model import Tick, Todo, TodoPlan
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.groups import GroupMemberRow, GroupRow
from storage.rows import insert_rows


class TodoRow(SQLModel, table=True):
    """A to-do; an empty `named` means everybody."""

    __tablename__ = "todos"

    id: int | None = big(default=None, primary_key=True)
    group_id: int = big(foreign_key="groups.id")
    manager_id: int = big(foreign_key="members.id")
    title: str
    named: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    opened_at: datetime = moment()
    ending_at: datetime = moment()
    deadline: datetime = moment()
    reminded_at: datetime | None = moment(default=None)
    closed_at: datetime | None = moment(default=None)


class TodoDoneRow(SQLModel, table=True):
    """One person has done one to-do."""

    __tablename__ = "todo_done"

    todo_id: int = big(primary_key=True, foreign_key="todos.id")
    member_id: int = big(primary_key=True, foreign_key="members.id")
    masked_name: str
    done_at: datetime = moment()


class SqlTodoStore:
    """Implements `campaigns.todos.service.TodoStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def create(self, group: Group, plan: TodoPlan, manager_id: int, now: datetime, ending: datetime) -> Todo:
        """Store a new to-do."""
        row = {
            "group_id": group.id,
            "manager_id": manager_id,
            "title": plan.title,
            "named": sorted(plan.named),
            "opened_at": now,
            "ending_at": ending,
            "deadline": plan.deadline,
        }
        made = (await self._session.scalars(insert(TodoRow).values(row).returning(TodoRow))).one()
        return _todo(made, group.chat_id, 0)

    async def lock(self, todo_id: int) -> Todo | None:
        """One to-do, locked until the transaction ends."""
        statement = (
            select(TodoRow, col(GroupRow.chat_id))
            .join(GroupRow, col(GroupRow.id) == col(TodoRow.group_id))
            .where(col(TodoRow.id) == todo_id)
            .with_for_update(of=TodoRow)
            .execution_options(populate_existing=True)
        )
        found = (await self._session.execute(statement)).first()
        return _todo(found[0], found[1], await self._count(todo_id)) if found else None

    async def done_among(self, todo_id: int, member_ids: Collection[int]) -> set[int]:
        """Who of these people has done it."""
        statement = select(col(TodoDoneRow.member_id)).where(
            col(TodoDoneRow.todo_id) == todo_id, col(TodoDoneRow.member_id).in_(member_ids)
        )
        return set(await self._session.scalars(statement))

    async def save_done(self, todo_id: int, ticks: Sequence[Tick], now: datetime) -> None:
        """Store who has done it."""
        rows = [
            {"todo_id": todo_id, "member_id": tick.member_id, "masked_name": tick.masked_name, "done_at": now}
            for tick in ticks
        ]
        await self._session.execute(insert_rows(TodoDoneRow, rows))

    async def mark_reminded(self, todo_id: int, now: datetime) -> None:
        """Remember that the reminder is planned."""
        await self._session.execute(update(TodoRow).where(col(TodoRow.id) == todo_id).values(reminded_at=now))

    async def close(self, todo_id: int, now: datetime) -> None:
        """Mark a to-do ended."""
        await self._session.execute(update(TodoRow).where(col(TodoRow.id) == todo_id).values(closed_at=now))

    async def running_in(self, chat_id: int) -> list[int]:
        """The to-dos of a chat that have not ended."""
        statement = (
            select(col(TodoRow.id))
            .join(GroupRow, col(GroupRow.id) == col(TodoRow.group_id))
            .where(col(GroupRow.chat_id) == chat_id, col(TodoRow.closed_at).is_(None))
            .order_by(col(TodoRow.id))
        )
        return [number or 0 for number in await self._session.scalars(statement)]

    async def of_manager(self, manager_id: int, limit: int) -> list[Todo]:
        """The latest to-dos of a manager, the newest first."""
        statement = (
            select(TodoRow, col(GroupRow.chat_id))
            .join(GroupRow, col(GroupRow.id) == col(TodoRow.group_id))
            .where(col(TodoRow.manager_id) == manager_id)
            .order_by(col(TodoRow.id).desc())
            .limit(limit)
        )
        found = (await self._session.execute(statement)).all()
        return [_todo(row, chat_id, await self._count(row.id or 0)) for row, chat_id in found]

    async def asked(self, todo: Todo) -> list[int]:
        """Whom a to-do is for: those named, or everybody in the group now without its manager."""
        if todo.named:
            return sorted(todo.named)
        statement = select(col(GroupMemberRow.member_id)).where(
            col(GroupMemberRow.group_id) == todo.group_id,
            col(GroupMemberRow.left_at).is_(None),
            col(GroupMemberRow.member_id) != todo.manager_id,
        )
        return list(await self._session.scalars(statement))

    async def due_for_reminder(self, now: datetime) -> list[int]:
        """To-dos that are about to end and of which the group was not reminded."""
        return await self._open(col(TodoRow.ending_at) <= now, col(TodoRow.reminded_at).is_(None))

    async def due_for_ending(self, now: datetime) -> list[int]:
        """To-dos past their deadline that are not marked as ended."""
        return await self._open(col(TodoRow.deadline) <= now)

    async def _open(self, *conditions: ColumnElement[bool]) -> list[int]:
        statement = select(col(TodoRow.id)).where(col(TodoRow.closed_at).is_(None), *conditions)
        return [number or 0 for number in await self._session.scalars(statement.order_by(col(TodoRow.id)))]

    async def _count(self, todo_id: int) -> int:
        statement = select(func.count()).where(col(TodoDoneRow.todo_id) == todo_id)
        return int(await self._session.scalar(statement) or 0)


def _todo(row: TodoRow, chat_id: int, done: int) -> Todo:
    assert row.id is not None
    return Todo(
        id=row.id,
        group_id=row.group_id,
        chat_id=chat_id,
        manager_id=row.manager_id,
        title=row.title,
        opened_at=row.opened_at,
        ending_at=row.ending_at,
        deadline=row.deadline,
        named=frozenset(row.named),
        done=done,
        is_closed=row.closed_at is not None,
        is_reminded=row.reminded_at is not None,
    )
