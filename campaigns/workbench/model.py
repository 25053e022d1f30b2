"""Values of the workbench: a manager's own customers, what is searched among them, what stands beside the card."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from campaigns.customers.fields import CustomerField
from campaigns.customers.model import Customer, Letter
from campaigns.followups.model import FollowUp, Interaction
from campaigns.members.model import Purpose
from campaigns.notes.model import Note


class SearchKind(StrEnum):
    """By what the words of a search are meant."""

    ALL = "all"
    LETTER = "letter"
    TAG = "tag"
    STAGE = "stage"
    DIGITS = "digits"
    LATIN = "latin"
    NAME = "name"


class Search(NamedTuple):
    """What is searched: `words` as they were said, `value` as it is compared (a letter, a tag's code, folded words)."""

    kind: SearchKind
    words: str = ""
    value: str = ""


@dataclass(frozen=True)
class OwnCustomer:
    """One of the manager's customers; name and phone are the full ones and never leave the hall.

    `stage` is where an application for a card stands, as a code; None where there is none.
    """

    customer: Customer
    name: str | None = None
    phone: str | None = None
    letter: Letter | None = None
    tags: frozenset[str] = frozenset()
    stage: str | None = None
    open_followups: int = 0


@dataclass(frozen=True)
class DeskPage:
    """A page of the own customers, counted from 1."""

    search: Search
    page: int
    pages: int
    total: int
    customers: tuple[OwnCustomer, ...]


class Fatigue(NamedTuple):
    """How many messages a customer got in private in the last 7 and 30 days, and how many of the latter were offers."""

    week: int
    month: int
    offers: int


class Update(NamedTuple):
    """A field that a manager asked again: its code, the answer's code, when."""

    field: str
    value: str
    at: datetime


@dataclass(frozen=True)
class Desk:
    """What stands below a customer's card.

    What is open and the last contacts, notes, consents since when, how tired of messages, the one field to ask.
    """

    notes: tuple[Note, ...] = ()
    consents: Mapping[Purpose, datetime] = field(default_factory=dict)
    fatigue: Fatigue | None = None
    ask: CustomerField | None = None
    updates: tuple[Update, ...] = ()
    followups: tuple[FollowUp, ...] = ()
    contacts: tuple[Interaction, ...] = ()


class Answer(StrEnum):
    """What came of writing a field down."""

    KEPT = "kept"
    UNKNOWN = "unknown"


class FieldAnswer(NamedTuple):
    """A manager's answer to the one field that was asked again; `value` is one of the field's codes."""

    field: str
    value: str
    day: date
