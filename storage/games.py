"""Attempts at the games of booths, one for each visitor and booth."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from campaigns.games.model import Attempt, Move, Play, Scan
from storage.columns import big, moment
from storage.database import UnitOfWork

UNFINISHED = (Move.AGAIN, Move.WAITING)
MOST = 5


class GameAttemptRow(SQLModel, table=True):
    """An attempt, since the scan that began it."""

    __tablename__ = "game_attempts"

    booth_id: int = big(primary_key=True, foreign_key="booths.id")
    member_id: int = big(primary_key=True, foreign_key="members.id")
    scanned_at: datetime = moment()
    code_nonce: str | None = None
    device_id: int | None = big(default=None, foreign_key="booth_devices.id")
    tries: int = 0
    state: str = Move.AGAIN
    picture: str | None = None
    moved_at: datetime = moment()
    confirmed_by: int | None = big(default=None, foreign_key="members.id")


class SqlPlayStore:
    """Implements `campaigns.games.entry.PlayStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def lock(self, booth_id: int, member_id: int) -> Play | None:
        """Somebody's attempt at a booth, locked until the transaction ends."""
        row = await self._session.get(
            GameAttemptRow, (booth_id, member_id), populate_existing=True, with_for_update=True
        )
        return _play(row) if row else None

    async def begin(self, play: Play) -> Play:
        """Keep a new attempt and return it locked; one that is there already stays, and is returned."""
        row = {
            "booth_id": play.booth_id,
            "member_id": play.member_id,
            "scanned_at": play.scan.at,
            "code_nonce": play.scan.code_nonce,
            "device_id": play.scan.device_id,
            "tries": play.attempt.tries,
            "state": play.attempt.state,
            "moved_at": play.moved_at,
        }
        await self._session.execute(insert(GameAttemptRow).values(row).on_conflict_do_nothing())
        found = await self.lock(play.booth_id, play.member_id)
        assert found is not None
        return found

    async def save(self, play: Play, confirmed_by: int | None = None) -> None:
        """Store how far an attempt is."""
        values = {
            "tries": play.attempt.tries,
            "state": play.attempt.state,
            "picture": play.picture,
            "moved_at": play.moved_at,
            "confirmed_by": confirmed_by,
        }
        statement = update(GameAttemptRow).where(
            col(GameAttemptRow.booth_id) == play.booth_id, col(GameAttemptRow.member_id) == play.member_id
        )
        await self._session.execute(statement.values(values))

    async def finish(self, places: Collection[tuple[int, int]], now: datetime) -> None:
        """Let the attempts at these booths, by these members, be passed; one that is being played ends itself."""
        place = tuple_(col(GameAttemptRow.booth_id), col(GameAttemptRow.member_id))
        open_ = place.in_(sorted(places)) & (col(GameAttemptRow.state) != Move.PASSED)
        free = select(col(GameAttemptRow.booth_id), col(GameAttemptRow.member_id)).where(open_)
        statement = update(GameAttemptRow).where(place.in_(free.with_for_update(skip_locked=True)))
        await self._session.execute(statement.values(state=Move.PASSED, moved_at=now))

    async def unfinished(self, member_id: int) -> list[Play]:
        """Somebody's attempts that are not over, the latest first."""
        statement = select(GameAttemptRow).where(
            col(GameAttemptRow.member_id) == member_id, col(GameAttemptRow.state).in_(UNFINISHED)
        )
        rows = await self._session.scalars(statement.order_by(col(GameAttemptRow.moved_at).desc()).limit(MOST))
        return [_play(row) for row in rows]


def _play(row: GameAttemptRow) -> Play:
    return Play(
        row.booth_id,
        row.member_id,
        Scan(row.scanned_at, row.code_nonce, row.device_id),
        Attempt(row.tries, Move(row.state)),
        row.moved_at,
        row.picture,
    )
