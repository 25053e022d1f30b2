"""Stamps in the database: inserted once for each person and booth, uses of codes, codes that members show to clerks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from campaigns.stamps.model import Award, Holding, Use
from storage.columns import big, moment, sealed
from storage.database import UnitOfWork
from storage.members import MemberRow
from storage.rally_rows import RallyMemberRow, StampRow, StampVoidRow
from storage.rows import insert_rows

Place = tuple[int, int]

LOCK_MEMBERS = text(
    """SELECT member_id FROM rally_members WHERE rally_id = :rally AND member_id = ANY(:members ::bigint[])
    ORDER BY member_id FOR UPDATE"""
)
STANDING = text(
    """SELECT s.booth_id, s.member_id, v.at IS NULL
    FROM unnest(CAST(:booths AS bigint[]), CAST(:members AS bigint[])) AS p(booth_id, member_id)
    JOIN stamps s USING (booth_id, member_id)
    LEFT JOIN stamp_voids v ON v.booth_id = s.booth_id AND v.member_id = s.member_id"""
)
HOLDINGS = text(
    """SELECT w.member_id,
        ARRAY(SELECT b.code FROM stamps s JOIN booths b ON b.id = s.booth_id
            WHERE s.rally_id = :rally AND s.member_id = w.member_id AND NOT EXISTS (SELECT FROM stamp_voids v
                WHERE v.rally_id = s.rally_id AND v.booth_id = s.booth_id AND v.member_id = s.member_id)),
        ARRAY(SELECT m.target_code FROM medals m WHERE m.rally_id = :rally AND m.member_id = w.member_id)
    FROM unnest(CAST(:members AS bigint[])) AS w(member_id)"""
)


class StampUseRow(SQLModel, table=True):
    """One use of a code, whatever came of it; `nonce` is hexadecimal."""

    __tablename__ = "stamp_uses"

    id: int | None = big(default=None, primary_key=True)
    rally_id: int | None = big(default=None, foreign_key="rallies.id")
    booth_id: int | None = big(default=None, foreign_key="booths.id")
    member_id: int = big(foreign_key="members.id")
    way: str
    nonce: str | None = None
    made_at: datetime | None = moment(default=None)
    at: datetime = moment()
    stored_at: datetime = moment()
    outcome: str


class MemberCodeRow(SQLModel, table=True):
    """A member's only code for clerks; the code itself is not kept."""

    __tablename__ = "member_codes"

    member_id: int = big(primary_key=True, foreign_key="members.id")
    short_hash: bytes = sealed()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None)


class SqlStampStore:
    """Implements `campaigns.stamps.ports.StampStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def lock_members(self, rally_id: int, member_ids: Collection[int], source: str, now: datetime) -> set[int]:
        """Let everybody take part who does not yet, and lock them all in one order; returns who is new.

        Two stamps of one person at the same moment wait for each other here: both are seen when medals are decided.
        """
        given = {"rally": rally_id, "members": sorted(member_ids)}
        known = set((await self._session.scalars(LOCK_MEMBERS, given)).all())
        missing = sorted(set(member_ids) - known)
        if not missing:
            return set()
        rows = [{"rally_id": rally_id, "member_id": each, "source": source, "joined_at": now} for each in missing]
        made = insert_rows(RallyMemberRow, rows).on_conflict_do_nothing().returning(col(RallyMemberRow.member_id))
        new = set((await self._session.scalars(made)).all())
        if len(new) < len(missing):  # Somebody else let them in meanwhile.
            await self._session.execute(LOCK_MEMBERS, given)
        return new

    async def standing(self, places: Collection[Place]) -> Mapping[Place, bool]:
        """Which of these stamps there are, by booth and member, and whether they count: a void one does not."""
        if not places:
            return {}
        booths, members = [booth for booth, _ in places], [member for _, member in places]
        found = await self._session.execute(STANDING, {"booths": booths, "members": members})
        return {(booth, member): counts for booth, member, counts in found}

    async def insert(self, rally_id: int, awards: Sequence[Award], now: datetime) -> set[Place]:
        """Store what is not there yet, for the person or for the bound customer; returns the new ones."""
        rows = [
            {
                "rally_id": rally_id,
                "booth_id": each.booth_id,
                "member_id": each.member_id,
                "customer_id": each.customer_id,
                "way": each.way,
                "at": each.at,
                "stored_at": now,
                "code_nonce": each.nonce,
                "device_id": each.device_id,
                "given_by": each.given_by,
            }
            for each in awards
        ]
        statement = insert_rows(StampRow, rows).on_conflict_do_nothing()
        made = await self._session.execute(statement.returning(col(StampRow.booth_id), col(StampRow.member_id)))
        return {(booth, member) for booth, member in made}

    async def holdings(self, rally_id: int, member_ids: Collection[int]) -> Mapping[int, Holding]:
        """What each of these has in a rally: stamps that count, and medals."""
        if not member_ids:
            return {}
        found = await self._session.execute(HOLDINGS, {"rally": rally_id, "members": list(member_ids)})
        return {member: Holding(frozenset(stamps), frozenset(medals)) for member, stamps, medals in found}

    async def keep_uses(self, uses: Sequence[Use], now: datetime) -> None:
        """Keep what was used, whatever came of it."""
        if uses:
            rows = [vars(each) | {"stored_at": now} for each in uses]
            await self._session.execute(insert_rows(StampUseRow, rows))

    async def void(self, rally_id: int, place: Place, reason: str, actor_id: int, now: datetime) -> bool:
        """Let a stamp count no more; False where there is none or it is void already."""
        if place not in await self.standing([place]):
            return False
        own = {"rally_id": rally_id, "booth_id": place[0], "member_id": place[1]}
        row = {**own, "reason": reason, "actor_id": actor_id, "at": now}
        statement = insert(StampVoidRow).values(row).on_conflict_do_nothing().returning(col(StampVoidRow.member_id))
        return await self._session.scalar(statement) is not None

    async def set_member_code(self, member_id: int, code: bytes, expires_at: datetime) -> bool:
        """Keep a member's only open code; False where another member has the same one just now."""
        taken = select(col(MemberCodeRow.member_id)).where(
            col(MemberCodeRow.short_hash) == code, col(MemberCodeRow.member_id) != member_id
        )
        if await self._session.scalar(taken) is not None:
            return False
        values = {"short_hash": code, "expires_at": expires_at, "used_at": None}
        statement = insert(MemberCodeRow).values({"member_id": member_id} | values)
        await self._session.execute(statement.on_conflict_do_update(index_elements=["member_id"], set_=values))
        return True

    async def take_member_code(self, code: bytes, now: datetime) -> tuple[int, UUID | None] | None:
        """Use a member's code up: whose it was, and the customer behind; None for none, a used or an old one."""
        statement = (
            update(MemberCodeRow)
            .where(
                col(MemberCodeRow.short_hash) == code,
                col(MemberCodeRow.used_at).is_(None),
                col(MemberCodeRow.expires_at) > now,
            )
            .values(used_at=now)
            .returning(col(MemberCodeRow.member_id))
        )
        member_id = await self._session.scalar(statement)
        if member_id is None:
            return None
        return member_id, await self._session.scalar(
            select(col(MemberRow.customer_id)).where(col(MemberRow.id) == member_id)
        )
