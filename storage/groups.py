"""Merchant welfare groups, who is in them how they came, and the templates of new groups."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Column, Field, SQLModel, col

from campaigns.groups.model import UNKNOWN_SOURCE, Group, Newcomer, RunningDraw
from campaigns.groups.templates import Template, read_template
from campaigns.places.model import Spot
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.places import SqlPlaceStore
from storage.rows import one_of

ONE_ARRIVAL = timedelta(minutes=1)  # The platform tells of one arrival twice; only one of the two names the link.
TAKEN_AT_ONCE = 500
RUNNING_DRAWS = text(
    """SELECT id, published ->> 'title_zh', published ->> 'title_en' FROM draws
    WHERE group_id = :group AND state = 'open' AND opens_at <= :now AND closes_at > :now ORDER BY id"""
)
SIBLINGS = """SELECT id FROM groups WHERE place_id = :place AND number {} :number AND filled_at IS {}
    ORDER BY number DESC, id DESC LIMIT 1"""


class GroupRow(SQLModel, table=True):
    """A registered group; everything else names it by `id`, so a new chat id is one update."""

    __tablename__ = "groups"

    id: int | None = big(default=None, primary_key=True)
    chat_id: int = big(unique=True)
    title: str
    merchant: str
    manager_id: int = big(foreign_key="members.id")
    registered_at: datetime = moment()
    place_id: int | None = big(default=None, foreign_key="places.id")
    number: int = 1
    filled_at: datetime | None = moment(default=None)
    greeted_at: datetime | None = moment(default=None)
    invite_link: str | None = None


class GroupMemberRow(SQLModel, table=True):
    """A person's place in a group; the row outlives leaving, so a return is no second newcomer."""

    __tablename__ = "group_members"

    group_id: int = big(primary_key=True, foreign_key="groups.id")
    member_id: int = big(primary_key=True, foreign_key="members.id")
    joined_at: datetime = moment()
    left_at: datetime | None = moment(default=None)
    welcomed_at: datetime | None = moment(default=None)
    source: str = UNKNOWN_SOURCE.code
    added_by: int | None = big(default=None)


class GroupTemplateRow(SQLModel, table=True):
    """A merchant's template, or the default one, which names no merchant."""

    __tablename__ = "group_templates"

    place_id: int | None = big(default=None, primary_key=True, nullable=True, foreign_key="places.id")
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    set_at: datetime = moment()


def value(row: GroupRow) -> Group:
    """The row as the hall knows it."""
    assert row.id is not None
    return Group(
        row.id,
        row.chat_id,
        row.title,
        row.merchant,
        row.manager_id,
        row.registered_at,
        row.place_id,
        row.number,
        row.filled_at,
        row.invite_link,
    )


class SqlGroupStore:
    """Groups inside one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session
        self._deliveries = SqlDeliveryStore(uow)
        self._places = SqlPlaceStore(uow)

    async def by_chat(self, chat_id: int) -> Group | None:
        """The registered group of a chat."""
        row = await self._session.scalar(select(GroupRow).where(col(GroupRow.chat_id) == chat_id))
        return value(row) if row else None

    async def of_manager(self, manager_id: int) -> list[Group]:
        """A manager's groups, oldest first."""
        statement = select(GroupRow).where(col(GroupRow.manager_id) == manager_id).order_by(col(GroupRow.id))
        return [value(row) for row in await self._session.scalars(statement)]

    async def by_id(self, group_id: int) -> Group | None:
        """One group."""
        row = await self._session.scalar(select(GroupRow).where(col(GroupRow.id) == group_id))
        return value(row) if row else None

    async def save(
        self, chat_id: int, title: str, merchant: str, manager_id: int, now: datetime, number: int = 1
    ) -> Group:
        """Register a group at its merchant's place, or bring its title up to date."""
        known = await self.by_chat(chat_id)
        at_home = known is not None and known.merchant == merchant and known.place_id is not None
        place = known.place_id if known and at_home else (await self._places.keep(Spot(merchant))).id
        named = {"title": title, "merchant": merchant, "number": number, "place_id": place}
        row = {"chat_id": chat_id, "manager_id": manager_id, "registered_at": now}
        statement = (
            insert(GroupRow)
            .values(row | named)
            .on_conflict_do_update(index_elements=["chat_id"], set_=named)
            .returning(GroupRow)
            .execution_options(populate_existing=True)
        )
        return value((await self._session.scalars(statement)).one())

    async def add_member(
        self,
        group: Group,
        member_id: int,
        now: datetime,
        *,
        welcomed: bool = False,
        source: str = UNKNOWN_SOURCE.code,
        added_by: int | None = None,
    ) -> bool:
        """Record that a person is in the group, and how they came; True when they were never there before."""
        row = {"group_id": group.id, "member_id": member_id, "joined_at": now, "welcomed_at": now if welcomed else None}
        came = {"source": source, "added_by": added_by}
        statement = (
            insert(GroupMemberRow).values(row | came).on_conflict_do_nothing().returning(col(GroupMemberRow.member_id))
        )
        if (await self._session.execute(statement)).first():
            return True
        await self._set_left(group, member_id, None)
        if source != UNKNOWN_SOURCE.code:
            await self._learn_source(group, member_id, came, now)
        return False

    async def _learn_source(self, group: Group, member_id: int, came: dict[str, Any], now: datetime) -> None:
        """The second telling of the same arrival may name the link that the first did not."""
        await self._session.execute(
            update(GroupMemberRow)
            .where(
                col(GroupMemberRow.group_id) == group.id,
                col(GroupMemberRow.member_id) == member_id,
                col(GroupMemberRow.source) == UNKNOWN_SOURCE.code,
                col(GroupMemberRow.joined_at) >= now - ONE_ARRIVAL,
            )
            .values(came)
        )

    async def to_welcome(self, now: datetime, greeted_before: datetime) -> list[int]:
        """Groups with newcomers whom nobody has welcomed, without those that were just greeted."""
        member = GroupMemberRow
        query = select(col(member.group_id)).join(GroupRow, col(GroupRow.id) == col(member.group_id))
        waiting = query.where(*_unwelcomed(now, greeted_before)).distinct().order_by(col(member.group_id))
        return list(await self._session.scalars(waiting))

    async def take_newcomers(self, now: datetime, greeted_before: datetime, groups: Sequence[int]) -> list[Newcomer]:
        """Newcomers of these groups whom nobody has welcomed, group by group, marked as welcomed.

        Groups just greeted wait. Those who left before their welcome are marked too: they need none.
        """
        waiting = (
            select(GroupMemberRow, GroupRow)
            .join(GroupRow, col(GroupRow.id) == col(GroupMemberRow.group_id))
            .where(one_of(GroupMemberRow.group_id, groups), *_unwelcomed(now, greeted_before))
            .order_by(col(GroupMemberRow.group_id), col(GroupMemberRow.joined_at), col(GroupMemberRow.member_id))
            .limit(TAKEN_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        taken = (await self._session.execute(waiting)).all()
        newcomers = []
        for member, group in taken:
            member.welcomed_at = now
            if member.left_at is None:
                group.greeted_at = now
                newcomers.append(Newcomer(value(group), member.member_id, member.source))
        await self._session.flush()
        return newcomers

    async def running_draws(self, group: Group, now: datetime) -> list[RunningDraw]:
        """The draws that a group's members can take part in now, the oldest first."""
        found = await self._session.execute(RUNNING_DRAWS, {"group": group.id, "now": now})
        return [RunningDraw(*row) for row in found]

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

    # Templates, and where there is room

    async def template(self, place_id: int | None) -> Template:
        """The template of a merchant over the default."""
        place, body = col(GroupTemplateRow.place_id), col(GroupTemplateRow.body)
        found = await self._session.execute(select(place, body).where(or_(place.is_(None), place == place_id)))
        rows = {place: read_template(body) for place, body in found}
        return rows.get(place_id, Template()).over(rows.get(None, Template()))

    async def set_template(self, place_id: int | None, body: dict[str, Any], now: datetime) -> None:
        """Keep a merchant's template, or the default one; the former is replaced."""
        row = {"place_id": place_id, "body": body, "set_at": now}
        statement = insert(GroupTemplateRow).values(row)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["place_id"], set_={"body": body, "set_at": now})
        )

    async def fill(self, group: Group, capacity: int, now: datetime) -> bool:
        """Mark a group as full when it holds so many; False when it does not, or was marked before."""
        places = (
            select(col(GroupMemberRow.member_id))
            .where(col(GroupMemberRow.group_id) == group.id, col(GroupMemberRow.left_at).is_(None))
            .limit(capacity)
        )
        if (await self._session.scalar(select(func.count()).select_from(places.subquery())) or 0) < capacity:
            return False
        marked = await self._session.execute(
            update(GroupRow)
            .where(col(GroupRow.id) == group.id, col(GroupRow.filled_at).is_(None))
            .values(filled_at=now)
            .returning(col(GroupRow.id))
        )
        return marked.first() is not None

    async def full_sibling(self, group: Group) -> Group | None:
        """The full group of the same merchant with the highest number below this one's."""
        return await self._sibling(group, "<", "NOT NULL")

    async def with_room(self, group: Group) -> Group:
        """The group itself, or when it is full the newest one of the same merchant that is not."""
        return (group.filled_at and await self._sibling(group, ">", "NULL")) or group

    async def _sibling(self, group: Group, side: str, filled: str) -> Group | None:
        found = await self._session.scalar(
            text(SIBLINGS.format(side, filled)), {"place": group.place_id, "number": group.number}
        )
        return await self.by_id(found) if found else None

    async def set_invite_link(self, group: Group, link: str) -> None:
        """Keep the link by which people join a group."""
        await self._session.execute(update(GroupRow).where(col(GroupRow.id) == group.id).values(invite_link=link))


def _unwelcomed(now: datetime, greeted_before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Whom nobody has welcomed, where nobody was greeted a moment ago; a greeting in the future means nothing."""
    greeted = col(GroupRow.greeted_at)
    rested = or_(greeted.is_(None), greeted <= greeted_before, greeted > now)
    return col(GroupMemberRow.welcomed_at).is_(None), rested
