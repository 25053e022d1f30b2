"""A chain, its entries, and what can come of a claim on it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChainState(StrEnum):
    """A chain takes entries while OPEN and before its deadline."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Entry:
    """One person's place; `sequence` grows for ever, so a returning person queues at the end."""

    member_id: int
    masked_name: str
    sequence: int


@dataclass(frozen=True)
class Chain:
    """A group-buy sign-up; `entries` hold the active places in order of sequence."""

    id: int
    group_id: int
    chat_id: int
    product: str
    places: int
    deadline: datetime
    state: ChainState
    leader_id: int
    next_sequence: int = 1
    entries: tuple[Entry, ...] = ()

    def place_of(self, member_id: int) -> int | None:
        """The member's gapless place in the list, from 1."""
        for place, entry in enumerate(self.entries, start=1):
            if entry.member_id == member_id:
                return place
        return None

    @property
    def is_full(self) -> bool:
        """No place is left."""
        return len(self.entries) >= self.places


@dataclass(frozen=True)
class Plan:
    """What a manager asks for when opening a chain."""

    product: str
    places: int
    deadline: datetime


class Verb(StrEnum):
    """What a claim wants."""

    JOIN = "join"
    LEAVE = "leave"


@dataclass(frozen=True)
class Claim:
    """One tap or word on a chain; `chat_id` is where it came from, since a client can press what it was never shown."""

    verb: Verb
    member_id: int
    masked_name: str
    chat_id: int


class ClaimCode(StrEnum):
    """What came of a claim; most taps in this product are refused, so refusals are values."""

    JOINED = "joined"
    LEFT = "left"
    TWICE = "twice"
    FULL = "full"
    CLOSED = "closed"
    NOT_IN = "not_in"
    NO_CHAIN = "no_chain"


@dataclass(frozen=True)
class ClaimOutcome:
    """The answer to one claim: the member's place where there is one, and how many are taken."""

    code: ClaimCode
    place: int | None = None
    taken: int = 0
    places: int = 0


class PlanFault(StrEnum):
    """What is wrong with a plan for a chain."""

    NO_PRODUCT = "no_product"
    LONG_PRODUCT = "long_product"
    BAD_PLACES = "bad_places"
    BAD_DEADLINE = "bad_deadline"
    PAST_DEADLINE = "past_deadline"


class OpenRefusal(StrEnum):
    """Why a chain was not opened."""

    NO_GROUP = "no_group"
    NOT_YOUR_GROUP = "not_your_group"
    SAME_PRODUCT_OPEN = "same_product_open"
    PAST_DEADLINE = "past_deadline"


class CloseRefusal(StrEnum):
    """Why a chain was not closed."""

    NO_CHAIN = "no_chain"
    NOT_YOURS = "not_yours"
    CLOSED_ALREADY = "closed_already"
