"""One stored use of a stamp code as scoring sees it, a reason, and a case that a person decides."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Sign(StrEnum):
    """What can speak against a visitor."""

    TOO_FAST = "too_fast"
    STALE_CODES = "stale_codes"
    SHARED_CODE = "shared_code"
    FORGED_CODES = "forged_codes"
    RING = "ring"
    PARTY = "party"
    UNEARNED = "unearned"


class SuspicionState(StrEnum):
    """HELD until a person has looked; then CLEARED, or CONFIRMED as cheating."""

    HELD = "held"
    CLEARED = "cleared"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Spot:
    """Where a booth stands, in metres."""

    x: float
    y: float


@dataclass(frozen=True)
class Seen:
    """A use: who, at which booth, when, with which code, and whether it stamped; `booth_id` is None where forged."""

    member_id: int
    at: datetime
    booth_id: int | None = None
    nonce: str | None = None
    made_at: datetime | None = None
    is_stamp: bool = False


@dataclass(frozen=True)
class Remaining:
    """What somebody has of whom a stamp was taken back: the booths whose stamps count, and medals by target code."""

    stamped: frozenset[str]
    medals: frozenset[str]


@dataclass(frozen=True)
class Reason:
    """A sign with the points it gives and how often it was seen; `others` are the members beside this one."""

    sign: Sign
    points: int
    times: int
    others: tuple[int, ...] = ()


@dataclass(frozen=True)
class Suspicion:
    """A member's score with its reasons, the heaviest first."""

    member_id: int
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Case:
    """A suspicion over the bar as it is stored; the gift waits for a person while it is held."""

    rally_id: int
    suspicion: Suspicion
    state: SuspicionState
    found_at: datetime
    decided_by: int | None = None
    decided_at: datetime | None = None
