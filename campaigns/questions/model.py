"""A question, its lines, the clock it runs under, and what can come of asking and answering."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from campaigns.bankdays.hours import OfficeHours


class QuestionState(StrEnum):
    """A question waits, was answered, helped, or was taken back; the last two are closed and kept."""

    OPEN = "open"
    ANSWERED = "answered"
    SOLVED = "solved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class AnswerClock:
    """How long an answer may take, in bank time; the newest row of `answer_clocks` is in force (S-205)."""

    version: int = 1
    within: timedelta = timedelta(hours=2)
    hours: OfficeHours = field(default_factory=OfficeHours)


@dataclass(frozen=True)
class Question:
    """What somebody asked; `round` grows when an answer did not help, `lines` counts what was written.

    `owner_id` is None when only the team leads can answer. `tell_at` is set while lines are gathered that the
    owner has not heard of; `told` is how many the owner knows. `chat_id` is the group where it was asked.
    """

    id: int
    member_id: int
    owner_id: int | None
    state: QuestionState
    asked_at: datetime
    due_at: datetime
    chat_id: int | None = None
    round: int = 1
    lines: int = 1
    told: int = 0
    tell_at: datetime | None = None
    answered_by: int | None = None


@dataclass(frozen=True)
class Line:
    """One line of a question, as it was written."""

    text: str = field(repr=False)
    at: datetime


class AskCode(StrEnum):
    """What became of a line: a new question, one more line, a line in the same breath, too many, nobody to ask."""

    NEW = "new"
    ADDED = "added"
    QUIET = "quiet"
    FULL = "full"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Asked:
    """What came of asking; the question where there is one."""

    code: AskCode
    question: Question | None = None


class QuestionRefusal(StrEnum):
    """Why somebody may not do something with a question."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    OVER = "over"


class PassRefusal(StrEnum):
    """Why a question stays where it is."""

    NO_LEAD = "no_lead"


class FeedbackCode(StrEnum):
    """What a member's word on an answer did."""

    SOLVED = "solved"
    REOPENED = "reopened"
    STALE = "stale"
