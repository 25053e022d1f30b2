"""Merchant welfare groups and who is in them."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from campaigns.groups.model import Group
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore


class GroupRow(SQLModel, table=True):
    """A registered group; everything else names it by `id`, so a new chat id is one update."""

    __tablename__ = "groups"

    id: int | None = big(default=None, primary_key=True)
    chat_id: int = big(unique=True)
    title: str
    merchant: str
    manager_id: int = big(foreign_key="members.id")
    registered_at: datetime = moment()


class GroupMemberRow(SQLModel, table=True):
    """A person's place in a group; the row outlives leaving, so a return is no second newcomer."""

    __tablename__ = "group_members"

    group_id: int = big(primary_key=True, foreign_key="groups.id")
    member_id: int = big(primary_key=True, foreign_key="members.id")
    joined_at: datetime = moment()
    left_at: datetime | None = moment(default=None)
    welcomed_at: datetime | None = moment(default=None)


def value(row: GroupRow) -> Group:
    """The row as the hall knows it."""
    assert row.id is not None
    return Group(row.id, row.chat_id, row.title, row.merchant, row.manager_id, row.registered_at)


class SqlGroupStore:
    """Groups inside one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session
        self._deliveries = SqlDeliveryStore(uow)

    async def by_chat(self, chat_id: int) -> Group | None:
        """The registered group of a chat."""
        row = await self._session.scalar(select(GroupRow).where(col(GroupRow.chat_id) == chat_id))
        return value(row) if row else None

    async def of_manager(self, manager_id: int) -> list[Group]:
        """A manager's groups, oldest first."""
        statement = select(GroupRow).where(col(GroupRow.manager_id) == manager_id).order_by(col(GroupRow.id))
        return [value(row) for row in await self._session.scalars(statement)]

    async def save(self, chat_id: int, title: str, merchant: str, manager_id: int, now: datetime) -> Group:
        """Register a group, or bring its title up to date."""
        row = {
            "chat_id": chat_id,
            "title": title,
            "merchant": merchant,
            "manager_id": manager_id,
            "registered_at": now,
        }
        statement = (
            insert(GroupRow)
            .values(row)
            .on_conflict_do_update(index_elements=["chat_id"], set_={"title": title, "merchant": merchant})
            .returning(GroupRow)
        )
        return value((await self._session.scalars(statement)).one())

    async def add_member(self, group: Group, member_id: int, now: datetime, *, welcomed: bool = False) -> bool:
        """Record that a person is in the group; True when they were never there before."""
        row = {"group_id": group.id, "member_id": member_id, "joined_at": now, "welcomed_at": now if welcomed else None}
        statement = insert(GroupMemberRow).values(row).on_conflict_do_nothing().returning(col(GroupMemberRow.member_id))
        if (await self._session.execute(statement)).first():
            return True
        await self._set_left(group, member_id, None)
        return False

    async def take_newcomers(self, now: datetime, limit: int) -> dict[Group, list[int]]:
        """Newcomers whom nobody has welcomed, at most `limit` in all, by group, and marked as welcomed.

        Those who left before their welcome are marked too: they need none.
        """
        waiting = (
            select(col(GroupMemberRow.group_id), col(GroupMemberRow.member_id))
            .where(col(GroupMemberRow.welcomed_at).is_(None))
            .order_by(col(GroupMemberRow.joined_at), col(GroupMemberRow.member_id))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        arrived: dict[int, list[int]] = {}
        for group_id, member_id in (await self._session.execute(waiting)).all():
            left = await self._session.scalar(
                update(GroupMemberRow)
                .where(col(GroupMemberRow.group_id) == group_id, col(GroupMemberRow.member_id) == member_id)
                .values(welcomed_at=now)
                .returning(col(GroupMemberRow.left_at))
            )
            if left is None:
                arrived.setdefault(group_id, []).append(member_id)
        groups = await self._session.scalars(select(GroupRow).where(col(GroupRow.id).in_(arrived)))
        return {value(row): arrived[row.id or 0] for row in groups}

    async def remove_member(self, group: Group, member_id: int, now: datetime) -> None:
        """Record that a person left."""
        await self._set_left(group, member_id, now)

    async def move_chat(self, old: int, new: int) -> None:
        """Re-key everything that names a chat that became a supergroup."""
        await self._session.execute(update(GroupRow).where(col(GroupRow.chat_id) == old).values(chat_id=new))
        await self._deliveries.move_chat(old, new)

    async def _set_left(self, group: Group, member_id: int, moment: datetime | None) -> None:
        await self._session.execute(
            update(GroupMemberRow)
            .where(col(GroupMemberRow.group_id) == group.id, col(GroupMemberRow.member_id) == member_id)
            .values(left_at=moment)
        )
