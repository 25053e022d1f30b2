"""A merchant's coupon in one member's hands, and what can come of a scan."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from campaigns.rallies.model import CouponPlan, Rally
from campaigns.redemptions.codes import ShownCode


class CouponState(StrEnum):
    """ISSUED until it is redeemed, has ended, or was made void."""

    ISSUED = "issued"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    VOID = "void"


@dataclass(frozen=True)
class Coupon:
    """One member's coupon; `code` names it in its rally's plan, `undone` counts redemptions that were taken back."""

    id: int
    rally_id: int
    code: str
    partner_id: int
    member_id: int
    worth_fen: int
    issued_at: datetime
    expires_at: datetime
    state: CouponState = CouponState.ISSUED
    code_until: datetime | None = None
    remind_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: int | None = None
    undone: int = 0
    customer_id: UUID | None = None


class CouponCode(StrEnum):
    """What came of asking for a code, of a scan, of redeeming or of taking it back."""

    READY = "ready"
    REDEEMED = "redeemed"
    UNDONE = "undone"
    UNKNOWN = "unknown"
    STALE = "stale"
    OVER = "over"
    EXPIRED = "expired"
    VOID = "void"
    OWN = "own"
    ELSEWHERE = "elsewhere"
    NOT_NOW = "not_now"
    TOO_LATE = "too_late"
    NOT_YOURS = "not_yours"


@dataclass(frozen=True)
class Held:
    """A coupon with its rally and what the plan says of it."""

    rally: Rally
    plan: CouponPlan
    coupon: Coupon


@dataclass(frozen=True)
class CouponShown:
    """What came of asking for a code; the code is told once, to the member alone."""

    code: CouponCode
    held: Held | None = None
    shown: ShownCode | None = None


@dataclass(frozen=True)
class CouponSeen:
    """What a clerk sees or what came of a tap, with the coupon as it stands now where there is one."""

    code: CouponCode
    held: Held | None = None


@dataclass(frozen=True)
class CouponCount:
    """How many coupons of one plan are in each state, and what the redeemed ones are worth in fen.

    issued = redeemed + expired + void + left, always.
    """

    issued: int
    redeemed: int
    expired: int
    void: int
    left: int
    redeemed_fen: int
    stock: int

    @property
    def is_balanced(self) -> bool:
        """Whether every coupon that was issued is somewhere, and no more were issued than there are."""
        lying = self.redeemed + self.expired + self.void + self.left
        return self.issued == lying and self.issued <= self.stock
