"""Recalls and the messages in them, beside the ledger's rows that take them back."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.recalls.model import Reach, Recall, Recalled, RecallState, Way
from storage.columns import big, moment
from storage.database import UnitOfWork

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
# What is in flight belongs to the recall too: its way back begins once it has arrived.
TAKE = text(
    """INSERT INTO recalled_deliveries (delivery_id, recall_id, way, state, correction)
    SELECT d.id, :recall, CASE WHEN d.ended_at <= :since THEN 'edit' ELSE 'delete' END, 'pending',
        CASE m.language WHEN 'en' THEN :en ELSE :zh END
    FROM deliveries d LEFT JOIN members m ON m.id = d.recipient
    WHERE d.campaign = :campaign AND d.state IN ('sent', 'dispatching') AND d.method LIKE 'send%'
    ON CONFLICT DO NOTHING RETURNING delivery_id"""
)
NEVER_ARRIVED = text(
    """DELETE FROM recalled_deliveries r USING deliveries o WHERE r.state = 'pending' AND o.id = r.delivery_id
        AND o.state NOT IN ('sent', 'dispatching')"""
)
OPEN = text(
    """SELECT r.delivery_id, r.recall_id, r.way, o.recipient, o.method, o.message_id, r.correction, l.state = 'sent'
    FROM recalled_deliveries r JOIN deliveries o ON o.id = r.delivery_id
    LEFT JOIN deliveries l ON l.campaign = 'recall:' || r.recall_id AND l.step = r.way || ':' || r.delivery_id
        AND l.recipient = o.recipient
    WHERE r.state = 'pending' AND o.state = 'sent'
        AND (l.id IS NULL OR l.state IN ('sent', 'failed', 'suppressed', 'cancelled'))
    ORDER BY r.delivery_id LIMIT :limit FOR UPDATE OF r SKIP LOCKED"""
)


class RecallRow(SQLModel, table=True):
    """One recall of a campaign."""

    __tablename__ = "recalls"

    id: int | None = big(default=None, primary_key=True)
    campaign: str
    reason: str
    made_by: str
    made_at: datetime = moment()


class RecalledRow(SQLModel, table=True):
    """One message in a recall: a message is in one at most."""

    __tablename__ = "recalled_deliveries"

    delivery_id: int = big(primary_key=True, foreign_key="deliveries.id")
    recall_id: int = big(foreign_key="recalls.id")
    way: str
    state: str = Field(default=RecallState.PENDING)
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
        """Keep a recall."""
        row: dict[str, Any] = {"campaign": campaign, "reason": reason, "made_by": made_by, "made_at": now}
        made = await self._session.execute(insert(RecallRow).values(row).returning(col(RecallRow.id)))
        return Recall(made.scalar_one() or 0, campaign, reason, made_by, now)

    async def take(self, recall: Recall, deletable_since: datetime, zh: str, en: str) -> int:
        """Put every message that arrived, or may yet, and is in no recall into this one; returns how many."""
        given = {"recall": recall.id, "campaign": recall.campaign, "since": deletable_since, "zh": zh, "en": en}
        return len((await self._session.execute(TAKE, given)).all())

    async def open(self, limit: int) -> list[Recalled]:
        """Messages whose way back is to be begun, or whose try has ended; nobody else works on them."""
        await self._session.execute(NEVER_ARRIVED)
        rows = await self._session.execute(OPEN, {"limit": limit})
        return [
            Recalled(delivery, recall, Way(way), chat, method, message, correction, arrived)
            for delivery, recall, way, chat, method, message, correction, arrived in rows
        ]

    async def save(self, recalled: Recalled, way: Way, state: RecallState, now: datetime) -> None:
        """Keep how one message stands."""
        ended = None if state is RecallState.PENDING else now
        await self._session.execute(
            update(RecalledRow)
            .where(col(RecalledRow.delivery_id) == recalled.delivery_id)
            .values(way=way, state=state, ended_at=ended)
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
