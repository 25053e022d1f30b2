"""Briefs, their customers, the managers' hours, and a week in figures."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.briefs.model import (
    USUAL_HOUR,
    Addressee,
    Brief,
    BriefItem,
    Candidate,
    Day,
    ItemState,
    SkipReason,
    Week,
)
from campaigns.customers.model import Customer, CustomerKind, Letter
from campaigns.customers.next_actions import ActionChannel, ActionKind
from campaigns.followups.model import Source
from campaigns.members.model import Language, PrivateChat, Purpose
from campaigns.staff.model import Role
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.owners import OWNED

MANAGERS = (Role.WEALTH_MANAGER, Role.TEAM_LEAD)
QUIET_WEEK = timedelta(days=7)
DUE = """SELECT DISTINCT r.member_id FROM staff_roles r LEFT JOIN brief_hours h ON h.manager_id = r.member_id
    WHERE r.role = ANY(:roles) AND r.granted_at < :start AND NOT coalesce(h.is_off, false)
        AND coalesce(h.hour, :usual) <= :wall
        AND NOT EXISTS (SELECT FROM briefs b WHERE b.manager_id = r.member_id AND b.day = :day)
        AND NOT EXISTS (SELECT FROM staff_absences a
            WHERE a.member_id = r.member_id AND :day BETWEEN a.starts_on AND a.ends_on)
    ORDER BY 1"""
MAY_WRITE = """EXISTS (SELECT FROM members m JOIN consents n ON n.member_id = m.id AND n.purpose = :marketing
        AND n.withdrawn_at IS NULL WHERE m.customer_id = c.id AND m.private_chat = :open)"""
ACTION = """LEFT JOIN customer_classes k ON k.customer_id = c.id AND k.run_id = (SELECT id FROM run)
    LEFT JOIN customer_actions a ON a.customer_id = c.id AND a.run_id = (SELECT id FROM run)"""
RUN = "run AS (SELECT id FROM segmentation_runs ORDER BY as_of DESC, made_at DESC LIMIT 1)"
NEWEST = f"WITH {RUN} SELECT id FROM run"  # noqa: S608 - our own text.
COLUMNS = "c.id, c.number, c.kind, k.letter"
DONE_WITH = """EXISTS (SELECT FROM customer_interactions i WHERE i.customer_id = c.id AND i.at > :quiet)
        OR EXISTS (SELECT FROM action_outcomes o WHERE o.customer_id = c.id AND o.run_id = a.run_id)
        OR EXISTS (SELECT FROM followups f WHERE f.customer_id = c.id AND f.state = 'open')
        OR EXISTS (SELECT FROM brief_items b WHERE b.customer_id = c.id AND b.run_id = a.run_id
            AND b.state = 'skipped' AND b.reason <> 'another_day')"""
CANDIDATES = f"""WITH mine AS ({OWNED}), {RUN}
    SELECT {COLUMNS}, f.id AS followup_id, f.source, f.due_at, a.action, a.channel, a.product,
        coalesce(a.amount_fen, 0), coalesce(a.expected_value_fen, 0), {MAY_WRITE}
    FROM followups f JOIN customers c ON c.id = f.customer_id {ACTION}
    WHERE f.state = 'open' AND f.owner_id = ANY(:managers) AND f.due_at < :until
    UNION ALL
    SELECT {COLUMNS}, NULL, NULL, NULL, a.action, a.channel, a.product, a.amount_fen, a.expected_value_fen, {MAY_WRITE}
    FROM mine JOIN customers c ON c.id = mine.customer_id {ACTION}
    WHERE a.expected_value_fen > 0 AND NOT ({DONE_WITH})"""  # noqa: S608 - our own text.
ITEMS = f"""WITH {RUN}
    SELECT i.id, i.place, i.state, i.reason, {COLUMNS}, i.followup_id, f.source, f.due_at, i.action, i.channel,
        i.product, i.amount_fen, i.expected_value_fen, {MAY_WRITE}
    FROM brief_items i JOIN customers c ON c.id = i.customer_id
    LEFT JOIN customer_classes k ON k.customer_id = c.id AND k.run_id = (SELECT id FROM run)
    LEFT JOIN followups f ON f.id = i.followup_id
    WHERE i.brief_id = :brief ORDER BY i.place"""  # noqa: S608 - our own text.
ADDRESSEE = f"""SELECT m.id, m.language FROM customers c JOIN members m ON m.customer_id = c.id
    WHERE c.id = :customer AND {MAY_WRITE}"""  # noqa: S608 - our own text.
DAYS = """SELECT CAST(timezone(:zone, at) AS date), count(*) FILTER (WHERE channel = 'message'),
        count(*) FILTER (WHERE channel = 'call'), count(*) FILTER (WHERE channel IN ('visit', 'counter'))
    FROM customer_interactions WHERE member_id = :manager AND at >= :first AND at < :end GROUP BY 1 ORDER BY 1"""
FOLLOWED = """SELECT count(*) FILTER (WHERE opened_at >= :first AND opened_at < :end),
        count(*) FILTER (WHERE state = 'done' AND closed_at >= :first AND closed_at < :end),
        count(*) FILTER (WHERE state = 'refused' AND closed_at >= :first AND closed_at < :end),
        count(*) FILTER (WHERE state = 'dropped' AND closed_at >= :first AND closed_at < :end),
        count(*) FILTER (WHERE state = 'open' AND due_at <= :now)
    FROM followups WHERE owner_id = :manager"""
BRIEFED = """SELECT count(*), count(*) FILTER (WHERE i.state IN ('sent', 'called', 'visited')),
        count(*) FILTER (WHERE i.state = 'skipped')
    FROM brief_items i JOIN briefs b ON b.id = i.brief_id
    WHERE b.manager_id = :manager AND b.made_at >= :first AND b.made_at < :end"""
WRITING = {"marketing": Purpose.MARKETING, "open": PrivateChat.OPEN}


class BriefRow(SQLModel, table=True):
    """A manager's brief of one day."""

    __tablename__ = "briefs"

    id: int | None = big(default=None, primary_key=True)
    manager_id: int = big(foreign_key="members.id")
    day: date
    made_at: datetime = moment()
    reminded_at: datetime | None = moment(default=None)


class BriefItemRow(SQLModel, table=True):
    """One customer of a brief."""

    __tablename__ = "brief_items"

    id: int | None = big(default=None, primary_key=True)
    brief_id: int = big(foreign_key="briefs.id")
    place: int
    customer_id: UUID = Field(foreign_key="customers.id")
    run_id: UUID | None = None
    followup_id: int | None = big(default=None, foreign_key="followups.id")
    action: str | None = None
    channel: str | None = None
    product: str | None = None
    amount_fen: int = big(default=0)
    expected_value_fen: int = big(default=0)
    state: str = ItemState.OPEN
    reason: str | None = None
    settled_at: datetime | None = moment(default=None)


class BriefHourRow(SQLModel, table=True):
    """When a manager wants briefs."""

    __tablename__ = "brief_hours"

    manager_id: int = big(primary_key=True, foreign_key="members.id")
    hour: time = USUAL_HOUR
    is_off: bool = False


class SqlBriefStore:
    """Implements `campaigns.briefs.service.BriefStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def due(self, day: date, start: datetime, wall: time) -> list[int]:
        """The managers at work whose hour has come, who have no brief of that day and were managers before it."""
        facts = {"roles": list(MANAGERS), "day": day, "start": start, "wall": wall, "usual": USUAL_HOUR}
        return list(await self._session.scalars(text(DUE), facts))

    async def candidates(self, managers: Sequence[int], until: datetime, now: datetime) -> list[Candidate]:
        """What is due until then, and what the latest run would do with customers whom nobody met in a week."""
        facts = {"managers": list(managers), "until": until, "quiet": now - QUIET_WEEK, **WRITING}
        return [_candidate(row) for row in await self._session.execute(text(CANDIDATES), facts)]

    async def keep(self, manager: int, day: date, chosen: Sequence[Candidate], now: datetime) -> Brief:
        """Keep a brief; one that is there already stays as it is."""
        row = {"manager_id": manager, "day": day, "made_at": now}
        statement = insert(BriefRow).values(row).on_conflict_do_nothing().returning(col(BriefRow.id))
        made = await self._session.scalar(statement)
        if made is not None and chosen:
            run = await self._session.scalar(text(NEWEST))
            items = [_item_row(made, run, place, each) for place, each in enumerate(chosen, 1)]
            await self._session.execute(insert(BriefItemRow).values(items))
        found = await self.of_day(manager, day)
        assert found is not None
        return found

    async def of_day(self, manager: int, day: date) -> Brief | None:
        """A manager's brief of a day."""
        query = select(BriefRow).where(col(BriefRow.manager_id) == manager, col(BriefRow.day) == day)
        row = await self._session.scalar(query)
        return await self._brief(row) if row else None

    async def find(self, item_id: int) -> tuple[Brief, BriefItem] | None:
        """One item with its brief, locked."""
        query = select(BriefItemRow).where(col(BriefItemRow.id) == item_id).with_for_update()
        row = await self._session.scalar(query)
        of = await self._session.get(BriefRow, row.brief_id) if row else None
        if of is None:
            return None
        brief = await self._brief(of)
        return brief, next(item for item in brief.items if item.id == item_id)

    async def settle(
        self, item_id: int, state: ItemState, reason: SkipReason | None, followup: int | None, now: datetime
    ) -> None:
        """Keep what became of a customer."""
        settled = {"state": state, "reason": reason, "followup_id": followup, "settled_at": now}
        await self._session.execute(update(BriefItemRow).where(col(BriefItemRow.id) == item_id).values(settled))

    async def to_remind(self, day: date, now: datetime) -> list[Brief]:
        """Briefs of a day with customers left, marked as reminded of."""
        query = select(BriefRow).where(col(BriefRow.day) == day, col(BriefRow.reminded_at).is_(None))
        rows = (await self._session.scalars(query.with_for_update(skip_locked=True))).all()
        for row in rows:
            row.reminded_at = now
        found = [await self._brief(row) for row in rows]
        return [brief for brief in found if brief.left]

    async def addressee(self, customer_id: UUID) -> Addressee | None:
        """The member who is a customer and may be written to."""
        row = (await self._session.execute(text(ADDRESSEE), {"customer": customer_id, **WRITING})).first()
        return Addressee(row[0], Language(row[1])) if row else None

    async def set_hour(self, manager: int, hour: time | None) -> None:
        """Keep a manager's hour; None for no briefs."""
        said = {"hour": hour or USUAL_HOUR, "is_off": hour is None}
        statement = insert(BriefHourRow).values(manager_id=manager, **said)
        await self._session.execute(statement.on_conflict_do_update(index_elements=["manager_id"], set_=said))

    async def week(self, manager: int, first: datetime, end: datetime, zone: str, now: datetime) -> Week:
        """A manager's contacts and follow-ups between two moments."""
        facts = {"manager": manager, "first": first, "end": end}
        days = [Day(*row) for row in await self._session.execute(text(DAYS), {**facts, "zone": zone})]
        followed = (await self._session.execute(text(FOLLOWED), {**facts, "now": now})).one()
        briefed = (await self._session.execute(text(BRIEFED), facts)).one()
        return Week(first.date(), tuple(days), *followed, *briefed)

    async def _brief(self, row: BriefRow) -> Brief:
        rows = await self._session.execute(text(ITEMS), {"brief": row.id, **WRITING})
        items = (_item(each) for each in rows)
        return Brief(row.id or 0, row.manager_id, row.day, tuple(items))


def _candidate(row: Sequence[Any]) -> Candidate:
    number, kind, letter = row[1:4]
    followup, source, due, action, channel, product, amount, value, may_write = row[4:]
    return Candidate(
        Customer(row[0], number, CustomerKind(kind)),
        Letter(letter) if letter else None,
        followup,
        Source(source) if source else None,
        due,
        ActionKind(action) if action else None,
        ActionChannel(channel) if channel else None,
        product,
        amount,
        value,
        may_write,
    )


def _item(row: Sequence[Any]) -> BriefItem:
    found, place, state, reason = row[:4]
    return BriefItem(found, place, _candidate(row[4:]), ItemState(state), SkipReason(reason) if reason else None)


def _item_row(brief: int, run: UUID | None, place: int, chosen: Candidate) -> dict[str, object]:
    return {
        "brief_id": brief,
        "place": place,
        "customer_id": chosen.customer.id,
        "run_id": run,
        "followup_id": chosen.followup_id,
        "action": chosen.action,
        "channel": chosen.channel,
        "product": chosen.product,
        "amount_fen": chosen.amount_fen,
        "expected_value_fen": chosen.expected_value_fen,
    }
