"""The tables of publicity: events, publicists, codes, tasks and where people came from; rows as values."""

from datetime import date, datetime

from sqlalchemy import Select, select
from sqlmodel import Field, SQLModel, col

from campaigns.publicity.model import (
    Copy,
    Event,
    EventPlan,
    EventState,
    JoinCode,
    Material,
    PublicistKind,
    PublicityTask,
    TaskPlan,
    TaskState,
    TaskTemplate,
)
from storage.columns import big, moment
from storage.groups import GroupRow


class EventRow(SQLModel, table=True):
    """An event of a group."""

    __tablename__ = "publicity_events"

    id: int | None = big(default=None, primary_key=True)
    group_id: int = big(foreign_key="groups.id")
    manager_id: int = big(foreign_key="members.id")
    title: str
    benefits: str
    complaints: str
    starts_at: datetime = moment()
    state: str = EventState.PLANNED
    made_at: datetime = moment()
    cancelled_at: datetime | None = moment(default=None)


class PublicistRow(SQLModel, table=True):
    """A publicist of an event."""

    __tablename__ = "publicists"

    event_id: int = big(primary_key=True, foreign_key="publicity_events.id")
    member_id: int = big(primary_key=True, foreign_key="members.id")
    kind: str
    added_at: datetime = moment()


class JoinCodeRow(SQLModel, table=True):
    """A code of one publicist and one material."""

    __tablename__ = "publicity_codes"

    id: int | None = big(default=None, primary_key=True)
    event_id: int = big(foreign_key="publicity_events.id")
    publicist_id: int = big(foreign_key="members.id")
    material: str
    text: str = Field(unique=True)
    link: str | None = None
    link_group_id: int | None = big(default=None, foreign_key="groups.id")
    made_at: datetime = moment()


class PublicityTaskRow(SQLModel, table=True):
    """A publicist's task with the copy as it was approved."""

    __tablename__ = "publicity_tasks"

    id: int | None = big(default=None, primary_key=True)
    event_id: int = big(foreign_key="publicity_events.id")
    publicist_id: int = big(foreign_key="members.id")
    kind: str
    days_before: int
    material: str
    hour: int
    due_on: date
    remind_at: datetime | None = moment(default=None)
    reminded_at: datetime | None = moment(default=None)
    copy_zh: str
    copy_en: str
    state: str = TaskState.OPEN
    proof: str | None = None
    done_at: datetime | None = moment(default=None)
    settled_by: int | None = big(default=None)
    settled_at: datetime | None = moment(default=None)


class SourceRow(SQLModel, table=True):
    """The code by which somebody first heard of a group."""

    __tablename__ = "publicity_sources"

    group_id: int = big(primary_key=True, foreign_key="groups.id")
    member_id: int = big(primary_key=True, foreign_key="members.id")
    code_id: int = big(foreign_key="publicity_codes.id")
    found_at: datetime = moment()


def events_found() -> Select[EventRow, GroupRow]:
    """Events with their groups."""
    return select(EventRow, GroupRow).join(GroupRow, col(GroupRow.id) == col(EventRow.group_id))


def tasks_found() -> Select[PublicityTaskRow, EventRow, GroupRow]:
    """Tasks with their events and groups."""
    return (
        select(PublicityTaskRow, EventRow, GroupRow)
        .join(EventRow, col(EventRow.id) == col(PublicityTaskRow.event_id))
        .join(GroupRow, col(GroupRow.id) == col(EventRow.group_id))
    )


def event_value(row: EventRow, group: GroupRow) -> Event:
    """An event out of its row."""
    plan = EventPlan(row.title, row.benefits, row.starts_at, row.complaints)
    return Event(row.id or 0, row.group_id, group.chat_id, group.merchant, row.manager_id, plan, EventState(row.state))


def code_value(row: JoinCodeRow) -> JoinCode:
    """A code out of its row."""
    return JoinCode(
        row.id or 0, row.event_id, row.publicist_id, Material(row.material), row.text, row.link, row.link_group_id
    )


def task_value(row: PublicityTaskRow) -> PublicityTask:
    """A task out of its row."""
    template = TaskTemplate(row.days_before, Material(row.material), row.hour)
    plan = TaskPlan(template, row.due_on, row.remind_at, Copy(row.copy_zh, row.copy_en))
    kind, state = PublicistKind(row.kind), TaskState(row.state)
    return PublicityTask(row.id or 0, row.event_id, row.publicist_id, kind, plan, state, row.proof)
