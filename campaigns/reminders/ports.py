"""What reminders need of the database, of other features and of the wording."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.audiences.model import Expression, Fault
from campaigns.compliance.model import GatePolicy
from campaigns.deliveries.model import Message
from campaigns.groups.model import Group
from campaigns.members.model import Language, Member
from campaigns.reminders.model import Happening, Occurrence, Past, Plan, Reminder, State
from campaigns.reminders.schedule import Thing
from campaigns.staff.model import Role


class ReminderStore(Protocol):
    """The rows; every lock lasts until the transaction ends."""

    async def add(self, owner: int, plan: Plan, by: int, now: datetime) -> int:
        """Keep a new draft; an older draft of the same owner that was never confirmed is ended."""
        ...

    async def redraft(self, reminder: Reminder, plan: Plan, by: int, now: datetime) -> None:
        """Keep another version as the reminder's draft."""
        ...

    async def lock(self, reminder_id: int) -> Reminder | None:
        """One reminder, locked."""
        ...

    async def turn_on(self, reminder: Reminder, version: int, next_at: datetime | None, now: datetime) -> None:
        """Put a version in force from now on."""
        ...

    async def set_state(self, reminder: Reminder, state: State, next_at: datetime | None, now: datetime) -> None:
        """Pause, resume or end it; one that ends or pauses has no next time, one resumed begins anew."""
        ...

    async def ask_review(self, reminder: Reminder, now: datetime) -> None:
        """Let the draft wait for a second person."""
        ...

    async def review(self, reminder: Reminder, by: int, now: datetime, *, approved: bool) -> None:
        """Keep the second person's word on the draft."""
        ...

    async def of_owners(self, owners: Sequence[int]) -> list[Reminder]:
        """What is on, paused or waits for a second person, by id; of everybody where no owner is given."""
        ...

    async def due(self, now: datetime, limit: int) -> list[int]:
        """Reminders whose time to be looked at has come, locked, without those that rest or that somebody looks at."""
        ...

    async def many(self, numbers: Sequence[int]) -> list[Reminder]:
        """Reminders by their numbers, the longest due first."""
        ...

    async def owner_of(self, number: int) -> tuple[int, int]:
        """Whose a reminder is, and its version in force."""
        ...

    async def record(
        self, found: Sequence[tuple[Reminder, Occurrence, int]], now: datetime
    ) -> frozenset[tuple[int, str]]:
        """Keep what became of occurrences, with how many read them; returns those that were not kept before."""
        ...

    async def known(self, reminder_id: int, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys whose occurrence was decided before."""
        ...

    async def reschedule(self, times: Sequence[tuple[Reminder, datetime | None]]) -> None:
        """When to look again; a reminder without a time has ended."""
        ...

    async def last(self, reminder_id: int) -> Past | None:
        """The latest occurrence and where its messages stand."""
        ...

    async def happenings(self, thing: Thing, groups: Collection[int], now: datetime) -> list[Happening]:
        """What is ahead in these groups, or just began."""
        ...

    async def groups(self, ids: Collection[int]) -> dict[int, Group]:
        """Groups by id."""
        ...

    async def heads(self, groups: Collection[int]) -> int:
        """How many people are in groups, each counted once."""
        ...

    async def members_of(self, owners: Sequence[int], customers: Collection[UUID]) -> list[int]:
        """Whom of these customers their owner can write to in private."""
        ...

    async def approvers(self, roles: Sequence[Role]) -> list[int]:
        """Everybody with one of these roles."""
        ...


class MuteStore(Protocol):
    """What people want no more of."""

    async def muted_by(self, member_id: int) -> frozenset[str]:
        """What a person muted: topics, or everything."""
        ...

    async def mute(self, member_id: int, what: str, now: datetime) -> None:
        """Mute a topic, or everything."""
        ...

    async def unmute(self, member_id: int, what: str, now: datetime) -> None:
        """End a mute."""
        ...


class Owners(Protocol):
    """Who stands in for whom."""

    async def acting_for(self, manager_id: int) -> list[int]:
        """Whose customers a manager looks after today."""
        ...


class GroupsOf(Protocol):
    """Whose groups are whose."""

    async def of_manager(self, manager_id: int) -> list[Group]:
        """A manager's groups."""
        ...


class Reach(Protocol):
    """Whom staff may write to."""

    async def reachable_by(self, staff_id: int) -> list[int]:
        """Members in somebody's groups, and own customers."""
        ...


class Audiences(Protocol):
    """Conditions on customers."""

    async def read(self, line: str, me: int | None = None) -> Expression | Fault:
        """What a line means, or what is wrong with it."""
        ...

    async def belonging(self, expression: Expression) -> frozenset[UUID]:
        """Who belongs now."""
        ...


class People(Protocol):
    """Who is who."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class Hours(Protocol):
    """The gate's policy, for its quiet hours."""

    async def policy(self) -> GatePolicy:
        """The policy in force."""
        ...


class Trail(Protocol):
    """The audit trail."""

    async def note(self, actor: int, action: str, subject: str) -> None:
        """Append what somebody did."""
        ...


class ReminderWording(Protocol):
    """The sentences that reminders put into the ledger."""

    def to_group(self, plan: Plan, happening: Happening | None) -> Message:
        """What a group reads."""
        ...

    def to_person(self, plan: Plan, reader: Member, *, own: bool) -> Message:
        """What a person reads, with the button that mutes it."""
        ...

    def set_back(self, number: int, language: Language) -> Message:
        """What its owner reads, once, of a reminder that could not be planned."""
        ...

    def to_review(self, reminder: Reminder, author: str, language: Language) -> Message:
        """What a second person reads of words that advertise."""
        ...

    def reviewed(self, reminder: Reminder, by: str, language: Language, *, approved: bool, is_late: bool) -> Message:
        """What the owner reads then; `is_late` where its time had passed meanwhile."""
        ...
