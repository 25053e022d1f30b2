"""A game of a booth, one visitor's attempt at it, and what can come of a move."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class GameKind(StrEnum):
    """SCAN gives the stamp at once; QUIZ and SPIN are played in the chat; a clerk confirms STAFF and PHOTO."""

    SCAN = "scan"
    QUIZ = "quiz"
    SPIN = "spin"
    STAFF = "staff"
    PHOTO = "photo"


@dataclass(frozen=True)
class Option:
    """One answer of a quiz that can be chosen."""

    zh: str
    en: str


@dataclass(frozen=True)
class Game:
    """What a booth asks for (S-83).

    `task` are a quiz's question or a task in words. `answer` is the number of the right option, from 1, and `tries`
    how many answers a quiz allows, or within how many spins a wheel passes.
    """

    kind: GameKind
    task_zh: str = ""
    task_en: str = ""
    options: tuple[Option, ...] = ()
    answer: int = field(default=0, repr=False)
    tries: int = 1


class Move(StrEnum):
    """What came of a move: the stamp is earned, another try is left, none is, or a clerk must look."""

    PASSED = "passed"
    AGAIN = "again"
    OVER = "over"
    WAITING = "waiting"


@dataclass(frozen=True)
class Attempt:
    """How far one visitor is with a game: `tries` were used, `state` is what came of the last."""

    tries: int = 0
    state: Move = Move.AGAIN


@dataclass(frozen=True)
class Scan:
    """The code with which somebody came to a booth: when it was used, and which one it was."""

    at: datetime
    code_nonce: str | None = None
    device_id: int | None = None


@dataclass(frozen=True)
class Play:
    """One visitor's attempt at one booth, since the scan that began it; `picture` is the platform's file id."""

    booth_id: int
    member_id: int
    scan: Scan
    attempt: Attempt
    moved_at: datetime
    picture: str | None = None


class GameRefusal(StrEnum):
    """Why a move does not count."""

    NOT_BEGUN = "not_begun"
    NOT_THIS_GAME = "not_this_game"
    TAKEN_ALREADY = "taken_already"
    NO_TRIES_LEFT = "no_tries_left"
    ALREADY_PASSED = "already_passed"
    NOT_ON_DUTY = "not_on_duty"
    NOT_YOURSELF = "not_yourself"
    NOT_NOW = "not_now"
