"""What a promotion's version brought: recipients with their outcomes as a file, what it reached, cost and earned."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from psycopg import AsyncConnection, sql
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Column, Field, SQLModel, col

from campaigns.catalogue.model import ProductKind
from campaigns.channels.model import Channel
from campaigns.promotions.conclusions import Conclusion, read_conclusion
from campaigns.promotions.model import Version
from campaigns.results.model import HELD_OUT, ChannelCost, Course, Window
from storage.columns import big, moment
from storage.database import UnitOfWork

EVERY_KIND = (
    "structured_deposit", "time_deposit", "wealth_products", "funds", "asset_plans", "large_certificates",
)  # fmt: skip
BOUGHT: Mapping[ProductKind, tuple[str, ...]] = {
    ProductKind.DEPOSIT: ("structured_deposit", "time_deposit", "large_certificates"),
    ProductKind.FUND: ("funds",),
    ProductKind.WEALTH: ("wealth_products", "asset_plans"),
}
CARDS = "('approved', 'delivered', 'visit_booked', 'activated', 'debit_card_issued', 'first_use')"

# Conversions count from the own assignment on, for those held out as for the others; what is held is known by
# the bank's deliveries, so what came between them counts whole.
OUTCOMES = """SELECT r.customer_id, coalesce(r.arm, {held_out}) AS variant,
        (o.card OR o.held > 0)::integer AS opened, (o.card OR o.bought > 0)::integer AS converted,
        round(o.bought / 100.0, 2) AS bought, round(coalesce(a.assets, 0) / 100.0, 2) AS assets,
        round(coalesce(b.assets, 0) / 100.0, 2) AS assets_before,
        (coalesce(a.assets, 0) > 0)::integer AS retained
    FROM promotion_recipients r
    LEFT JOIN customer_snapshots b ON b.customer_id = r.customer_id AND b.as_of = {before}
    LEFT JOIN customer_snapshots a ON a.customer_id = r.customer_id AND a.as_of = {after}
    CROSS JOIN LATERAL (SELECT {bought} AS bought, {held} AS held,
        coalesce(a.cards > b.cards, false) OR EXISTS (
            SELECT FROM applications p JOIN members m ON m.id = p.member_id WHERE m.customer_id = r.customer_id
            AND p.stage IN {cards} AND p.stage_since BETWEEN r.assigned_at AND {until}) AS card) o
    WHERE r.promotion_id = {promotion} AND r.version = {version} AND r.place IN ('arm', 'held_out')"""
UNITS = text(
    """SELECT coalesce(arm, :held_out), count(*) FROM promotion_recipients
    WHERE promotion_id = :promotion AND version = :version AND place IN ('arm', 'held_out') GROUP BY 1"""
)
SINCE = text(
    """SELECT min(assigned_at) FROM promotion_recipients
    WHERE promotion_id = :promotion AND version = :version AND place IN ('arm', 'held_out')"""
)
DAYS = text(
    """SELECT (SELECT max(as_of) FROM customer_snapshots WHERE as_of <= :since),
        (SELECT max(as_of) FROM customer_snapshots WHERE as_of > :since AND as_of >= :until)"""
)
REACHED = text(
    """SELECT 'private' AS channel, step, count(*), 0::bigint FROM deliveries
        WHERE campaign = :campaign AND (step = :step OR starts_with(step, :step || ':')) AND kind = 'marketing'
            AND state = 'sent' GROUP BY step
    UNION ALL SELECT channel, step, count(*) FILTER (WHERE state = 'sent'),
            coalesce(sum(cost_fen) FILTER (WHERE state IN ('sent', 'unknown')), 0)::bigint FROM channel_messages
        WHERE campaign = :campaign AND (step = :step OR starts_with(step, :step || ':')) GROUP BY channel, step"""
)
LOST = text(
    """SELECT reason, sum(heads)::integer FROM (
        SELECT reason, count(*) AS heads FROM deliveries WHERE campaign = :campaign
            AND (step = :step OR starts_with(step, :step || ':')) AND kind = 'marketing'
            AND state IN ('suppressed', 'failed') GROUP BY reason
        UNION ALL SELECT reason, count(*) FROM channel_messages WHERE campaign = :campaign
            AND (step = :step OR starts_with(step, :step || ':')) AND state IN ('suppressed', 'failed') GROUP BY reason
    ) lost WHERE reason IS NOT NULL GROUP BY reason"""
)
# Who took part: answered that they are interested, did with the manager what was proposed, or claimed a voucher, which
# the held-out can as well. Beside those reached stands a claim of one who was reached alone.
TOOK_PART = """SELECT customer_id, variant, bool_or(was_reached) AS was_reached FROM (
    SELECT r.customer_id, r.arm AS variant, true AS was_reached
        FROM promotion_recipients r JOIN followups f USING (customer_id)
        WHERE r.promotion_id = {promotion} AND r.version = {version} AND r.place = 'arm'
            AND (f.source = 'offer_answered' AND f.ref = {campaign}
                OR f.source = 'campaign' AND f.state = 'done'
                    AND (f.ref = {occasion} OR starts_with(f.ref, {occasion} || ':')))
            AND f.opened_at BETWEEN r.assigned_at AND {until}
    UNION ALL SELECT r.customer_id, coalesce(r.arm, {held_out}),
            r.member_id IN (SELECT recipient FROM deliveries WHERE campaign = {campaign} AND state = 'sent'
                AND kind = 'marketing' AND (step = {step} OR starts_with(step, {step} || ':')))
            OR r.customer_id IN (SELECT customer_id FROM channel_messages WHERE campaign = {campaign}
                AND state = 'sent' AND (step = {step} OR starts_with(step, {step} || ':')))
        FROM promotion_recipients r JOIN vouchers v USING (customer_id)
        WHERE r.promotion_id = {promotion} AND r.version = {version} AND r.place IN ('arm', 'held_out')
            AND v.claimed_at BETWEEN r.assigned_at AND {until}) took GROUP BY customer_id, variant"""
COUNTS = """SELECT (SELECT count(*) FROM took WHERE was_reached),
    (SELECT count(*) FROM took JOIN outcomes USING (customer_id) WHERE was_reached AND converted = 1),
    (SELECT coalesce(round(100 * sum(assets - assets_before)), 0)::bigint FROM outcomes WHERE variant <> {held_out}),
    (SELECT jsonb_object_agg(variant, heads) FROM (SELECT variant, count(*) AS heads FROM took GROUP BY 1) t)"""


class PromotionResultRow(SQLModel, table=True):
    """What was found of a version when its results were concluded; never changed."""

    __tablename__ = "promotion_results"

    promotion_id: int = big(primary_key=True)
    version: int = Field(primary_key=True)
    found_at: datetime = moment()
    found_by: str
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


class SqlResultStore:
    """What is known of a version, inside one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def window(self, version: Version, now: datetime) -> Window | None:
        """When conversions count, and the deliveries before and after; None while nobody was assigned."""
        since = await self._session.scalar(SINCE, _of(version))
        if since is None:
            return None
        ended = version.ended_at if version.cancelled_at and version.ended_at else now
        until = min(version.plan.closes_at, now, ended)  # The next version may write to whom a stopped one left out.
        days = {"since": since.date(), "until": until.date()}
        before, after = (await self._session.execute(DAYS, days)).one()
        return Window(since, until, before, after)

    async def course(self, version: Version, window: Window) -> Course:
        """Heads by arm, whom it reached on which channel at what cost, who took part, and what grew."""
        asked = {**_of(version), "held_out": HELD_OUT, "campaign": version.campaign, "step": f"v{version.number}"}
        units = {str(name): int(count) for name, count in await self._session.execute(UNITS, asked)}
        channels, costs = _by_channel(version, [tuple(row) for row in await self._session.execute(REACHED, asked)])
        lost = {str(reason): int(count) for reason, count in await self._session.execute(LOST, asked)}
        took, converted, growth, took_part = await self._counts(version, window)
        reached = sum(each.reached for each in channels)
        return Course(units, reached, took, converted, growth, channels, lost, costs, took_part)

    async def _counts(self, version: Version, window: Window) -> tuple[int, int, int, dict[str, int]]:
        query = sql.SQL("WITH took AS ({took}), outcomes AS ({outcomes}) {counts}").format(
            took=sql.SQL(TOOK_PART).format(**_named(version, window)),
            outcomes=_outcomes(version, window),
            counts=sql.SQL(COUNTS).format(held_out=sql.Literal(HELD_OUT)),
        )
        connection = await self._connection()
        row = await (await connection.execute(query)).fetchone()
        took, converted, growth, took_part = row or (0, 0, 0, None)
        return took, converted, int(growth) if window.before and window.after else 0, took_part or {}

    async def copy(self, version: Version, window: Window, file: Path) -> None:
        """Write every recipient with the outcomes as CSV, those held out too; one pass, no rows in memory."""
        query = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER)").format(_outcomes(version, window))
        connection = await self._connection()
        with file.open("wb") as out:
            async with connection.cursor() as cursor, cursor.copy(query) as copy:
                async for part in copy:
                    out.write(part)

    async def keep(self, version: Version, body: Mapping[str, Any], by: str, now: datetime) -> bool:
        """Keep what was found; False when something was kept before."""
        row = {
            "promotion_id": version.promotion_id,
            "version": version.number,
            "found_at": now,
            "found_by": by,
            "body": dict(body),
        }
        statement = insert(PromotionResultRow).values(row).on_conflict_do_nothing()
        return bool((await self._session.scalars(statement.returning(col(PromotionResultRow.version)))).all())

    async def concluded(self, promotion_id: int) -> Conclusion | None:
        """The main figures of the newest version whose results were concluded."""
        row = PromotionResultRow
        query = select(row).where(col(row.promotion_id) == promotion_id).order_by(col(row.version).desc()).limit(1)
        found = (await self._session.scalars(query)).first()
        return read_conclusion(found.version, found.found_at, found.found_by, found.body) if found else None

    async def _connection(self) -> AsyncConnection[Any]:
        raw = await (await self._session.connection()).get_raw_connection()
        assert isinstance(raw.driver_connection, AsyncConnection)
        return raw.driver_connection


def _by_channel(version: Version, rows: Sequence[tuple[Any, ...]]) -> tuple[tuple[ChannelCost, ...], dict[str, int]]:
    """Heads and costs by channel, and costs by arm: with several arms a step names its own."""
    contact, only = version.plan.costs.contact, version.plan.copies[0].arm
    heads: Counter[Channel] = Counter()
    costs: Counter[Channel] = Counter()
    by_arm: Counter[str] = Counter()
    for name, step, reached, cost in rows:
        channel, fen = Channel(name), int(cost)
        if channel is Channel.PRIVATE:
            fen = reached * contact.get(channel, 0)
        heads[channel] += reached
        costs[channel] += fen
        by_arm[step.partition(":")[2] or only] += fen
    found = tuple(ChannelCost(each, heads[each], costs[each]) for each in Channel if heads[each] or costs[each])
    return found, dict(by_arm)


def _outcomes(version: Version, window: Window) -> sql.Composed:
    """Outcomes of each recipient; of what was held before only what was added counts as bought."""
    kind = version.plan.product.kind if version.plan.product else None
    columns = BOUGHT.get(kind, EVERY_KIND) if kind else EVERY_KIND
    added = "greatest(coalesce(a.{0}, 0) - coalesce(b.{0}, 0), 0)"
    opened = "(coalesce(a.{0}, 0) > 0 AND coalesce(b.{0}, 0) = 0)::integer"
    bought, held = (
        sql.SQL(" + ").join(sql.SQL(form).format(sql.Identifier(name)) for name in columns) for form in (added, opened)
    )
    facts = {**_named(version, window), "bought": bought, "held": held, "cards": sql.SQL(CARDS)}
    return sql.SQL(OUTCOMES).format(**facts)


def _named(version: Version, window: Window) -> dict[str, Any]:
    return {
        "held_out": sql.Literal(HELD_OUT),
        "before": sql.Literal(_day(window.before)),
        "after": sql.Literal(_day(window.after)),
        "until": sql.Literal(window.until),
        "promotion": sql.Literal(version.promotion_id),
        "version": sql.Literal(version.number),
        "campaign": sql.Literal(version.campaign),
        "step": sql.Literal(f"v{version.number}"),
        "occasion": sql.Literal(f"{version.campaign}/v{version.number}"),
    }


def _day(day: date | None) -> date:
    return day or date(1, 1, 1)  # No delivery is of this day.


def _of(version: Version) -> dict[str, Any]:
    return {"promotion": version.promotion_id, "version": version.number}
