"""Pure decisions on group-buys: what forms, what fails, who leads, who may extend, what is earned."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from campaigns.chains.eligibility import (
    INVESTMENTS,
    Condition,
    ConditionFault,
    ConditionKind,
    Standing,
    check_conditions,
    first_unmet,
)
from campaigns.chains.model import Chain, ChainState, Entry, Plan
from campaigns.chains.stages import (
    Groupbuy,
    GroupbuyState,
    LeaderRule,
    Stage,
    StageFault,
    check_stages,
    next_stage,
    reached,
)
from campaigns.compliance.words import forbidden, lacks_risk_notice
from campaigns.groupbuys.model import (
    Benefit,
    ExtendCode,
    GroupbuyPlan,
    GroupbuyView,
    OwnState,
    PlanProblem,
    StageView,
    TermFault,
)

EXTENSIONS = (1, 3)  # Days that may be chosen from.
ALWAYS = (Condition(ConditionKind.IN_PERSON), Condition(ConditionKind.ONCE))


def check_plan(
    chain: Plan,
    stages: Sequence[Stage],
    conditions: Iterable[Condition],
    *,
    leader_rule: LeaderRule = LeaderRule.NEXT,
    ends_at_top: bool = False,
) -> GroupbuyPlan | PlanProblem:
    """Terms that hold together, or the first thing wrong with them; everybody signs up in person and once, always."""
    sound = check_stages(stages, chain.places)
    if isinstance(sound, StageFault):
        return PlanProblem(sound)
    asked = check_conditions_of((*ALWAYS, *conditions))
    if isinstance(asked, PlanProblem):
        return asked
    if found := forbidden("\n".join((chain.product, *(each.benefit for each in sound)))):
        return PlanProblem(TermFault.FORBIDDEN_WORD, found[0].word)
    return GroupbuyPlan(chain, sound, asked, leader_rule, ends_at_top)


def check_conditions_of(conditions: Iterable[Condition]) -> tuple[Condition, ...] | PlanProblem:
    """Conditions that hold together, or what is wrong with them."""
    asked = check_conditions(conditions)
    return PlanProblem(asked) if isinstance(asked, ConditionFault) else asked


def people_of(chain: Chain) -> tuple[int, ...]:
    """The members who count towards a stage, in their order: with a confirmed place, each once."""
    return tuple(dict.fromkeys(entry.member_id for entry in chain.entries if entry.confirm_by is None))


def leader_of(chain: Chain) -> int | None:
    """The leader (团长): the first in the list, so when one leaves the next in order leads."""
    return next(iter(people_of(chain)), None)


def new_leader(before: Chain, after: Chain) -> int | None:
    """Who leads since a leader left; None while the leader stays, and for the first, who chose to begin."""
    was, leads = leader_of(before), leader_of(after)
    return leads if was is not None and leads != was else None


def after_claim(before: Chain, after: Chain) -> Chain:
    """Close a group-buy at once where its terms say so: at the top stage, or when the leader left."""
    buy = after.groupbuy
    if buy is None or buy.state is not GroupbuyState.RUNNING or after.state is ChainState.CLOSED:
        return after
    if buy.leader_rule is LeaderRule.ENDS and _left_others(before, after):
        return replace(after, state=ChainState.CLOSED, groupbuy=replace(buy, state=GroupbuyState.FAILED))
    if buy.ends_at_top and len(people_of(after)) >= buy.top.size:
        return replace(after, state=ChainState.CLOSED, groupbuy=settled(buy, len(people_of(after))))
    return after


def _left_others(before: Chain, after: Chain) -> bool:
    """Whether the leader left while others were in; who is alone may come and go."""
    was = people_of(before)
    return len(was) > 1 and was[0] not in people_of(after)


def settled(buy: Groupbuy, people: int) -> Groupbuy:
    """What a group-buy is once it is over: formed from the lowest stage on, else failed; what is settled stays."""
    if buy.state is not GroupbuyState.RUNNING:
        return buy
    unlocked = reached(buy.stages, people)
    if not unlocked:
        return replace(buy, state=GroupbuyState.FAILED)
    return replace(buy, state=GroupbuyState.FORMED, formed=unlocked[-1].size)


def missing_one(before: Chain, after: Chain) -> Stage | None:
    """The stage for which one person is missing now, and more were before."""
    if after.groupbuy is None or after.state is ChainState.CLOSED:
        return None
    people = len(people_of(after))
    stage = next_stage(after.groupbuy.stages, people)
    return stage if stage and stage.size == people + 1 and len(people_of(before)) < people else None


def benefits_of(chain: Chain, customers: dict[int, UUID | None]) -> tuple[Benefit, ...]:
    """What each entry earned: every stage that was reached, once per member. Nothing before it formed."""
    buy = chain.groupbuy
    if buy is None or buy.state is not GroupbuyState.FORMED or buy.formed is None:
        return ()
    return tuple(
        Benefit(chain.id, entry.sequence, entry.member_id, customers.get(entry.member_id), stage.size, stage.benefit)
        for entry in _first_entries(chain)
        for stage in reached(buy.stages, buy.formed)
    )


def may_extend(chain: Chain | None, by: int, days: int, now: datetime) -> ExtendCode:
    """Whether somebody may extend a group-buy: its leader or its manager, once, while it runs."""
    if chain is None or chain.groupbuy is None:
        return ExtendCode.NO_GROUPBUY
    if by not in {chain.leader_id, leader_of(chain)}:
        return ExtendCode.NOT_YOURS
    if chain.state is ChainState.CLOSED or now >= chain.deadline:
        return ExtendCode.OVER
    if chain.groupbuy.extended_at is not None:
        return ExtendCode.ONCE_ONLY
    return ExtendCode.EXTENDED if days in EXTENSIONS else ExtendCode.BAD_DAYS


def extended(chain: Chain, days: int, now: datetime) -> Chain:
    """The group-buy with its later deadline, once and for all."""
    assert chain.groupbuy is not None
    buy = replace(chain.groupbuy, extended_at=now)
    return replace(chain, deadline=chain.deadline + timedelta(days=days), groupbuy=buy)


def view_of(chain: Chain, member_id: int, standing: Standing, benefits: Sequence[str], now: datetime) -> GroupbuyView:
    """What one person may see: public progress and the own state, nothing of anybody else."""
    buy = chain.groupbuy
    assert buy is not None
    people = len(people_of(chain))
    own = own_state(chain, member_id)
    unmet = first_unmet(chain.conditions, standing) if own is OwnState.NOT_IN else None
    return GroupbuyView(
        chain_id=chain.id,
        product=chain.product,
        stages=tuple(StageView(each.size, each.benefit, max(0, each.size - people)) for each in buy.stages),
        conditions=chain.conditions,
        leader_rule=buy.leader_rule,
        ends_at_top=buy.ends_at_top,
        state=buy.state,
        is_open=chain.state is ChainState.OPEN and now < chain.deadline,
        people=people,
        free=chain.free,
        places=chain.places,
        deadline=chain.deadline,
        needs_risk_notice=_speaks_of_investments(chain, buy),
        own=own,
        place=chain.wait_of(member_id) if own is OwnState.WAITING else chain.place_of(member_id),
        is_leader=leader_of(chain) == member_id,
        is_manager=chain.leader_id == member_id,
        may_extend=may_extend(chain, member_id, EXTENSIONS[0], now) is ExtendCode.EXTENDED,
        benefits=tuple(benefits),
        unmet=unmet,
        elsewhere=standing.elsewhere if unmet and unmet.kind is ConditionKind.ONCE else None,
    )


def _speaks_of_investments(chain: Chain, buy: Groupbuy) -> bool:
    """Whether product, benefits or conditions name investments (Advertising Law art. 25)."""
    named = {value for each in chain.conditions if each.kind is ConditionKind.NOT_HOLDING for value in each.values}
    words = "\n".join((chain.product, *(each.benefit for each in buy.stages)))
    return lacks_risk_notice(words) or not INVESTMENTS.isdisjoint(named)


def own_state(chain: Chain, member_id: int) -> OwnState:
    """How a member stands: in, in with a place to confirm, waiting, or not in."""
    held = next((entry for entry in chain.entries if entry.member_id == member_id), None)
    if held is not None:
        return OwnState.IN if held.confirm_by is None else OwnState.TO_CONFIRM
    return OwnState.WAITING if chain.wait_of(member_id) is not None else OwnState.NOT_IN


def _first_entries(chain: Chain) -> list[Entry]:
    counted = people_of(chain)
    return [
        next(each for each in chain.entries if each.member_id == member and each.confirm_by is None)
        for member in counted
    ]
