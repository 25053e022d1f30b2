"""Stamp cards out of stamps and medals, and the list of those that must be shown anew in the chat."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select, text
from sqlmodel import SQLModel, col

from campaigns.rallies.model import RallyState
from campaigns.stamp_cards.service import Filling
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.rally_rows import RallyMemberRow, RallyRow
from storage.rows import insert_rows

TAKE = text(
    """DELETE FROM stamp_card_changes c USING (
        SELECT rally_id, member_id FROM stamp_card_changes ORDER BY changed_at, rally_id, member_id
        LIMIT :most FOR UPDATE SKIP LOCKED) longest
    WHERE c.rally_id = longest.rally_id AND c.member_id = longest.member_id
    RETURNING c.rally_id, c.member_id"""
)
CHANGES = """(SELECT count(*) FROM stamps s WHERE s.rally_id = w.rally_id AND s.member_id = w.member_id),
    (SELECT count(*) FROM stamp_voids v WHERE v.rally_id = w.rally_id AND v.member_id = w.member_id),
    (SELECT n.id || n.state FROM waits n WHERE n.rally_id = w.rally_id AND n.member_id = w.member_id
        AND n.state IN ('waiting', 'called'))"""
VERSIONS = text(
    f"""SELECT w.rally_id, w.member_id, {CHANGES}
    FROM unnest(CAST(:rallies AS bigint[]), CAST(:members AS bigint[])) AS w(rally_id, member_id)"""  # noqa: S608
)
FILLINGS = text(
    f"""SELECT w.member_id,
        coalesce((SELECT json_object_agg(b.code, s.at) FROM stamps s JOIN booths b ON b.id = s.booth_id
            LEFT JOIN stamp_voids v ON v.rally_id = s.rally_id AND v.booth_id = s.booth_id AND v.member_id = s.member_id
            WHERE s.rally_id = w.rally_id AND s.member_id = w.member_id AND v.at IS NULL), '{{}}'),
        ARRAY(SELECT m.target_code FROM medals m WHERE m.rally_id = w.rally_id AND m.member_id = w.member_id), {CHANGES}
    FROM (SELECT CAST(:rally AS bigint) AS rally_id, unnest(CAST(:members AS bigint[])) AS member_id) AS w"""  # noqa: S608
)


class StampCardChangeRow(SQLModel, table=True):
    """Somebody's card that is not shown as it is."""

    __tablename__ = "stamp_card_changes"

    rally_id: int = big(primary_key=True, foreign_key="rallies.id")
    member_id: int = big(primary_key=True, foreign_key="members.id")
    changed_at: datetime = moment()


class SqlStampCardStore:
    """Implements `campaigns.stamp_cards.service.StampCardStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def note_changes(self, rally_id: int, member_ids: Collection[int], now: datetime) -> None:
        """Remember that these cards are not shown as they are; the first change gives the place in the line."""
        rows = [{"rally_id": rally_id, "member_id": each, "changed_at": now} for each in sorted(member_ids)]
        await self._session.execute(insert_rows(StampCardChangeRow, rows).on_conflict_do_nothing())

    async def take_changed(self, limit: int) -> list[tuple[int, int]]:
        """Take the cards that have waited longest; what a killed transaction took is there again."""
        return [(rally, member) for rally, member in await self._session.execute(TAKE, {"most": limit})]

    async def fillings(self, rally_id: int, member_ids: Collection[int]) -> Mapping[int, Filling]:
        """What each of these has: stamps that count, medals, and the card's version; one query for all."""
        found = await self._session.execute(FILLINGS, {"rally": rally_id, "members": list(member_ids)})
        return {
            member: Filling(
                {code: datetime.fromisoformat(at) for code, at in stamps.items()},
                frozenset(medals),
                _version(stored, voids, own),
            )
            for member, stamps, medals, stored, voids, own in found
        }

    async def rallies_of(self, member_id: int, since: datetime) -> list[int]:
        """The published rallies that end after `since` and that somebody takes part in, the latest first."""
        statement = (
            select(col(RallyRow.id))
            .join(RallyMemberRow, col(RallyMemberRow.rally_id) == col(RallyRow.id))
            .where(
                col(RallyMemberRow.member_id) == member_id,
                col(RallyRow.state) != RallyState.DRAFT,
                col(RallyRow.ends_at) > since,
            )
        )
        found = await self._session.scalars(statement.order_by(col(RallyRow.starts_at).desc(), col(RallyRow.id).desc()))
        return [number or 0 for number in found]

    async def running(self) -> list[int]:
        """The rallies that run now, the latest first."""
        statement = select(col(RallyRow.id)).where(col(RallyRow.state) == RallyState.RUNNING)
        found = await self._session.scalars(statement.order_by(col(RallyRow.starts_at).desc(), col(RallyRow.id).desc()))
        return [number or 0 for number in found]

    async def versions(self, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
        """A word for each rally and member that changes with stamps, void ones and their number; one query for all."""
        rallies, members = [rally for rally, _ in places], [member for _, member in places]
        found = await self._session.execute(VERSIONS, {"rallies": rallies, "members": members})
        return {(rally, member): _version(stored, voids, own) for rally, member, stored, voids, own in found}


def _version(stored: int, voids: int, own: str | None) -> str:
    """Grows with stamps and void ones, which are only ever inserted, and names the own number with its state."""
    return f"{stored}.{voids}.{own or ''}"
