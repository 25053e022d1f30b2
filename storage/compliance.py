"""The gate's rows and store: the policy in force, and verdicts on many deliveries at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Exists, exists, select
from sqlmodel import Field, SQLModel, col

from campaigns.compliance.minutes import minutes
from campaigns.compliance.model import Facts, GatePolicy
from campaigns.compliance.rules import GateVerdict, Pass, judge
from campaigns.deliveries.model import Delivery, Kind
from campaigns.reminders.topics import is_muted, topic_in_ledger
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.gate_facts import Known, graded, known_of
from storage.members import MemberRow


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
    """The gate inside one unit of work; what it let pass counts at once for what it judges next.

    `said` keeps what was asked and answered about each delivery, by its id, for the ledger.
    """

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session
        self._policy: GatePolicy | None = None
        self._passed: defaultdict[int, list[datetime]] = defaultdict(list)
        self.said: dict[int, dict[str, Any]] = {}

    async def judge(self, delivery: Delivery, now: datetime) -> GateVerdict:
        """Decide one delivery."""
        [verdict] = await self.judge_many([delivery], now)
        return verdict

    async def judge_many(self, deliveries: Sequence[Delivery], now: datetime) -> list[GateVerdict]:
        """Decide deliveries in their order, with one look at policy, people and history for all of them."""
        policy = await self.policy()
        known = await known_of(self._session, deliveries, now)
        rated = await graded(self._session, deliveries)
        return [self._judge(each, known.get(each.recipient, Known(Facts())), policy, now) for each in rated]

    def _judge(self, delivery: Delivery, known: Known, policy: GatePolicy, now: datetime) -> GateVerdict:
        facts = replace(
            known.facts,
            offered_at=(*known.facts.offered_at, *self._passed[delivery.recipient]),
            has_it=(delivery.campaign, delivery.step) in known.reached,
            is_muted=is_muted(topic_in_ledger(delivery.campaign, delivery.step), known.mutes),
        )
        verdict = judge(delivery, facts, policy, now)
        if delivery.kind is Kind.MARKETING:
            self.said[delivery.id] = minutes(delivery, facts, policy, verdict, now)
            if known.customer_id:
                self.said[delivery.id]["customer"] = str(known.customer_id)
            if isinstance(verdict, Pass):
                self._passed[delivery.recipient].append(now)
        return verdict

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


def is_restricted() -> Exists:
    """Whether the customer whom a row of `members` is linked to is kept from marketing now."""
    row = RestrictionRow
    return exists().where(col(row.customer_id) == col(MemberRow.customer_id), col(row.ended_at).is_(None))
