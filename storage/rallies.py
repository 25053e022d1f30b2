"""Rallies, their booths, who takes part, and medals; a rally's secret is sealed by the vault."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Select, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from campaigns.rallies.configuration import restored, stored
from campaigns.rallies.model import (
    Booth,
    BoothPlan,
    BoothState,
    Medal,
    Rally,
    RallyMember,
    RallyPlan,
    RallyState,
)
from storage.database import UnitOfWork
from storage.partners import PartnerStaffRow
from storage.rally_rows import BoothRow, BoothStaffRow, MedalRow, RallyMemberRow, RallyRow
from storage.rows import insert_rows
from storage.vault import KEY_BYTES, Vault

STAMPED = """SELECT s.member_id, array_agg(b.code) FROM stamps s JOIN booths b ON b.id = s.booth_id
    WHERE s.rally_id = :rally AND {whose} AND NOT EXISTS (SELECT FROM stamp_voids v
        WHERE (v.rally_id, v.booth_id, v.member_id) = (s.rally_id, s.booth_id, s.member_id))
    GROUP BY s.member_id ORDER BY s.member_id"""
MEDALS_OF = text(
    """SELECT member_id, array_agg(target_code) FROM medals
    WHERE rally_id = :rally AND member_id = ANY(CAST(:members AS bigint[])) GROUP BY member_id"""
)
STAMPED_BY_ALL = text(STAMPED.format(whose="true"))
STAMPED_BY = text(STAMPED.format(whose="s.member_id = ANY(CAST(:members AS bigint[]))"))


class SqlRallyStore:
    """Implements `campaigns.rallies.service.RallyStore`."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._vault = vault

    async def create(self, plan: RallyPlan, organiser_id: int, partners: Mapping[str, int], now: datetime) -> Rally:
        """Store a plan as a draft with a secret of its own; `partners` are the ids of the partners it names."""
        row = {
            "code": plan.code,
            "title_zh": plan.title_zh,
            "title_en": plan.title_en,
            "organiser_id": organiser_id,
            "starts_at": plan.starts_at,
            "ends_at": plan.ends_at,
            "config": stored(plan),
            "secret": await self._new_secret(plan.code),
            "created_at": now,
            "moved_at": now,
        }
        made = (await self._session.scalars(insert(RallyRow).values(row).returning(col(RallyRow.id)))).one()
        assert made is not None
        await self._add_booths(made, plan.booths, partners)
        await self._add_staff(made, plan.booths)
        found = await self.find(made)
        assert found is not None
        return found

    async def find(self, rally_id: int) -> Rally | None:
        """One rally with its booths, unlocked."""
        return await self._one(_rallies().where(col(RallyRow.id) == rally_id))

    async def by_code(self, code: str) -> Rally | None:
        """The rally with this code, unlocked."""
        return await self._one(_rallies().where(col(RallyRow.code) == code))

    async def lock(self, rally_id: int) -> Rally | None:
        """One rally, its row locked until the transaction ends."""
        return await self._one(_rallies().where(col(RallyRow.id) == rally_id).with_for_update())

    async def all(self) -> list[Rally]:
        """Every rally, the latest first."""
        return await self._many(_rallies().order_by(col(RallyRow.starts_at).desc(), col(RallyRow.id).desc()))

    async def at_booth(self, booth_id: int) -> Rally | None:
        """The rally that a booth belongs to."""
        own = select(col(BoothRow.rally_id)).where(col(BoothRow.id) == booth_id).scalar_subquery()
        return await self._one(_rallies().where(col(RallyRow.id) == own))

    async def due(self, now: datetime) -> list[int]:
        """Announced rallies past their start and running ones past their end."""
        starts = (col(RallyRow.state) == RallyState.ANNOUNCED) & (col(RallyRow.starts_at) <= now)
        ends = (col(RallyRow.state) == RallyState.RUNNING) & (col(RallyRow.ends_at) <= now)
        found = await self._session.scalars(select(col(RallyRow.id)).where(starts | ends).order_by(col(RallyRow.id)))
        return [number or 0 for number in found]

    async def move(self, rally_id: int, state: RallyState, now: datetime) -> None:
        """Put a rally into a state."""
        statement = update(RallyRow).where(col(RallyRow.id) == rally_id).values(state=state, moved_at=now)
        await self._session.execute(statement)

    async def secret(self, rally: Rally) -> bytes:
        """The key that signs a rally's codes; it never leaves the server."""
        statement = select(col(RallyRow.secret)).where(col(RallyRow.id) == rally.id)
        closed = (await self._session.scalars(statement)).one()
        owner, place = _secret_place(rally.code)
        await self._vault.load(self._session, [owner])
        return bytes.fromhex(self._vault.open(owner, place, closed))

    async def set_booth(self, booth_id: int, state: BoothState, reason: str | None) -> None:
        """Open a booth, or pause it for a reason."""
        statement = update(BoothRow).where(col(BoothRow.id) == booth_id).values(state=state, reason=reason)
        await self._session.execute(statement)

    async def staff_of(self, booth_id: int) -> frozenset[int]:
        """Who stands at a booth: whoever is named for it, and the staff of its partner."""
        named = select(col(BoothStaffRow.member_id)).where(col(BoothStaffRow.booth_id) == booth_id)
        of_partner = (
            select(col(PartnerStaffRow.member_id))
            .join(BoothRow, col(BoothRow.partner_id) == col(PartnerStaffRow.partner_id))
            .where(col(BoothRow.id) == booth_id)
        )
        return frozenset((await self._session.scalars(named.union(of_partner))).all())

    async def join(self, rally_id: int, member_id: int, source: str, now: datetime) -> tuple[RallyMember, bool]:
        """Let somebody take part; says whether that is new. The first source stays, and numbers stay short."""
        if known := await self.member(rally_id, member_id):
            return known, False
        row = {"rally_id": rally_id, "member_id": member_id, "source": source, "joined_at": now}
        made = await self._session.scalar(
            insert(RallyMemberRow).values(row).on_conflict_do_nothing().returning(col(RallyMemberRow.number))
        )
        found = await self.member(rally_id, member_id)
        assert found is not None
        return found, made is not None

    async def member(self, rally_id: int, member_id: int) -> RallyMember | None:
        """Somebody who takes part."""
        row = await self._session.get(RallyMemberRow, (rally_id, member_id), populate_existing=True)
        return _member(row) if row else None

    async def member_numbered(self, rally_id: int, number: int) -> RallyMember | None:
        """Who has this number."""
        statement = select(RallyMemberRow).where(
            col(RallyMemberRow.rally_id) == rally_id, col(RallyMemberRow.number) == number
        )
        row = await self._session.scalar(statement)
        return _member(row) if row else None

    async def stamped(self, rally_id: int, member_id: int) -> frozenset[str]:
        """The codes of the booths whose stamps somebody has; void ones do not count."""
        return (await self.stamped_by(rally_id, [member_id])).get(member_id, frozenset())

    async def stamped_by(self, rally_id: int, member_ids: Collection[int]) -> dict[int, frozenset[str]]:
        """What each of these has, by member; void stamps do not count, and who has none is missing."""
        rows = await self._session.execute(STAMPED_BY, {"rally": rally_id, "members": sorted(member_ids)})
        return {member_id: frozenset(codes) for member_id, codes in rows}

    async def medals(self, rally_id: int, member_id: int) -> list[Medal]:
        """Somebody's medals of a rally, the first first."""
        statement = select(MedalRow).where(col(MedalRow.rally_id) == rally_id, col(MedalRow.member_id) == member_id)
        rows = await self._session.scalars(statement.order_by(col(MedalRow.reached_at), col(MedalRow.target_code)))
        return [Medal(row.rally_id, row.target_code, row.member_id, row.reached_at) for row in rows]

    async def medals_of(self, rally_id: int, member_ids: Collection[int]) -> dict[int, frozenset[str]]:
        """The codes of the targets that each of these reached, by member; who reached none is missing."""
        found = await self._session.execute(MEDALS_OF, {"rally": rally_id, "members": sorted(member_ids)})
        return {member_id: frozenset(codes) for member_id, codes in found}

    async def give_medals(
        self, rally_id: int, medals: Collection[tuple[int, str]], now: datetime
    ) -> set[tuple[int, str]]:
        """Write medals, each a member and a target's code; returns those that are new."""
        if not medals:
            return set()
        rows = [
            {"rally_id": rally_id, "target_code": code, "member_id": member_id, "reached_at": now}
            for member_id, code in sorted(medals)
        ]
        made = insert_rows(MedalRow, rows).on_conflict_do_nothing()
        found = await self._session.execute(made.returning(col(MedalRow.member_id), col(MedalRow.target_code)))
        return {(member_id, code) for member_id, code in found}

    async def to_regrade(self) -> list[int]:
        """Rallies whose targets may have become easier since medals were given."""
        found = await self._session.scalars(select(col(RallyRow.id)).where(col(RallyRow.is_regraded).is_(False)))
        return [number or 0 for number in found]

    async def mark_regraded(self, rally_id: int) -> None:
        """Remember that everybody has what they reached."""
        await self._session.execute(update(RallyRow).where(col(RallyRow.id) == rally_id).values(is_regraded=True))

    async def stamped_by_all(self, rally_id: int) -> dict[int, frozenset[str]]:
        """What everybody has, by member; void stamps do not count."""
        rows = await self._session.execute(STAMPED_BY_ALL, {"rally": rally_id})
        return {member_id: frozenset(codes) for member_id, codes in rows}

    async def _one(self, statement: Select[RallyRow]) -> Rally | None:
        return next(iter(await self._many(statement)), None)

    async def _many(self, statement: Select[RallyRow]) -> list[Rally]:
        rows = (await self._session.scalars(statement.execution_options(populate_existing=True))).all()
        booths = select(BoothRow).where(col(BoothRow.rally_id).in_([row.id for row in rows]))
        found = (await self._session.scalars(booths.execution_options(populate_existing=True))).all()
        return [_rally(row, {each.code: each for each in found if each.rally_id == row.id}) for row in rows]

    async def _new_secret(self, code: str) -> bytes:
        owner, place = _secret_place(code)
        await self._vault.ensure(self._session, owner)
        return self._vault.seal(owner, place, secrets.token_hex(KEY_BYTES))

    async def _add_booths(self, rally_id: int, plans: Collection[BoothPlan], partners: Mapping[str, int]) -> None:
        rows = [
            {
                "rally_id": rally_id,
                "code": plan.code,
                "partner_id": partners.get(plan.partner or ""),
                "opens_at": plan.opens_at,
                "closes_at": plan.closes_at,
                "tastings_left": plan.tastings,
            }
            for plan in plans
        ]
        if rows:
            await self._session.execute(insert(BoothRow).values(rows))

    async def _add_staff(self, rally_id: int, plans: Collection[BoothPlan]) -> None:
        """Let those who are named stand at their booths."""
        own = select(col(BoothRow.code), col(BoothRow.id)).where(col(BoothRow.rally_id) == rally_id)
        ids = {code: number or 0 for code, number in await self._session.execute(own)}
        staff = [{"booth_id": ids[plan.code], "member_id": each} for plan in plans for each in plan.staff]
        if staff:
            await self._session.execute(insert(BoothStaffRow).values(staff).on_conflict_do_nothing())


def _rallies() -> Select[RallyRow]:
    return select(RallyRow)


def _secret_place(code: str) -> tuple[str, str]:
    """The key that seals a rally's secret, and where it stands."""
    return f"rally:{code}", f"rallies.secret:{code}"


def _rally(row: RallyRow, booths: Mapping[str, BoothRow]) -> Rally:
    assert row.id is not None
    plan = restored(row.config)
    return Rally(
        row.id,
        row.code,
        row.title_zh,
        row.title_en,
        row.organiser_id,
        row.place_id,
        row.starts_at,
        row.ends_at,
        RallyState(row.state),
        tuple(_booth(booths[each.code], each) for each in plan.booths),
        plan,
    )


def _booth(row: BoothRow, plan: BoothPlan) -> Booth:
    assert row.id is not None
    return Booth(
        row.id,
        row.rally_id,
        row.code,
        row.partner_id,
        plan.name_zh,
        plan.name_en,
        plan.zone,
        plan.x,
        plan.y,
        row.opens_at,
        row.closes_at,
        plan.game,
        plan.seconds_per_visitor,
        BoothState(row.state),
        row.reason,
        row.tastings_left,
    )


def _member(row: RallyMemberRow) -> RallyMember:
    assert row.number is not None
    return RallyMember(row.rally_id, row.member_id, row.number, row.joined_at, row.source, row.is_muted)
