"""Values: a post for several groups, from its words to its minute of grace."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

GRACE = timedelta(seconds=60)


class BroadcastState(StrEnum):
    """WAITING for a second person, APPROVED and to be placed, PLACED in the ledger, taken back or refused."""

    WAITING = "waiting"
    APPROVED = "approved"
    PLACED = "placed"
    CANCELLED = "cancelled"
    REFUSED = "refused"


@dataclass(frozen=True)
class Broadcast:
    """A post; `groups` are those chosen so far, `leaves_at` when it goes."""

    id: int
    author_id: int
    words: str
    state: BroadcastState
    approved_by: int | None = None
    groups: frozenset[int] = frozenset()
    leaves_at: datetime | None = None


class Reach(NamedTuple):
    """Whom the chosen groups hold: `seats` count a person once per group, `heads` once."""

    groups: int
    seats: int
    heads: int


class BroadcastRefusal(StrEnum):
    """Why nothing happens to a post."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    FORBIDDEN_WORDS = "forbidden_words"
    NO_RISK_NOTICE = "no_risk_notice"
    UNKNOWN = "unknown"
    OWN_WORDS = "own_words"
    NOT_APPROVED = "not_approved"
    NO_GROUP = "no_group"
    DECIDED = "decided"
    TOO_LATE = "too_late"


@dataclass(frozen=True)
class GroupLine:
    """One group on the manager's screen: numbers of the last seven days, what runs, what waits.

    `stands_in_for` is the absent colleague whose group it is; None for an own one.
    """

    id: int
    title: str
    members: int
    joined: int
    left: int
    unanswered: int
    chains: tuple[str, ...]
    todos: int
    next_at: datetime | None
    manager_id: int
    stands_in_for: str | None = None
