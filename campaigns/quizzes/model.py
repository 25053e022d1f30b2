"""A quiz, its answers, and what can come of giving one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

VOID = "-"  # The result of what was cancelled: nobody is right.


class QuizKind(StrEnum):
    """A RIDDLE has accepted answers from the start, a GUESS is decided by a result that is entered later."""

    RIDDLE = "riddle"
    GUESS = "guess"


class Sharing(StrEnum):
    """How the prize is paid: EACH of the first so many who are right gets all of it, or EQUAL parts for all."""

    EACH = "each"
    EQUAL = "equal"


class QuizState(StrEnum):
    """OPEN until its end, AWAITING while a guess has no result, SETTLED once everybody right is paid."""

    OPEN = "open"
    AWAITING = "awaiting"
    SETTLED = "settled"


@dataclass(frozen=True)
class QuizPlan:
    """A quiz as it is published; nothing of it changes afterwards.

    `options` are what may be chosen; without them a riddle takes words and a guess a score such as 2:1. `accepted`
    are a riddle's answers: option numbers from 1, or normalised words. `prize` is paid to each of the first `winners`,
    or shared in equal parts by all.
    """

    kind: QuizKind
    title_zh: str
    title_en: str
    question_zh: str
    question_en: str
    prize: int
    sharing: Sharing
    winners: int
    closes_at: datetime
    options: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quiz:
    """A quiz of one group, paid by one points campaign; `answers` counts those given, `result` is a guess's."""

    id: int
    points_campaign: int
    group_id: int
    chat_id: int
    manager_id: int
    plan: QuizPlan
    state: QuizState = QuizState.OPEN
    answers: int = 0
    result: str | None = None


@dataclass(frozen=True)
class Guess:
    """One person's answer; `chat_id` is where it came from, None for words in private of a member of the group."""

    member_id: int
    masked_name: str
    customer_id: UUID | None
    answer: str
    chat_id: int | None


class GuessCode(StrEnum):
    """What came of an answer."""

    TAKEN = "taken"
    TWICE = "twice"
    CLOSED = "closed"
    UNREADABLE = "unreadable"
    NO_QUIZ = "no_quiz"


@dataclass(frozen=True)
class GuessOutcome:
    """The outcome for one person, with the answer that counts: nobody else is shown it."""

    code: GuessCode
    answer: str = ""


@dataclass(frozen=True)
class Given:
    """An answer as it was taken; `number` is its place in the order of all answers of the quiz."""

    number: int
    member_id: int
    masked_name: str
    customer_id: UUID | None
    answer: str


@dataclass(frozen=True)
class Win:
    """Somebody who was right, and what that pays; 0 for who came after the last prize."""

    given: Given
    points: int


class QuizRefusal(StrEnum):
    """Why a quiz was not published or its result not taken."""

    NO_GROUP = "no_group"
    NOT_YOUR_GROUP = "not_your_group"
    NO_CAMPAIGN = "no_campaign"
    NOT_YOUR_CAMPAIGN = "not_your_campaign"
    BUDGET_TOO_SMALL = "budget_too_small"
    BEYOND_CAMPAIGN = "beyond_campaign"
    NO_QUIZ = "no_quiz"
    STILL_OPEN = "still_open"
    SETTLED_ALREADY = "settled_already"
    BAD_RESULT = "bad_result"


@dataclass(frozen=True)
class Preview:
    """What a result would pay, before it is confirmed."""

    quiz: Quiz
    result: str
    wins: tuple[Win, ...]
