"""Values: what a promotion's version brought, by how much more than without it, at what cost, and what follows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from campaigns.channels.model import Channel
from campaigns.promotions.conclusions import Aim
from segmentation.experiments.model import Evaluation, Interval, told_plainly

HELD_OUT = "held_out"  # The control's name beside the arms.


class Outcome(StrEnum):
    """What is measured of each recipient, those held out too; the first decides."""

    CONVERTED = "converted"  # Opened an account or bought something within the window.
    OPENED = "opened"
    BOUGHT = "bought"  # yuan
    ASSETS = "assets"  # yuan, with the assets before as what was known before
    RETAINED = "retained"  # Has assets at the later delivery.


@dataclass(frozen=True)
class ChannelCost:
    """One channel: recipients whom it reached, and what those contacts cost in fen."""

    channel: Channel
    reached: int
    cost_fen: int


@dataclass(frozen=True)
class Window:
    """From the first assignment until when conversions count, for the held-out too; the deliveries before and after."""

    since: datetime
    until: datetime
    before: date | None
    after: date | None

    @property
    def months(self) -> float:
        """Months between the two deliveries."""
        return (self.after - self.before).days / 30.4375 if self.before and self.after else 0.0


@dataclass(frozen=True)
class Course:
    """What is counted of a version: recipients by arm, whom it reached, who took part, and what it cost.

    `participants` are of those reached; `took_part` is by arm of everybody assigned, of the held-out who claimed a
    voucher. `growth_fen` is what the assets of those written to grew by between the deliveries; `costs` are by arm, in
    fen.
    """

    units: Mapping[str, int]
    reached: int
    participants: int
    participants_converted: int
    growth_fen: int
    channels: tuple[ChannelCost, ...]
    suppressed: Mapping[str, int] = field(default_factory=dict)
    costs: Mapping[str, int] = field(default_factory=dict)
    took_part: Mapping[str, int] = field(default_factory=dict)

    @property
    def cost_fen(self) -> int:
        """All contacts together, in fen."""
        return sum(each.cost_fen for each in self.channels)


@dataclass(frozen=True)
class Gain:
    """What one arm brought beyond the held-out: the cost of one more account, in fen, where there surely is one."""

    arm: str
    accounts: float
    accounts_interval: Interval
    cost_fen: int
    cost_per_account_fen: float | None


class Step(StrEnum):
    """What the next version does with something."""

    KEEP = "keep"
    CHANGE = "change"
    STOP = "stop"


class Why(StrEnum):
    """Why it does."""

    BLOCKED = "blocked"  # Units did not fall as planned.
    NO_HOLD_OUT = "no_hold_out"
    NO_DELIVERY = "no_delivery"  # No delivery of the bank after the window yet.
    ARM_WORKS = "arm_works"
    ARM_HARMS = "arm_harms"
    NOTHING_FOUND = "nothing_found"
    LESS_THAN_BEST = "less_than_best"
    FEW_TAKE_PART = "few_take_part"
    FEW_CONVERT = "few_convert"
    UNREACHED = "unreached"
    DEAR_CHANNEL = "dear_channel"
    TARGETS_MET = "targets_met"


@dataclass(frozen=True)
class Proposal:
    """One point of the next version: keep, change or stop `subject`, and the figures that say so."""

    step: Step
    why: Why
    subject: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """All that is known of a version; `evaluation` is None where there is nothing to compare yet."""

    code: str
    version: int
    state: str
    title: str
    window: Window
    course: Course
    aims: tuple[Aim, ...]
    gains: tuple[Gain, ...]
    proposals: tuple[Proposal, ...]
    evaluation: Evaluation | None = None

    @property
    def blocked(self) -> tuple[str, ...]:
        """Why no difference may be believed."""
        return self.evaluation.blocked if self.evaluation else ()

    def as_json(self) -> dict[str, Any]:
        """In JSON's types: money in fen unless a name says yuan, days as text, intervals as two numbers."""
        told = asdict(self) | {"evaluation": self.evaluation.as_json() if self.evaluation else None}
        told["course"] |= {"cost_fen": self.course.cost_fen}
        for kept, each in zip(told["aims"], self.aims, strict=True):
            kept["is_met"] = each.is_met
        plain: dict[str, Any] = told_plainly(told)
        return plain
