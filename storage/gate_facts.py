"""What the gate asks of the database: people and their consents, their customers, and what reached them lately."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.channels.model import AT_ONCE
from campaigns.compliance.model import ASSESSMENT_LIFE, Facts
from campaigns.compliance.rules import standing_of
from campaigns.deliveries.model import Delivery, Kind, State
from campaigns.members.model import PrivateChat
from campaigns.tags.rules import APPETITES, CREDIT_BARS
from storage.liquidity import derived_days, told_days

REMEMBERED = timedelta(days=32)  # Thirty local days, whatever the zones of sender and person.
ARRIVED = [State.SENT, State.UNKNOWN, State.DISPATCHING]

# Whose key was destroyed is erased: nothing that was planned before reaches such a person.
PEOPLE = text(
    """SELECT m.id, m.private_chat, m.zone, m.customer_id,
        EXISTS (SELECT FROM customer_restrictions r WHERE r.customer_id = m.customer_id AND r.ended_at IS NULL)
            OR NOT EXISTS (SELECT FROM data_keys WHERE owner = 'member:' || m.id) AS restricted,
        c.stands, c.given,
        ARRAY(SELECT kind FROM reminder_mutes u WHERE u.member_id = m.id AND u.ended_at IS NULL) AS mutes
    FROM members m CROSS JOIN LATERAL (
        SELECT bool_or(withdrawn_at IS NULL) AS stands, count(*) AS given
        FROM consents WHERE member_id = m.id AND purpose = 'marketing') c
    WHERE m.id = ANY(:people)"""
)
# Of words told on one day the more careful counts; an assessment has a life of a year, an older one counts as none.
THESE = " AND customer_id = ANY(CAST(:customers AS uuid[]))"
TOLD, DERIVED = told_days(":now", THESE), derived_days(THESE)
CUSTOMERS = text(
    f"""SELECT asked.id,
        coalesce(
            (SELECT min(substr(code, 7)::integer) FROM customer_tags WHERE customer_id = asked.id
                AND code = ANY(:appetites) AND set_at <= :now AND coalesce(ended_at, 'infinity') > :now
                AND expires_at > :now),
            (SELECT substr(risk_appetite, 2)::integer FROM customer_traits WHERE customer_id = asked.id
                AND risk_appetite IS NOT NULL AND coalesce(told_on, as_of) BETWEEN :oldest AND :today
                ORDER BY coalesce(told_on, as_of) DESC, risk_appetite LIMIT 1)),
        (coalesce((SELECT credit_grade = 'poor' FROM customer_traits WHERE customer_id = asked.id
                AND credit_grade IS NOT NULL AND coalesce(told_on, as_of) <= :today
                ORDER BY coalesce(told_on, as_of) DESC, credit_grade = 'poor' DESC LIMIT 1), false)
            OR EXISTS (SELECT FROM customer_tags WHERE customer_id = asked.id AND code = ANY(:refused)
                AND set_at <= :now AND coalesce(ended_at, 'infinity') > :now AND expires_at > :now))
        AND NOT EXISTS (SELECT FROM customer_clearances WHERE customer_id = asked.id
            AND cleared_at <= :now AND until > :now),
        (SELECT days FROM ({TOLD}) told WHERE told.customer_id = asked.id),
        (SELECT days FROM ({DERIVED}) derived WHERE derived.customer_id = asked.id)
    FROM unnest(CAST(:customers AS uuid[])) asked (id)"""  # noqa: S608 - our own text.
)
# A customer who links another account stays the same customer: the minutes of the gate say whose the former one was.
HISTORY = text(
    """SELECT d.id, d.recipient, d.gate ->> 'customer' AS customer, d.campaign, d.step, coalesce(d.ended_at, :now) AS at
    FROM deliveries d
    WHERE (d.recipient = ANY(:people) OR d.gate ->> 'customer' = ANY(CAST(:customers AS text[])))
        AND d.kind = 'marketing' AND d.method LIKE 'send%' AND d.state = ANY(:arrived)
        AND (coalesce(d.ended_at, :now) > :since OR d.campaign = ANY(:campaigns))"""
)
OUTSIDE = text(
    """SELECT customer_id, coalesce(ended_at, :now) FROM channel_messages
    WHERE customer_id = ANY(CAST(:customers AS uuid[])) AND kind = 'marketing' AND channel = ANY(:at_once)
        AND state = ANY(:arrived) AND coalesce(ended_at, :now) > :since"""
)
SHOWN = text(
    """SELECT i.member_id, coalesce(d.ended_at, :now) AS at
    FROM group_members i JOIN groups g ON g.id = i.group_id JOIN deliveries d ON d.recipient = g.chat_id
    WHERE i.member_id = ANY(:people) AND i.left_at IS NULL
        AND d.kind = 'marketing' AND d.method LIKE 'send%' AND d.state = ANY(:arrived)
        AND coalesce(d.ended_at, :now) > :since"""
)
# The bank may have graded a product higher, or bound its money for longer, since a message was planned. What left the
# catalogue meanwhile is what it was when it last stood there.
GRADES = text(
    """SELECT asked.code, coalesce(substr(found.product ->> 'risk', 2)::integer, 0),
        coalesce((found.product ->> 'locked_days')::integer, 0)
    FROM unnest(CAST(:codes AS text[])) asked (code) CROSS JOIN LATERAL (
        SELECT p AS product FROM catalogue_versions v, jsonb_array_elements(v.body -> 'products') p
        WHERE p ->> 'code' = asked.code ORDER BY v.version DESC LIMIT 1) found"""
)


@dataclass(frozen=True)
class Known:
    """A recipient's facts, the customer behind the account, what reached them by other accounts, and their mutes."""

    facts: Facts
    customer_id: UUID | None = None
    reached: frozenset[tuple[str, str]] = frozenset()  # Campaigns and their steps.
    mutes: frozenset[str] = frozenset()


class Told(NamedTuple):
    """What is told of a customer: appetite for risk, whether a review is due, the days that money can be bound for."""

    appetite: int | None = None
    needs_review: bool = False
    told_days: int | None = None
    derived_days: int | None = None

    def on(self, facts: Facts) -> Facts:
        """A recipient's facts with it; what the customer told about the money goes before what flows say."""
        return replace(
            facts,
            appetite=self.appetite,
            needs_review=bool(self.needs_review),
            horizon=self.derived_days if self.told_days is None else self.told_days,
            is_horizon_told=self.told_days is not None,
        )


@dataclass
class _Beside:
    """What only offers ask for: what is told of customers, what reached them, and what their groups were shown.

    `outside` holds when messages on other channels than the chat reached customers.
    """

    customers: dict[UUID, Told]
    history: defaultdict[int | str, list[Any]]
    shown: defaultdict[int, list[datetime]]
    outside: defaultdict[UUID, list[datetime]]


async def known_of(session: AsyncSession, deliveries: Sequence[Delivery], now: datetime) -> dict[int, Known]:
    """What is known of the people among the recipients; a person never met is missing."""
    people = {delivery.recipient for delivery in deliveries if delivery.is_private}
    if not people:
        return {}
    rows = (await session.execute(PEOPLE, {"people": list(people)})).all()
    offers = [delivery for delivery in deliveries if delivery.kind is Kind.MARKETING and delivery.is_private]
    nothing = _Beside({}, defaultdict(list), defaultdict(list), defaultdict(list))
    beside = await _beside(session, rows, offers, now) if offers else nothing
    return {row.id: _known(row, beside) for row in rows}


async def graded(session: AsyncSession, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Deliveries with the higher of two grades, the planned one and the catalogue's of now, and the days of binding."""
    codes = list({each.product for each in deliveries if each.product})
    if not codes:
        return list(deliveries)
    found = (await session.execute(GRADES, {"codes": codes})).all()
    grades = {code: (int(grade), int(days)) for code, grade, days in found}
    now_at = ((each, *grades.get(each.product or "", (0, 0))) for each in deliveries)
    return [replace(each, risk=max(each.risk or 0, grade) or None, locked_days=days) for each, grade, days in now_at]


async def _beside(session: AsyncSession, rows: Sequence[Any], offers: Sequence[Delivery], now: datetime) -> _Beside:
    targets = {offer.recipient for offer in offers}
    customers = {row.customer_id for row in rows if row.customer_id and row.id in targets}
    asked = {
        **questions(now),
        "people": list(targets),
        "customers": list(customers),
        "campaigns": list({offer.campaign for offer in offers}),
        "at_once": list(AT_ONCE),
    }
    found = (await session.execute(CUSTOMERS, asked)).all() if customers else []
    shown: defaultdict[int, list[datetime]] = defaultdict(list)
    for member, at in await session.execute(SHOWN, asked):
        shown[member].append(at)
    history: defaultdict[int | str, list[Any]] = defaultdict(list)
    for each in await session.execute(HISTORY, asked | {"customers": list(map(str, customers))}):
        history[each.recipient].append(each)
        if each.customer:
            history[each.customer].append(each)
    outside: defaultdict[UUID, list[datetime]] = defaultdict(list)
    for customer, at in await session.execute(OUTSIDE, asked):
        outside[customer].append(at)
    return _Beside({who: Told(*said) for who, *said in found}, history, shown, outside)


def questions(now: datetime) -> dict[str, Any]:
    """What every question about customers is asked with, as of now."""
    return {
        "now": now,
        "today": now.date() + timedelta(1),  # Whatever the zone of those who told it.
        "oldest": now.date() - ASSESSMENT_LIFE,
        "since": now - REMEMBERED,
        "arrived": ARRIVED,
        "appetites": list(APPETITES),
        "refused": list(CREDIT_BARS),
    }


def _known(row: Any, beside: _Beside) -> Known:
    theirs = {each.id: each for key in (row.id, str(row.customer_id)) for each in beside.history[key]}.values()
    facts = Facts(
        PrivateChat(row.private_chat),
        standing_of(row.stands, row.given, restricted=row.restricted),
        row.zone,
        offered_at=(*(each.at for each in theirs), *beside.outside[row.customer_id]),
        shown_at=tuple(beside.shown[row.id]),
    )
    reached = frozenset((each.campaign, each.step) for each in theirs if each.recipient != row.id)
    told = beside.customers.get(row.customer_id, Told())
    return Known(told.on(facts), row.customer_id, reached, frozenset(row.mutes))
