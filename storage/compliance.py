"""The gate's rows and store: the policy in force, and the facts about many recipients in three queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Exists, exists, func, select
from sqlmodel import Field, SQLModel, col

from campaigns.compliance.model import Facts, GatePolicy, Standing
from campaigns.compliance.rules import GateVerdict, Pass, judge
from campaigns.deliveries.model import Delivery, Kind, State
from campaigns.members.model import PrivateChat, Purpose
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.deliveries import DeliveryRow
from storage.members import ConsentRow, MemberRow

REMEMBERED = timedelta(days=9)  # Seven local days, whatever the zones of sender and person.
ARRIVED = (State.SENT, State.UNKNOWN, State.DISPATCHING)


class GatePolicyRow(SQLModel, table=True):
    """One version of the gate's numbers; a change is a new row, so that history can explain a decision."""

    __tablename__ = "gate_policies"

    version: int = Field(primary_key=True)
    quiet_from: time
    quiet_until: time
    per_day: int
    per_week: int
    zone: str
    made_by: str
    made_at: datetime = moment()
    per_month: int = 8
    pressure_per_week: int = 14


class RestrictionRow(SQLModel, table=True):
    """What keeps personal messages from a customer, whatever was agreed to: suspended, or nothing personal."""

    __tablename__ = "customer_restrictions"

    id: int | None = big(default=None, primary_key=True)
    customer_id: UUID = Field(foreign_key="customers.id")
    kind: str
    since: datetime = moment()
    set_by: str
    ended_at: datetime | None = moment(default=None, nullable=True)
    ended_by: str | None = None


class SqlGate:
    """The gate inside one unit of work; what it let pass counts at once for what it judges next."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session
        self._policy: GatePolicy | None = None
        self._passed: defaultdict[int, list[datetime]] = defaultdict(list)

    async def judge(self, delivery: Delivery, now: datetime) -> GateVerdict:
        """Decide one delivery."""
        [verdict] = await self.judge_many([delivery], now)
        return verdict

    async def judge_many(self, deliveries: Sequence[Delivery], now: datetime) -> list[GateVerdict]:
        """Decide deliveries in their order, with one look at policy, people and history for all of them."""
        policy = await self.policy()
        facts = await self.facts(deliveries, now)
        verdicts = []
        for delivery in deliveries:
            known = facts.get(delivery.recipient, Facts())
            known = replace(known, offered_at=(*known.offered_at, *self._passed[delivery.recipient]))
            verdict = judge(delivery, known, policy, now)
            if isinstance(verdict, Pass) and delivery.kind is Kind.MARKETING:
                self._passed[delivery.recipient].append(now)
            verdicts.append(verdict)
        return verdicts

    async def policy(self) -> GatePolicy:
        """The newest policy, read once."""
        if self._policy is None:
            newest = select(GatePolicyRow).order_by(col(GatePolicyRow.version).desc()).limit(1)
            row = (await self._session.scalars(newest)).one()
            self._policy = GatePolicy(
                row.version,
                row.quiet_from,
                row.quiet_until,
                row.per_day,
                row.per_week,
                row.zone,
                row.per_month,
                row.pressure_per_week,
            )
        return self._policy

    async def facts(self, deliveries: Sequence[Delivery], now: datetime) -> dict[int, Facts]:
        """What is known of the people among the recipients; a person never met is missing."""
        people = {delivery.recipient for delivery in deliveries if delivery.is_private}
        if not people:
            return {}
        targets = {delivery.recipient for delivery in deliveries if delivery.kind is Kind.MARKETING} & people
        offered = await self._offered(targets, now) if targets else {}
        standing, given = func.bool_or(col(ConsentRow.withdrawn_at).is_(None)), func.count(col(ConsentRow.id))
        member = MemberRow
        statement = (
            select(member.id, member.private_chat, member.zone, is_restricted(), standing, given)  # type: ignore[call-overload]
            .outerjoin(
                ConsentRow,
                (col(ConsentRow.member_id) == col(member.id)) & (col(ConsentRow.purpose) == Purpose.MARKETING),
            )
            .where(col(member.id).in_(people))
            .group_by(col(member.id))
        )
        return {
            found: Facts(
                PrivateChat(chat),
                standing_of(stands, times, restricted=restricted),
                zone,
                tuple(offered.get(found, ())),
            )
            for found, chat, zone, restricted, stands, times in await self._session.execute(statement)
        }

    async def _offered(self, people: set[int], now: datetime) -> dict[int, list[datetime]]:
        """When offers reached people lately; one in flight counts as of now."""
        at = func.coalesce(col(DeliveryRow.ended_at), now)
        statement = select(DeliveryRow.recipient, at).where(  # type: ignore[call-overload]
            col(DeliveryRow.recipient).in_(people),
            col(DeliveryRow.kind) == Kind.MARKETING,
            col(DeliveryRow.method).startswith("send"),
            col(DeliveryRow.state).in_(ARRIVED),
            at > now - REMEMBERED,
        )
        offered: dict[int, list[datetime]] = defaultdict(list)
        for person, moment_ in await self._session.execute(statement):
            offered[person].append(moment_)
        return offered


def is_restricted() -> Exists:
    """Whether the customer whom a row of `members` is linked to is kept from marketing now."""
    row = RestrictionRow
    return exists().where(col(row.customer_id) == col(MemberRow.customer_id), col(row.ended_at).is_(None))


def standing_of(stands: bool | None, times: int, *, restricted: bool) -> Standing:
    """How a person stands to marketing, from whether a consent stands now and how many were ever given."""
    if restricted:
        return Standing.RESTRICTED
    if stands and times:
        return Standing.AGREED
    return Standing.WITHDRAWN if times else Standing.NEVER
