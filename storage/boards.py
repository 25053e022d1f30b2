"""Counts behind an event's board, the keys that open it, and notices with those whom they go to."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.boards.figures import Facts, Tasted
from campaigns.boards.forecasts import LOOK_BACK
from campaigns.boards.model import NEARBY, Notice, NoticeKind, Totals
from campaigns.rallies.model import Rally
from campaigns.suspicions.model import Sign, SuspicionState
from storage.columns import big, moment, sealed
from storage.database import UnitOfWork
from storage.rally_rows import BoothRow

REFUSED_CODES = "('malformed', 'forged', 'expired', 'early', 'already', 'other_account')"
COUNTS = f"""SELECT
    (SELECT count(*) FROM rally_members WHERE rally_id = :rally),
    (SELECT count(*) FROM (SELECT member_id FROM rally_members WHERE rally_id = :rally AND joined_at > :hour
        UNION SELECT member_id FROM stamps WHERE rally_id = :rally AND at > :hour) AS near),
    (SELECT count(*) FROM stamps WHERE rally_id = :rally),
    (SELECT count(*) FROM stamp_voids WHERE rally_id = :rally),
    (SELECT count(*) FROM medals WHERE rally_id = :rally),
    (SELECT count(*) FROM gift_handouts WHERE rally_id = :rally AND state = 'handed_out'),
    (SELECT count(*) FROM stamp_uses WHERE rally_id = :rally AND outcome IN {REFUSED_CODES}),
    (SELECT count(*) FROM deliveries WHERE state IN ('planned', 'retry') AND due_at <= :now)"""  # noqa: S608 - constants.
BY_BOOTH = "SELECT booth_id, count(*) FROM stamps WHERE rally_id = :rally GROUP BY booth_id"
RECENT_STAMPS = "SELECT booth_id, at FROM stamps WHERE rally_id = :rally AND at > :hour"
ARRIVALS = "SELECT joined_at FROM rally_members WHERE rally_id = :rally AND joined_at > :hour"
TASTINGS = """SELECT t.booth_id, t.pieces, t.at FROM tastings t JOIN booths b ON b.id = t.booth_id
    WHERE b.rally_id = :rally AND t.at > :half AND t.pieces > 0"""
MEDALS = "SELECT target_code, count(*) FROM medals WHERE rally_id = :rally GROUP BY target_code"
GIVEN = """SELECT target_code, is_substitute, count(*), sum(worth_fen) FROM gift_handouts
    WHERE rally_id = :rally AND state = 'handed_out' GROUP BY target_code, is_substitute"""
RECENT_GIFTS = """SELECT target_code, handed_at FROM gift_handouts
    WHERE rally_id = :rally AND state = 'handed_out' AND NOT is_substitute AND handed_at > :half"""
COUPONS = """SELECT s.code, s.issued, count(c.id) FILTER (WHERE c.state = 'redeemed')
    FROM coupon_stocks s LEFT JOIN coupons c ON (c.rally_id, c.code) = (s.rally_id, s.code)
    WHERE s.rally_id = :rally GROUP BY s.code, s.issued"""
SUSPECTS = """SELECT member_id, score, reasons, state FROM suspicions WHERE rally_id = :rally
    ORDER BY state = 'held' DESC, score DESC, member_id LIMIT 50"""
AUDIENCE = """SELECT m.member_id,
        (SELECT count(*) FROM rally_notice_heads h WHERE h.member_id = m.member_id AND h.placed_at > :told)
    FROM rally_members m WHERE m.rally_id = :rally AND NOT m.is_muted AND (m.joined_at > :since OR EXISTS
        (SELECT FROM stamps s WHERE s.rally_id = m.rally_id AND s.member_id = m.member_id AND s.at > :since))
    ORDER BY m.member_id"""


class BoardKeyRow(SQLModel, table=True):
    """A link that opens a board once, or the session that it opened; only the key's hash is kept."""

    __tablename__ = "board_keys"

    key_hash: bytes = sealed(primary_key=True)
    rally_id: int = big(foreign_key="rallies.id")
    member_id: int = big(foreign_key="members.id")
    is_link: bool
    ends_at: datetime = moment()


class NoticeRow(SQLModel, table=True):
    """A notice to those at an event."""

    __tablename__ = "rally_notices"

    id: int | None = big(default=None, primary_key=True)
    rally_id: int = big(foreign_key="rallies.id")
    booth_id: int | None = big(default=None)
    kind: str
    placed_by: int = big(foreign_key="members.id")
    placed_at: datetime = moment()
    leaves_at: datetime = moment()
    heads: int = Field()
    cancelled_at: datetime | None = moment(default=None)


class NoticeHeadRow(SQLModel, table=True):
    """Somebody whom a notice goes to."""

    __tablename__ = "rally_notice_heads"

    notice_id: int = big(primary_key=True, foreign_key="rally_notices.id")
    member_id: int = big(primary_key=True, foreign_key="members.id")
    placed_at: datetime = moment()


class SqlBoardStore:
    """Implements `campaigns.boards.service.BoardStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def add_key(self, key: bytes, rally_id: int, member_id: int, *, is_link: bool, ends_at: datetime) -> None:
        """Keep a key's hash."""
        row = {"key_hash": key, "rally_id": rally_id, "member_id": member_id, "is_link": is_link, "ends_at": ends_at}
        await self._session.execute(insert(BoardKeyRow).values(row))

    async def take_link(self, key: bytes, now: datetime) -> tuple[int, int] | None:
        """Use a link up; keys that have ended go with it."""
        await self._session.execute(delete(BoardKeyRow).where(col(BoardKeyRow.ends_at) <= now))
        own = (col(BoardKeyRow.key_hash) == key) & col(BoardKeyRow.is_link)
        taken = delete(BoardKeyRow).where(own).returning(col(BoardKeyRow.rally_id), col(BoardKeyRow.member_id))
        found = (await self._session.execute(taken)).one_or_none()
        return (found[0], found[1]) if found else None

    async def session(self, key: bytes, now: datetime) -> tuple[int, int] | None:
        """A session's rally and member."""
        row = await self._session.get(BoardKeyRow, key)
        return (row.rally_id, row.member_id) if row and not row.is_link and now < row.ends_at else None

    async def facts(self, rally: Rally, now: datetime) -> Facts:
        """Everything that is counted, each by one index."""
        asked = {"rally": rally.id, "now": now, "hour": now - NEARBY, "half": now - LOOK_BACK}
        given = await self._rows(GIVEN, asked)
        return Facts(
            Totals(*(await self._rows(COUNTS, asked))[0]),
            stamps_by_booth=dict(await self._rows(BY_BOOTH, asked)),
            recent_stamps=[(booth, at) for booth, at in await self._rows(RECENT_STAMPS, asked)],
            recent_arrivals=[at for (at,) in await self._rows(ARRIVALS, asked)],
            recent_tastings=[Tasted(*row) for row in await self._rows(TASTINGS, asked)],
            recent_gifts=[(target, at) for target, at in await self._rows(RECENT_GIFTS, asked)],
            medals=dict(await self._rows(MEDALS, asked)),
            given={(target, bool(spare)): count for target, spare, count, _ in given},
            spent_fen=int(sum(worth or 0 for *_, worth in given)),
            coupons={code: (issued, redeemed) for code, issued, redeemed in await self._rows(COUPONS, asked)},
            suspects=[
                (member, score, tuple((Sign(each["code"]), each["times"]) for each in told), SuspicionState(state))
                for member, score, told, state in await self._rows(SUSPECTS, asked)
            ],
        )

    async def notices(self, rally_id: int, since: datetime) -> list[Notice]:
        """Notices placed since, the newest first."""
        statement = (
            select(NoticeRow, col(BoothRow.code))
            .outerjoin(BoothRow, col(BoothRow.id) == col(NoticeRow.booth_id))
            .where(col(NoticeRow.rally_id) == rally_id, col(NoticeRow.placed_at) > since)
            .order_by(col(NoticeRow.id).desc())
            .execution_options(populate_existing=True)
        )
        return [_notice(row, code) for row, code in await self._session.execute(statement)]

    async def lock(self, rally_id: int) -> None:
        """Let whoever places a notice of this rally next wait; rows that refer to the rally go in meanwhile."""
        await self._session.execute(text("SELECT FROM rallies WHERE id = :id FOR NO KEY UPDATE"), {"id": rally_id})

    async def audience(self, rally_id: int, since: datetime, told_since: datetime, most: int) -> tuple[list[int], int]:
        """Those nearby who have not muted the event and had fewer notices than `most`; how many had enough."""
        rows = await self._rows(AUDIENCE, {"rally": rally_id, "since": since, "told": told_since})
        heads = [member for member, told in rows if told < most]
        return heads, len(rows) - len(heads)

    async def add_notice(self, notice: Notice, booth_id: int | None, by: int, heads: Collection[int]) -> int:
        """Keep a notice and whom it goes to; returns its id."""
        row = {
            "rally_id": notice.rally_id,
            "booth_id": booth_id,
            "kind": notice.kind,
            "placed_by": by,
            "placed_at": notice.placed_at,
            "leaves_at": notice.leaves_at,
            "heads": notice.heads,
        }
        made = (await self._session.scalars(insert(NoticeRow).values(row).returning(col(NoticeRow.id)))).one()
        assert made is not None
        await self._session.execute(
            text("INSERT INTO rally_notice_heads SELECT :notice, unnest(CAST(:heads AS bigint[])), :at"),
            {"notice": made, "heads": list(heads), "at": notice.placed_at},
        )
        return made

    async def cancel_notice(self, notice_id: int, now: datetime) -> None:
        """Mark a notice as taken back; it does not count for anybody's hour any more."""
        await self._session.execute(update(NoticeRow).where(col(NoticeRow.id) == notice_id).values(cancelled_at=now))
        await self._session.execute(delete(NoticeHeadRow).where(col(NoticeHeadRow.notice_id) == notice_id))

    async def mute(self, rally_id: int, member_id: int) -> bool:
        """Send somebody no notices of this event; whether they take part in it."""
        statement = text("UPDATE rally_members SET is_muted = true WHERE rally_id = :rally AND member_id = :member")
        done = await self._session.execute(statement, {"rally": rally_id, "member": member_id})
        assert isinstance(done, CursorResult)
        return done.rowcount == 1

    async def _rows(self, query: str, asked: dict[str, Any]) -> list[Any]:
        return list(await self._session.execute(text(query), asked))


def _notice(row: NoticeRow, code: str | None) -> Notice:
    assert row.id is not None
    kind = NoticeKind(row.kind)
    return Notice(row.id, row.rally_id, code, kind, row.placed_at, row.leaves_at, row.heads, row.cancelled_at)
