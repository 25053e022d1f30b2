"""The risk watch's rows: its lines, its looks, what it found, and the counts that it looks at."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Column, Field, SQLModel, col

from campaigns.channels.model import AT_ONCE
from campaigns.staff.model import Role
from campaigns.watches.model import CampaignCounts, CodeCounts, Finding, Outflow, Signal, Unquiet, WatchPolicy
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.rows import insert_rows
from storage.staff import StaffRoleRow

WINDOW = timedelta(days=7)
MEMORY = timedelta(days=30)
SET_BY = "risk watch"
# Whoever took a consent back within two days of a message, or complained within the week, did so beside that campaign.
CAMPAIGNS = text(
    """WITH reached AS (
        SELECT d.campaign, d.recipient AS member_id, m.customer_id, min(d.ended_at) AS at
        FROM deliveries d JOIN members m ON m.id = d.recipient
        WHERE d.kind = 'marketing' AND d.state IN ('sent', 'unknown') AND d.method LIKE 'send%' AND d.ended_at > :since
        GROUP BY 1, 2, 3
        UNION ALL SELECT c.campaign, m.id, c.customer_id, min(c.ended_at)
        FROM channel_messages c LEFT JOIN members m ON m.customer_id = c.customer_id
        WHERE c.kind = 'marketing' AND c.channel = ANY(:at_once) AND c.state IN ('sent', 'unknown')
            AND c.ended_at > :since AND c.customer_id IS NOT NULL GROUP BY 1, 2, 3),
    counted AS (
        SELECT campaign, count(*) AS reached,
            count(*) FILTER (WHERE EXISTS (SELECT FROM consents o WHERE o.member_id = r.member_id
                    AND o.purpose = 'marketing' AND o.withdrawn_at BETWEEN r.at AND r.at + interval '2 days')
                OR EXISTS (SELECT FROM channel_consents n WHERE n.customer_id = r.customer_id
                    AND n.withdrawn_at BETWEEN r.at AND r.at + interval '2 days')) AS opted_out,
            count(*) FILTER (WHERE EXISTS (SELECT FROM followups f WHERE f.customer_id = r.customer_id
                AND f.source = 'complaint' AND f.opened_at BETWEEN r.at AND r.at + interval '7 days')) AS complained
        FROM reached r GROUP BY campaign),
    closed AS (
        SELECT split_part(ref, '/', 1) AS campaign, count(*) AS closed,
            count(*) FILTER (WHERE state = 'refused') AS refused
        FROM followups WHERE source IN ('campaign', 'offer_answered') AND closed_at > :since GROUP BY 1),
    blocked AS (
        SELECT campaign, count(*) AS blocked FROM deliveries
        WHERE kind = 'marketing' AND state = 'suppressed' AND reason = 'blocked' AND ended_at > :since GROUP BY 1)
    SELECT campaign, coalesce(counted.reached, 0), coalesce(opted_out, 0), coalesce(complained, 0),
        coalesce(closed.closed, 0), coalesce(refused, 0), coalesce(blocked.blocked, 0)
    FROM counted FULL JOIN closed USING (campaign) FULL JOIN blocked USING (campaign) ORDER BY campaign"""
)
CODES = text(
    """SELECT v.code, count(*) FILTER (WHERE m.at > :yesterday), count(*) FILTER (WHERE m.at <= :yesterday) / 7.0
    FROM voucher_movements m JOIN vouchers v ON v.id = m.voucher_id
    WHERE m.kind = 'redeemed' AND m.at > :yesterday - interval '7 days' AND m.at <= :now
    GROUP BY v.code HAVING count(*) FILTER (WHERE m.at > :yesterday) > 0 ORDER BY v.code"""
)
OUTFLOWS = text(
    """WITH days AS (SELECT DISTINCT as_of FROM customer_snapshots ORDER BY as_of DESC LIMIT 2)
    SELECT c.number, b.assets, a.assets FROM customer_snapshots b
    JOIN customer_snapshots a ON a.customer_id = b.customer_id AND a.as_of = (SELECT max(as_of) FROM days)
    JOIN customers c ON c.id = b.customer_id
    WHERE b.as_of = (SELECT min(as_of) FROM days) AND b.as_of < a.as_of AND b.assets - a.assets >= :least"""
)
UNQUIET = text(
    """SELECT customer_id, bool_or(source = 'complaint' AND state = 'open') FROM followups
    WHERE source = 'complaint' AND state = 'open' OR state = 'refused' AND closed_at > :since
    GROUP BY customer_id HAVING bool_or(source = 'complaint' AND state = 'open')
        OR count(*) FILTER (WHERE state = 'refused') >= :refusals"""
)
RELEASE = text(
    """UPDATE customer_restrictions SET ended_at = :now, ended_by = :by
    WHERE set_by = :by AND ended_at IS NULL AND NOT customer_id = ANY(CAST(:customers AS uuid[])) RETURNING id"""
)
SUSPEND = text(
    """INSERT INTO customer_restrictions (customer_id, kind, since, set_by)
    SELECT id, 'suspended', :now, :by FROM unnest(CAST(:customers AS uuid[])) id
    ON CONFLICT DO NOTHING RETURNING id"""
)


class WatchPolicyRow(SQLModel, table=True):
    """One version of the lines; a change is a new row."""

    __tablename__ = "watch_policies"

    version: int = Field(primary_key=True)
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    made_by: str
    made_at: datetime = moment()


class WatchLookRow(SQLModel, table=True):
    """A day whose look was begun."""

    __tablename__ = "watch_looks"

    day: date = Field(primary_key=True)
    at: datetime = moment()


class WatchFindingRow(SQLModel, table=True):
    """What a look found; rows are only ever appended."""

    __tablename__ = "watch_findings"

    id: int | None = big(default=None, primary_key=True)
    signal: str
    subject: str
    value: float
    line: float
    holds: bool
    found_at: datetime = moment()


class SqlWatchStore:
    """Implements `campaigns.watches.service.WatchStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def policy(self) -> WatchPolicy:
        """The newest lines."""
        return WatchPolicy.read((await self._newest()).body)

    async def set_line(self, name: str, value: float, by: str, now: datetime) -> WatchPolicy:
        """Keep another line as a new version."""
        newest = await self._newest()
        body = {**newest.body, name: value}
        row = {"version": newest.version + 1, "body": body, "made_by": by, "made_at": now}
        await self._session.execute(insert(WatchPolicyRow).values(row))
        return WatchPolicy.read(body)

    async def _newest(self) -> WatchPolicyRow:
        newest = select(WatchPolicyRow).order_by(col(WatchPolicyRow.version).desc()).limit(1)
        return (await self._session.scalars(newest)).one()

    async def begin(self, day: date, now: datetime) -> bool:
        """Begin a day's look; False when it was begun before."""
        begun = insert(WatchLookRow).values(day=day, at=now).on_conflict_do_nothing()
        return bool((await self._session.scalars(begun.returning(col(WatchLookRow.day)))).all())

    async def campaigns(self, now: datetime) -> list[CampaignCounts]:
        """Every campaign that reached somebody, was answered or was blocked in the last seven days."""
        asked = {"since": now - WINDOW, "at_once": list(AT_ONCE)}
        return [CampaignCounts(*row) for row in await self._session.execute(CAMPAIGNS, asked)]

    async def codes(self, now: datetime) -> list[CodeCounts]:
        """Every voucher that was redeemed in the last day."""
        asked = {"yesterday": now - timedelta(days=1), "now": now}
        return [
            CodeCounts(code, today, float(usual)) for code, today, usual in await self._session.execute(CODES, asked)
        ]

    async def outflows(self, least_fen: int) -> list[Outflow]:
        """Whose assets fell by so much between the two latest deliveries."""
        return [Outflow(*row) for row in await self._session.execute(OUTFLOWS, {"least": least_fen})]

    async def unquiet(self, refusals: int, now: datetime) -> list[Unquiet]:
        """Customers with an open complaint, or who refused so often in thirty days."""
        rows = await self._session.execute(UNQUIET, {"refusals": refusals, "since": now - MEMORY})
        return [Unquiet(who, Signal.COMPLAINING if complains else Signal.REFUSING) for who, complains in rows]

    async def suspend(self, found: Sequence[Unquiet], now: datetime) -> tuple[int, int]:
        """Keep messages from these and let those go whom an earlier look kept; returns how many of each."""
        asked = {"customers": [each.customer_id for each in found], "now": now, "by": SET_BY}
        released = (await self._session.scalars(RELEASE, asked)).all()
        return len((await self._session.scalars(SUSPEND, asked)).all()), len(released)

    async def keep(self, findings: Sequence[Finding], now: datetime) -> list[Finding]:
        """Keep what was not found in the last seven days, nor is the same outflow as ever before; returns that."""
        row = WatchFindingRow
        lately, flowed = col(row.found_at) > now - WINDOW, col(row.signal) == Signal.OUTFLOW
        query = select(col(row.signal), col(row.subject), col(row.value)).where(or_(lately, flowed))
        known = {_named(*told) for told in await self._session.execute(query)}
        fresh = [each for each in findings if _named(each.signal, each.subject, each.value) not in known]
        if fresh:
            rows: list[Mapping[str, Any]] = [{**vars(each), "found_at": now} for each in fresh]
            await self._session.execute(insert_rows(row, rows))
        return fresh

    async def found(self, at: datetime) -> list[Finding]:
        """What the look of this moment found, what holds first."""
        row = WatchFindingRow
        query = select(row).where(col(row.found_at) == at).order_by(col(row.holds).desc(), col(row.id))
        return [
            Finding(Signal(each.signal), each.subject, each.value, each.line, each.holds)
            for each in await self._session.scalars(query)
        ]

    async def staff(self, roles: Sequence[Role]) -> list[int]:
        """Everybody with one of these roles."""
        query = select(col(StaffRoleRow.member_id)).where(col(StaffRoleRow.role).in_(roles)).distinct()
        return list(await self._session.scalars(query.order_by(col(StaffRoleRow.member_id))))


def _named(signal: str, subject: str, value: float) -> tuple[str, str, float | None]:
    """What makes a finding the same one; an outflow is that of two deliveries, which are looked at day after day."""
    return signal, subject, value if signal == Signal.OUTFLOW else None
