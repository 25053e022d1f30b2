"""Behaviour events in rows: kept once by their key, found out from other tables, deleted when they are old."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Column, Field, SQLModel, col

from campaigns.events.model import KEPT, Event, EventKind
from storage.columns import big, moment
from storage.customers import CustomerRow
from storage.database import UnitOfWork
from storage.publicity import CAME_BY
from storage.rows import insert_rows, one_of

LOOK = """INSERT INTO event_looks (source, looked_at, seen) VALUES (:source, :now, :seen)
    ON CONFLICT (source) DO UPDATE SET looked_at = excluded.looked_at, seen = excluded.seen WHERE {when} RETURNING 1"""
A_MINUTE_AGO = "event_looks.looked_at <= :now - interval '1 minute' OR event_looks.looked_at > :now"
SOMETHING_NEW = "event_looks.seen IS DISTINCT FROM excluded.seen"
KEEP = """INSERT INTO events (customer_id, member_id, kind, at, source, key, recorded_at)
    SELECT customer_id, member_id, kind, at, 'product', key, :now FROM ({found}) found
    WHERE NOT EXISTS (SELECT FROM events e WHERE e.key = found.key) ON CONFLICT (key) DO NOTHING"""
MOVES = """SELECT a.customer_id, a.member_id, CASE v.stage WHEN 'delivered' THEN 'card_delivered'
        WHEN 'activated' THEN 'card_activated' ELSE 'card_first_used' END AS kind, v.at,
        'application:' || v.application_id || ':' || v.version AS key
    FROM application_moves v JOIN applications a ON a.id = v.application_id
    WHERE v.stage IN ('delivered', 'activated', 'first_use') AND v.at > :now - interval '7 days' AND v.at <= :now"""
COUPONS = """SELECT coalesce(c.customer_id, m.customer_id) AS customer_id, c.member_id, 'coupon_expiring' AS kind,
        CAST(:now AS timestamptz) AS at, 'coupon:' || c.id AS key
    FROM coupons c JOIN members m ON m.id = c.member_id
    WHERE c.state = 'issued' AND c.expires_at > :now AND c.expires_at <= :now + interval '3 days'"""
VOUCHERS = """SELECT customer_id, member_id, 'coupon_expiring' AS kind, CAST(:now AS timestamptz) AS at,
        'voucher:' || id AS key
    FROM vouchers WHERE state IN ('claimed', 'met') AND expires_at > :now AND expires_at <= :now + interval '3 days'"""
PURCHASES = """SELECT customer_id, CAST(NULL AS bigint) AS member_id, 'product_bought' AS kind,
        least(CAST(day AS timestamp) AT TIME ZONE :zone + interval '12 hours', :now) AS at,
        'purchase:' || reference AS key
    FROM voucher_purchases WHERE event = 'bought' AND imported_at > :now - interval '7 days'"""
POINTS = """SELECT m.customer_id, m.id AS member_id, 'points_expiring' AS kind, CAST(:now AS timestamptz) AS at,
        'points:' || m.id || ':' || a.expires_on AS key
    FROM points_accounts a JOIN members m ON m.id = a.owner
    WHERE a.kind = 'member' AND a.balance > 0
        AND a.expires_on BETWEEN CAST(:today AS date) AND CAST(:today AS date) + 7
    GROUP BY m.id, m.customer_id, a.expires_on"""
PROSPECTS = f"""SELECT m.customer_id, m.id AS member_id, 'prospect_came' AS kind, CAST(:now AS timestamptz) AS at,
        'prospect:' || p.id AS key
    FROM prospects p JOIN (SELECT code_id, min(member_id) AS member_id FROM ({CAME_BY}) one GROUP BY code_id) came
        ON came.code_id = p.code_id JOIN members m ON m.id = came.member_id"""  # noqa: S608 - our own text.
LEADS = """SELECT CAST(NULL AS uuid) AS customer_id, id AS member_id, 'became_lead' AS kind,
        CAST(:now AS timestamptz) AS at, 'lead:' || id AS key
    FROM members WHERE phone_index IS NOT NULL AND customer_id IS NULL"""
OPENED = """SELECT DISTINCT ON (m.id) coalesce(m.customer_id, c.customer_id) AS customer_id, m.id AS member_id,
        'account_opened' AS kind, CAST(:now AS timestamptz) AS at, 'opened:' || m.id AS key
    FROM events e JOIN members m ON m.id = e.member_id LEFT JOIN customer_contacts c ON c.phone_index = m.phone_index
    WHERE e.kind = 'became_lead' AND coalesce(m.customer_id, c.customer_id) IS NOT NULL
    ORDER BY m.id, c.customer_id"""
NEWEST_RUN = "SELECT id FROM segmentation_runs ORDER BY as_of DESC, made_at DESC LIMIT 1"
RUNS = """FROM customer_classes a JOIN segmentation_runs r ON r.id = a.run_id
    JOIN customer_classes b ON b.customer_id = a.customer_id AND b.run_id = (
        SELECT id FROM segmentation_runs p WHERE p.as_of < r.as_of ORDER BY p.as_of DESC, p.made_at DESC LIMIT 1)
    WHERE a.run_id = CAST(:seen AS uuid)"""
CLASSES = f"""SELECT a.customer_id, CAST(NULL AS bigint) AS member_id,
        CASE WHEN a.letter < b.letter THEN 'class_up' ELSE 'class_down' END AS kind, r.made_at AS at,
        'class:' || r.id || ':' || a.customer_id AS key
    {RUNS} AND a.letter <> b.letter"""
CHURN = f"""SELECT a.customer_id, CAST(NULL AS bigint) AS member_id, 'churn_warning' AS kind, r.made_at AS at,
        'churn:' || r.id || ':' || a.customer_id AS key
    {RUNS} AND a.lifecycle = 'churn_warning' AND b.lifecycle IS DISTINCT FROM 'churn_warning'"""  # noqa: S608
# Who was born on 29 February has the birthday on the 28th of a year without one.
BIRTHDAYS = """SELECT s.customer_id, CAST(NULL AS bigint) AS member_id, 'birthday' AS kind,
        CAST(:now AS timestamptz) AS at, 'birthday:' || s.customer_id || ':' || :year AS key
    FROM customer_snapshots s WHERE s.as_of = (SELECT max(as_of) FROM customer_snapshots)
        AND (to_char(s.birth_date, 'MMDD') = :day
            OR (:day = '0228' AND NOT :is_leap AND to_char(s.birth_date, 'MMDD') = '0229'))"""
EACH_MINUTE = (MOVES, COUPONS, VOUCHERS, PURCHASES, POINTS, PROSPECTS, LEADS, OPENED)
EACH_RUN = (CLASSES, CHURN)


class BehaviourEventRow(SQLModel, table=True):
    """One event; `handled_at` is when journeys had a look at it."""

    __tablename__ = "events"

    id: int | None = big(default=None, primary_key=True)
    customer_id: UUID | None = Field(default=None, foreign_key="customers.id")
    member_id: int | None = big(default=None, foreign_key="members.id")
    kind: str
    at: datetime = moment()
    amount: int | None = big(default=None)
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    source: str
    key: str = Field(unique=True)
    recorded_at: datetime = moment()
    handled_at: datetime | None = moment(default=None)


class EventLookRow(SQLModel, table=True):
    """When a source of the product was looked at last, and what was seen there."""

    __tablename__ = "event_looks"

    source: str = Field(primary_key=True)
    looked_at: datetime = moment()
    seen: str | None = None


class SqlEventStore:
    """Implements `campaigns.events.service.EventStore` inside one unit of work."""

    def __init__(self, uow: UnitOfWork, zone: str) -> None:
        self._session = uow.session
        self._zone = zone

    async def customers(self, numbers: Collection[str]) -> Mapping[str, UUID]:
        """Customers by the bank's number."""
        query = select(CustomerRow).where(one_of(CustomerRow.number, numbers))
        return {row.number: row.id for row in await self._session.scalars(query)}

    async def add(self, events: Sequence[Event], now: datetime) -> Mapping[str, Event]:
        """Keep events whose key is new; returns by key those that were there before."""
        if not events:
            return {}
        rows = [_row(event, now) for event in events]
        statement = insert_rows(BehaviourEventRow, rows).on_conflict_do_nothing(index_elements=["key"])
        new = set(await self._session.scalars(statement.returning(col(BehaviourEventRow.key))))
        before = [event.key for event in events if event.key not in new]
        if not before:
            return {}
        found = await self._session.scalars(select(BehaviourEventRow).where(one_of(BehaviourEventRow.key, before)))
        return {row.key: event_of(row) for row in found}

    async def look(self, now: datetime) -> int:
        """Keep what the product itself knows: each minute, with each new run, and on each day."""
        if not await self._is_time("minute", now, None, A_MINUTE_AGO):
            return 0
        today = await self._session.scalar(
            text("SELECT (CAST(:now AS timestamptz) AT TIME ZONE :zone)::date"), {"now": now, "zone": self._zone}
        )
        facts = {"now": now, "today": today, "zone": self._zone}
        new = await self._keep(EACH_MINUTE, facts)
        run = await self._session.scalar(text(NEWEST_RUN))
        if run is not None and await self._is_time("run", now, str(run), SOMETHING_NEW):
            new += await self._keep(EACH_RUN, {**facts, "seen": str(run)})
        if await self._is_time("day", now, str(today), SOMETHING_NEW):
            await self._session.execute(text("DELETE FROM events WHERE at < :before"), {"before": now - KEPT})
            is_leap = (today.year % 4 == 0 and today.year % 100 != 0) or today.year % 400 == 0
            year = {"year": str(today.year), "day": f"{today:%m%d}", "is_leap": is_leap}
            new += await self._keep((BIRTHDAYS,), {**facts, **year})
        return new

    async def _is_time(self, source: str, now: datetime, seen: str | None, when: str) -> bool:
        """Whether this look is the one that does it; another one at the same time waits and then finds it done."""
        facts = {"source": source, "now": now, "seen": seen}
        return await self._session.scalar(text(LOOK.format(when=when)), facts) is not None

    async def _keep(self, queries: Sequence[str], facts: Mapping[str, Any]) -> int:
        kept = 0
        for query in queries:
            statement = text(KEEP.format(found=query))
            used = {name: facts[name] for name in statement.compile().params}
            kept += (await self._session.execute(statement, used)).rowcount  # type: ignore[attr-defined]
        return kept


def event_of(row: BehaviourEventRow) -> Event:
    """A row's event."""
    return Event(
        EventKind(row.kind),
        row.at,
        row.source,
        row.key,
        customer_id=row.customer_id,
        member_id=row.member_id,
        amount=row.amount,
        payload=row.payload,
        id=row.id or 0,
    )


def _row(event: Event, now: datetime) -> dict[str, Any]:
    return {
        "customer_id": event.customer_id,
        "member_id": event.member_id,
        "kind": event.kind,
        "at": event.at,
        "amount": event.amount,
        "payload": dict(event.payload),
        "source": event.source,
        "key": event.key,
        "recorded_at": now,
    }
