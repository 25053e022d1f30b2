"""Recalls and the messages in them, beside the ledger's rows that take them back."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.recalls.model import Reach, Recall, Recalled, RecallState, Way
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.setbacks import is_resting

REACH = """SELECT
        count(*) FILTER (WHERE d.state = 'sent' AND d.method LIKE 'send%'
            AND NOT EXISTS (SELECT FROM recalled_deliveries r WHERE r.delivery_id = d.id)),
        count(*) FILTER (WHERE d.state IN ('planned', 'retry', 'dispatching')),
        count(*) FILTER (WHERE d.state = 'unknown')
    FROM deliveries d WHERE d.campaign = :campaign"""
LATELY = text(
    """SELECT campaign, count(*), max(ended_at) FROM deliveries d
    WHERE kind = 'marketing' AND state = 'sent' AND method LIKE 'send%' AND ended_at > :since
        AND NOT EXISTS (SELECT FROM recalled_deliveries r WHERE r.delivery_id = d.id)
    GROUP BY campaign ORDER BY max(ended_at) DESC LIMIT :limit"""
)
UNTAKEN = text("SELECT * FROM recalls WHERE taken_to < up_to ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED")
BOUNDS = "SELECT min(id) - 1, max(id) FROM deliveries WHERE campaign = :campaign"
# What is in flight belongs to the recall too: its way back begins once it has arrived.
TAKE = text(
    """INSERT INTO recalled_deliveries (delivery_id, recall_id, way, state, stage, correction)
    SELECT d.id, :recall, CASE WHEN d.ended_at <= :since THEN 'edit' ELSE 'delete' END, 'pending',
        CASE d.state WHEN 'sent' THEN 'fresh' ELSE 'awaited' END, CASE m.language WHEN 'en' THEN :en ELSE :zh END
    FROM deliveries d LEFT JOIN members m ON m.id = d.recipient
    WHERE d.id > :after AND d.id <= :to AND d.campaign = :campaign AND d.state IN ('sent', 'dispatching')
        AND d.method LIKE 'send%' ON CONFLICT DO NOTHING"""
)
NEVER_ARRIVED = text(
    """DELETE FROM recalled_deliveries r USING deliveries o WHERE r.state = 'pending' AND r.stage = 'awaited'
        AND o.id = r.delivery_id AND o.state NOT IN ('sent', 'dispatching')"""
)
ARRIVED = text(
    """UPDATE recalled_deliveries r SET stage = 'fresh' FROM deliveries o
    WHERE r.state = 'pending' AND r.stage = 'awaited' AND o.id = r.delivery_id AND o.state = 'sent'"""
)
# Those whose try has ended, then fresh ones while not too many tries are under way; what rests is neither. What few
# have tries is looked up one by one, since a plan that joins them reads the whole ledger where the planner takes them
# for many.
AWAKE = f"NOT {is_resting('recalls', 'delivery_id')}"
NEXT = text(
    f"""WITH tried AS MATERIALIZED (SELECT delivery_id, (SELECT l.state FROM deliveries l
            WHERE l.campaign = 'recall:' || r.recall_id AND l.step = r.way || ':' || r.delivery_id
                AND l.recipient = (SELECT o.recipient FROM deliveries o WHERE o.id = r.delivery_id)) AS state
        FROM recalled_deliveries r WHERE state = 'pending' AND stage = 'tried' AND {AWAKE})
    (SELECT delivery_id, state = 'sent' FROM tried
        WHERE state IS NULL OR state IN ('sent', 'failed', 'suppressed', 'cancelled') ORDER BY delivery_id LIMIT :limit)
    UNION ALL (SELECT delivery_id, NULL FROM recalled_deliveries WHERE state = 'pending' AND stage = 'fresh'
        AND {AWAKE} AND (SELECT count(*) FROM tried) < :most ORDER BY delivery_id LIMIT :limit)"""  # noqa: S608
)
OPEN = text(
    """SELECT r.delivery_id, r.recall_id, r.way, o.recipient, o.method, o.message_id, r.correction
    FROM recalled_deliveries r JOIN deliveries o ON o.id = r.delivery_id
    WHERE r.delivery_id = ANY(:ids) AND r.state = 'pending' ORDER BY r.delivery_id FOR UPDATE OF r SKIP LOCKED"""
)


class RecallRow(SQLModel, table=True):
    """One recall of a campaign."""

    __tablename__ = "recalls"

    id: int | None = big(default=None, primary_key=True)
    campaign: str
    reason: str
    made_by: str
    made_at: datetime = moment()
    taken_to: int | None = big(default=None)
    up_to: int | None = big(default=None)


class RecalledRow(SQLModel, table=True):
    """One message in a recall: a message is in one at most."""

    __tablename__ = "recalled_deliveries"

    delivery_id: int = big(primary_key=True, foreign_key="deliveries.id")
    recall_id: int = big(foreign_key="recalls.id")
    way: str
    state: str = Field(default=RecallState.PENDING)
    stage: str = Field(default="fresh", sa_column_kwargs={"server_default": "fresh"})
    correction: str
    ended_at: datetime | None = moment(default=None, nullable=True)


class SqlRecallStore:
    """Implements `campaigns.recalls.service.RecallStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def reach(self, campaign: str) -> Reach:
        """What a recall would touch now; what was recalled before is left out."""
        return Reach(campaign, *(await self._session.execute(text(REACH), {"campaign": campaign})).one())

    async def sent_lately(self, since: datetime, limit: int) -> list[Reach]:
        """The campaigns whose marketing messages arrived last, newest first."""
        rows = await self._session.execute(LATELY, {"since": since, "limit": limit})
        return [Reach(campaign, arrived, 0, 0) for campaign, arrived, _ in rows]

    async def add(self, campaign: str, reason: str, made_by: str, now: datetime) -> Recall:
        """Keep a recall of what its campaign holds now, to be taken in by portions."""
        first, last = (await self._session.execute(text(BOUNDS), {"campaign": campaign})).one()
        row: dict[str, Any] = {"campaign": campaign, "reason": reason, "made_by": made_by, "made_at": now}
        row |= {"taken_to": first, "up_to": last}
        made = await self._session.execute(insert(RecallRow).values(row).returning(col(RecallRow.id)))
        return Recall(made.scalar_one() or 0, campaign, reason, made_by, now)

    async def take(self, deletable_since: datetime, zh: str, en: str, size: int) -> bool:
        """Put what arrived, or may yet, and is in no recall into the oldest recall that has a rest.

        It looks through `size` rows of the ledger and returns whether there was such a recall.
        """
        row = (await self._session.execute(UNTAKEN)).one_or_none()
        if row is None:
            return False
        to = min(row.taken_to + size, row.up_to)
        given = {"recall": row.id, "campaign": row.campaign, "since": deletable_since, "zh": zh, "en": en}
        await self._session.execute(TAKE, given | {"after": row.taken_to, "to": to})
        await self._session.execute(update(RecallRow).where(col(RecallRow.id) == row.id).values(taken_to=to))
        return True

    async def open(self, limit: int, most: int, now: datetime) -> list[Recalled]:
        """Messages whose way back is to be begun, or whose try has ended, and that do not rest; ours alone."""
        await self._session.execute(NEVER_ARRIVED)
        await self._session.execute(ARRIVED)
        found = await self._session.execute(NEXT, {"limit": limit, "most": most, "now": now})
        arrived: dict[int, bool | None] = {row.delivery_id: row[1] for row in found}
        rows = await self._session.execute(OPEN, {"ids": list(arrived)}) if arrived else ()
        return [
            Recalled(delivery, recall, Way(way), chat, method, message, correction, arrived[delivery])
            for delivery, recall, way, chat, method, message, correction in rows
        ]

    async def save(self, recalled: Recalled, way: Way, state: RecallState, now: datetime) -> None:
        """Keep how one message stands: it ended, or a try of this way is in the ledger."""
        ended = None if state is RecallState.PENDING else now
        await self._session.execute(
            update(RecalledRow)
            .where(col(RecalledRow.delivery_id) == recalled.delivery_id)
            .values(way=way, state=state, stage="tried", ended_at=ended)
        )

    async def latest(self, limit: int) -> list[Recall]:
        """The last recalls with their counts, newest first."""
        rows = (await self._session.scalars(select(RecallRow).order_by(col(RecallRow.id).desc()).limit(limit))).all()
        counted = text(
            "SELECT recall_id, state, count(*) FROM recalled_deliveries WHERE recall_id = ANY(:ids) GROUP BY 1, 2"
        )
        counts: dict[int, dict[RecallState, int]] = {row.id or 0: {} for row in rows}
        for recall_id, state, count in await self._session.execute(counted, {"ids": list(counts)}):
            counts[recall_id][RecallState(state)] = count
        return [
            Recall(row.id or 0, row.campaign, row.reason, row.made_by, row.made_at, counts[row.id or 0]) for row in rows
        ]
