"""A letter, whom it is for, and why one is not written or not sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from campaigns.answers.model import EntryKind
from campaigns.compliance.verdicts import Hit
from campaigns.deliveries.model import Reason


class LetterState(StrEnum):
    """A letter is a draft that its author looks at, was sent, or was given up."""

    DRAFT = "draft"
    SENT = "sent"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class Addressee:
    """Whom a letter is for: a member, and the question that it answers where it answers one."""

    member_id: int
    question_id: int | None = None


@dataclass(frozen=True)
class Letter:
    """The final words to one member; `entry` and `version` name the reviewed text, None for free words."""

    id: int
    to: Addressee
    author_id: int
    text: str = field(repr=False)
    kind: EntryKind
    state: LetterState = LetterState.DRAFT
    entry: str | None = None
    version: int | None = None


@dataclass(frozen=True)
class TextChoice:
    """Which text is written: a reviewed entry with what fills it, or free words."""

    entry: str | None = None
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    words: str = field(default="", repr=False)


class ObjectionCode(StrEnum):
    """Why the gate does not let words pass."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    FORBIDDEN_WORD = "forbidden_word"
    INDUCING_WORD = "inducing_word"
    NO_RISK_NOTICE = "no_risk_notice"
    ASKS_SECRET = "asks_secret"  # noqa: S105 - the name of a rule.
    LONG_NUMBER = "long_number"
    ADDRESS = "address"


@dataclass(frozen=True)
class Objection:
    """One reason, with the words it is about, its law and what the gate says, where there are such."""

    code: ObjectionCode
    words: str = ""
    law: str = ""
    hit: Hit | None = None


class LetterRefusal(StrEnum):
    """Why a letter is not written or not sent."""

    NOBODY = "nobody"
    NO_TEXT = "no_text"
    NOT_YOURS = "not_yours"
    QUESTION_OVER = "question_over"
    STALE = "stale"


@dataclass(frozen=True)
class Hindrance:
    """What the gate at dispatch says of a letter today: `never` arrives, or is put off, and why."""

    reason: Reason
    never: bool
