"""What journeys need of the rows, the people, the other features and the words."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.audiences.model import Expression, Fault
from campaigns.channels.model import ChannelDraft, Planned
from campaigns.deliveries.model import Kind, Message, Reason
from campaigns.events.model import Event, EventKind
from campaigns.experiments.model import GlobalControl
from campaigns.followups.model import FollowUpRefusal, Source
from campaigns.journeys.model import (
    Change,
    Deed,
    Edition,
    Entry,
    Figures,
    Journey,
    JourneyState,
    Outcome,
    Plan,
)
from campaigns.members.model import Language, Member
from campaigns.offers.model import Text


class JourneyStore(Protocol):
    """What the desk of journeys needs of the database."""

    async def lock(self, name: str) -> Journey | None:
        """A journey, locked until the transaction ends; nobody else adds a version of it meanwhile."""
        ...

    async def all(self) -> list[Journey]:
        """Every journey, by name."""
        ...

    async def edition(self, name: str, version: int) -> Edition | None:
        """One version."""
        ...

    async def history(self, name: str) -> list[Edition]:
        """Every version, the newest first."""
        ...

    async def add(self, edition: Edition) -> None:
        """Keep a version for good; its journey is made with the first."""
        ...

    async def set_state(self, name: str, state: JourneyState, version: int | None) -> None:
        """Let a version run, or pause or stop the journey."""
        ...

    async def record(self, name: str, version: int, change: Change, by: str, at: datetime, reason: str) -> None:
        """Append to what was done with the journey."""
        ...

    async def figures(self, name: str) -> Figures:
        """Where its customers stand."""
        ...

    async def end_all(self, name: str, now: datetime) -> int:
        """End every entry as stopped; returns how many."""
        ...

    async def last_sent(self, member_id: int) -> Entry | None:
        """The entry behind the last offer that reached a member; None where another feature sent that."""
        ...


class EngineStore(Protocol):
    """What the engine needs of the database; every lock lasts until the transaction ends."""

    async def claim(self) -> bool:
        """Whether nobody else moves journeys now."""
        ...

    async def editions(self) -> dict[tuple[str, int], Edition]:
        """Every version that runs, or that somebody is still in, by name and version."""
        ...

    async def running(self) -> dict[str, int]:
        """The running journeys with the version that new customers enter."""
        ...

    async def pass_over(self, heeded: frozenset[EventKind], now: datetime) -> None:
        """Events of all other kinds need no look: they only stand there to be asked for."""
        ...

    async def unhandled(self, now: datetime, limit: int) -> list[Event]:
        """Events that nobody looked at and that do not rest, in the order in which they came."""
        ...

    async def handled(self, events: Sequence[Event], now: datetime) -> None:
        """These were looked at."""
        ...

    async def entered(self, journey: str, events: Sequence[Event]) -> list[Entry]:
        """How often the persons of events were in a journey, and are."""
        ...

    async def open_of(self, events: Sequence[Event]) -> list[Entry]:
        """The journeys that the persons of events are in, paused ones too, locked."""
        ...

    async def due(self, now: datetime, limit: int) -> list[Entry]:
        """Entries of running journeys whose time has come and that do not rest, the oldest first, locked."""
        ...

    async def enter(self, entries: Sequence[Entry]) -> list[Entry]:
        """Keep entries; those whose person is inside already, or whose event was used, are not among what returns."""
        ...

    async def save(self, entries: Sequence[Entry]) -> None:
        """Keep where entries stand."""
        ...

    async def mark(self, marks: Sequence[tuple[Entry, str, Deed]], now: datetime) -> None:
        """Note what steps did; what each did first stands."""
        ...

    async def hold_out(self, messages: Sequence[tuple[str, str]], now: datetime) -> None:
        """Messages that were just planned, each a campaign and its step, are withheld: held out in the equation."""
        ...

    async def happened(self, entries: Sequence[Entry]) -> Mapping[int, frozenset[EventKind]]:
        """What happened to each entry's person since its trigger, which is left out; by the entry."""
        ...

    async def holders(self, customer_ids: Collection[UUID]) -> Mapping[UUID, int]:
        """The members bound to customers."""
        ...

    async def is_time_to_sweep(self, now: datetime) -> bool:
        """Whether to look who left, for everybody: once a minute."""
        ...

    async def leaving(self, these: Sequence[Entry] | None = None) -> list[tuple[Entry, Outcome]]:
        """Who opted out of a journey that advertises, is restricted or was erased, locked; of these entries, or all."""
        ...

    async def numbers(self, customer_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """The bank's numbers of customers."""
        ...

    async def control(self) -> GlobalControl:
        """The one group that no campaign writes to."""
        ...

    async def is_time_for(self, journey: str, version: int, now: datetime) -> bool:
        """Whether a journey's audience is to be looked at: once a day, with each new run, and of each version."""
        ...

    async def joined(self, journey: str, belonging: Collection[UUID], now: datetime) -> int:
        """Keep who belongs to a journey's audience; for each who did not before there is an event."""
        ...


class Outside(Protocol):
    """The ledger of messages outside of the chat."""

    async def cancel(self, campaign: str, step: str | None, reason: Reason) -> int:
        """Cancel what waits."""
        ...


class Audiences(Protocol):
    """Who belongs where."""

    async def read(self, line: str, me: int | None = None) -> Expression | Fault:
        """What a line means."""
        ...

    async def belonging(self, expression: Expression) -> frozenset[UUID]:
        """The ids of all who belong now."""
        ...

    async def among(self, expression: Expression, customers: Collection[UUID]) -> frozenset[UUID]:
        """Which of these customers belong now."""
        ...


class People(Protocol):
    """Who is who."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...

    async def managers_of(self, member_id: int) -> list[int]:
        """The managers of the groups that a person is in."""
        ...


class FollowUps(Protocol):
    """What managers have to do."""

    async def open(
        self, customer_id: UUID, source: Source, why: str, *, due: datetime | None = None, ref: str | None = None
    ) -> datetime | FollowUpRefusal:
        """Something is to be done for a customer."""
        ...


class Tags(Protocol):
    """What is said of customers."""

    async def put(self, number: str, code: str, evidence: str, by: str) -> bool:
        """Set a tag; False where there is no such customer."""
        ...


class Happenings(Protocol):
    """What the product itself knows has happened."""

    async def look(self) -> int:
        """Keep it as events."""
        ...


class Channels(Protocol):
    """Messages outside of the chat."""

    async def add(self, *drafts: ChannelDraft, cost_cap: int | None = None) -> Planned:
        """Plan messages, each once."""
        ...

    async def cancel(self, campaign: str, step: str | None = None) -> int:
        """Cancel what has not left yet."""
        ...


class JourneyWording(Protocol):
    """The sentences that journeys put into the ledger and among the follow-ups."""

    def message(self, text: Text, kind: Kind, language: Language) -> Message:
        """What a customer reads; an offer says how to hear no more and why it came."""
        ...

    def task(self, plan: Plan, why: Text) -> str:
        """Why a manager is to do something, in both languages."""
        ...

    def lead_task(self, plan: Plan, why: Text, name: str, language: Language) -> Message:
        """The same for a member whom the bank has no customer for; the name is masked."""
        ...
