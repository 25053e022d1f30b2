"""Stamp cards out of stamps and medals, and the list of those that must be shown anew in the chat."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from campaigns.rallies.model import RallyState
from campaigns.stamp_cards.service import Filling
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.rallies import BoothRow, MedalRow, RallyMemberRow, RallyRow, StampRow, StampVoidRow

TAKE = text(
    """DELETE FROM stamp_card_changes c USING (
        SELECT rally_id, member_id FROM stamp_card_changes ORDER BY changed_at, rally_id, member_id
        LIMIT :most FOR UPDATE SKIP LOCKED) longest
    WHERE c.rally_id = longest.rally_id AND c.member_id = longest.member_id
    RETURNING c.rally_id, c.member_id"""
)
VERSIONS = text(
    """SELECT w.rally_id, w.member_id,
        (SELECT count(*) FROM stamps s WHERE s.rally_id = w.rally_id AND s.member_id = w.member_id),
        (SELECT count(*) FROM stamp_voids v WHERE v.rally_id = w.rally_id AND v.member_id = w.member_id),
        (SELECT n.id || n.state FROM waits n WHERE n.rally_id = w.rally_id AND n.member_id = w.member_id
            AND n.state IN ('waiting', 'called'))
    FROM unnest(CAST(:rallies AS bigint[]), CAST(:members AS bigint[])) AS w(rally_id, member_id)"""
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

    async def note_change(self, rally_id: int, member_id: int, now: datetime) -> None:
        """Remember that somebody's card is not shown as it is; the first change gives the place in the line."""
        row = {"rally_id": rally_id, "member_id": member_id, "changed_at": now}
        await self._session.execute(insert(StampCardChangeRow).values(row).on_conflict_do_nothing())

    async def take_changed(self, limit: int) -> list[tuple[int, int]]:
        """Take the cards that have waited longest; what a killed transaction took is there again."""
        return [(rally, member) for rally, member in await self._session.execute(TAKE, {"most": limit})]

    async def fillings(self, rally_id: int, member_ids: Collection[int]) -> Mapping[int, Filling]:
        """What each of these has: stamps that count, and medals."""
        stamps: dict[int, dict[str, datetime]] = defaultdict(dict)
        medals: dict[int, set[str]] = defaultdict(set)
        counting = (
            select(col(StampRow.member_id), col(BoothRow.code), col(StampRow.at))
            .join(BoothRow, col(BoothRow.id) == col(StampRow.booth_id))
            .outerjoin(
                StampVoidRow,
                (col(StampVoidRow.rally_id) == col(StampRow.rally_id))
                & (col(StampVoidRow.booth_id) == col(StampRow.booth_id))
                & (col(StampVoidRow.member_id) == col(StampRow.member_id)),
            )
            .where(
                col(StampRow.rally_id) == rally_id,
                col(StampRow.member_id).in_(member_ids),
                col(StampVoidRow.at).is_(None),
            )
        )
        won = select(col(MedalRow.member_id), col(MedalRow.target_code), col(MedalRow.reached_at)).where(
            col(MedalRow.rally_id) == rally_id, col(MedalRow.member_id).in_(member_ids)
        )
        for member, code, at in await self._session.execute(counting):
            stamps[member][code] = at
        for member, code, _ in await self._session.execute(won):
            medals[member].add(code)
        return {each: Filling(stamps[each], frozenset(medals[each])) for each in member_ids}

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
        return {(rally, member): f"{stamps}.{voids}.{own or ''}" for rally, member, stamps, voids, own in found}
