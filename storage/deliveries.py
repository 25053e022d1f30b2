"""The delivery ledger's rows and store: one row per (campaign, step, recipient)."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Exists,
    Select,
    SmallInteger,
    all_,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.orm import aliased
from sqlmodel import Column, Field, SQLModel, col

from campaigns.deliveries.model import PENDING, Delivery, Draft, Errand, Kind, Message, Reason, State
from campaigns.deliveries.rules import EDITS, NAMING_A_MESSAGE, POSTS, Verdict
from storage.database import UnitOfWork
from storage.halts import ASIDE, is_halted
from storage.rows import insert_rows

CARD_PACE = timedelta(seconds=3)  # Telegram takes about 20 edits a minute in one group.
MOST_POSTS = 3
PRIORITY = {Kind.CARD: 0, Kind.SERVICE: 1, Kind.MARKETING: 5}
WAITING = (State.PLANNED, State.RETRY)
PICTURES = 3  # Pictures leave after every word that somebody waits for, and before offers.
CARD_METHODS = POSTS | EDITS
UNEDITABLE = (State.UNKNOWN, State.FAILED, State.SUPPRESSED)

DISPATCH = text(
    """UPDATE deliveries d SET state = 'dispatching', owner = :owner, attempts = d.attempts + 1,
        gate = coalesce(t.gate, d.gate)
    FROM jsonb_to_recordset(CAST(:told AS jsonb)) AS t (id bigint, gate jsonb) WHERE d.id = t.id"""
)
SETTLE = text(
    """UPDATE deliveries d SET
        state = CASE WHEN NOT t.waits OR coalesce(d.reason, '') NOT IN ('withdrawn', 'halted') THEN t.state
            WHEN t.repeats > d.repeats THEN 'unknown' ELSE 'cancelled' END,
        reason = CASE WHEN t.waits AND d.reason IN ('withdrawn', 'halted') THEN d.reason ELSE t.reason END,
        message_id = CASE WHEN d.recipient = t.recipient THEN t.message END,
        detail = t.detail, due_at = t.due, repeats = t.repeats, ended_at = t.ended, gate = coalesce(t.gate, d.gate)
    FROM jsonb_to_recordset(CAST(:told AS jsonb)) AS t (id bigint, recipient bigint, waits boolean, state text,
        reason text, detail text, due timestamptz, message bigint, repeats integer, ended timestamptz, gate jsonb)
    WHERE d.id = t.id AND NOT (d.state IN ('unknown', 'sent', 'failed') AND (t.waits OR t.state = 'unknown'))"""
)
CARD_MESSAGES = text(
    """SELECT DISTINCT ON (d.campaign, d.recipient) d.campaign, d.recipient, d.message_id
    FROM jsonb_to_recordset(CAST(:cards AS jsonb)) AS card (campaign text, recipient bigint)
    JOIN deliveries d USING (campaign, recipient)
    WHERE d.kind = 'card' AND d.method = ANY(:posts) AND d.state = 'sent'
    ORDER BY d.campaign, d.recipient, d.id DESC"""
)
REFRESH = text(
    """UPDATE deliveries d SET payload = card.payload
    FROM jsonb_to_recordset(CAST(:cards AS jsonb)) AS card (campaign text, recipient bigint, payload jsonb)
    WHERE d.campaign = card.campaign AND d.recipient = card.recipient
        AND d.kind = 'card' AND d.method = ANY(:methods) AND d.state = ANY(:waiting)
    RETURNING d.campaign, d.recipient, d.method"""
)
Said = Mapping[int, Mapping[str, Any]]  # The gate's minutes by delivery.
NOTHING_SAID: Said = {}


class DeliveryRow(SQLModel, table=True):
    """One delivery; `lease_until` is system time, every other time is domain time."""

    __tablename__ = "deliveries"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    campaign: str
    step: str
    recipient: int = Field(sa_type=BigInteger)
    kind: str
    method: str
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    state: str
    reason: str | None = None
    detail: str | None = None
    priority: int
    due_at: datetime = Field(sa_type=DateTime(timezone=True))
    expires_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    pin: bool = False
    origin_chat: int | None = Field(default=None, sa_type=BigInteger)
    attempts: int = 0
    repeats: int = 0
    owner: str | None = None
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    awaits_release: bool = False
    product: str | None = None
    risk: int | None = Field(default=None, sa_type=SmallInteger)
    gate: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    planned_at: datetime = Field(sa_type=DateTime(timezone=True))
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


def value(row: DeliveryRow) -> Delivery:
    """The row as the hall knows it."""
    assert row.id is not None
    return Delivery(
        id=row.id,
        campaign=row.campaign,
        step=row.step,
        recipient=row.recipient,
        kind=Kind(row.kind),
        method=row.method,
        payload=row.payload,
        state=State(row.state),
        due_at=row.due_at,
        attempts=row.attempts,
        reason=row.reason,
        message_id=row.message_id,
        expires_at=row.expires_at,
        pin=row.pin,
        origin_chat=row.origin_chat,
        repeats=row.repeats,
        product=row.product,
        risk=row.risk,
    )


def _new_row(draft: Draft, now: datetime) -> dict[str, Any]:
    return {
        "campaign": draft.campaign,
        "step": draft.step,
        "recipient": draft.recipient,
        "kind": draft.kind,
        "method": draft.message.posting,
        "payload": draft.message.payload(),
        "state": State.PLANNED,
        "priority": PICTURES if draft.message.picture else PRIORITY[draft.kind],
        "due_at": draft.due_at,
        "expires_at": draft.expires_at,
        "pin": draft.pin,
        "origin_chat": draft.origin_chat,
        "attempts": 0,
        "repeats": 0,
        "awaits_release": False,
        "product": draft.product,
        "risk": draft.risk,
        "planned_at": now,
    }


def _told(delivery: Delivery, verdict: Verdict, now: datetime) -> dict[str, Any]:
    """What one outcome writes into its row."""
    return {
        "id": delivery.id,
        "recipient": delivery.recipient,
        "waits": verdict.state in WAITING,
        "state": verdict.state,
        "reason": verdict.reason,
        "detail": verdict.detail or None,
        "due": (verdict.due_at or delivery.due_at).isoformat(),
        "message": verdict.message_id or delivery.message_id,
        "repeats": delivery.repeats + verdict.repeats,
        "ended": None if verdict.state in WAITING else now.isoformat(),
    }


def _bare_row(delivery: Delivery, now: datetime) -> dict[str, Any]:
    """A new row for the same campaign and recipient, due at once."""
    draft = Draft(delivery.campaign, delivery.step, delivery.recipient, Message(""), delivery.kind, now)
    return _new_row(draft, now)


class Resting(NamedTuple):
    """Chats in which no new message, or no edit, may leave right now."""

    for_messages: Sequence[int] = ()
    for_edits: Sequence[int] = ()


class SqlDeliveryStore:
    """The ledger inside one unit of work."""

    def __init__(self, uow: UnitOfWork, *, wake: Any = None) -> None:
        self._uow = uow
        self._session = uow.session
        self._wake = wake

    async def plan(self, drafts: Sequence[Draft], now: datetime) -> int:
        """Insert the drafts that are not in the ledger yet; returns how many were new."""
        return len(await self._plan(drafts, now))

    async def plan_errand(self, errand: Errand, now: datetime) -> None:
        """Plan a call that posts nothing, unless the ledger has it already."""
        draft = Draft(errand.campaign, errand.step, errand.chat, Message(""), Kind.SERVICE, now)
        await self._insert(_new_row(draft, now) | {"method": errand.method, "payload": dict(errand.payload)})

    async def show_cards(self, drafts: Sequence[Draft], now: datetime) -> None:
        """Post each card, or bring the posted one up to date by one pending edit; a card is named once."""
        posted = set(await self._plan(drafts, now))
        known = [draft for draft in drafts if _card(draft) not in posted]
        refreshed = await self._refresh_pending(known)
        for draft in known:
            if _card(draft) not in refreshed:
                await self._plan_edit(draft, now)

    async def post_card_anew(self, draft: Draft, now: datetime) -> None:
        """Post the card once more at the end of the chat, unless a post of it waits; later edits go to the new one."""
        if await self._plan([draft], now) or POSTS & (await self._refresh_pending([draft])).get(_card(draft), set()):
            return
        await self._insert(_new_row(draft, now) | {"step": f"card:{await self._count(draft, POSTS) + 1}"})

    async def post_again(self, delivery: Delivery, now: datetime) -> None:
        """Plan a fresh post for a card whose post may or may not be there: without its id nothing can be edited.

        The first post stays in doubt for a person; a card is posted three times at most.
        """
        posts = await self._count(delivery, POSTS)
        if posts < MOST_POSTS:
            again = {"step": f"card:{posts + 1}", "payload": dict(delivery.payload), "pin": delivery.pin}
            await self._insert(_bare_row(delivery, now) | again | {"method": delivery.method})

    async def _plan(self, drafts: Sequence[Draft], now: datetime) -> list[tuple[str, int]]:
        """Insert the drafts that are not in the ledger yet; returns the campaign and recipient of each that is new."""
        if not drafts:
            return []
        statement = insert_rows(DeliveryRow, [_new_row(draft, now) for draft in drafts]).on_conflict_do_nothing()
        named = statement.returning(col(DeliveryRow.campaign), col(DeliveryRow.recipient))
        found = [(campaign, recipient) for campaign, recipient in await self._session.execute(named)]
        self._wake_sender()
        return found

    async def _plan_edit(self, draft: Draft, now: datetime) -> None:
        """Plan an edit of a posted card of which nothing waits; a post that is lost for good is made again."""
        if await self._lost_post(draft):
            await self._insert(_new_row(draft, now) | {"step": f"card:{await self._count(draft, POSTS) + 1}"})
            return
        last = await self._session.scalar(select(func.max(DeliveryRow.due_at)).where(*_same_card(draft)))
        await self._insert(
            _new_row(draft, now)
            | {
                "step": f"edit:{await self._count(draft, EDITS) + 1}",
                "method": draft.message.editing,
                "payload": draft.message.payload(),
                "due_at": max(now, last + CARD_PACE) if last else now,
                "pin": False,
            }
        )

    async def _lost_post(self, draft: Draft) -> bool:
        """Whether the newest post of a card cannot be edited, ever."""
        newest = (
            select(col(DeliveryRow.state), col(DeliveryRow.message_id))
            .where(*_same_card(draft), col(DeliveryRow.method).in_(POSTS))
            .order_by(col(DeliveryRow.id).desc())
            .limit(1)
        )
        found = (await self._session.execute(newest)).first()
        if found is None:
            return False
        state, message_id = found
        return state in UNEDITABLE or (state == State.SENT and message_id is None)

    async def _insert(self, row: dict[str, Any]) -> None:
        await self._session.execute(insert(DeliveryRow).values(row).on_conflict_do_nothing())
        self._wake_sender()

    async def _refresh_pending(self, cards: Sequence[Draft]) -> dict[tuple[str, int], set[str]]:
        """Put the newest words into posts and edits that have not left yet; returns the methods of each such card."""
        if not cards:
            return {}
        told = [{"campaign": d.campaign, "recipient": d.recipient, "payload": d.message.payload()} for d in cards]
        asked = {"cards": json.dumps(told), "methods": list(CARD_METHODS), "waiting": list(WAITING)}
        found: dict[tuple[str, int], set[str]] = {}
        for campaign, recipient, method in await self._session.execute(REFRESH, asked):
            found.setdefault((campaign, recipient), set()).add(method)
        return found

    async def _count(self, card: Draft | Delivery, methods: Collection[str]) -> int:
        counted = select(func.count()).where(*_same_card(card), col(DeliveryRow.method).in_(methods))
        return await self._session.scalar(counted) or 0

    async def cancel(self, campaign: str, step: str | None, reason: Reason) -> int:
        """Cancel what is still waiting of a campaign (or of one step of it); returns how many.

        A call in flight may still arrive, but is not tried again: `settle` finds the reason left here.
        """
        theirs = col(DeliveryRow.campaign) == campaign
        return await self._cancel(theirs if step is None else theirs & (col(DeliveryRow.step) == step), reason)

    async def cancel_steps(self, steps: Sequence[tuple[str, str]], reason: Reason) -> None:
        """Cancel what is still waiting of these steps, each a campaign and its step."""
        await self._cancel(tuple_(col(DeliveryRow.campaign), col(DeliveryRow.step)).in_(steps), reason)

    async def _cancel(self, chosen: ColumnElement[bool], reason: Reason) -> int:
        in_flight = col(DeliveryRow.state) == State.DISPATCHING
        open_ = or_(in_flight, col(DeliveryRow.state).in_(WAITING))
        after = case((in_flight, State.DISPATCHING), else_=State.CANCELLED)
        statement = update(DeliveryRow).where(chosen, open_).values(state=after, reason=reason)
        found = await self._session.scalars(statement.returning(col(DeliveryRow.state)))
        return sum(state == State.CANCELLED for state in found)

    async def due(self, now: datetime, resting: Resting, *, limit: int) -> list[Delivery]:
        """The next due deliveries, locked for this sender, without the chats that must cool down.

        An edit waits for the post and the edits before it, so that old words never come back over new ones.
        """
        asked = {"now": now, "limit": limit, "silent": list(resting.for_messages), "still": list(resting.for_edits)}
        return [value(row) for row in await self._session.scalars(_due(), asked)]

    async def dispatch(self, ids: Sequence[int], owner: str, said: Said = NOTHING_SAID) -> None:
        """Record the intent to call, with the gate's minutes, before the calls are made."""
        told = [{"id": each, "gate": said.get(each)} for each in ids]
        await self._session.execute(DISPATCH, {"told": json.dumps(told), "owner": owner})

    async def settle(self, delivery: Delivery, verdict: Verdict, now: datetime) -> None:
        """Record what became of one attempt."""
        await self.settle_all([(delivery, verdict)], now)

    async def settle_all(
        self, settled: Sequence[tuple[Delivery, Verdict]], now: datetime, said: Said = NOTHING_SAID
    ) -> None:
        """Record what became of attempts, in one statement.

        What somebody cancelled meanwhile arrives or ends, and is never tried again. What another sender gave up as
        unknown, or a person settled, takes a known end and nothing else. When the chat moved during the call, the
        message id means nothing in the new one.
        """
        if settled:
            told = [_told(delivery, verdict, now) | {"gate": said.get(delivery.id)} for delivery, verdict in settled]
            await self._session.execute(SETTLE, {"told": json.dumps(told)})

    async def plan_pin(self, delivery: Delivery, message_id: int, now: datetime) -> None:
        """Plan the pinning of a message that was just posted."""
        payload = {"message_id": message_id, "disable_notification": delivery.kind is Kind.CARD}
        pin = {"step": f"{delivery.step}:pin", "method": "pinChatMessage", "payload": payload}
        await self._insert(_bare_row(delivery, now) | pin)

    async def plan_unpin(self, campaign: str, recipient: int, now: datetime) -> None:
        """Plan the unpinning of everything that a campaign has pinned in a chat: its card, and rules beside it."""
        pinned = select(col(DeliveryRow.message_id)).where(
            col(DeliveryRow.campaign) == campaign,
            col(DeliveryRow.recipient) == recipient,
            col(DeliveryRow.pin).is_(True),
            col(DeliveryRow.state) == State.SENT,
            col(DeliveryRow.message_id).is_not(None),
        )
        for posted in (await self._session.scalars(pinned.order_by(col(DeliveryRow.id)))).all():
            card = Draft(campaign, f"unpin:{posted}", recipient, Message(""), Kind.CARD, now)
            unpin = {"method": "unpinChatMessage", "payload": {"message_id": posted}}
            await self._insert(_new_row(card, now) | unpin)

    async def card_messages(self, cards: Collection[tuple[str, int]]) -> dict[tuple[str, int], int]:
        """The message ids of the newest posts that are known to be there, of cards by campaign and chat."""
        if not cards:
            return {}
        asked = json.dumps([{"campaign": campaign, "recipient": chat} for campaign, chat in cards])
        found = await self._session.execute(CARD_MESSAGES, {"cards": asked, "posts": list(POSTS)})
        return {(campaign, chat): message for campaign, chat, message in found if message}

    async def abandoned(self, owner: str) -> list[Delivery]:
        """Deliveries that a former sender of this bot left in flight."""
        statement = select(DeliveryRow).where(
            col(DeliveryRow.state) == State.DISPATCHING, col(DeliveryRow.owner) != owner
        )
        return [value(row) for row in await self._session.scalars(statement.with_for_update())]

    async def move_chat(self, old: int, new: int) -> None:
        """Re-key a group that became a supergroup.

        Message ids begin afresh there: edits and pins that name an old one are cancelled, a card is posted anew, and
        what was pinned beside it is pinned no more.
        """
        lost = col(DeliveryRow.method).in_(NAMING_A_MESSAGE)
        waits = and_(lost, col(DeliveryRow.state).in_(WAITING))
        runs = and_(lost, col(DeliveryRow.state) == State.DISPATCHING)
        # One statement: what another transaction plans for the old chat meanwhile stays there, is told, and follows.
        await self._session.execute(
            update(DeliveryRow)
            .where(col(DeliveryRow.recipient) == old)
            .values(
                recipient=new,
                state=case((waits, State.CANCELLED), else_=col(DeliveryRow.state)),
                reason=case((or_(waits, runs), Reason.WITHDRAWN), else_=col(DeliveryRow.reason)),
                message_id=case(
                    (or_(col(DeliveryRow.kind) == Kind.CARD, col(DeliveryRow.pin)), None),
                    else_=col(DeliveryRow.message_id),
                ),
            )
        )
        await self._session.execute(
            update(DeliveryRow).where(col(DeliveryRow.origin_chat) == old).values(origin_chat=new)
        )

    def _wake_sender(self) -> None:
        """Once the transaction is safe, the sender in this process looks at once, another by its own tick."""
        if self._wake is not None:
            self._uow.after_commit(self._wake)


@cache
def _due() -> Select[DeliveryRow]:
    """What may leave: written down once, since the sender asks at every turn."""
    is_edit = col(DeliveryRow.method).in_(EDITS)
    silent, still = (bindparam(name, type_=ARRAY(BigInteger)) for name in ("silent", "still"))
    return (
        select(DeliveryRow)
        .where(
            col(DeliveryRow.state).in_(WAITING),
            col(DeliveryRow.due_at) <= bindparam("now", type_=DateTime(timezone=True)),
            ~col(DeliveryRow.awaits_release),  # `IS FALSE` would keep the planner from the index of what is due.
            col(DeliveryRow.priority) < ASIDE,
            or_(col(DeliveryRow.kind) != Kind.MARKETING, text(f"NOT {is_halted('deliveries')}")),
            or_(is_edit, col(DeliveryRow.recipient) != all_(silent)),
            or_(~is_edit, col(DeliveryRow.recipient) != all_(still)),
            or_(~is_edit, ~_earlier_is_pending()),
        )
        .order_by(col(DeliveryRow.priority), col(DeliveryRow.due_at), col(DeliveryRow.id))
        .limit(bindparam("limit", type_=BigInteger))
        .with_for_update(skip_locked=True)
    )


def _earlier_is_pending() -> Exists:
    """Whether the post or an edit of the same card is still under way before this row."""
    earlier = aliased(DeliveryRow)
    return exists().where(
        col(earlier.campaign) == DeliveryRow.campaign,
        col(earlier.recipient) == DeliveryRow.recipient,
        col(earlier.kind) == Kind.CARD,
        col(earlier.method).in_(CARD_METHODS),
        col(earlier.state).in_(PENDING),
        col(earlier.id) < DeliveryRow.id,
    )


def _card(draft: Draft) -> tuple[str, int]:
    return draft.campaign, draft.recipient


def _same_card(draft: Draft | Delivery) -> tuple[Any, ...]:
    return (
        col(DeliveryRow.campaign) == draft.campaign,
        col(DeliveryRow.recipient) == draft.recipient,
        col(DeliveryRow.kind) == Kind.CARD,
        col(DeliveryRow.method).in_(CARD_METHODS),
    )
