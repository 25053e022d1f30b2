"""Posts for several groups, and the numbers of a manager's groups."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlmodel import Column, Field, SQLModel, col

from campaigns.broadcasts.model import Broadcast, BroadcastState, GroupLine, Reach
from campaigns.groups.model import Group
from campaigns.staff.model import Role
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.groups import SqlGroupStore
from storage.staff import StaffRoleRow

REACH = """SELECT count(DISTINCT group_id), count(*), count(DISTINCT member_id) FROM group_members
    WHERE group_id = ANY(:groups) AND left_at IS NULL"""
LINES = """SELECT g.id, g.title,
        count(i.member_id) FILTER (WHERE i.left_at IS NULL),
        count(i.member_id) FILTER (WHERE i.joined_at >= :since AND i.left_at IS NULL),
        count(i.member_id) FILTER (WHERE i.left_at >= :since),
        (SELECT count(*) FROM questions q WHERE q.chat_id = g.chat_id AND q.ended_at IS NULL),
        ARRAY(SELECT concat(c.product, ' ', c.taken, '/', c.places) FROM chains c
            WHERE c.group_id = g.id AND c.state = 'open' ORDER BY c.id),
        (SELECT count(*) FROM todos t WHERE t.group_id = g.id AND t.closed_at IS NULL AND t.deadline > :now),
        (SELECT min(d.due_at) FROM deliveries d WHERE d.recipient = g.chat_id
            AND d.state IN ('planned', 'retry') AND d.method = 'sendMessage'), g.manager_id
    FROM groups g LEFT JOIN group_members i ON i.group_id = g.id
    WHERE g.manager_id = ANY(:managers) GROUP BY g.id ORDER BY g.title, g.id"""


class BroadcastRow(SQLModel, table=True):
    """One post."""

    __tablename__ = "broadcasts"

    id: int | None = big(default=None, primary_key=True)
    author_id: int = big(foreign_key="members.id")
    words: str
    state: str = BroadcastState.WAITING
    written_at: datetime = moment()
    approved_by: int | None = big(default=None, foreign_key="members.id")
    groups: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    leaves_at: datetime | None = moment(default=None)


class SqlBroadcastStore:
    """Implements `campaigns.broadcasts.service.BroadcastStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session
        self._groups = SqlGroupStore(uow)

    async def add(self, words: str, author: int, now: datetime) -> int:
        """Keep a post that waits for approval."""
        row = {"author_id": author, "words": words, "written_at": now, "groups": []}
        made: int | None = await self._session.scalar(insert(BroadcastRow).values(row).returning(col(BroadcastRow.id)))
        assert made is not None
        return made

    async def lock(self, broadcast_id: int) -> Broadcast | None:
        """One post, locked."""
        query = select(BroadcastRow).where(col(BroadcastRow.id) == broadcast_id).with_for_update()
        row = await self._session.scalar(query.execution_options(populate_existing=True))
        if row is None:
            return None
        state, groups = BroadcastState(row.state), frozenset(row.groups)
        return Broadcast(broadcast_id, row.author_id, row.words, state, row.approved_by, groups, row.leaves_at)

    async def set(self, broadcast: Broadcast) -> None:
        """Keep what changed."""
        said = {
            "state": broadcast.state,
            "approved_by": broadcast.approved_by,
            "groups": sorted(broadcast.groups),
            "leaves_at": broadcast.leaves_at,
        }
        await self._session.execute(update(BroadcastRow).where(col(BroadcastRow.id) == broadcast.id).values(said))

    async def groups_of(self, managers: Sequence[int]) -> list[Group]:
        """The groups of these managers."""
        return [group for manager in managers for group in await self._groups.of_manager(manager)]

    async def reach(self, groups: Collection[int]) -> Reach:
        """Whom groups hold, each person counted once."""
        row = (await self._session.execute(text(REACH), {"groups": sorted(groups)})).one()
        return Reach(len(groups), row[1], row[2])

    async def lines(self, managers: Sequence[int], since: datetime, now: datetime) -> list[GroupLine]:
        """The groups of these managers with their numbers."""
        rows = await self._session.execute(text(LINES), {"managers": list(managers), "since": since, "now": now})
        return [
            GroupLine(group, title, members, joined, left, unanswered, tuple(chains), todos, next_at, manager)
            for group, title, members, joined, left, unanswered, chains, todos, next_at, manager in rows
        ]

    async def approvers(self, roles: Sequence[Role]) -> list[int]:
        """Everybody with one of these roles."""
        query = select(col(StaffRoleRow.member_id)).where(col(StaffRoleRow.role).in_(roles)).distinct()
        return list(await self._session.scalars(query.order_by(col(StaffRoleRow.member_id))))
