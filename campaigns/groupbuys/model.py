"""What a manager asks of a group-buy, what its people earn, and what one of them may see of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from campaigns.chains.eligibility import Condition, ConditionFault
from campaigns.chains.model import Chain, Plan, PlanFault
from campaigns.chains.stages import GroupbuyState, LeaderRule, Stage, StageFault


@dataclass(frozen=True)
class GroupbuyPlan:
    """A chain's plan with the terms of the group-buy; the same for every group of the campaign."""

    chain: Plan
    stages: tuple[Stage, ...]
    conditions: tuple[Condition, ...]
    leader_rule: LeaderRule = LeaderRule.NEXT
    ends_at_top: bool = False


class TermFault(StrEnum):
    """What is wrong with the terms beside their stages and conditions."""

    UNREADABLE = "unreadable"
    FORBIDDEN_WORD = "forbidden_word"


@dataclass(frozen=True)
class PlanProblem:
    """Why a plan cannot be; `part` is the word or line that is meant."""

    fault: PlanFault | StageFault | ConditionFault | TermFault
    part: str = ""


class GroupbuyRefusal(StrEnum):
    """Why a group-buy was not opened."""

    NO_GROUP = "no_group"
    NOT_YOUR_GROUP = "not_your_group"
    PAST_DEADLINE = "past_deadline"
    SAME_PRODUCT_OPEN = "same_product_open"
    NO_BUDGET = "no_budget"


@dataclass(frozen=True)
class Refused:
    """Why a group-buy was not opened, and the group that is meant or the points that are missing."""

    refusal: GroupbuyRefusal
    group: str = ""


@dataclass(frozen=True)
class Opened:
    """A campaign that was opened, and its chain in each group."""

    id: int
    chains: tuple[Chain, ...]


class ExtendCode(StrEnum):
    """What came of a wish to extend."""

    EXTENDED = "extended"
    NO_GROUPBUY = "no_groupbuy"
    NOT_YOURS = "not_yours"
    OVER = "over"
    ONCE_ONLY = "once_only"
    BAD_DAYS = "bad_days"


@dataclass(frozen=True)
class Benefit:
    """What one entry earned by one stage, written down when the group-buy formed; whoever pays it finds it here."""

    chain_id: int
    sequence: int
    member_id: int
    customer_id: UUID | None
    stage: int
    benefit: str


class OwnState(StrEnum):
    """How somebody stands to a group-buy."""

    NOT_IN = "not_in"
    IN = "in"
    TO_CONFIRM = "to_confirm"
    WAITING = "waiting"


@dataclass(frozen=True)
class StageView:
    """One stage as it is shown; `missing` people unlock it, 0 when it is."""

    size: int
    benefit: str
    missing: int


@dataclass(frozen=True)
class GroupbuyView:
    """All that one person may see of a group-buy: public progress, no names, and the own state.

    `conditions` and `ends_at_top` with `leader_rule` are the terms; `place` the own one in the list or on the waitlist;
    `may_extend` whether the person may extend it now; `benefits` what the person earned; `unmet` the first condition
    that the person does not meet while not in, `elsewhere` the title of the person's other group;
    `needs_risk_notice` whether the words speak of investments.
    """

    chain_id: int
    product: str
    stages: tuple[StageView, ...]
    conditions: tuple[Condition, ...]
    leader_rule: LeaderRule
    ends_at_top: bool
    state: GroupbuyState
    is_open: bool
    people: int
    free: int
    places: int
    deadline: datetime
    needs_risk_notice: bool
    own: OwnState = OwnState.NOT_IN
    place: int | None = None
    is_leader: bool = False
    is_manager: bool = False
    may_extend: bool = False
    benefits: tuple[str, ...] = ()
    unmet: Condition | None = None
    elsewhere: str | None = None
