"""Customers and their classes: the rows, and what the bot reads of them inside one unit of work."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Date, Row, Select, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, VARCHAR, distinct_on
from sqlmodel import Column, Field, SQLModel, col

from campaigns.customers.model import Axis, ClassReason, Customer, CustomerClass, CustomerKind, Letter
from campaigns.customers.rules import only_holder
from storage.columns import big, moment, sealed
from storage.database import UnitOfWork


class CustomerRow(SQLModel, table=True):
    """One customer of the bank, known by the bank's number."""

    __tablename__ = "customers"

    id: UUID = Field(primary_key=True)
    number: str = Field(unique=True)
    first_as_of: date
    kind: str = "person"


class ContactRow(SQLModel, table=True):
    """A customer's name and phone, sealed under the customer's own key, and the keyed index of the number."""

    __tablename__ = "customer_contacts"

    customer_id: UUID = Field(primary_key=True, foreign_key="customers.id")
    name: bytes = sealed()
    phone: bytes = sealed()
    phone_index: bytes = sealed(index=True)
    as_of: date


class SegmentationRunRow(SQLModel, table=True):
    """One run of a classifier under one policy on the data of one day."""

    __tablename__ = "segmentation_runs"

    id: UUID = Field(primary_key=True)
    as_of: date = Field(sa_type=Date)
    classifier: str
    policy_version: int
    data_digest: str
    made_at: datetime = moment()
    summary: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    previous_run: UUID | None = Field(default=None, foreign_key="segmentation_runs.id")
    report: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    potential_model: str | None = None


class FrozenDayRow(SQLModel, table=True):
    """What later days are measured against: every indicator of a run's day in bins."""

    __tablename__ = "frozen_days"

    run_id: UUID = Field(primary_key=True, foreign_key="segmentation_runs.id")
    indicators: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


class CustomerClassRow(SQLModel, table=True):
    """What one run said of one customer; history stays."""

    __tablename__ = "customer_classes"

    run_id: UUID = Field(primary_key=True, foreign_key="segmentation_runs.id")
    customer_id: UUID = Field(primary_key=True, foreign_key="customers.id")
    letter: str
    current: float
    potential: float
    reasons: list[list[Any]] = Field(sa_column=Column(JSON, nullable=False))
    confidence: float
    missing: list[str] = Field(sa_column=Column(ARRAY(VARCHAR), nullable=False))
    provisional: bool = False
    runner_up: str | None = None
    gap: float | None = None
    steps: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    quadrant: str | None = None
    band: str | None = None
    lifecycle: str | None = None
    current_value: int | None = big(default=None, nullable=True)
    value_parts: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    potential_reasons: list[list[Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    churn: float | None = None
    churn_reasons: list[list[Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    development: float | None = None


def key_owner(customer_id: UUID) -> str:
    """The owner of a customer's data key."""
    return f"customer:{customer_id}"


def contact_place(column: str, customer_id: UUID) -> str:
    """Where a customer's sealed name or phone stands."""
    return f"customer_contacts.{column}:{customer_id}"


class SqlCustomerStore:
    """Customers as the bot reads them; no frames here."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def find_by_phone(self, index: bytes) -> Customer | None:
        """The customer behind the vault's index of an E.164 number; None also when several share the number."""
        query = (
            select(CustomerRow)
            .join(ContactRow, col(ContactRow.customer_id) == col(CustomerRow.id))
            .where(col(ContactRow.phone_index) == index)
            .limit(2)
        )
        return only_holder([_customer(row) for row in await self._session.scalars(query)])

    async def find_by_number(self, number: str) -> Customer | None:
        """The customer with the bank's number."""
        row = await self._session.scalar(select(CustomerRow).where(col(CustomerRow.number) == number))
        return _customer(row) if row else None

    async def latest_class(self, customer_id: UUID) -> CustomerClass | None:
        """What the run of the latest day, and of that day's the latest run, said of a customer."""
        return (await self.classes_of([customer_id])).get(customer_id)

    async def classes_of(self, customer_ids: Sequence[UUID]) -> dict[UUID, CustomerClass]:
        """The latest class of each customer that has one, in one query."""
        found = await self._session.execute(_latest_classes(customer_ids))
        return {row[0].customer_id: _class(row) for row in found}


def _latest_classes(customer_ids: Sequence[UUID]) -> Select[CustomerClassRow, date]:
    run, row = SegmentationRunRow, CustomerClassRow
    return (
        select(row, col(run.as_of))
        .join(run, col(run.id) == col(row.run_id))
        .where(col(row.customer_id).in_(customer_ids))
        .ext(distinct_on(col(row.customer_id)))
        .order_by(col(row.customer_id), col(run.as_of).desc(), col(run.made_at).desc())
    )


def _customer(row: CustomerRow) -> Customer:
    return Customer(row.id, row.number, CustomerKind(row.kind))


def _class(found: Row[CustomerClassRow, date]) -> CustomerClass:
    row, as_of = found
    return CustomerClass(
        letter=Letter(row.letter),
        current=row.current,
        potential=row.potential,
        reasons=reasons_of(Axis.LETTER, row.reasons),
        confidence=row.confidence,
        missing=tuple(row.missing),
        as_of=as_of,
    )


def reasons_of(axis: Axis, stored: Sequence[Sequence[Any]]) -> tuple[ClassReason, ...]:
    """The reasons of a row's column."""
    return tuple(ClassReason.from_stored(axis, each) for each in stored)
