"""Next actions read from the stored runs, and what came of them; no frames here."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Select, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field, SQLModel, col

from campaigns.customers.next_actions import (
    ActionChannel,
    ActionKind,
    ActionReason,
    Alternative,
    NextAction,
    NextProduct,
)
from segmentation.rates import RateTable
from storage.columns import big, moment
from storage.customers import CustomerRow, SegmentationRunRow
from storage.database import UnitOfWork
from storage.portraits import POLICIES


class CustomerActionRow(SQLModel, table=True):
    """What a run would do next with a customer, and the tags that it gave."""

    __tablename__ = "customer_actions"

    run_id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(primary_key=True)
    action: str
    channel: str | None = None
    product: str | None = None
    amount_fen: int = big()
    probability: float
    expected_value_fen: int = big()
    opportunity: float
    waits: bool
    reasons: list[list[Any]] = Field(sa_column=Column(JSON, nullable=False))
    alternatives: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    products: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    tags: dict[str, float] = Field(sa_column=Column(JSONB, nullable=False))
    adapted_at: datetime | None = moment(default=None)
    as_run: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB, nullable=True))


class ActionOutcomeRow(SQLModel, table=True):
    """Whether an action succeeded, as somebody recorded it."""

    __tablename__ = "action_outcomes"

    run_id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(primary_key=True)
    succeeded: bool
    recorded_by: str
    recorded_at: datetime = moment()


class SqlNextActionStore:
    """Implements `campaigns.customers.next_actions.NextActionStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def next_action(self, number: str) -> NextAction | None:
        """By the run of the latest day, and of that day's the latest run."""
        found = (await self._session.execute(_latest(number))).first()
        return _next_action(number, found[1].as_of, found[0]) if found else None

    async def rate_table(self, policy_version: int) -> RateTable:
        """The table of loan rates in a version of the policy; the defaults where that version has none."""
        body = await self._session.scalar(select(POLICIES.c.body).where(POLICIES.c.version == policy_version))
        return RateTable.from_json(body["rates"]) if body and "rates" in body else RateTable()

    async def record_outcome(self, number: str, *, succeeded: bool, by: str, now: datetime) -> bool:
        """Keep what came of the latest action; a second word on it replaces the first."""
        latest = _latest(number).with_for_update(of=CustomerActionRow)  # So that no news change it under the word.
        found = (await self._session.execute(latest)).first()
        if found is None or found[0].action == ActionKind.NOTHING:
            return False
        said = {"succeeded": succeeded, "recorded_by": by, "recorded_at": now}
        statement = insert(ActionOutcomeRow).values(run_id=found[0].run_id, customer_id=found[0].customer_id, **said)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["run_id", "customer_id"], set_=said)
        )
        return True


def _latest(number: str) -> Select[CustomerActionRow, SegmentationRunRow]:
    run, row = SegmentationRunRow, CustomerActionRow
    return (
        select(row, run)
        .join(CustomerRow, col(CustomerRow.id) == col(row.customer_id))
        .join(run, col(run.id) == col(row.run_id))
        .where(col(CustomerRow.number) == number)
        .order_by(col(run.as_of).desc(), col(run.made_at).desc())
        .limit(1)
    )


def as_the_run_said(row: CustomerActionRow) -> NextAction:
    """What a run itself said, without what was adapted since; of whom and when stands in the row."""
    own = CustomerActionRow(tags={}, **row.as_run) if row.as_run else row
    return _next_action("", date.min, own)


def _next_action(number: str, as_of: date, row: CustomerActionRow) -> NextAction:
    return NextAction(
        number=number,
        as_of=as_of,
        action=ActionKind(row.action),
        channel=ActionChannel(row.channel) if row.channel else None,
        product=row.product,
        amount_fen=row.amount_fen,
        probability=row.probability,
        expected_value_fen=row.expected_value_fen,
        opportunity=row.opportunity,
        waits=row.waits,
        reasons=tuple(ActionReason(code, value, points) for code, value, points, *_ in row.reasons if points > 0),
        alternatives=tuple(_alternative(other) for other in row.alternatives),
        products=tuple(NextProduct(**product) for product in row.products),
    )


def _alternative(found: dict[str, Any]) -> Alternative:
    return Alternative(**{**found, "action": ActionKind(found["action"]), "channel": ActionChannel(found["channel"])})
