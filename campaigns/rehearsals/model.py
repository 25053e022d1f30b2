"""A rehearsal's visitors, what each of them does when, and what the course of the day looks like from above."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Manner(StrEnum):
    """How somebody visits: three honest ways, and five of cheating (threat list of requirement S-202)."""

    PATIENT = "patient"
    HURRIED = "hurried"
    FAMILY = "family"
    PHOTOGRAPHER = "photographer"  # Uses pictures of codes that others took, mostly when they are dead.
    REPLAYER = "replayer"  # Uses the own codes again and again.
    FORGER = "forger"  # Makes codes up and changes genuine ones.
    RING = "ring"  # Ten who stamp within seconds of each other at every booth, from one code.
    DOUBLE = "double"  # A second account of somebody who visits.

    @property
    def is_honest(self) -> bool:
        """Whether nothing of what they do should be refused, nor held up."""
        return self in (Manner.PATIENT, Manner.HURRIED, Manner.FAMILY)


class Verb(StrEnum):
    """What a visitor does in one moment."""

    SCAN = "scan"  # A live code of the booth where they stand, in their turn.
    RELAY = "relay"  # A live code that somebody else sent from there.
    PICTURE = "picture"  # A code that is older than its life.
    REPLAY = "replay"  # A code that the same person used before.
    FORGE = "forge"  # A code that no server made.
    COLLECT = "collect"  # The gift of a target, at the desk.


TRICKS = (Verb.RELAY, Verb.PICTURE, Verb.REPLAY, Verb.FORGE)


@dataclass(frozen=True)
class Visitor:
    """Somebody simulated; `partner` is the visitor whom a cheat leans on, `ring` the number of a ring."""

    number: int
    manner: Manner
    arrives_at: datetime
    metres_a_second: float
    patience: timedelta
    wants: str
    partner: int | None = None
    ring: int | None = None


@dataclass(frozen=True)
class Step:
    """One act: `code_at` is when the code was on the screen, `booth` where; `target` what is collected."""

    at: datetime
    visitor: int
    verb: Verb
    booth: str = ""
    code_at: datetime | None = None
    target: str = ""


@dataclass(frozen=True)
class Visit:
    """A visitor's time at one booth: came, had the turn, was done."""

    booth: str
    came_at: datetime
    begun_at: datetime
    done_at: datetime

    @property
    def waited(self) -> timedelta:
        """How long it took until the turn."""
        return self.begun_at - self.came_at


@dataclass(frozen=True)
class Course:
    """The day as it would go: every step in order of time, every wait, who gave up before a queue, by booth."""

    visitors: tuple[Visitor, ...]
    steps: tuple[Step, ...]
    visits: tuple[Visit, ...]
    given_up: Mapping[str, int]


@dataclass(frozen=True)
class Queue:
    """A booth's day: visitors, minutes waited (mean, nineteen of twenty, longest), the longest queue and its hour."""

    booth: str
    visits: int
    mean: float
    p95: float
    longest: float
    heads: int
    heads_at: datetime | None
    given_up: int
