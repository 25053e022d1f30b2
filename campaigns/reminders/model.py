"""Values: a reminder with its versions, whom it is for, what it is about, and what became of an occurrence."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from campaigns.deliveries.model import State as DeliveryState
from campaigns.reminders.schedule import Thing, Timing

PROMPT = timedelta(minutes=15)  # As late as this is in time.
USEFUL = timedelta(hours=12)
MOST_USEFUL = timedelta(days=7)
LONGEST_WORDS = 500
MOST_PEOPLE = 2_000  # More is a campaign.
MOST_OF_AN_OWNER = 100


class Topic(StrEnum):
    """What a reminder is about, as a person mutes it; those that the bank plans by itself are among them."""

    NOTICE = "notice"
    WEEKLY = "weekly"
    FESTIVAL = "festival"
    CHAIN = "chain"
    SEAT = "seat"
    TODO = "todo"
    EVENT = "event"
    COUPON = "coupon"
    POINTS = "points"
    CARD = "card"
    VISIT = "visit"


class State(StrEnum):
    """DRAFT until its owner confirms it, ON, PAUSED with nothing planned, ENDED for good."""

    DRAFT = "draft"
    ON = "on"
    PAUSED = "paused"
    ENDED = "ended"


class Outcome(StrEnum):
    """What came of an occurrence: PLANNED in the ledger, for NOBODY, MISSED by the policy, a later one came first."""

    PLANNED = "planned"
    NOBODY = "nobody"
    MISSED = "missed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Audience:
    """Whom a reminder is for, one of three: groups, the customers of a one-line condition, one person."""

    groups: tuple[int, ...] = ()
    line: str | None = None
    member_id: int | None = None


@dataclass(frozen=True)
class Plan:
    """One version: when, to whom, what, and for how long after its time it is of use (nothing: drop it when late)."""

    timing: Timing
    audience: Audience
    words: str
    useful: timedelta = USEFUL
    is_marketing: bool = False


@dataclass(frozen=True)
class Reminder:
    """A reminder; `plan` is the version in force, `draft` one that waits for its owner's or a second person's word.

    `drafted_by` wrote that draft: its owner, or who stood in.
    """

    id: int
    owner_id: int
    state: State
    version: int | None = None
    plan: Plan | None = None
    draft: int | None = None
    drafted: Plan | None = None
    since: datetime | None = None
    next_at: datetime | None = None
    in_review: bool = False
    drafted_by: int | None = None

    @property
    def shown(self) -> Plan:
        """The version in force, or the draft before there is one."""
        found = self.plan or self.drafted
        assert found is not None
        return found


@dataclass(frozen=True)
class Happening:
    """A chain, to-do or event that reminders go before: of which group, when, and since when it is known.

    `key` is its own among all that one reminder goes before.
    """

    thing: Thing
    key: str
    group_id: int
    title: str
    at: datetime
    known_at: datetime
    free: int | None = None


@dataclass(frozen=True)
class Occurrence:
    """One time at which a reminder is due; its key is its own for ever."""

    key: str
    due_at: datetime
    outcome: Outcome
    happening: Happening | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Past:
    """The latest occurrence and where its messages stand."""

    due_at: datetime
    outcome: Outcome
    recipients: int
    states: dict[DeliveryState, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """A reminder with its next times and what became of the last; with the names of its groups."""

    reminder: Reminder
    upcoming: tuple[datetime, ...]
    last: Past | None = None
    groups: tuple[str, ...] = ()
    person: str | None = None


@dataclass(frozen=True)
class Preview:
    """A draft as its owner sees it before saying yes: the next times and how many people it reaches."""

    line: Line
    heads: int


class ReminderRefusal(StrEnum):
    """Why nothing happens to a reminder."""

    NO_TIME = "no_time"
    PAST = "past"
    BEYOND = "beyond"
    NO_WORDS = "no_words"
    LONG_WORDS = "long_words"
    NO_GROUP = "no_group"
    WHICH_GROUP = "which_group"
    NO_SUCH_GROUP = "no_such_group"
    NOBODY = "nobody"
    MANY_CALLED = "many_called"
    TOO_MANY = "too_many"
    ONLY_GROUPS = "only_groups"
    QUIET = "quiet"
    STANDING = "standing"
    FULL = "full"
    UNKNOWN = "unknown"
    DECIDED = "decided"
    OWN_WORDS = "own_words"
    IN_REVIEW = "in_review"
