"""Channels: the ledger of messages outside of the chat, one row per campaign, step, channel and customer."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Column, Field, SQLModel, col

from campaigns.channels.model import (
    Channel,
    ChannelDraft,
    ChannelMessage,
    Spent,
    Touch,
)
from campaigns.channels.rules import first_state
from campaigns.deliveries.model import Kind, Reason, State
from campaigns.deliveries.rules import Closing, Verdict
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.halts import is_halted
from storage.rows import insert_rows, one_of

WAITING = (State.PLANNED, State.RETRY)
LEFT = (State.SENT, State.UNKNOWN)
PRINTED = Channel.CODE  # Waits for a person to print its sheet.
NOTE = text(
    """UPDATE channel_messages c SET gate = v.gate
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS v (id bigint, gate jsonb) WHERE c.id = v.id"""
)
NOT_HALTED = text(f"(channel_messages.kind <> 'marketing' OR NOT {is_halted('channel_messages')})")


class ChannelMessageRow(SQLModel, table=True):
    """One message outside of the chat; at most one per campaign, step, channel and customer."""

    __tablename__ = "channel_messages"

    id: int | None = big(default=None, primary_key=True)
    campaign: str
    step: str
    channel: str
    customer_id: UUID | None = Field(default=None, foreign_key="customers.id")
    title: str
    text: str
    kind: str
    touch: str
    code: str | None = None
    state: str
    reason: str | None = None
    detail: str | None = None
    cost_fen: int = big()
    due_at: datetime = moment()
    expires_at: datetime | None = moment(default=None)
    attempts: int = 0
    repeats: int = 0
    owner: str | None = None
    product: str | None = None
    risk: int | None = None
    gate: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB, nullable=True))
    planned_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)


class SqlChannelStore:
    """Implements `campaigns.channels.service.ChannelStore`, and what the worker needs of the rows."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def lock_spent(self, campaign: str) -> int:
        """What a campaign's messages cost so far, planned ones too, in fen; locked until the transaction ends."""
        await self._session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended('channels:' || :campaign, 0))"), {"campaign": campaign}
        )
        row = ChannelMessageRow
        counted = (*WAITING, State.DISPATCHING, *LEFT)
        query = select(func.sum(row.cost_fen)).where(col(row.campaign) == campaign, col(row.state).in_(counted))
        return int(await self._session.scalar(query) or 0)

    async def plan(self, drafts: Sequence[ChannelDraft], costs: Sequence[int], now: datetime) -> int:
        """Insert the drafts that are not there yet; returns how many were new."""
        rows = [_new_row(draft, cost, now) for draft, cost in zip(drafts, costs, strict=True)]
        statement = insert_rows(ChannelMessageRow, rows).on_conflict_do_nothing().returning(col(ChannelMessageRow.id))
        return len((await self._session.execute(statement)).all())

    async def cancel(self, campaign: str, step: str | None, reason: Reason) -> int:
        """Cancel what waits; what is in flight may still arrive, but is not tried again. Returns how many."""
        row = ChannelMessageRow
        theirs = (col(row.campaign) == campaign, *([] if step is None else [col(row.step) == step]))
        in_flight = col(row.state) == State.DISPATCHING
        after = case((in_flight, State.DISPATCHING), else_=State.CANCELLED)
        statement = update(row).where(*theirs, or_(in_flight, col(row.state).in_(WAITING)))
        found = await self._session.scalars(statement.values(state=after, reason=reason).returning(col(row.state)))
        return sum(state == State.CANCELLED for state in found)

    async def closing(self, campaign: str) -> Closing:
        """A campaign's rows by state."""
        row = ChannelMessageRow
        query = select(col(row.state), func.count()).where(col(row.campaign) == campaign).group_by(col(row.state))
        states = {State(state): count for state, count in await self._session.execute(query)}
        return Closing(sum(states.values()), states)

    async def spent(self, campaign: str | None) -> list[Spent]:
        """Messages and costs by channel, of one campaign or of all."""
        row = ChannelMessageRow
        query = select(col(row.channel), col(row.state), func.count(), func.sum(row.cost_fen)).group_by(
            col(row.channel), col(row.state)
        )
        if campaign is not None:
            query = query.where(col(row.campaign) == campaign)
        states: defaultdict[str, dict[State, int]] = defaultdict(dict)
        costs: defaultdict[str, int] = defaultdict(int)
        for channel, state, count, cost in await self._session.execute(query):
            states[channel][State(state)] = count
            costs[channel] += int(cost) if state in LEFT else 0
        return [Spent(each, states[each], costs[each]) for each in Channel if each in states]

    async def due(self, now: datetime, limit: int) -> list[ChannelMessage]:
        """The next messages whose time has come, locked for this worker; printed sheets wait for a person."""
        row = ChannelMessageRow
        waits = (col(row.state).in_(WAITING), col(row.due_at) <= now, col(row.channel) != PRINTED, NOT_HALTED)
        ordered = select(row).where(*waits).order_by(col(row.due_at), col(row.id)).limit(limit)
        found = await self._session.scalars(ordered.with_for_update(skip_locked=True))
        return [value(each) for each in found]

    async def to_print(self, campaign: str, limit: int) -> list[ChannelMessage]:
        """Codes of a campaign whose sheets were not printed yet, locked."""
        row = ChannelMessageRow
        query = select(row).where(
            col(row.campaign) == campaign, col(row.channel) == PRINTED, col(row.state).in_(WAITING), NOT_HALTED
        )
        found = await self._session.scalars(query.order_by(col(row.id)).limit(limit).with_for_update(skip_locked=True))
        return [value(each) for each in found]

    async def dispatch(self, ids: Sequence[int], owner: str) -> None:
        """Record the intent before anything leaves."""
        row = ChannelMessageRow
        values = {"state": State.DISPATCHING, "owner": owner, "attempts": row.attempts + 1}
        await self._session.execute(update(row).where(one_of(row.id, ids)).values(values))

    async def note(self, said: Mapping[int, dict[str, Any]]) -> None:
        """Keep what the gate was asked and answered about messages, by their id."""
        if said:
            rows = [{"id": message, "gate": minutes} for message, minutes in said.items()]
            await self._session.execute(NOTE, {"rows": json.dumps(rows)})

    async def settle(self, message: ChannelMessage, verdict: Verdict, now: datetime) -> None:
        """Record what became of an attempt; what somebody cancelled meanwhile is not tried again."""
        row = ChannelMessageRow
        waits = verdict.state in WAITING
        cancelled = col(row.reason) == Reason.WITHDRAWN
        state = case((cancelled, State.CANCELLED), else_=verdict.state) if waits else verdict.state
        values = {
            "state": state,
            "reason": case((cancelled, Reason.WITHDRAWN), else_=verdict.reason) if waits else verdict.reason,
            "detail": verdict.detail or None,
            "due_at": verdict.due_at or message.due_at,
            "repeats": message.repeats + verdict.repeats,
            "ended_at": None if waits else now,
        }
        await self._session.execute(update(row).where(col(row.id) == message.id).values(values))

    async def sent(self, ids: Sequence[int], now: datetime) -> None:
        """Record that all of these left and were taken."""
        row = ChannelMessageRow
        values = {"state": State.SENT, "reason": None, "detail": None, "ended_at": now}
        await self._session.execute(update(row).where(one_of(row.id, ids)).values(values))

    async def print(self, message: ChannelMessage, code: str, verdict: Verdict, now: datetime) -> None:
        """Record that a code is on paper."""
        row = ChannelMessageRow
        await self._session.execute(
            update(row).where(col(row.id) == message.id).values(code=code, attempts=row.attempts + 1)
        )
        await self.settle(message, verdict, now)

    async def abandoned(self, owner: str) -> list[ChannelMessage]:
        """What a former worker left in flight."""
        row = ChannelMessageRow
        query = select(row).where(col(row.state) == State.DISPATCHING, col(row.owner) != owner).with_for_update()
        return [value(each) for each in await self._session.scalars(query)]

    async def unknown(self) -> list[ChannelMessage]:
        """Messages that may or may not have arrived."""
        row = ChannelMessageRow
        query = select(row).where(col(row.state) == State.UNKNOWN).order_by(col(row.id))
        return [value(each) for each in await self._session.scalars(query)]

    async def resolve(self, message_id: int, *, arrived: bool, by: str, now: datetime) -> bool:
        """Settle one of them; False when there is none in doubt."""
        row = ChannelMessageRow
        state = State.SENT if arrived else State.FAILED
        statement = (
            update(row)
            .where(col(row.id) == message_id, col(row.state) == State.UNKNOWN)
            .values(state=state, detail=f"resolved by {by}", ended_at=now)
        )
        return bool((await self._session.scalars(statement.returning(col(row.id)))).all())


def _new_row(draft: ChannelDraft, cost: int, now: datetime) -> dict[str, Any]:
    state = first_state(draft)
    return {
        "campaign": draft.campaign,
        "step": draft.step,
        "channel": draft.channel,
        "customer_id": draft.customer_id,
        "title": draft.title,
        "text": draft.text,
        "kind": draft.kind,
        "touch": draft.touch,
        "code": draft.code,
        "state": state,
        "cost_fen": cost,
        "due_at": draft.due_at,
        "expires_at": draft.expires_at,
        "attempts": 0,
        "repeats": 0,
        "product": draft.product,
        "risk": draft.risk,
        "planned_at": now,
        "ended_at": now if state is State.HELD_OUT else None,
    }


def value(row: ChannelMessageRow) -> ChannelMessage:
    """The row as the hall knows it."""
    return ChannelMessage(
        id=row.id or 0,
        campaign=row.campaign,
        step=row.step,
        channel=Channel(row.channel),
        customer_id=row.customer_id,
        title=row.title,
        text=row.text,
        kind=Kind(row.kind),
        touch=Touch(row.touch),
        state=State(row.state),
        cost_fen=row.cost_fen,
        due_at=row.due_at,
        code=row.code,
        expires_at=row.expires_at,
        attempts=row.attempts,
        repeats=row.repeats,
        reason=row.reason,
        detail=row.detail,
        ended_at=row.ended_at,
        product=row.product,
        risk=row.risk,
    )
