"""Applications in rows: where each stands, its moves and owners, the versions of the terms."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import ARRAY, INTEGER, JSONB
from sqlmodel import Column, Field, SQLModel

from campaigns.applications.model import Application, Move, Reason, Stage
from storage.columns import big, moment


class ApplicationRow(SQLModel, table=True):
    """One person's application in one campaign; the days are those of its present stage."""

    __tablename__ = "applications"

    id: int | None = big(default=None, primary_key=True)
    chain_id: int = big(foreign_key="chains.id")
    campaign: str
    member_id: int = big(foreign_key="members.id")
    customer_id: UUID | None = Field(default=None, foreign_key="customers.id")
    product: str
    stage: str
    ended_from: str | None = None
    owner_id: int = big(foreign_key="members.id")
    opened_at: datetime = moment()
    stage_since: datetime = moment()
    version: int = 0
    due_on: date | None = None
    reminded: bool = False
    escalate_on: date | None = None
    escalations: int = 0
    nudge_on: date | None = None


class ApplicationMoveRow(SQLModel, table=True):
    """One move of an application."""

    __tablename__ = "application_moves"

    application_id: int = big(primary_key=True, foreign_key="applications.id")
    version: int = Field(primary_key=True)
    at: datetime = moment()
    moved_by: int | None = big(default=None, foreign_key="members.id")
    from_stage: str | None = None
    stage: str
    reason: str | None = None


class ApplicationOwnerRow(SQLModel, table=True):
    """One owner of an application, from that moment on."""

    __tablename__ = "application_owners"

    id: int | None = big(default=None, primary_key=True)
    application_id: int = big(foreign_key="applications.id")
    owner_id: int = big(foreign_key="members.id")
    since: datetime = moment()
    reason: str
    handed_by: int | None = big(default=None, foreign_key="members.id")


class ApplicationTermsRow(SQLModel, table=True):
    """One version of the bank's own numbers; a change is a new row."""

    __tablename__ = "application_terms"

    version: int = Field(primary_key=True)
    days: dict[str, int] = Field(sa_column=Column(JSONB, nullable=False))
    escalate_after: list[int] = Field(sa_column=Column(ARRAY(INTEGER), nullable=False))
    nudge_after: int
    made_by: str
    made_at: datetime = moment()


def application_of(row: ApplicationRow) -> Application:
    """A row's application."""
    assert row.id is not None
    return Application(
        id=row.id,
        chain_id=row.chain_id,
        campaign=row.campaign,
        member_id=row.member_id,
        customer_id=row.customer_id,
        product=row.product,
        stage=Stage(row.stage),
        owner_id=row.owner_id,
        opened_at=row.opened_at,
        stage_since=row.stage_since,
        due_on=row.due_on,
        version=row.version,
        ended_from=Stage(row.ended_from) if row.ended_from else None,
    )


def move_of(row: ApplicationMoveRow) -> Move:
    """A row's move."""
    return Move(
        row.application_id,
        row.version,
        row.at,
        row.moved_by,
        Stage(row.from_stage) if row.from_stage else None,
        Stage(row.stage),
        Reason(row.reason) if row.reason else None,
    )
