"""Values: a voucher as the file defines it, one in a customer's hands, what the bank tells, what comes of a tap."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from campaigns.catalogue.model import Aim, ProductKind, Profile
from campaigns.offers.model import Risk, Text


class Benefit(StrEnum):
    """What a voucher gives; only money off stands on an investment, since gifts may not sell one."""

    MONEY_OFF = "money_off"
    PHONE_CREDIT = "phone_credit"
    TRIAL_FUND = "trial_fund"
    TICKET = "ticket"
    RATE = "rate"
    SERVICE = "service"


class MeasuredBy(StrEnum):
    """Who says that the condition is met: the bank's file of outcomes, or a member of staff."""

    FILE = "file"
    STAFF = "staff"


class Counting(StrEnum):
    """From when on purchases count: from the day of the claim, or in the whole window."""

    FROM_CLAIM = "from_claim"
    WINDOW = "window"


@dataclass(frozen=True)
class Condition:
    """What has to be bought: products of these kinds, or these products, for at least so much, returns taken off.

    `risk` is the highest risk level that counts; within `look_back_days` before the count begins returns are taken
    off too, so that nobody sells to buy the same again.
    """

    kinds: frozenset[ProductKind]
    products: frozenset[str]
    at_least_fen: int
    risk: Risk | None = None
    counting: Counting = Counting.FROM_CLAIM
    look_back_days: int = 0
    measured_by: MeasuredBy = MeasuredBy.FILE

    @property
    def grade(self) -> int | None:
        """The highest risk level as a number from 1 to 5."""
        return int(self.risk[1:]) if self.risk else None


@dataclass(frozen=True)
class VoucherPlan:
    """A voucher as it is defined; both days of the window are included, money is in fen.

    `aim` None is for every customer; `audience` is one more line of the language of audiences. `holds_fen` is what must
    be held in investments, deposits left out, before it can be claimed. `claw_back_days` count from the redemption.
    """

    code: str
    name: Text
    gives: Benefit
    value_fen: int
    first: date
    last: date
    valid_days: int
    claw_back_days: int
    stock: int
    budget_fen: int
    liability_fen: int
    partner: str
    terms: Text
    organiser: Text
    complaints: Text
    condition: Condition | None = None
    holds_fen: int | None = None
    aim: Aim | None = None
    audience: str | None = None
    stacks_with: frozenset[str] = frozenset()
    at_once: int = 1
    remind_at: tuple[int, ...] = ()
    notice: Text | None = None

    @property
    def need_fen(self) -> int:
        """What has to be bought; 0 where nothing has."""
        return self.condition.at_least_fen if self.condition else 0


@dataclass(frozen=True)
class VoucherBook:
    """All vouchers of one file, by code in the file's order."""

    plans: Mapping[str, VoucherPlan]


@dataclass(frozen=True)
class Edition:
    """One version of the file, who made it when and why; `override` says why an exploit that pays was let through."""

    version: int
    book: VoucherBook
    made_by: str
    made_at: datetime
    reason: str
    override: str | None = None


class VoucherState(StrEnum):
    """CLAIMED until the condition is MET; ASKED for, then REDEEMED by a second person; or it ended otherwise."""

    CLAIMED = "claimed"
    MET = "met"
    ASKED = "asked"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    CLAWED_BACK = "clawed_back"


OPEN = frozenset({VoucherState.CLAIMED, VoucherState.MET, VoucherState.ASKED})


@dataclass(frozen=True)
class Voucher:
    """One customer's voucher under the version that was claimed; purchases count from `counts_from` to `last_day`.

    `product` is the one that the condition was met with, for the settlement.
    """

    id: int
    version: int
    code: str
    customer_id: UUID
    member_id: int
    value_fen: int
    need_fen: int
    claimed_at: datetime
    counts_from: date
    last_day: date
    expires_at: datetime
    state: VoucherState = VoucherState.CLAIMED
    progress_fen: int = 0
    product: str | None = None
    met_at: datetime | None = None
    asked_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: int | None = None
    reason: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether its value is outstanding."""
        return self.state in OPEN

    @property
    def missing_fen(self) -> int:
        """What has still to be bought."""
        return max(self.need_fen - self.progress_fen, 0)


class Event(StrEnum):
    """What a line of the bank's file tells."""

    BOUGHT = "bought"
    RETURNED = "returned"
    REDEEMED = "redeemed"


@dataclass(frozen=True)
class Purchase:
    """A purchase or a return of one customer, as the bank told; `amount_fen` is above 0 in both."""

    reference: str
    event: Event
    product: str
    kind: ProductKind
    risk: int | None
    amount_fen: int
    day: date
    reason: str | None = None

    @property
    def signed_fen(self) -> int:
        """What it adds to the progress."""
        return -self.amount_fen if self.event is Event.RETURNED else self.amount_fen


@dataclass(frozen=True)
class Asker:
    """Who asks for a voucher: the customer's profile, whether the audience has them, what they hold in investments."""

    member_id: int
    customer_id: UUID | None
    profile: Profile = field(default_factory=Profile)
    belongs: bool = True
    holds_fen: int = 0


@dataclass(frozen=True)
class Stock:
    """What has become of a plan's pieces; money in fen. issued = open + redeemed + expired + clawed back, always."""

    issued: int = 0
    open: int = 0
    redeemed: int = 0
    expired: int = 0
    clawed_back: int = 0
    open_fen: int = 0
    redeemed_fen: int = 0
    clawed_back_fen: int = 0

    @property
    def is_balanced(self) -> bool:
        """Whether every piece that was issued is somewhere."""
        return self.issued == self.open + self.redeemed + self.expired + self.clawed_back


class VoucherRefusal(StrEnum):
    """Why nothing came of a tap."""

    UNKNOWN = "unknown"
    NOT_BOUND = "not_bound"
    NOT_FOR_YOU = "not_for_you"
    NOT_ASSESSED = "not_assessed"
    UNSUITABLE = "unsuitable"
    NOT_YET = "not_yet"
    OVER = "over"
    HAD = "had"
    TOO_MANY = "too_many"
    NO_STACKING = "no_stacking"
    LOCKED = "locked"
    SOLD_OUT = "sold_out"
    BUDGET = "budget"
    CAP = "cap"
    NOT_MET = "not_met"
    ASKED_ALREADY = "asked_already"
    NOT_ASKED = "not_asked"
    ENDED = "ended"
    EXPIRED = "expired"
    OWN = "own"
    NOT_YOURS = "not_yours"
    BY_FILE = "by_file"


class MovementKind(StrEnum):
    """What is booked of a voucher, each time."""

    CLAIMED = "claimed"
    MET = "met"
    UNMET = "unmet"
    ASKED = "asked"
    SENT_BACK = "sent_back"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    CLAWED_BACK = "clawed_back"


@dataclass(frozen=True)
class Movement:
    """One step of a voucher's life, with the voucher as it stands afterwards."""

    kind: MovementKind
    voucher: Voucher
    at: datetime
    by: int | None = None
    reason: str | None = None
