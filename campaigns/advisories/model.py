"""One piece of advice: the product, what speaks for it and against it, and why it cannot be written or sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from campaigns.catalogue.model import Product, Profile
from campaigns.deliveries.model import Message
from campaigns.members.model import Language

WHOLE = 100
YUAN = 100


class Pro(StrEnum):
    """What speaks for a product for this customer, each a fact."""

    WITHIN_APPETITE = "within_appetite"
    FREE_AT_ANY_TIME = "free_at_any_time"
    CAN_WAIT = "can_wait"
    SPREADS = "spreads"
    NOTHING_HELD = "nothing_held"
    INVITED = "invited"
    OF_BUNDLE = "of_bundle"


class Con(StrEnum):
    """What speaks against it, said as plainly."""

    MAY_LOSE = "may_lose"
    LOCKED = "locked"
    AT_THE_LIMIT = "at_the_limit"
    CONCENTRATED = "concentrated"
    MUCH_OF_ALL = "much_of_all"
    ELSEWHERE = "elsewhere"
    TAKEN_OUT_EARLY = "taken_out_early"
    EXCLUSIONS = "exclusions"
    MUST_REPAY = "must_repay"
    RARELY_USED = "rarely_used"


@dataclass(frozen=True)
class Advisory:
    """投顾建议: what was written of one product for one customer; `digest` is of the text that was shown.

    The text itself lies in the ledger alone, since it speaks of what somebody holds.
    """

    id: int
    customer_id: UUID
    product: str
    version: int
    pros: tuple[Pro, ...]
    cons: tuple[Con, ...]
    digest: str
    written_by: int
    written_at: datetime
    sent_at: datetime | None = None
    sent_to: int | None = None


@dataclass(frozen=True)
class Argument:
    """What the text is made from: the product, the customer's facts, and both lists, neither of them empty."""

    product: Product
    profile: Profile
    pros: tuple[Pro, ...]
    cons: tuple[Con, ...]

    @property
    def held_percent(self) -> int:
        """How much of what is held with the bank is of the product's kind already, in whole percent."""
        held = self.profile.holdings
        return (held.of(self.product.kind) or 0) * WHOLE // held.total if held and held.total else 0

    @property
    def deposit_percent(self) -> int:
        """How much of it are deposits."""
        held = self.profile.holdings
        return held.deposits * WHOLE // held.total if held and held.total else 0

    @property
    def least_percent(self) -> int:
        """How much of it the least that is bought would take; more than all may come of it."""
        held = self.profile.holdings
        return (self.product.minimum or 0) * YUAN * WHOLE // held.total if held and held.total else 0


@dataclass(frozen=True)
class Reader:
    """The account to which a customer's advice goes."""

    member_id: int
    language: Language


@dataclass(frozen=True)
class Draft:
    """What a manager sees before the tap: the advisory, the customer's words and who would read them."""

    advisory: Advisory
    argument: Argument
    message: Message
    reader: Reader | None


class AdvisoryRefusal(StrEnum):
    """Why nothing was written or sent."""

    NO_PRODUCT = "no_product"
    NOT_FOR_THEM = "not_for_them"
    NOT_ASSESSED = "not_assessed"
    NO_DRAFT = "no_draft"
    NOT_YOURS = "not_yours"
    STALE = "stale"
    SENT_ALREADY = "sent_already"
    SENT_LATELY = "sent_lately"
    UNREACHABLE = "unreachable"
    BAD_WORDS = "bad_words"
