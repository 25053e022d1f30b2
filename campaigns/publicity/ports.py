"""What publicity asks of the rooms around it: rows, sentences, invite links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from campaigns.deliveries.model import Message
from campaigns.groups.model import Group
from campaigns.members.model import Member
from campaigns.publicity.model import (
    Copy,
    Event,
    EventPlan,
    JoinCode,
    Material,
    Publicist,
    PublicistKind,
    PublicityTask,
    TaskPlan,
    TaskState,
    TaskTemplate,
)
from campaigns.publicity.report import TraceStore

OwnTask = tuple[PublicityTask, Event]


@dataclass(frozen=True)
class Place:
    """Somebody's place in a group, kept after they left."""

    joined_at: datetime
    is_inside: bool


class InviteLinks(Protocol):
    """The platform's invite links."""

    async def make(self, chat_id: int, name: str, *, once: bool) -> str | None:
        """A link into the chat that carries a name, for one person where `once`; None: the bot may not."""
        ...


class PublicityWording(Protocol):
    """The sentences that publicity puts into the ledger, and the copy to be forwarded."""

    def copy(self, merchant: str, plan: EventPlan, kind: PublicistKind, template: TaskTemplate, code: str) -> Copy:
        """What a publicist of this kind forwards for this task, with the code's link."""
        ...

    def enlisted(self, event: Event, kind: PublicistKind) -> Message:
        """What somebody reads who became a publicist."""
        ...

    def reminder(self, event: Event, tasks: Sequence[PublicityTask], publicist: Member) -> Message:
        """What a publicist reads who has not done these yet."""
        ...

    def handed_in(self, event: Event, task: PublicityTask, publicist: Member) -> Message:
        """What the manager reads when a proof came in."""
        ...

    def rejected(self, task: PublicityTask) -> Message:
        """What a publicist reads whose proof was not accepted."""
        ...

    def cancelled(self, event: Event) -> Message:
        """What publicists read when the event is off."""
        ...


class PublicityStore(TraceStore, Protocol):
    """What publicity's use cases need of the rows."""

    async def add_event(self, group: Group, manager_id: int, plan: EventPlan, now: datetime) -> Event:
        """Keep an event."""
        ...

    async def event(self, event_id: int) -> Event | None:
        """One event."""
        ...

    async def events_of(self, manager_id: int) -> list[Event]:
        """A manager's events, the newest first."""
        ...

    async def events_with(self, member_id: int) -> list[Event]:
        """The events that somebody is a publicist of, the first to come first."""
        ...

    async def cancel(self, event_id: int, now: datetime) -> None:
        """Cancel an event and its tasks."""
        ...

    async def staff(self) -> list[int]:
        """Everybody with a role."""
        ...

    async def add_publicist(self, publicist: Publicist, now: datetime) -> bool:
        """Keep a publicist; False when they were one."""
        ...

    async def add_code(
        self, event_id: int, publicist_id: int, material: Material, text: str, now: datetime
    ) -> JoinCode:
        """Keep a code."""
        ...

    async def set_link(self, code_id: int, group_id: int, link: str) -> None:
        """Keep a code's invite link into a group; the one before, into a group that is full, is forgotten."""
        ...

    async def code(self, code_id: int) -> JoinCode | None:
        """One code."""
        ...

    async def code_by_text(self, text: str) -> JoinCode | None:
        """The code with this text."""
        ...

    async def openers(self, code_id: int) -> list[int]:
        """Whom a code brought."""
        ...

    async def open_group(self, group_id: int) -> Group:
        """The group itself, or when it is full the newest one of the same merchant that is not."""
        ...

    async def place(self, group_id: int, member_id: int) -> Place | None:
        """Somebody's place in a group, or where it is full in the ones that followed it; None when they never were."""
        ...

    async def add_source(self, group_id: int, member_id: int, code_id: int, now: datetime) -> None:
        """Where somebody came from; the first word on it stays, also when a full group sends them on to this one."""
        ...

    async def add_tasks(self, publicist: Publicist, plans: Sequence[TaskPlan]) -> None:
        """Keep a publicist's tasks."""
        ...

    async def tasks_of(self, member_id: int) -> list[OwnTask]:
        """A publicist's tasks with their events, the first due first."""
        ...

    async def task(self, task_id: int) -> OwnTask | None:
        """One task, locked, with its event."""
        ...

    async def hand_in(self, task_id: int, proof: str, now: datetime) -> None:
        """Mark a task as done with its proof."""
        ...

    async def settle(self, task_id: int, state: TaskState, by: int, now: datetime) -> None:
        """Keep the manager's word on a task."""
        ...

    async def due_reminders(self, now: datetime) -> list[OwnTask]:
        """Tasks not done whose reminder is due and was never sent, by publicist and event, locked."""
        ...

    async def mark_reminded(self, task_ids: Sequence[int], now: datetime) -> None:
        """Remember that these were reminded of."""
        ...
