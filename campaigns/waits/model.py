"""A waiting number, the queue of a booth, and what can come of asking for a number."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class WaitState(StrEnum):
    """WAITING and CALLED are open; a stamp of the booth makes a number SERVED."""

    WAITING = "waiting"
    CALLED = "called"
    SERVED = "served"
    MISSED = "missed"
    LEFT = "left"


class WaitCode(StrEnum):
    """What came of asking; each has its own sentence."""

    TAKEN = "taken"
    ALREADY = "already"
    STAMPED = "stamped"
    CLOSED = "closed"
    PAUSED = "paused"
    LEFT = "left"
    NONE = "none"


@dataclass(frozen=True)
class Number:
    """Somebody's number at a booth; `told_at` is when they were told that it is nearly their turn."""

    id: int
    rally_id: int
    booth_id: int
    member_id: int
    number: int
    state: WaitState
    taken_at: datetime
    told_at: datetime | None = None
    called_at: datetime | None = None


@dataclass(frozen=True)
class Queue:
    """A booth as somebody finds it who comes now: how many wait, and how many minutes that takes."""

    waiting: int
    minutes: int


@dataclass(frozen=True)
class Waited:
    """The outcome for one person: the number with how many are before it and the minutes until its turn."""

    code: WaitCode
    number: Number | None = None
    ahead: int = 0
    minutes: int = 0


@dataclass(frozen=True)
class Steps:
    """What is due in one queue now."""

    missed: tuple[Number, ...] = ()
    called: tuple[Number, ...] = ()
    told: tuple[Number, ...] = ()
