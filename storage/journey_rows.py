"""The tables of journeys: versions, what was done with them, who stands where, what each step did; rows as values."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Column, Field, SQLModel

from campaigns.events.model import EventKind
from campaigns.journeys.files import restored
from campaigns.journeys.model import Edition, Entry, Journey, JourneyState, Outcome
from storage.columns import big, moment


class JourneyRow(SQLModel, table=True):
    """A journey and the version that runs."""

    __tablename__ = "journeys"

    name: str = Field(primary_key=True)
    state: str = JourneyState.DRAFT
    version: int | None = None


class JourneyVersionRow(SQLModel, table=True):
    """One version of a journey; rows are only ever inserted."""

    __tablename__ = "journey_versions"

    name: str = Field(primary_key=True, foreign_key="journeys.name")
    version: int = Field(primary_key=True)
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    markets: bool
    made_by: str
    made_at: datetime = moment()
    reason: str


class JourneyChangeRow(SQLModel, table=True):
    """What somebody did with a journey; rows are only ever appended."""

    __tablename__ = "journey_changes"

    id: int | None = big(default=None, primary_key=True)
    name: str = Field(foreign_key="journeys.name")
    version: int
    change: str
    made_by: str
    made_at: datetime = moment()
    reason: str


class JourneyEntryRow(SQLModel, table=True):
    """One customer's way through one version."""

    __tablename__ = "journey_entries"

    id: int | None = big(default=None, primary_key=True)
    journey: str
    version: int
    event_id: int = big()
    trigger: str
    since: datetime = moment()
    entered_at: datetime = moment()
    customer_id: UUID | None = Field(default=None, foreign_key="customers.id")
    member_id: int | None = big(default=None, foreign_key="members.id")
    is_held_out: bool
    node: str | None = None
    due_at: datetime | None = moment(default=None)
    waits_for: str | None = None
    is_waiting: bool = False
    ended_at: datetime | None = moment(default=None)
    outcome: str | None = None


class JourneyStepRow(SQLModel, table=True):
    """What a step did for an entry, once."""

    __tablename__ = "journey_steps"

    entry_id: int = big(primary_key=True, foreign_key="journey_entries.id")
    node: str = Field(primary_key=True)
    at: datetime = moment()
    deed: str


class JourneyAudienceRow(SQLModel, table=True):
    """Who belonged to a journey's audience at the last look."""

    __tablename__ = "journey_audience"

    journey: str = Field(primary_key=True, foreign_key="journeys.name")
    customer_id: UUID = Field(primary_key=True, foreign_key="customers.id")


def edition_of(row: JourneyVersionRow) -> Edition:
    """A row's version."""
    return Edition(restored(row.body), row.version, row.made_by, row.made_at, row.reason)


def journey_of(row: JourneyRow, newest: int) -> Journey:
    """A row's journey."""
    return Journey(row.name, JourneyState(row.state), row.version, newest)


def entry_of(row: JourneyEntryRow) -> Entry:
    """A row's entry."""
    told = row.model_dump()
    kinds = {"trigger": EventKind(row.trigger), "waits_for": EventKind(row.waits_for) if row.waits_for else None}
    return Entry(**{**told, **kinds, "outcome": Outcome(row.outcome) if row.outcome else None})


def row_of(entry: Entry) -> dict[str, Any]:
    """An entry as a row has it, without its id."""
    return {name: value for name, value in vars(entry).items() if name != "id"}
