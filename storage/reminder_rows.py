"""The rows of reminders: what was made in which versions, who approved it, what became due, and who wants no more."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Column, Field, SQLModel

from storage.columns import big, moment


class ReminderRow(SQLModel, table=True):
    """A reminder; `next_at` is when it is looked at next, `since` when it was last turned on."""

    __tablename__ = "reminders"

    id: int | None = big(default=None, primary_key=True)
    owner_id: int = big(foreign_key="members.id")
    state: str
    version: int | None = None
    draft: int | None = None
    since: datetime | None = moment(default=None)
    next_at: datetime | None = moment(default=None)
    made_at: datetime = moment()


class ReminderVersionRow(SQLModel, table=True):
    """One version, never changed: when, to whom, what, and how late it is still of use."""

    __tablename__ = "reminder_versions"

    reminder_id: int = big(primary_key=True, foreign_key="reminders.id")
    version: int = Field(primary_key=True)
    timing: str
    groups: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    line: str | None = None
    member_id: int | None = big(default=None, foreign_key="members.id")
    words: str
    is_marketing: bool
    useful_minutes: int
    made_by: int = big(foreign_key="members.id")
    made_at: datetime = moment()


class ReminderReviewRow(SQLModel, table=True):
    """A second person's word on a version that advertises; None while it waits."""

    __tablename__ = "reminder_reviews"

    reminder_id: int = big(primary_key=True)
    version: int = Field(primary_key=True)
    asked_at: datetime = moment()
    decided_by: int | None = big(default=None, foreign_key="members.id")
    decided_at: datetime | None = moment(default=None)
    approved: bool | None = None


class ReminderOccurrenceRow(SQLModel, table=True):
    """One time at which a reminder was due, and what came of it; its key keeps it from coming twice."""

    __tablename__ = "reminder_occurrences"

    reminder_id: int = big(primary_key=True, foreign_key="reminders.id")
    key: str = Field(primary_key=True)
    version: int
    due_at: datetime = moment()
    decided_at: datetime = moment()
    outcome: str
    recipients: int = 0


class ReminderMuteRow(SQLModel, table=True):
    """A kind of reminders, or all of them, that a person does not want."""

    __tablename__ = "reminder_mutes"

    id: int | None = big(default=None, primary_key=True)
    member_id: int = big(foreign_key="members.id")
    kind: str
    muted_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)
