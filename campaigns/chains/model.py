"""A chain, its entries and its waitlist, and what can come of a claim on it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from campaigns.chains.eligibility import Condition
from campaigns.chains.stages import Groupbuy
from campaigns.members.rules import masked

CONFIRM_WITHIN = timedelta(hours=12)


class ChainState(StrEnum):
    """A chain takes entries while OPEN and before its deadline."""

    OPEN = "open"
    CLOSED = "closed"


class Phase(StrEnum):
    """What the group's card says of a chain now."""

    RUNNING = "running"
    ENDING = "ending"
    ENDED = "ended"


@dataclass(frozen=True)
class Entry:
    """One place, or several: `quantity` units of one item for one person; `sequence` grows for ever.

    `member_id` wrote it and keeps it; `proxy` is the full name of somebody else whom it is for (帮报).
    `item` counts from 1, 0 where the chain has no items. `confirm_by` is set while a place that came
    from the waitlist is not confirmed.
    """

    member_id: int
    masked_name: str
    sequence: int
    item: int = 0
    quantity: int = 1
    note: str = field(default="", repr=False)
    proxy: str | None = field(default=None, repr=False)
    confirm_by: datetime | None = None

    @property
    def shown_name(self) -> str:
        """The masked name of the person whom the entry is for."""
        return self.masked_name if self.proxy is None else masked(self.proxy)


@dataclass(frozen=True)
class Chain:
    """A group-buy sign-up; `entries` hold places, `waiting` are the candidates, both in order of sequence.

    `places` counts units; `limit` is the most that one person may have; `items` are the names of what can be chosen.
    `conditions` say who may enter; `groupbuy` are its stages, None for a chain that has none.
    From `ending_at` on the card says that the end is near.
    """

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
    waiting: tuple[Entry, ...] = ()
    limit: int = 1
    items: tuple[str, ...] = ()
    confirm_within: timedelta = CONFIRM_WITHIN
    conditions: tuple[Condition, ...] = ()
    groupbuy: Groupbuy | None = None
    ending_at: datetime | None = None

    @cached_property
    def taken(self) -> int:
        """How many units are held, those to be confirmed with them."""
        return sum(entry.quantity for entry in self.entries)

    @cached_property
    def to_confirm(self) -> tuple[Entry, ...]:
        """The places that were offered and wait for their people's word."""
        return tuple(entry for entry in self.entries if entry.confirm_by)

    @property
    def free(self) -> int:
        """How many units nobody holds."""
        return self.places - self.taken

    @property
    def is_full(self) -> bool:
        """No place is left."""
        return self.free <= 0

    @property
    def people(self) -> int:
        """How many different people hold a confirmed place, whoever wrote it."""
        return len({(entry.member_id, entry.proxy) for entry in self.entries if entry.confirm_by is None})

    def of(self, member_id: int) -> tuple[Entry, ...]:
        """Everything that a member wrote: places first, then what waits."""
        return tuple(entry for entry in (*self.entries, *self.waiting) if entry.member_id == member_id)

    def place_of(self, member_id: int, proxy: str | None = None) -> int | None:
        """The gapless place in the list, from 1, of a member or of the person whom the member signed up."""
        return _place(self.entries, member_id, proxy)

    def wait_of(self, member_id: int, proxy: str | None = None) -> int | None:
        """The gapless place on the waitlist, from 1."""
        return _place(self.waiting, member_id, proxy)


def _place(entries: tuple[Entry, ...], member_id: int, proxy: str | None) -> int | None:
    for place, entry in enumerate(entries, start=1):
        if entry.member_id == member_id and entry.proxy == proxy:
            return place
    return None


@dataclass(frozen=True)
class Plan:
    """What a manager asks for when opening a chain."""

    product: str
    places: int
    deadline: datetime
    limit: int = 1
    items: tuple[str, ...] = ()
    confirm_within: timedelta = CONFIRM_WITHIN
    conditions: tuple[Condition, ...] = ()
    groupbuy: Groupbuy | None = None


class Verb(StrEnum):
    """What a claim wants."""

    JOIN = "join"
    LEAVE = "leave"
    EDIT = "edit"
    CONFIRM = "confirm"
    UNDO = "undo"


@dataclass(frozen=True)
class Order:
    """How many units of which item."""

    quantity: int = 1
    item: int = 0


@dataclass(frozen=True)
class Claim:
    """One tap or word on a chain; `chat_id` is where it came from, since a client can press what it was never shown.

    No `orders` means one unit when joining, and everything that is there otherwise. `proxy` is a full name.
    """

    verb: Verb
    member_id: int
    masked_name: str
    chat_id: int
    orders: tuple[Order, ...] = ()
    note: str = field(default="", repr=False)
    proxy: str | None = field(default=None, repr=False)


class ClaimCode(StrEnum):
    """What came of a claim; most taps in this product are refused, so refusals are values."""

    JOINED = "joined"
    WAITLISTED = "waitlisted"
    CONFIRMED = "confirmed"
    EDITED = "edited"
    LEFT = "left"
    UNDONE = "undone"
    TWICE = "twice"
    WAITING = "waiting"
    FULL = "full"
    CLOSED = "closed"
    NOT_IN = "not_in"
    NO_CHAIN = "no_chain"
    NOT_ELIGIBLE = "not_eligible"
    NO_ROOM = "no_room"
    OVER_LIMIT = "over_limit"
    WHICH_ITEM = "which_item"
    WHICH_ENTRY = "which_entry"
    MANY_PROXIES = "many_proxies"
    NOTHING_TO_CONFIRM = "nothing_to_confirm"
    NOTHING_TO_UNDO = "nothing_to_undo"


@dataclass(frozen=True)
class ClaimOutcome:
    """The answer to one claim: the place or the place on the waitlist where there is one, and how many are taken.

    `unmet` is the condition that a claimant who is not eligible does not meet, `elsewhere` the title of the claimant's
    other group; both are for the claimant alone.
    """

    code: ClaimCode
    place: int | None = None
    taken: int = 0
    places: int = 0
    waiting: int | None = None
    quantity: int = 0
    limit: int = 1
    unmet: Condition | None = None
    elsewhere: str | None = None


@dataclass(frozen=True)
class Act:
    """A member's latest change of a chain and all that the member had before it, so that it can be undone.

    `held` are the sequences that held a place then.
    """

    member_id: int
    at: datetime
    before: tuple[Entry, ...] = ()
    held: frozenset[int] = frozenset()


class PlanFault(StrEnum):
    """What is wrong with a plan for a chain."""

    NO_PRODUCT = "no_product"
    LONG_PRODUCT = "long_product"
    BAD_PLACES = "bad_places"
    BAD_DEADLINE = "bad_deadline"
    PAST_DEADLINE = "past_deadline"
    BAD_LIMIT = "bad_limit"
    BAD_ITEMS = "bad_items"
    BAD_CONFIRMING = "bad_confirming"


class OpenRefusal(StrEnum):
    """Why a chain was not opened."""

    NO_GROUP = "no_group"
    NOT_YOUR_GROUP = "not_your_group"
    SAME_PRODUCT_OPEN = "same_product_open"
    PAST_DEADLINE = "past_deadline"


class CloseRefusal(StrEnum):
    """Why a chain was not closed or not extended."""

    NO_CHAIN = "no_chain"
    NOT_YOURS = "not_yours"
    CLOSED_ALREADY = "closed_already"
    PAST_DEADLINE = "past_deadline"
    SAME_PRODUCT_OPEN = "same_product_open"
    IS_GROUPBUY = "is_groupbuy"
