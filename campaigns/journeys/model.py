"""A journey's plan with its steps, a customer's place in it, and what may come of both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from campaigns.channels.model import Channel
from campaigns.deliveries.model import Kind
from campaigns.events.model import EventKind
from campaigns.offers.model import Text

LEDGER = "journey:"


@dataclass(frozen=True)
class Wait:
    """Go on `days` after arriving, at the local wall time `at` where one is given; or as soon as `until` happened."""

    id: str
    days: int
    until: EventKind | None = None
    at: time | None = None
    next: str | None = None


@dataclass(frozen=True)
class Branch:
    """Go to `then` where the customer belongs to an audience, or `happened` since the trigger; else to `next`."""

    id: str
    then: str
    line: str | None = None
    happened: EventKind | None = None
    next: str | None = None


@dataclass(frozen=True)
class Send:
    """Words for the customer; of no use after `valid_days`.

    What sells a product names it, with the grade of its risk, 1 to 5, if it has one: the gate asks who it suits.
    """

    id: str
    kind: Kind
    channel: Channel
    text: Text
    valid_days: int
    product: str | None = None
    risk: int | None = None
    next: str | None = None


@dataclass(frozen=True)
class Task:
    """Something for the customer's manager to do; without `within` bank days the service clock says until when."""

    id: str
    why: Text
    within: int | None = None
    next: str | None = None


@dataclass(frozen=True)
class Mark:
    """Set a tag on the customer."""

    id: str
    tag: str
    next: str | None = None


@dataclass(frozen=True)
class End:
    """The journey ends here; as reached where the file says so."""

    id: str
    is_reached: bool = False


Step = Wait | Branch | Send | Task | Mark | End


@dataclass(frozen=True)
class Trigger:
    """What begins a journey: an event with its conditions, or that a customer comes to belong to an audience.

    An event that is known later than `within_days` after it happened begins nothing.
    """

    event: EventKind
    within_days: int
    least_amount: int | None = None
    payload: Mapping[str, str] = field(default_factory=dict)
    line: str | None = None


@dataclass(frozen=True)
class EntryRules:
    """Who may enter: those of an audience; once, or again so many days after the last time."""

    line: str | None = None
    again_after: int | None = None


@dataclass(frozen=True)
class Plan:
    """A whole journey as its file has it; steps only lead to later ones, so that every entry ends."""

    name: str
    title: Text
    why: Text
    trigger: Trigger
    entry: EntryRules
    goal: EventKind | None
    hold_out: int
    steps: tuple[Step, ...]

    def step(self, name: str | None) -> Step | None:
        """The step of a name; None behind the last one."""
        return next((each for each in self.steps if each.id == name), None)

    @property
    def heeds(self) -> frozenset[EventKind]:
        """The events that begin it, wake somebody in it or end it; a branch looks back by itself."""
        waits = {each.until for each in self.steps if isinstance(each, Wait)}
        return frozenset(each for each in {self.trigger.event, self.goal, *waits} if each is not None)

    @property
    def markets(self) -> bool:
        """Whether anything of it is advertising, so that who opts out leaves."""
        return any(isinstance(each, Send) and each.kind is Kind.MARKETING for each in self.steps)


@dataclass(frozen=True)
class Edition:
    """One version of a journey; never changed."""

    plan: Plan
    version: int
    made_by: str
    made_at: datetime
    reason: str


class JourneyState(StrEnum):
    """A journey waits for a second person, runs, is paused, or was stopped for good until another version runs."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class Change(StrEnum):
    """What somebody did with a journey; each is recorded with who, when and why."""

    LOAD = "load"
    RELEASE = "release"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


@dataclass(frozen=True)
class Journey:
    """A journey as it stands; `version` runs, `newest` is the latest that was loaded."""

    name: str
    state: JourneyState
    version: int | None
    newest: int


class Outcome(StrEnum):
    """How a customer's way through a journey ended; who opts out, is restricted or erased leaves it."""

    REACHED = "reached"
    COMPLETED = "completed"
    OPTED_OUT = "opted_out"
    RESTRICTED = "restricted"
    ERASED = "erased"
    STOPPED = "stopped"


LEFT = (Outcome.OPTED_OUT, Outcome.RESTRICTED, Outcome.ERASED, Outcome.STOPPED)


@dataclass(frozen=True)
class Entry:
    """One customer's way, or a member's whom the bank has no customer for, in one version that it keeps to its end.

    `since` is when the trigger happened, `node` the step where it stands, `due_at` when it goes on. The trigger's own
    event is known by `event_id`.
    """

    id: int
    journey: str
    version: int
    event_id: int
    trigger: EventKind
    since: datetime
    entered_at: datetime
    customer_id: UUID | None = None
    member_id: int | None = None
    is_held_out: bool = False
    node: str | None = None
    due_at: datetime | None = None
    waits_for: EventKind | None = None
    is_waiting: bool = False
    ended_at: datetime | None = None
    outcome: Outcome | None = None

    @property
    def ledger(self) -> str:
        """The journey's name in the delivery ledger."""
        return f"{LEDGER}{self.journey}"

    def deed(self, node: str) -> str:
        """The name of what a step does for this entry, in the ledger and among the follow-ups; never the same twice."""
        return f"{self.id}:{node}"


class Deed(StrEnum):
    """What a step did."""

    SENT = "sent"
    HELD_OUT = "held_out"
    UNREACHABLE = "unreachable"
    TASK_OPENED = "task_opened"
    NOBODY_OWNS = "nobody_owns"
    TAGGED = "tagged"
    THEN = "then"
    ELSE = "else"


class JourneyRefusal(StrEnum):
    """Why nothing was done with a journey."""

    NO_JOURNEY = "no_journey"
    NO_VERSION = "no_version"
    SAME_PERSON = "same_person"
    RELEASED_ALREADY = "released_already"
    NOT_RUNNING = "not_running"
    NOT_PAUSED = "not_paused"
    STOPPED_ALREADY = "stopped_already"


@dataclass(frozen=True)
class Figures:
    """Where the customers of a journey stand: how many entered, by step, and how it ended for the others."""

    entered: int = 0
    held_out: int = 0
    standing: Mapping[str, int] = field(default_factory=dict)
    ended: Mapping[Outcome, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Overview:
    """A journey with its running version, or the newest where none runs, who loaded the newest, and its figures."""

    journey: Journey
    edition: Edition
    newest_by: str
    figures: Figures


@dataclass(frozen=True)
class Why:
    """The true reason for the last message of a journey: what happened when, in the journey's own words."""

    title: Text
    why: Text
    trigger: EventKind
    since: datetime
