"""Values: a promotion's versions, what a version says, the states of its life, and who reviewed what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from campaigns.catalogue.model import Class, ProductKind
from campaigns.channels.model import Channel, Touch
from campaigns.customers.enterprises import Tier
from campaigns.experiments.model import Arm, Experiment
from campaigns.offers.model import Risk, Text

CAMPAIGN_PREFIX = "promotion:"
WHOLE = 10_000  # Shares are whole parts of these.


class PromotionState(StrEnum):
    """Where a version stands; a rejected one stays as it was rejected, and its successor is a draft again (S-216)."""

    DRAFT = "draft"
    CHECKED = "checked"
    REVIEWED = "reviewed"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    CLOSED = "closed"
    EVALUATED = "evaluated"
    REJECTED = "rejected"


OVER = frozenset({PromotionState.CLOSED, PromotionState.EVALUATED, PromotionState.REJECTED})


class Act(StrEnum):
    """What is done to a version."""

    EDIT = "edit"
    CHECK = "check"
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    SCHEDULE = "schedule"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    CLOSE = "close"
    EVALUATE = "evaluate"


class Measure(StrEnum):
    """What a target is about (S-193); shares in parts of 10,000, money in fen."""

    PARTICIPATION = "participation"
    CONVERSION = "conversion"
    AUM_GROWTH = "aum_growth"  # a month


# The bank's own benchmarks (S-193): 20 % take part, 35 % convert, assets grow by 15 million yuan a month.
BENCHMARKS: Mapping[Measure, float] = {
    Measure.PARTICIPATION: 0.20,
    Measure.CONVERSION: 0.35,
    Measure.AUM_GROWTH: 1_500_000_000,
}


class Way(StrEnum):
    """Where something is concluded, which decides what a transaction costs."""

    ONLINE = "online"
    COUNTER = "counter"


@dataclass(frozen=True)
class Copy:
    """What one arm of the experiment reads, and the arm's weight beside the others (S-196)."""

    arm: str
    text: Text
    weight: int = 1


@dataclass(frozen=True)
class ProductLine:
    """The product that is spoken of, as version `edition` of the catalogue had it."""

    code: str
    kind: ProductKind
    risk: Risk | None
    edition: int
    locked_days: int = 0

    @property
    def grade(self) -> int | None:
        """The risk level as a number from 1 to 5; None for a product without one."""
        return int(self.risk[1:]) if self.risk else None


@dataclass(frozen=True)
class Costs:
    """What the budget is reckoned with, in fen.

    `contact` is one message, call or visit: by channel, a manager's task by its touch. `transaction` is what concluding
    costs per 10,000 yuan invested (S-30: 45 yuan online, 40 at the counter): shown beside the contacts, never added.
    """

    contact: Mapping[str, int]
    transaction: Mapping[Way, int]

    def of(self, channel: Channel, touch: Touch) -> int:
        """What one contact costs, in fen."""
        return self.contact[touch if channel is Channel.TASK else channel]


@dataclass(frozen=True)
class Plan:
    """All that a version says; its canonical form is hashed. Times are aware, `hold_out` is in parts of 10,000.

    `channels` is by class of persons and by tier of enterprises (S-119); who has none there is not written to.
    `enterprises` are tiers that are addressed as a whole, beside the people whom the audience means. `rule_page` is the
    subject of a published page such as `draw:7`; `base_rate` the share that would act anyhow. `gives` is what is handed
    out and can run out: a voucher, a pack, a draw's prizes or a rally's gifts, such as `voucher:pay-50`.
    """

    title: Text
    copies: tuple[Copy, ...]
    audience: str
    channels: Mapping[Class, Channel]
    opens_at: datetime
    send_at: datetime
    closes_at: datetime
    organiser: Text
    complaints: Text
    salt: str
    hold_out: int
    budget_fen: int
    costs: Costs
    product: ProductLine | None = None
    targets: Mapping[Measure, int] = field(default_factory=dict)
    rule_page: str | None = None
    prize_yuan: int | None = None
    base_rate: int = 500
    may_overlap: bool = False
    touches: Mapping[Class, Touch] = field(default_factory=dict)
    enterprises: frozenset[Tier] = frozenset()
    gives: str | None = None

    def touch_of(self, standing: Class) -> Touch:
        """What a task asks of the manager of such a customer."""
        return self.touches.get(standing, Touch.CALL)

    def copy_of(self, arm: str) -> Text:
        """What an arm reads."""
        return next(copy.text for copy in self.copies if copy.arm == arm)


@dataclass(frozen=True)
class Basis:
    """By what the audience of a scheduled version is decided: the segmentation run with its model, and the rule page.

    `run` is None while no run was made; `page` is the page's version and `page_digest` its hash.
    """

    run: UUID | None = None
    classifier: str | None = None
    policy_version: int | None = None
    page: int | None = None
    page_digest: str | None = None


@dataclass(frozen=True)
class Progress:
    """How far planning has come: `gathered` heads stand in line once they are found, `after` of them are planned."""

    gathered: int | None = None
    after: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether everybody is planned."""
        return self.gathered is not None and self.after >= self.gathered


@dataclass(frozen=True)
class Version:
    """One version of a promotion; what it says never changes once it was submitted."""

    promotion_id: int
    code: str
    number: int
    state: PromotionState
    plan: Plan
    digest: str
    author_id: int
    made_at: datetime
    checked_at: datetime | None = None
    submitted_at: datetime | None = None
    scheduled_at: datetime | None = None
    started_at: datetime | None = None
    cancelled_at: datetime | None = None
    ended_at: datetime | None = None
    basis: Basis | None = None
    progress: Progress = Progress()

    @property
    def campaign(self) -> str:
        """The promotion's name in the delivery ledger."""
        return f"{CAMPAIGN_PREFIX}{self.promotion_id}"

    def step(self, arm: str | None = None) -> str:
        """The version's step in the ledger; with several arms each has its own."""
        return f"v{self.number}" if arm is None or len(self.plan.copies) == 1 else f"v{self.number}:{arm}"

    @property
    def experiment(self) -> Experiment:
        """Who is put where: the arms that read different copies, and the hold-out.

        Each version draws anew: it leaves out whom one before held out, so that by the same draw nobody of those whom
        that one did not reach would be held out now, and nothing of them could be compared.
        """
        salt = self.plan.salt if self.number == 1 else f"{self.plan.salt}/v{self.number}"
        return Experiment(salt, tuple(Arm(copy.arm, copy.weight) for copy in self.plan.copies), self.plan.hold_out)

    @property
    def waits_for_review(self) -> bool:
        """Whether a second person must look at it."""
        return self.state is PromotionState.CHECKED and self.submitted_at is not None


class Decision(StrEnum):
    """What a reviewer said."""

    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Review:
    """What a second person decided of the very content with this hash."""

    promotion_id: int
    number: int
    digest: str
    author_id: int
    reviewer_id: int
    decision: Decision
    reason: str
    at: datetime


class PromotionRefusal(StrEnum):
    """Why nothing was done."""

    NO_PROMOTION = "no_promotion"
    NO_VERSION = "no_version"
    NOT_STAFF = "not_staff"
    UNDER_WAY = "under_way"
    SAME_ALREADY = "same_already"
    LOADED_AT_ONCE = "loaded_at_once"
    NOT_NOW = "not_now"
    NOT_SUBMITTED = "not_submitted"
    SUBMITTED_ALREADY = "submitted_already"
    OWN_WORK = "own_work"
    CHANGED = "changed"
    NO_REASON = "no_reason"
    TOO_LATE = "too_late"
    CANCELLED = "cancelled"
    STILL_OPEN = "still_open"
    UNPREPARED = "unprepared"
