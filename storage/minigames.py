"""Plays of the money game, one for each person; the first group that brought somebody keeps the count."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, text, update
from sqlmodel import SQLModel, col

from campaigns.minigames.model import Played, Source
from storage.columns import big, moment
from storage.database import UnitOfWork

BEGIN = text(
    """INSERT INTO minigame_plays (member_id, group_id, was_new, answered, "right", begun_at)
    SELECT m.id, (SELECT id FROM groups WHERE id = :group), m.first_seen_at > :now - interval '1 minute', 0, 0, :now
    FROM members m WHERE m.id = :member ON CONFLICT DO NOTHING"""
)
SOURCES = text(
    """SELECT p.group_id, g.title, count(*), count(p.ended_at), count(*) FILTER (WHERE p.was_new),
        count(m.customer_id)
    FROM minigame_plays p JOIN members m ON m.id = p.member_id LEFT JOIN groups g ON g.id = p.group_id
    WHERE p.group_id IS NULL OR g.manager_id = ANY(:managers)
    GROUP BY 1, 2 ORDER BY 3 DESC, 1"""
)


class MinigamePlayRow(SQLModel, table=True):
    """How far one person is with the game."""

    __tablename__ = "minigame_plays"

    member_id: int = big(primary_key=True, foreign_key="members.id")
    group_id: int | None = big(default=None, foreign_key="groups.id")
    was_new: bool
    answered: int
    right: int
    begun_at: datetime = moment()
    ended_at: datetime | None = moment(default=None, nullable=True)


class SqlMinigameStore:
    """Implements `campaigns.minigames.service.MinigameStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def begin(self, member_id: int, group_id: int | None, now: datetime) -> Played:
        """Begin, or find again; returned locked. A group that nobody knows is no source."""
        await self._session.execute(BEGIN, {"member": member_id, "group": group_id, "now": now})
        found = await self.lock(member_id)
        assert found is not None
        return found

    async def lock(self, member_id: int) -> Played | None:
        """How far somebody is, locked until the transaction ends."""
        query = select(MinigamePlayRow).where(col(MinigamePlayRow.member_id) == member_id).with_for_update()
        row = await self._session.scalar(query.execution_options(populate_existing=True))
        if row is None:
            return None
        return Played(row.member_id, row.group_id, row.was_new, row.answered, row.right, row.begun_at, row.ended_at)

    async def save(self, played: Played) -> None:
        """Store how far somebody is."""
        row = MinigamePlayRow
        values = {"answered": played.answered, "right": played.right, "ended_at": played.ended_at}
        await self._session.execute(update(row).where(col(row.member_id) == played.member_id).values(**values))

    async def sources(self, managers: Sequence[int]) -> list[Source]:
        """What the groups of these managers brought, and who came by no group."""
        return [Source(*row) for row in await self._session.execute(SOURCES, {"managers": list(managers)})]
