"""A topic with its local editions, what people contributed, and what its links brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from campaigns.offers.model import Text

GENERAL = 0  # The edition without local words.


@dataclass(frozen=True)
class Edition:
    """The local words of one branch or district (S-40)."""

    place: str
    words: Text


@dataclass(frozen=True)
class Topic:
    """What people are asked to tell (S-32), until a day; editions are numbered from 1."""

    code: str
    title: Text
    prompt: Text
    last: date
    contact: str
    editions: tuple[Edition, ...] = ()

    def edition(self, number: int) -> Edition | None:
        """The local edition of a number; None for the general one."""
        return self.editions[number - 1] if 1 <= number <= len(self.editions) else None

    def number_for(self, places: Sequence[str]) -> int:
        """The first edition of these places; the general one where none is theirs."""
        return next((at for at, each in enumerate(self.editions, start=1) if each.place in places), GENERAL)


class ContributionState(StrEnum):
    """pending → approved or rejected by staff; whoever wrote it may withdraw it at any time, and its words are gone."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Contribution:
    """What one member told."""

    id: int
    topic: str
    edition: int
    member_id: int
    words: str
    state: ContributionState
    sent_at: datetime


@dataclass(frozen=True)
class Local:
    """A topic in the edition that somebody reads."""

    topic: Topic
    number: int = GENERAL


@dataclass(frozen=True)
class Waiting:
    """A contribution that waits for staff, with its author's masked name."""

    topic: Topic
    contribution: Contribution
    author: str


@dataclass(frozen=True)
class EditionCount:
    """What one edition brought: new people by its links, those with an account since, customers, contributions."""

    number: int
    came: int = 0
    accounts: int = 0
    customers: int = 0
    approved: int = 0
    pending: int = 0
    rejected: int = 0


@dataclass(frozen=True)
class PublicTopic:
    """What everybody may read: the edition, and approved contributions with masked names, the newest first."""

    local: Local
    told: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Blocked:
    """The gate of words lets a contribution not be shown: the words, and what to write instead in both languages."""

    span: str
    advice: Text


class TopicRefusal(StrEnum):
    """Why nothing was done."""

    UNKNOWN = "unknown"
    OVER = "over"
    BAD_LENGTH = "bad_length"
    TOO_MANY = "too_many"
    NOT_YOURS = "not_yours"
    OWN = "own"
    JUDGED_ALREADY = "judged_already"
    EDITIONS_CHANGED = "editions_changed"
