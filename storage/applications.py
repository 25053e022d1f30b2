"""Applications, their moves and owners; histories only grow."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from campaigns.applications.due import Dates
from campaigns.applications.model import (
    Application,
    Assignment,
    Candidate,
    Entrant,
    HandOverReason,
    Move,
    Owner,
    Stage,
    Terms,
)
from campaigns.chains.model import Chain
from campaigns.staff.model import Role
from storage.application_rows import (
    ApplicationMoveRow,
    ApplicationOwnerRow,
    ApplicationRow,
    ApplicationTermsRow,
    application_of,
    move_of,
)
from storage.database import UnitOfWork
from storage.rows import insert_rows, one_of
from storage.staff import StaffRoleRow

MANAGERS = (Role.WEALTH_MANAGER, Role.TEAM_LEAD)
TOLD_AT_ONCE = 500


# Who was named as the customer's owner comes first, then the owner of the latest application.
ENTRANTS = text(
    """SELECT m.id, m.language, m.customer_id, (
        SELECT k.owner_id FROM (
            SELECT o.owner_id, 0 AS rank, o.since AS at FROM customer_owners o WHERE o.customer_id = m.customer_id
            UNION ALL SELECT a.owner_id, 1, a.opened_at FROM applications a
            WHERE a.member_id = m.id OR a.customer_id = m.customer_id) k
        WHERE EXISTS (SELECT 1 FROM staff_roles s
            WHERE s.member_id = k.owner_id AND s.role IN ('wealth_manager', 'team_lead'))
        ORDER BY k.rank, k.at DESC LIMIT 1)
    FROM members m WHERE m.id = ANY(:members)"""
)
CANDIDATES = text(
    """SELECT m.id, m.language, m.id = g.manager_id, (
        SELECT count(*) FROM applications a WHERE a.owner_id = m.id AND a.due_on IS NOT NULL)
    FROM groups g JOIN members m ON m.id = g.manager_id OR m.id IN (
        SELECT gm.member_id FROM group_members gm JOIN staff_roles s ON s.member_id = gm.member_id
        WHERE gm.group_id = :group AND gm.left_at IS NULL AND s.role IN ('wealth_manager', 'team_lead'))
    WHERE g.id = :group ORDER BY m.id"""
)


class SqlApplicationStore:
    """Implements `campaigns.applications.ports.ApplicationStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def terms(self) -> Terms:
        """The newest version of the terms."""
        newest = select(ApplicationTermsRow).order_by(col(ApplicationTermsRow.version).desc()).limit(1)
        row = (await self._session.scalars(newest)).one()
        days = {Stage(stage): count for stage, count in row.days.items()}
        return Terms(row.version, days, tuple(row.escalate_after), row.nudge_after)

    async def set_terms(self, terms: Terms, made_by: str, now: datetime) -> None:
        """Keep a new version; the number must be the next one."""
        row = {
            "version": terms.version,
            "days": terms.days,
            "escalate_after": list(terms.escalate_after),
            "nudge_after": terms.nudge_after,
            "made_by": made_by,
            "made_at": now,
        }
        await self._session.execute(insert(ApplicationTermsRow).values(row))

    async def entrants(self, member_ids: Sequence[int]) -> list[Entrant]:
        """These members in the given order, with the manager who owned their latest application."""
        rows = (await self._session.execute(ENTRANTS, {"members": list(member_ids)})).all()
        found = {row[0]: Entrant(*row) for row in rows}
        return [found[member] for member in member_ids if member in found]

    async def candidates(self, group_id: int) -> list[Candidate]:
        """The managers of a group: who registered it, and the managers among its members."""
        rows = await self._session.execute(CANDIDATES, {"group": group_id})
        return [Candidate(member, language, load, leads_group=leads) for member, language, leads, load in rows]

    async def of_campaign(self, campaign: str, member_ids: Sequence[int]) -> list[Application]:
        """The applications of these members in one campaign, locked."""
        row = ApplicationRow
        wanted = select(row).where(col(row.campaign) == campaign, one_of(row.member_id, member_ids))
        return await self._locked(wanted.order_by(col(row.id)))

    async def open(
        self, chain: Chain, campaign: str, entrants: Sequence[Entrant], owners: Sequence[Assignment], now: datetime,
        days: Dates,
    ) -> None:  # fmt: skip
        """Store fresh applications with their first move and owner."""
        owner = {each.member_id: each for each in owners}
        rows = [_fresh(chain, campaign, each, owner[each.member_id], now, days) for each in entrants]
        statement = insert_rows(ApplicationRow, rows).on_conflict_do_nothing()
        made = await self._session.execute(statement.returning(col(ApplicationRow.id), col(ApplicationRow.member_id)))
        opened = [(number, owner[member]) for number, member in made if number is not None]
        if opened:
            await self._session.execute(insert_rows(ApplicationMoveRow, [_first(each, now) for each, _ in opened]))
            owned = [_owned(number, by.owner_id, by.reason, None, now) for number, by in opened]
            await self._session.execute(insert_rows(ApplicationOwnerRow, owned))

    async def lock(self, application_id: int) -> Application | None:
        """One application, locked."""
        found = await self._locked(select(ApplicationRow).where(col(ApplicationRow.id) == application_id))
        return found[0] if found else None

    async def save(self, moved: Sequence[Application], moves: Sequence[Move], days: Dates) -> None:
        """Store moves into one stage: the new states and their history; reminders of the stage before are forgotten."""
        table = ApplicationRow.metadata.tables[ApplicationRow.__tablename__]
        same = table.c.id == bindparam("moved"), table.c.version == bindparam("version") - 1
        state = ("stage", "stage_since", "version", "ended_from")
        changed: dict[str, Any] = {name: bindparam(name) for name in state} | vars(days)
        statement = update(table).where(*same).values(changed | {"reminded": False, "escalations": 0})
        rows = [{"moved": each.id} | {name: getattr(each, name) for name in state} for each in moved]
        await self._session.execute(statement, rows)
        history = [{"moved_by" if key == "by" else key: value for key, value in vars(move).items()} for move in moves]
        await self._session.execute(insert_rows(ApplicationMoveRow, history))

    async def set_days(self, application: Application, days: Dates) -> None:
        """Store other days for the present stage; its reminders begin anew."""
        await self._mark([application.id], reminded=False, escalations=0, **vars(days))

    async def hand_over(self, application: Application, to: int, by: int, now: datetime) -> None:
        """Store a new owner and a row of the owners' history."""
        row = ApplicationRow
        await self._session.execute(update(row).where(col(row.id) == application.id).values(owner_id=to))
        owned = _owned(application.id, to, HandOverReason.HANDED_OVER, by, now)
        await self._session.execute(insert(ApplicationOwnerRow).values(owned))

    async def of_member(self, member_id: int, customer_id: UUID | None, limit: int) -> list[Application]:
        """A person's latest applications: the member's own, and those of the customer that the member is."""
        row = ApplicationRow
        theirs: ColumnElement[bool] = col(row.member_id) == member_id
        if customer_id is not None:
            theirs = or_(theirs, col(row.customer_id) == customer_id)
        return await self._all(select(row).where(theirs).order_by(col(row.id).desc()).limit(limit))

    async def of_owners(self, owner_ids: Sequence[int], limit: int, offset: int) -> list[Application]:
        """Open applications of these owners, the first due first."""
        row = ApplicationRow
        theirs = select(row).where(col(row.owner_id).in_(owner_ids), col(row.due_on).is_not(None))
        return await self._all(theirs.order_by(col(row.due_on), col(row.id)).limit(limit).offset(offset))

    async def count_open(self, owner_ids: Sequence[int]) -> dict[Stage, int]:
        """How many open applications these owners have in each stage."""
        row = ApplicationRow
        counted = select(col(row.stage), func.count()).where(
            col(row.owner_id).in_(owner_ids), col(row.due_on).is_not(None)
        )
        found = await self._session.execute(counted.group_by(col(row.stage)))
        return {Stage(stage): heads for stage, heads in found}

    async def moves(self, application_id: int) -> list[Move]:
        """The history of one application, the oldest first."""
        row = ApplicationMoveRow
        found = await self._session.scalars(
            select(row).where(col(row.application_id) == application_id).order_by(col(row.version))
        )
        return [move_of(each) for each in found]

    async def owners(self, application_id: int) -> list[Owner]:
        """Who owned one application since when, the first first."""
        row = ApplicationOwnerRow
        found = await self._session.scalars(
            select(row).where(col(row.application_id) == application_id).order_by(col(row.id))
        )
        return [Owner(each.owner_id, each.since, HandOverReason(each.reason), each.handed_by) for each in found]

    async def to_remind(self, today: date) -> list[Application]:
        """Applications that are due by this day and whose owner was not told, locked."""
        row = ApplicationRow
        due = select(row).where(col(row.due_on) <= today, col(row.reminded).is_(False))
        return await self._locked(due.order_by(col(row.due_on), col(row.id)).limit(TOLD_AT_ONCE), skip=True)

    async def to_escalate(self, today: date) -> list[tuple[Application, int]]:
        """Overdue applications of which the leads must hear, with how often they did, locked."""
        row = ApplicationRow
        due = select(row).where(col(row.escalate_on) <= today).order_by(col(row.due_on), col(row.id))
        locked = due.limit(TOLD_AT_ONCE).with_for_update(skip_locked=True).execution_options(populate_existing=True)
        found: Sequence[ApplicationRow] = (await self._session.scalars(locked)).all()
        return [(application_of(each), each.escalations) for each in found]

    async def to_nudge(self, today: date) -> list[Application]:
        """Applications that wait for their customer, who was not reminded, locked."""
        row = ApplicationRow
        due = select(row).where(col(row.nudge_on) <= today).order_by(col(row.id))
        return await self._locked(due.limit(TOLD_AT_ONCE), skip=True)

    async def mark_reminded(self, application_ids: Sequence[int]) -> None:
        """Remember that owners were told."""
        await self._mark(application_ids, reminded=True)

    async def mark_escalated(self, application_id: int, told: int, next_on: date | None) -> None:
        """Remember how often the leads heard, and when they hear next."""
        await self._mark([application_id], escalations=told, escalate_on=next_on)

    async def mark_nudged(self, application_ids: Sequence[int]) -> None:
        """Remember that customers were reminded."""
        await self._mark(application_ids, nudge_on=None)

    async def leads(self) -> list[int]:
        """The team leads; where there is none, the administrators."""
        found = await self._session.execute(
            select(col(StaffRoleRow.role), col(StaffRoleRow.member_id))
            .where(col(StaffRoleRow.role).in_((Role.TEAM_LEAD, Role.ADMINISTRATOR)))
            .order_by(col(StaffRoleRow.member_id))
        )
        by_role: dict[str, list[int]] = {}
        for role, member in found:
            by_role.setdefault(role, []).append(member)
        return by_role.get(Role.TEAM_LEAD) or by_role.get(Role.ADMINISTRATOR, [])

    async def _mark(self, application_ids: Sequence[int], **values: Any) -> None:
        row = ApplicationRow
        await self._session.execute(update(row).where(col(row.id).in_(application_ids)).values(values))

    async def _locked(self, statement: Select[ApplicationRow], *, skip: bool = False) -> list[Application]:
        return await self._all(statement.with_for_update(skip_locked=skip))

    async def _all(self, statement: Select[ApplicationRow]) -> list[Application]:
        fresh = statement.execution_options(populate_existing=True)
        found: Sequence[ApplicationRow] = (await self._session.scalars(fresh)).all()
        return [application_of(row) for row in found]


def _fresh(
    chain: Chain, campaign: str, entrant: Entrant, owner: Assignment, now: datetime, days: Dates
) -> dict[str, Any]:
    return {
        "chain_id": chain.id,
        "campaign": campaign,
        "member_id": entrant.member_id,
        "customer_id": entrant.customer_id,
        "product": chain.product,
        "stage": Stage.SIGNED,
        "owner_id": owner.owner_id,
        "opened_at": now,
        "stage_since": now,
        "version": 0,
        "reminded": False,
        "escalations": 0,
        **vars(days),
    }


def _first(application_id: int, now: datetime) -> dict[str, Any]:
    return {"application_id": application_id, "version": 0, "at": now, "stage": Stage.SIGNED}


def _owned(application_id: int, owner: int, reason: HandOverReason, by: int | None, now: datetime) -> dict[str, Any]:
    return {"application_id": application_id, "owner_id": owner, "since": now, "reason": reason, "handed_by": by}
