"""Values of the points ledger: accounts, movements, campaigns with their budget and their partners' shares."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

NEVER = date.max


class AccountKind(StrEnum):
    """Where points can lie; only ISSUE, the other side of every budget, is ever below nothing."""

    ISSUE = "issue"
    BUDGET = "budget"
    MEMBER = "member"
    HELD = "held"
    CLAIMED = "claimed"
    EXPIRED = "expired"
    VOID = "void"


@dataclass(frozen=True)
class Account:
    """One account of one campaign.

    `owner` is the member of MEMBER, the redemption of HELD, the partner of CLAIMED and the draw of a BUDGET set aside
    for it, or 0. A member has one account
    per last day of validity, so that an account is a lot: what expires first is spent first.
    """

    kind: AccountKind
    campaign_id: int
    owner: int = 0
    expires_on: date = NEVER


@dataclass(frozen=True)
class Balance:
    """What lies on an account."""

    account: Account
    points: int


class MovementReason(StrEnum):
    """Why points moved."""

    FUND = "fund"
    JOIN = "join"
    DRAW = "draw"
    TASK = "task"
    CHECK_IN = "check_in"
    QUIZ = "quiz"
    PRODUCT = "product"
    REFERRAL = "referral"
    GROUPBUY = "groupbuy"
    HOLD = "hold"
    CLAIM = "claim"
    CANCEL = "cancel"
    RETRACT = "retract"
    EXPIRE = "expire"
    CLAW_BACK = "claw_back"
    RETURN = "return"
    RESERVE = "reserve"
    RELEASE = "release"


GRANTS = frozenset(
    {
        MovementReason.JOIN,
        MovementReason.DRAW,
        MovementReason.TASK,
        MovementReason.CHECK_IN,
        MovementReason.QUIZ,
        MovementReason.PRODUCT,
        MovementReason.REFERRAL,
        MovementReason.GROUPBUY,
    }
)


@dataclass(frozen=True)
class Movement:
    """Points from one account to another; `key` makes it happen once, `person_key` once per customer of the bank.

    `price` is that day's, in fen per 100 points.
    """

    key: str
    source: Account
    target: Account
    points: int
    reason: MovementReason
    price: int
    person_key: str | None = None

    def __post_init__(self) -> None:
        if type(self.points) is not int or self.points <= 0:
            raise ValueError("A movement needs a whole number of points above 0.")
        if self.source == self.target:
            raise ValueError("A movement needs two accounts.")


@dataclass(frozen=True)
class Share:
    """A partner's part of a campaign's cost, in basis points."""

    partner: int
    basis_points: int


class CampaignState(StrEnum):
    """A points campaign pays out while OPEN."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class PointsCampaign:
    """A budget of points with its contract; `price` in fen per 100 points, points live for `valid_days`."""

    id: int
    title: str
    price: int
    valid_days: int
    shares: tuple[Share, ...]
    ends_at: datetime
    group_id: int | None = None
    state: CampaignState = CampaignState.OPEN


@dataclass(frozen=True)
class Grant:
    """A wish to pay a member out of a campaign's budget, at most once for its `occasion`.

    `customer_id`, where the member is bound, makes it once for the bank's customer too.
    """

    member_id: int
    points: int
    reason: MovementReason
    occasion: str
    customer_id: UUID | None = None


class GrantCode(StrEnum):
    """What came of a grant."""

    GRANTED = "granted"
    TWICE = "twice"
    BUDGET_EMPTY = "budget_empty"
    CLOSED = "closed"


@dataclass(frozen=True)
class Totals:
    """Where a campaign's points lie at one instant; `claimed` by partner, `cost` in hundredths of a fen.

    issued = left + outstanding + held + claimed + expired + void, always.
    """

    issued: int
    left: int
    outstanding: int
    held: int
    claimed: dict[int, int]
    expired: int
    void: int
    cost: dict[int, int]

    @property
    def granted(self) -> int:
        """What ever left the budget for members."""
        return self.issued - self.left

    @property
    def is_balanced(self) -> bool:
        """Whether every issued point is somewhere."""
        lying = self.left + self.outstanding + self.held + sum(self.claimed.values()) + self.expired + self.void
        return self.issued == lying


class CloseRefusal(StrEnum):
    """Why a campaign cannot be closed."""

    NO_CAMPAIGN = "no_campaign"
    CLOSED_ALREADY = "closed_already"
    STILL_RUNNING = "still_running"
    MEMBERS_HOLD_POINTS = "members_hold_points"
    REDEMPTIONS_OPEN = "redemptions_open"
    DRAWS_OPEN = "draws_open"
    OUT_OF_BALANCE = "out_of_balance"


@dataclass(frozen=True)
class SettlementLine:
    """One partner's part: points claimed at it, what it pays by the contract and what its claims cost, in fen."""

    partner: int
    name: str
    basis_points: int
    claimed: int
    pays_fen: int
    receives_fen: int


@dataclass(frozen=True)
class Settlement:
    """The settlement sheet of a campaign; what the lines pay and what they receive both add up to `cost_fen`."""

    campaign: PointsCampaign
    totals: Totals
    cost_fen: int
    lines: tuple[SettlementLine, ...]


@dataclass(frozen=True)
class Ending:
    """How many of a member's points end with one day."""

    member_id: int
    points: int
    ends_on: date


@dataclass(frozen=True)
class StatementLine:
    """One line of a member's statement; `points` above 0 came, below 0 went."""

    made_at: datetime
    points: int
    reason: MovementReason
    campaign: str


@dataclass(frozen=True)
class Statement:
    """A member's points: what can be spent, what is set aside, what ends next, and the latest movements."""

    spendable: int
    held: int
    ending: int
    ends_on: date | None
    lines: tuple[StatementLine, ...]
