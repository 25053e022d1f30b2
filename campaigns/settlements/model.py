"""The settlement sheet of a rally, line by line, and why one is not settled."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campaigns.rallies.model import RallyState


@dataclass(frozen=True)
class GiftLine:
    """One gift or substitute: its stock before and after, and the hand-outs that stand with their worth in fen."""

    target: str
    is_substitute: bool
    title: str
    before: int
    after: int
    handed: int
    worth_fen: int

    @property
    def is_balanced(self) -> bool:
        """Whether what left the stock was handed out."""
        return self.before - self.after == self.handed


@dataclass(frozen=True)
class CouponLine:
    """One merchant's coupon: issued = redeemed + expired + void + left; `redeemed_fen` is what the merchant gets."""

    code: str
    title: str
    partner: str
    stock: int
    issued: int
    redeemed: int
    expired: int
    void: int
    left: int
    redeemed_fen: int

    @property
    def is_balanced(self) -> bool:
        """Whether every coupon that was issued is somewhere, and no more were issued than there are."""
        return self.issued == self.redeemed + self.expired + self.void + self.left and self.issued <= self.stock


@dataclass(frozen=True)
class TastingLine:
    """A booth's tastings: how many there were, are left, and were counted as given."""

    booth: str
    before: int
    after: int
    given: int

    @property
    def is_balanced(self) -> bool:
        """Whether what left the booth was counted."""
        return self.before - self.after == self.given


@dataclass(frozen=True)
class PartnerLine:
    """One side's part: what it pays by its share, and what it receives for what it handed out, in fen."""

    name: str
    basis_points: int
    pays_fen: int
    receives_fen: int


@dataclass(frozen=True)
class RallySheet:
    """A rally's settlement sheet; what the lines pay and what they receive both add up to `cost_fen`."""

    code: str
    title: str
    state: RallyState
    budget_fen: int
    spent_fen: int
    gifts: tuple[GiftLine, ...]
    coupons: tuple[CouponLine, ...]
    tastings: tuple[TastingLine, ...]
    cost_fen: int
    partners: tuple[PartnerLine, ...]
    settled_at: datetime | None = None

    @property
    def faults(self) -> tuple[str, ...]:
        """What does not add up, by its code; empty where everything does."""
        lines: tuple[tuple[str, GiftLine | CouponLine | TastingLine], ...] = (
            *((f"gifts.{each.target}", each) for each in self.gifts),
            *((f"coupons.{each.code}", each) for each in self.coupons),
            *((f"tastings.{each.booth}", each) for each in self.tastings),
        )
        found = [place for place, line in lines if not line.is_balanced]
        worth = sum(each.worth_fen for each in self.gifts)
        return (*found, *(["gifts_budget"] if worth != self.spent_fen or worth > self.budget_fen else []))

    @property
    def is_balanced(self) -> bool:
        """Whether everything adds up."""
        return not self.faults


class SettleRefusal(StrEnum):
    """Why a rally is not settled."""

    NO_RALLY = "no_rally"
    STILL_RUNNING = "still_running"
    COUPONS_OPEN = "coupons_open"
    OUT_OF_BALANCE = "out_of_balance"
