"""The next best action of one customer as a run found it, and what came of it; plain enough for the bot to load."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from campaigns.customers.model import Lifecycle
from campaigns.customers.portraits import Portrait
from segmentation.rates import Quote, RateTable, quote


class ActionKind(StrEnum):
    """The catalogue of actions."""

    RETENTION = "retention"
    PRODUCT = "product"
    COUPON = "coupon"
    STEP_UP = "step_up"
    IDLE_CASH = "idle_cash"
    LOAN = "loan"
    COMPLETE_DATA = "complete_data"
    RISK_QUESTIONNAIRE = "risk_questionnaire"
    ACTIVATE_CARD = "activate_card"
    MAIN_ACCOUNT = "main_account"
    NOTHING = "nothing"


class ActionChannel(StrEnum):
    """The ways to a customer."""

    VISIT = "visit"
    CALL = "call"
    MESSAGE = "message"
    PUSH = "push"
    COUNTER = "counter"


@dataclass(frozen=True)
class ActionReason:
    """What speaks for an action: a code and its value (fen, share, score or count), strength 0–1."""

    code: str
    value: float | None
    points: float


@dataclass(frozen=True)
class Alternative:
    """Another action that would pay; `waits` when staff have no time for it."""

    action: ActionKind
    channel: ActionChannel
    product: str | None
    amount_fen: int
    probability: float
    expected_value_fen: int
    waits: bool


@dataclass(frozen=True)
class NextProduct:
    """A product that a customer lacks and may be proposed: the share of holders among those alike, and an amount."""

    product: str
    share: float
    amount_fen: int


@dataclass(frozen=True)
class NextAction:
    """What to do next, by the run of the latest day; money in fen, probability 0–1, opportunity 0–100.

    `waits` says that something worth more waits for staff's time.
    """

    number: str
    as_of: date
    action: ActionKind
    channel: ActionChannel | None
    product: str | None
    amount_fen: int
    probability: float
    expected_value_fen: int
    opportunity: float
    waits: bool
    reasons: tuple[ActionReason, ...]
    alternatives: tuple[Alternative, ...]
    products: tuple[NextProduct, ...]

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        return {**asdict(self), "as_of": self.as_of.isoformat()}


def advised_rate(portrait: Portrait, found: NextAction | None, table: RateTable) -> Quote | None:
    """The rate to advise for a customer who has a loan or may be offered one; None for others."""
    offered = found is not None and ActionKind.LOAN in {found.action, *(other.action for other in found.alternatives)}
    if not offered and "loans" not in portrait.value_parts:
        return None
    is_new = portrait.lifecycle is Lifecycle.NEW
    return quote(table, current=portrait.current, potential=portrait.potential, is_new=is_new)


class NextActionStore(Protocol):
    """Where next actions are kept."""

    async def next_action(self, number: str) -> NextAction | None:
        """The next action of the customer with the bank's number; None when no run has one."""
        ...

    async def record_outcome(self, number: str, *, succeeded: bool, by: str, now: datetime) -> bool:
        """Keep what came of the latest action, once or corrected; False when there is none to speak of.

        The next run draws the chances of its kind towards what was counted.
        """
        ...
