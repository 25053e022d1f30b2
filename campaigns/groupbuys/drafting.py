"""The terms of a chain while a manager taps them together: stages, conditions, groups; pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

from campaigns.chains.eligibility import Condition, ConditionKind, Holding
from campaigns.chains.model import Plan
from campaigns.chains.stages import LeaderRule, Stage, StageFault, check_stages
from campaigns.groupbuys.model import GroupbuyPlan, PlanProblem
from campaigns.groupbuys.rules import ALWAYS, check_conditions_of, check_plan

SIZES = (3, 5, 10)  # Offered as buttons; any other size is written.
LETTERS = ("A", "B", "C", "D")


class Choice(StrEnum):
    """What a button of the terms changes; its number says which one."""

    SIZE = "size"
    LETTER = "letter"
    REGION = "region"
    GROUP = "group"
    BOUND = "bound"
    NEW_TO_CARDS = "new_to_cards"
    LEADER = "leader"
    AT_TOP = "at_top"


@dataclass(frozen=True)
class Terms:
    """What has been chosen so far; `chats` are the groups, `regions` the places that are offered as buttons."""

    chain: Plan
    chats: tuple[int, ...]
    regions: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    conditions: tuple[Condition, ...] = ()
    leader_rule: LeaderRule = LeaderRule.NEXT
    ends_at_top: bool = False

    def values(self, kind: ConditionKind) -> tuple[str, ...] | None:
        """What is asked of one kind; None when nothing is."""
        return next((each.values for each in self.conditions if each.kind is kind), None)

    def has(self, kind: ConditionKind, value: str = "") -> bool:
        """Whether a condition is asked, with this value where it has values."""
        values = self.values(kind)
        return values is not None and (not value or value in values)


def terms_of(plan: GroupbuyPlan, chats: tuple[int, ...]) -> Terms:
    """A plan that was written in one line, to be looked at before it is opened."""
    own = tuple(each for each in plan.conditions if each not in ALWAYS)
    return Terms(plan.chain, chats, (), plan.stages, own, plan.leader_rule, plan.ends_at_top)


def chosen(terms: Terms, choice: Choice, number: int) -> Terms:
    """The terms after one button; a number that means nothing changes nothing."""
    match choice:
        case Choice.SIZE:
            return replace(terms, stages=tuple(each for each in terms.stages if each.size != number))
        case Choice.LETTER if 0 <= number < len(LETTERS):
            return toggled(terms, Condition(ConditionKind.CLASS, (LETTERS[number],)))
        case Choice.REGION if 0 <= number < len(terms.regions):
            return toggled(terms, Condition(ConditionKind.REGION, (terms.regions[number],)))
        case Choice.GROUP:
            others = tuple(chat for chat in terms.chats if chat != number)
            return replace(terms, chats=others if len(others) < len(terms.chats) else (*terms.chats, number))
        case Choice.BOUND:
            return toggled(terms, Condition(ConditionKind.BOUND))
        case Choice.NEW_TO_CARDS:
            return toggled(terms, Condition(ConditionKind.NOT_HOLDING, (Holding.CARDS,)))
        case Choice.LEADER:
            other = LeaderRule.ENDS if terms.leader_rule is LeaderRule.NEXT else LeaderRule.NEXT
            return replace(terms, leader_rule=other)
        case Choice.AT_TOP:
            return replace(terms, ends_at_top=not terms.ends_at_top)
    return terms


def toggled(terms: Terms, wanted: Condition) -> Terms:
    """Ask for a condition, or no more; one that has values loses or gains them one by one."""
    before = frozenset(terms.values(wanted.kind) or ())
    rest = tuple(each for each in terms.conditions if each.kind is not wanted.kind)
    if not wanted.values:
        return replace(terms, conditions=rest if terms.has(wanted.kind) else (*rest, wanted))
    after = before.symmetric_difference(wanted.values)
    own = (Condition(wanted.kind, tuple(sorted(after))),) if after else ()
    return replace(terms, conditions=(*rest, *own))


def with_stage(terms: Terms, stage: Stage) -> Terms | StageFault:
    """The terms with one stage more, or in place of the one of its size."""
    others = [each for each in terms.stages if each.size != stage.size]
    stages = check_stages([*others, stage], terms.chain.places)
    return stages if isinstance(stages, StageFault) else replace(terms, stages=stages)


def finished(terms: Terms) -> GroupbuyPlan | Plan | PlanProblem:
    """What is opened: a group-buy where there are stages, else a chain with its conditions; or what is wrong."""
    if terms.stages:
        return check_plan(
            terms.chain,
            terms.stages,
            terms.conditions,
            leader_rule=terms.leader_rule,
            ends_at_top=terms.ends_at_top,
        )
    asked = check_conditions_of(terms.conditions)
    return asked if isinstance(asked, PlanProblem) else replace(terms.chain, conditions=asked)
