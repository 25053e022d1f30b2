"""The shelf, a redemption of something on it, and what can come of asking for one."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True)
class ShelfItem:
    """Something that points buy at a partner; `offset_fen` makes it money off a purchase there.

    `stock` is what is left; a person may have `per_person` of it in all.
    """

    id: int
    partner_id: int
    title_zh: str
    title_en: str
    points: int
    stock: int
    starts_on: date
    ends_on: date
    per_person: int = 1
    offset_fen: int | None = None


class RedemptionState(StrEnum):
    """HELD until the goods are handed out, given up, or not fetched in time."""

    HELD = "held"
    HANDED_OVER = "handed_over"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class Redemption:
    """One member's redemption at the price of its moment; `undone` counts the times that a hand-out was taken back."""

    id: int
    item: ShelfItem
    member_id: int
    points: int
    state: RedemptionState
    made_at: datetime
    lapses_at: datetime
    ended_at: datetime | None = None
    ended_by: int | None = None
    undone: int = 0


class RedeemCode(StrEnum):
    """What came of asking for something on the shelf."""

    HELD = "held"
    UNKNOWN_ITEM = "unknown_item"
    NOT_BOUND = "not_bound"
    NOT_NOW = "not_now"
    SOLD_OUT = "sold_out"
    ENOUGH = "enough"
    SHORT = "short"
    TWICE = "twice"
    NEW_PRICE = "new_price"


@dataclass(frozen=True)
class Redeemed:
    """The outcome; `token` is told once, to the member alone, and `missing` points are how many are wanting."""

    code: RedeemCode
    redemption: Redemption | None = None
    token: str | None = None
    missing: int = 0


class ConfirmCode(StrEnum):
    """What came of a staff member's scan or its undoing, or of a member's cancelling."""

    HANDED_OVER = "handed_over"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    OVER = "over"
    OWN = "own"
    ELSEWHERE = "elsewhere"
    UNDONE = "undone"
    TOO_LATE = "too_late"
    NOT_YOURS = "not_yours"


@dataclass(frozen=True)
class Confirmed:
    """The outcome, with the redemption as it stands now where there is one."""

    code: ConfirmCode
    redemption: Redemption | None = None


class UndoReason(StrEnum):
    """Why a hand-out is taken back."""

    WRONG_CODE = "wrong_code"
    WRONG_GOODS = "wrong_goods"
    RETURNED = "returned"


@dataclass(frozen=True)
class Asker:
    """Who redeems: the member, and the customer of the bank where the member is bound."""

    member_id: int
    customer_id: UUID | None


@dataclass(frozen=True)
class Clerk:
    """Who hands out: `partners` are those they stand at, None with the bank's own staff, who serve everywhere."""

    member_id: int
    partners: frozenset[int] | None = None
    is_lead: bool = False
