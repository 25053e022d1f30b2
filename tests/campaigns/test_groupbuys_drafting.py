"""Terms tapped together: every button goes both ways, and what comes out is sound or says what is wrong."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.chains.eligibility import Condition, ConditionKind
from campaigns.chains.model import Plan
from campaigns.chains.stages import LeaderRule, Stage, StageFault
from campaigns.groupbuys.drafting import Choice, Terms, chosen, finished, terms_of, with_stage
from campaigns.groupbuys.model import GroupbuyPlan, PlanProblem
from campaigns.groupbuys.reading import read_groupbuy

PLAN = Plan("亲子卡", 10, datetime(2026, 12, 1, tzinfo=UTC))
TERMS = Terms(PLAN, (-100,), ("幸福里", "阳光里"))
TAPS = st.lists(st.tuples(st.sampled_from([each for each in Choice if each is not Choice.SIZE]), st.integers(-1, 4)))


def tapped(terms: Terms, taps: list[tuple[Choice, int]]) -> Terms:
    for choice, number in taps:
        terms = chosen(terms, choice, number)
    return terms


@given(TAPS)
def test_every_button_tapped_twice_changes_nothing(taps: list[tuple[Choice, int]]) -> None:
    start = tapped(TERMS, taps)
    for choice in Choice:
        for number in range(-1, 4):
            again = chosen(chosen(start, choice, number), choice, number)
            assert {*again.conditions} == {*start.conditions}
            assert {*again.chats} == {*start.chats}
            assert (again.leader_rule, again.ends_at_top) == (start.leader_rule, start.ends_at_top)


@given(TAPS)
def test_whatever_is_tapped_can_be_opened(taps: list[tuple[Choice, int]]) -> None:
    terms = tapped(TERMS, taps)
    plain = finished(terms)
    assert isinstance(plain, Plan)
    staged = with_stage(terms, Stage(3, "首年免年费"))
    assert isinstance(staged, Terms)
    opened = finished(staged)
    assert isinstance(opened, GroupbuyPlan)
    assert {*plain.conditions} <= {*opened.conditions}
    assert {each.kind for each in opened.conditions} >= {ConditionKind.IN_PERSON, ConditionKind.ONCE}


def test_a_stage_takes_the_place_of_the_one_of_its_size_and_goes_by_its_button() -> None:
    first = with_stage(TERMS, Stage(3, "洗车券"))
    assert isinstance(first, Terms)
    second = with_stage(first, Stage(3, "首年免年费"))
    assert isinstance(second, Terms)
    assert second.stages == (Stage(3, "首年免年费"),)
    assert chosen(second, Choice.SIZE, 3).stages == ()
    assert with_stage(second, Stage(11, "洗车券")) is StageFault.BEYOND_PLACES


def test_letters_come_and_go_one_by_one() -> None:
    both = tapped(TERMS, [(Choice.LETTER, 0), (Choice.LETTER, 1)])
    assert both.values(ConditionKind.CLASS) == ("A", "B")
    assert chosen(both, Choice.LETTER, 0).values(ConditionKind.CLASS) == ("B",)
    assert tapped(both, [(Choice.LETTER, 0), (Choice.LETTER, 1)]).conditions == ()


def test_one_line_is_looked_at_before_it_is_opened() -> None:
    plan = read_groupbuy(
        "亲子卡 10 3天 | 3人=首年免年费 | A类 | 团长退出即散", PLAN.deadline, ZoneInfo("Asia/Shanghai")
    )
    assert isinstance(plan, GroupbuyPlan)
    terms = terms_of(plan, (-100,))
    assert terms.leader_rule is LeaderRule.ENDS
    assert finished(terms) == plan


def test_a_benefit_that_promises_too_much_is_not_opened() -> None:
    terms = replace(TERMS, stages=(Stage(3, "保本理财"),))
    assert isinstance(finished(terms), PlanProblem)


@pytest.mark.parametrize("choice", [Choice.LETTER, Choice.REGION])
def test_a_number_beyond_the_buttons_changes_nothing(choice: Choice) -> None:
    assert chosen(TERMS, choice, 9) == TERMS
    assert chosen(TERMS, choice, -1) == TERMS


def test_conditions_say_what_they_are_asked_for() -> None:
    asked = tapped(TERMS, [(Choice.NEW_TO_CARDS, 0), (Choice.REGION, 1)])
    assert asked.has(ConditionKind.REGION, "阳光里")
    assert not asked.has(ConditionKind.REGION, "幸福里")
    assert Condition(ConditionKind.NOT_HOLDING, ("cards",)) in asked.conditions
