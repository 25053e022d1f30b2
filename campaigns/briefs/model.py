"""Values: a morning's brief with its few customers, and a week in figures."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import NamedTuple

from campaigns.customers.model import Customer, Letter
from campaigns.customers.next_actions import ActionChannel, ActionKind
from campaigns.followups.model import Source
from campaigns.members.model import Language

USUAL_HOUR = time(8, 30)


class ItemState(StrEnum):
    """What became of one customer of a brief."""

    OPEN = "open"
    SENT = "sent"
    CALLED = "called"
    VISITED = "visited"
    SKIPPED = "skipped"


class SkipReason(StrEnum):
    """Why a customer was left out today."""

    IN_TOUCH = "in_touch"
    UNSUITABLE = "unsuitable"
    ANOTHER_DAY = "another_day"
    WRONG_DATA = "wrong_data"


@dataclass(frozen=True)
class Candidate:
    """A customer who could be in the brief: what is due, or what a run would do next and what that is worth, in fen."""

    customer: Customer
    letter: Letter | None = None
    followup_id: int | None = None
    source: Source | None = None
    due_at: datetime | None = None
    action: ActionKind | None = None
    channel: ActionChannel | None = None
    product: str | None = None
    amount_fen: int = 0
    expected_value_fen: int = 0
    may_write: bool = False


@dataclass(frozen=True)
class BriefItem:
    """One customer of a brief at their place, counted from 1."""

    id: int
    place: int
    candidate: Candidate
    state: ItemState = ItemState.OPEN
    reason: SkipReason | None = None


@dataclass(frozen=True)
class Brief:
    """A manager's brief of one day."""

    id: int
    manager_id: int
    day: date
    items: tuple[BriefItem, ...]

    @property
    def left(self) -> int:
        """How many customers nobody was in touch with yet."""
        return sum(item.state is ItemState.OPEN for item in self.items)


class Addressee(NamedTuple):
    """Who gets a text: the member who is the customer."""

    member_id: int
    language: Language


class BriefRefusal(StrEnum):
    """Why a tap on a brief does nothing."""

    UNKNOWN = "unknown"
    SETTLED = "settled"
    MAY_NOT_WRITE = "may_not_write"


class Day(NamedTuple):
    """Contacts of one day by way."""

    day: date
    messages: int
    calls: int
    visits: int


@dataclass(frozen=True)
class Week:
    """A manager's week: contacts by day, follow-ups opened, ended and late, customers proposed and reached."""

    first: date
    days: tuple[Day, ...]
    opened: int
    done: int
    refused: int
    dropped: int
    late: int
    proposed: int
    reached: int
    skipped: int
