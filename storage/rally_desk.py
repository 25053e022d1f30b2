"""What an organiser needs of rallies beside their course: later plans, groups of the announcement, figures."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from campaigns.groups.model import Group
from campaigns.rallies.configuration import stored
from campaigns.rallies.model import (
    Booth,
    BoothFigures,
    BoothPlan,
    Rally,
    RallyFigures,
    RallyPlan,
    RallyState,
)
from storage.database import UnitOfWork
from storage.groups import GroupMemberRow, SqlGroupStore
from storage.points_rows import PartnerRow
from storage.rallies import SqlRallyStore
from storage.rally_rows import BoothRow, BoothStaffRow, RallyGroupRow, RallyMemberRow, RallyRow
from storage.vault import Vault

LOCK_CODE = text("SELECT pg_advisory_xact_lock(hashtextextended('rally:' || :code, 0))")
FIGURES = """SELECT
        (SELECT count(*) FROM rally_members WHERE rally_id = :rally),
        (SELECT count(*) FROM stamps WHERE rally_id = :rally) - (SELECT count(*) FROM stamp_voids
            WHERE rally_id = :rally),
        (SELECT count(*) FROM medals WHERE rally_id = :rally)"""
OF_BOOTHS = """SELECT b.id, (SELECT count(*) FROM stamps s WHERE s.booth_id = b.id),
        (SELECT count(*) FROM game_attempts a WHERE a.booth_id = b.id AND a.state IN ('waiting', 'over')
            AND NOT EXISTS (SELECT FROM stamps s WHERE s.booth_id = b.id AND s.member_id = a.member_id))
    FROM booths b WHERE b.rally_id = :rally"""


class SqlRallyDesk(SqlRallyStore):
    """Implements `campaigns.rallies.ports.RallyStore`."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        super().__init__(uow, vault)
        self._groups = SqlGroupStore(uow)

    async def lock_code(self, code: str) -> None:
        """Let nobody else load an event of this code until the transaction ends, whether there is one or not."""
        await self._session.execute(LOCK_CODE, {"code": code})

    async def replace(self, rally: Rally, plan: RallyPlan, partners: Mapping[str, int]) -> Rally:
        """Put a plan in the place of the one that stands; booths that it lacks go, the others keep their numbers."""
        frame = {
            "title_zh": plan.title_zh,
            "title_en": plan.title_en,
            "starts_at": plan.starts_at if rally.state is RallyState.DRAFT else min(rally.starts_at, plan.starts_at),
            "ends_at": plan.ends_at,
            "config": stored(plan),
            "is_regraded": rally.state is RallyState.DRAFT,
        }
        await self._session.execute(update(RallyRow).where(col(RallyRow.id) == rally.id).values(frame))
        kept = {booth.code for booth in plan.booths}
        gone = [booth.id for booth in rally.booths if booth.code not in kept]
        every = [booth.id for booth in rally.booths]
        await self._session.execute(delete(BoothStaffRow).where(col(BoothStaffRow.booth_id).in_(every)))
        await self._session.execute(delete(BoothRow).where(col(BoothRow.id).in_(gone)))
        for booth in plan.booths:
            if (old := rally.booth(booth.code)) is not None:
                await self._change(old, rally, booth, partners)
        fresh = [booth for booth in plan.booths if rally.booth(booth.code) is None]
        await self._add_booths(rally.id, fresh, partners)
        await self._add_staff(rally.id, plan.booths)
        found = await self.find(rally.id)
        assert found is not None
        return found

    async def partners(self) -> dict[str, int]:
        """The ids of all partners by name."""
        rows = await self._session.execute(select(col(PartnerRow.name), col(PartnerRow.id)))
        return {name: number or 0 for name, number in rows}

    async def of_member(self, member_id: int, *, with_settled: bool = False) -> list[Rally]:
        """The rallies that somebody takes part in, the latest first; those that are settled only on request."""
        mine = select(col(RallyMemberRow.rally_id)).where(col(RallyMemberRow.member_id) == member_id)
        statement = select(RallyRow).where(col(RallyRow.id).in_(mine))
        if not with_settled:
            statement = statement.where(col(RallyRow.state) != RallyState.SETTLED)
        return await self._many(statement.order_by(col(RallyRow.starts_at).desc(), col(RallyRow.id).desc()))

    async def figures(self, rally: Rally) -> RallyFigures:
        """An event at one look."""
        members, stamps, medals = (await self._session.execute(text(FIGURES), {"rally": rally.id})).one()
        of_booths = await self._session.execute(text(OF_BOOTHS), {"rally": rally.id})
        counts = {number: (given, waiting) for number, given, waiting in of_booths}
        booths = tuple(BoothFigures(booth, *counts[booth.id]) for booth in rally.booths)
        return RallyFigures(rally, members, stamps, medals, booths)

    async def groups_of(self, manager_id: int) -> list[Group]:
        """A manager's groups."""
        return await self._groups.of_manager(manager_id)

    async def chosen(self, rally_id: int) -> dict[Group, int | None]:
        """The groups chosen for a rally, each with the version that was posted there last."""
        statement = select(RallyGroupRow).where(col(RallyGroupRow.rally_id) == rally_id)
        rows = (await self._session.scalars(statement.order_by(col(RallyGroupRow.group_id)))).all()
        groups = [(await self._groups.by_id(row.group_id), row.version) for row in rows]
        return {group: version for group, version in groups if group is not None}

    async def choose(self, rally_id: int, groups: Collection[int]) -> None:
        """Choose these groups, and no others of those that nothing was posted in."""
        unposted = delete(RallyGroupRow).where(
            col(RallyGroupRow.rally_id) == rally_id, col(RallyGroupRow.version).is_(None)
        )
        await self._session.execute(unposted)
        rows = [{"rally_id": rally_id, "group_id": group} for group in sorted(groups)]
        if rows:
            await self._session.execute(insert(RallyGroupRow).values(rows).on_conflict_do_nothing())

    async def posted(self, rally_id: int, groups: Collection[int], version: int) -> None:
        """Remember which version was posted in groups."""
        statement = update(RallyGroupRow).where(
            col(RallyGroupRow.rally_id) == rally_id, col(RallyGroupRow.group_id).in_(groups)
        )
        await self._session.execute(statement.values(version=version))

    async def heads(self, groups: Collection[int]) -> int:
        """How many people groups hold, each counted once."""
        statement = select(func.count(col(GroupMemberRow.member_id).distinct())).where(
            col(GroupMemberRow.group_id).in_(groups), col(GroupMemberRow.left_at).is_(None)
        )
        return await self._session.scalar(statement) or 0

    async def begin_now(self, rally: Rally, now: datetime) -> None:
        """Let an event begin before its hour, and with it every booth that was to open then."""
        early = update(RallyRow).where(col(RallyRow.id) == rally.id).values(starts_at=now)
        await self._session.execute(early)
        first = (col(BoothRow.rally_id) == rally.id) & (col(BoothRow.opens_at) == rally.starts_at)
        await self._session.execute(update(BoothRow).where(first).values(opens_at=now))

    async def _change(self, old: Booth, rally: Rally, plan: BoothPlan, partners: Mapping[str, int]) -> None:
        """A booth's hours and partner; tastings that were added to the plan are added to what is left.

        What was opened before its hour stays open.
        """
        before = next(each.tastings for each in rally.plan.booths if each.code == plan.code)
        values = {
            "partner_id": partners.get(plan.partner or ""),
            "opens_at": plan.opens_at if rally.state is RallyState.DRAFT else min(old.opens_at, plan.opens_at),
            "closes_at": plan.closes_at,
            "tastings_left": plan.tastings
            if before is None or plan.tastings is None
            else func.greatest(0, col(BoothRow.tastings_left) + (plan.tastings - before)),
        }
        await self._session.execute(update(BoothRow).where(col(BoothRow.id) == old.id).values(values))
