"""Group-buys by their rules: what forms, what fails, who leads, who may extend, what each entry earned."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from campaigns.chains.claims import barred, decide
from campaigns.chains.eligibility import Condition, ConditionKind, Standing
from campaigns.chains.model import Chain, ChainState, Claim, ClaimCode, Entry, Plan, PlanFault, Verb
from campaigns.chains.stages import Groupbuy, GroupbuyState, LeaderRule, Stage, StageFault, reached
from campaigns.groupbuys.model import ExtendCode, GroupbuyPlan, OwnState, PlanProblem, TermFault
from campaigns.groupbuys.reading import read_groupbuy, read_line
from campaigns.groupbuys.rules import (
    ALWAYS,
    after_claim,
    benefits_of,
    check_plan,
    extended,
    leader_of,
    may_extend,
    missing_one,
    new_leader,
    people_of,
    settled,
    view_of,
)

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
DEADLINE = NOW + timedelta(days=2)
CHAT, MANAGER = -100, 99
STAGES = (Stage(3, "首年免年费"), Stage(5, "洗车券"))
PEOPLE = st.integers(1, 8)


def groupbuy(*, rule: LeaderRule = LeaderRule.NEXT, ends_at_top: bool = False, places: int = 6) -> Chain:
    buy = Groupbuy(1, STAGES, leader_rule=rule, ends_at_top=ends_at_top)
    return Chain(1, 1, CHAT, "联名信用卡", places, DEADLINE, ChainState.OPEN, MANAGER, conditions=ALWAYS, groupbuy=buy)


def claim(verb: Verb, member: int, proxy: str | None = None) -> Claim:
    return Claim(verb, member, f"王{member}*", CHAT, proxy=proxy)


def step(chain: Chain, verb: Verb, member: int) -> Chain:
    """One claim as the service decides it."""
    return after_claim(chain, decide(chain, claim(verb, member), NOW)[0])


def with_people(chain: Chain, *members: int) -> Chain:
    for member in members:
        chain = step(chain, Verb.JOIN, member)
    return chain


class GroupbuyBook(RuleBasedStateMachine):
    """A group-buy beside the simplest model of it: who is on a paper list, in which order."""

    @initialize(rule=st.sampled_from(LeaderRule), ends_at_top=st.booleans())
    def opens(self, rule: LeaderRule, ends_at_top: bool) -> None:
        self.chain = groupbuy(rule=rule, ends_at_top=ends_at_top)
        self.paper: list[int] = []
        self.ended: GroupbuyState | None = None

    @rule(member=PEOPLE)
    def somebody_joins(self, member: int) -> None:
        self.chain = step(self.chain, Verb.JOIN, member)
        if self.ended is None and member not in self.paper and len(self.paper) < 6:
            self.paper.append(member)
            assert self.chain.groupbuy
            if self.chain.groupbuy.ends_at_top and len(self.paper) >= 5:
                self.ended = GroupbuyState.FORMED

    @rule(member=PEOPLE)
    def somebody_leaves(self, member: int) -> None:
        before = self.chain
        self.chain = step(self.chain, Verb.LEAVE, member)
        if self.ended is not None or member not in self.paper:
            return
        led = self.paper[0] == member
        self.paper.remove(member)
        assert self.chain.groupbuy
        if led and self.paper and self.chain.groupbuy.leader_rule is LeaderRule.ENDS:
            self.ended = GroupbuyState.FAILED
        assert new_leader(before, self.chain) == (self.paper[0] if led and self.paper else None)

    @invariant()
    def the_first_on_the_list_leads(self) -> None:
        assert list(people_of(self.chain))[: len(self.paper)] == self.paper
        assert leader_of(self.chain) == next(iter(self.paper), None)

    @invariant()
    def it_ends_early_only_as_its_terms_say(self) -> None:
        assert self.chain.groupbuy
        assert self.chain.groupbuy.state is (self.ended or GroupbuyState.RUNNING)
        assert (self.chain.state is ChainState.CLOSED) is (self.ended is not None)

    @invariant()
    def what_it_would_come_to_now_follows_from_the_list(self) -> None:
        assert self.chain.groupbuy
        over = settled(self.chain.groupbuy, len(self.paper))
        done = replace(self.chain, groupbuy=over)
        benefits = benefits_of(done, {})
        if over.state is GroupbuyState.FAILED:
            assert benefits == ()
        else:
            assert len(self.paper) >= 3
            assert len(benefits) == len(self.paper) * len(reached(STAGES, len(self.paper)))
            assert {each.member_id for each in benefits} == set(self.paper)


TestGroupbuyBook = GroupbuyBook.TestCase
TestGroupbuyBook.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


@given(st.integers(0, 9))
def test_a_groupbuy_forms_at_its_lowest_stage_and_fails_below(people: int) -> None:
    over = settled(Groupbuy(1, STAGES), people)
    assert over.state is (GroupbuyState.FORMED if people >= 3 else GroupbuyState.FAILED)
    assert over.formed == (None if people < 3 else 3 if people < 5 else 5)
    assert settled(over, 0) == over


def test_who_is_alone_may_leave_and_return_though_the_leader_ends_it() -> None:
    alone = with_people(groupbuy(rule=LeaderRule.ENDS), 1)
    back = with_people(step(alone, Verb.LEAVE, 1), 1)
    assert (back.state, people_of(back)) == (ChainState.OPEN, (1,))


def test_a_place_that_is_not_confirmed_counts_for_no_stage() -> None:
    offered = Entry(4, "王4*", 9, confirm_by=DEADLINE)
    chain = with_people(groupbuy(), 1, 2)
    chain = replace(chain, entries=(*chain.entries, offered))
    assert people_of(chain) == (1, 2)
    assert settled(chain.groupbuy or Groupbuy(1, STAGES), len(people_of(chain))).state is GroupbuyState.FAILED


def test_one_missing_is_said_on_the_way_up_only() -> None:
    one, two = with_people(groupbuy(), 1), with_people(groupbuy(), 1, 2)
    assert missing_one(one, two) == STAGES[0]
    assert missing_one(with_people(two, 3), step(with_people(two, 3), Verb.LEAVE, 3)) is None
    assert missing_one(two, with_people(two, 3)) is None
    assert missing_one(with_people(two, 3), with_people(two, 3, 4)) == STAGES[1]


def test_every_entry_earns_each_stage_that_was_reached_once() -> None:
    chain = with_people(groupbuy(), 1, 2, 3, 4, 5)
    customers = {member: UUID(int=member) for member in (1, 2)}
    assert chain.groupbuy
    earned = benefits_of(replace(chain, groupbuy=settled(chain.groupbuy, 5)), {**customers, 3: None})
    assert [(each.member_id, each.stage) for each in earned[:4]] == [(1, 3), (1, 5), (2, 3), (2, 5)]
    assert [each.customer_id for each in earned[::2]] == [UUID(int=1), UUID(int=2), None, None, None]
    assert benefits_of(chain, {}) == ()


@pytest.mark.parametrize(
    ("by", "days", "at", "code"),
    [
        (1, 1, NOW, ExtendCode.EXTENDED),
        (MANAGER, 3, NOW, ExtendCode.EXTENDED),
        (2, 1, NOW, ExtendCode.NOT_YOURS),
        (7, 1, NOW, ExtendCode.NOT_YOURS),
        (1, 1, DEADLINE, ExtendCode.OVER),
        (1, 30, NOW, ExtendCode.BAD_DAYS),
    ],
)
def test_the_leader_or_the_manager_extends_before_the_deadline(
    by: int, days: int, at: datetime, code: ExtendCode
) -> None:
    assert may_extend(with_people(groupbuy(), 1, 2), by, days, at) is code


def test_nobody_extends_twice_and_no_plain_chain_at_all() -> None:
    longer = extended(with_people(groupbuy(), 1), 3, NOW)
    assert longer.deadline == DEADLINE + timedelta(days=3)
    assert may_extend(longer, 1, 1, NOW) is ExtendCode.ONCE_ONLY
    assert may_extend(replace(longer, groupbuy=None), 1, 1, NOW) is ExtendCode.NO_GROUPBUY
    assert may_extend(None, 1, 1, NOW) is ExtendCode.NO_GROUPBUY


# Entering


def test_who_is_barred_hears_the_condition_and_the_list_stays() -> None:
    chain = groupbuy()
    joined, _ = decide(chain, claim(Verb.JOIN, 1), NOW)
    refusal = barred(chain, joined, claim(Verb.JOIN, 1), {1: Standing(elsewhere="B群")})
    assert refusal is not None
    assert (refusal.code, refusal.unmet, refusal.elsewhere) == (ClaimCode.NOT_ELIGIBLE, ALWAYS[1], "B群")
    assert barred(chain, joined, claim(Verb.JOIN, 1), {1: Standing()}) is None


def test_somebody_else_is_never_signed_up() -> None:
    chain, other = groupbuy(), claim(Verb.JOIN, 1, "王阿姨")
    refusal = barred(chain, decide(chain, other, NOW)[0], other, {1: Standing()})
    assert refusal is not None
    assert refusal.unmet == ALWAYS[0]


def test_an_undo_that_brings_somebody_back_is_an_entry_too() -> None:
    chain = with_people(groupbuy(), 1)
    left = step(chain, Verb.LEAVE, 1)
    refusal = barred(left, chain, claim(Verb.UNDO, 1), {1: Standing(elsewhere="B群")})
    assert refusal is not None
    assert refusal.code is ClaimCode.NOT_ELIGIBLE


@given(st.sampled_from(Verb), st.booleans())
def test_who_is_in_is_never_put_out_by_a_condition(verb: Verb, elsewhere: bool) -> None:
    chain = with_people(groupbuy(), 1, 2)
    decided, _ = decide(chain, claim(verb, 1), NOW)
    standing = Standing(elsewhere="B群" if elsewhere else None)
    assert barred(chain, decided, claim(verb, 1), {1: standing}) is None


# What one person sees


def test_a_view_shows_progress_and_the_own_state_and_no_names() -> None:
    chain = with_people(groupbuy(), 1, 2, 3, 4)
    view = view_of(chain, 2, Standing(), ["首年免年费"], NOW)
    assert [(each.size, each.missing) for each in view.stages] == [(3, 0), (5, 1)]
    assert (view.people, view.own, view.place, view.is_leader, view.unmet) == (4, OwnState.IN, 2, False, None)
    assert view.benefits == ("首年免年费",)
    assert "王" not in repr(view)
    assert view_of(chain, 1, Standing(), (), NOW).is_leader


def test_a_view_names_the_condition_that_its_reader_does_not_meet() -> None:
    view = view_of(groupbuy(), 8, Standing(elsewhere="B群"), (), NOW)
    assert (view.own, view.unmet, view.elsewhere) == (OwnState.NOT_IN, ALWAYS[1], "B群")


def test_a_view_knows_who_waits_and_who_is_to_confirm() -> None:
    full = with_people(groupbuy(places=2), 1, 2, 3)
    waits = view_of(full, 3, Standing(), (), NOW)
    assert (waits.own, waits.place) == (OwnState.WAITING, 1)
    assert view_of(step(full, Verb.LEAVE, 1), 3, Standing(), (), NOW).own is OwnState.TO_CONFIRM


# The terms


def test_everybody_signs_up_in_person_and_once_whatever_is_asked() -> None:
    plan = check_plan(Plan("亲子卡", 10, DEADLINE), STAGES, [])
    assert isinstance(plan, GroupbuyPlan)
    assert plan.conditions == ALWAYS


def test_forbidden_words_are_not_printed_on_a_card() -> None:
    problem = check_plan(Plan("亲子卡", 10, DEADLINE), [Stage(3, "保本理财一份")], [])
    assert problem == PlanProblem(TermFault.FORBIDDEN_WORD, "保本")


def test_one_line_says_everything() -> None:
    terms = "5人：再送洗车券 ｜ 3人=首年免年费；已绑定；BA类；地区=幸福里/阳光里；未持卡\n满档即成\n团长退出即散"
    line = f"联名信用卡 20 2天 ｜ {terms}"
    plan = read_groupbuy(line, NOW, ZONE)
    assert plan == GroupbuyPlan(
        Plan("联名信用卡", 20, DEADLINE),
        (Stage(3, "首年免年费"), Stage(5, "再送洗车券")),
        (
            Condition(ConditionKind.IN_PERSON),
            Condition(ConditionKind.BOUND),
            Condition(ConditionKind.REGION, ("幸福里", "阳光里")),
            Condition(ConditionKind.CLASS, ("A", "B")),
            Condition(ConditionKind.NOT_HOLDING, ("cards",)),
            Condition(ConditionKind.ONCE),
        ),
        LeaderRule.ENDS,
        ends_at_top=True,
    )


def test_a_line_without_stages_is_a_chain_with_its_conditions() -> None:
    plan = read_line("苹果 20 2天 每人2份 品种：红富士；嘎啦 | 已绑定", NOW, ZONE)
    assert isinstance(plan, Plan)
    assert (plan.items, plan.limit, plan.conditions) == (("红富士", "嘎啦"), 2, (Condition(ConditionKind.BOUND),))


def test_one_line_in_english_says_the_same() -> None:
    plan = read_groupbuy("Family card 20 2d | 3 people: free first year | class AB | bound | no card", NOW, ZONE)
    assert isinstance(plan, GroupbuyPlan)
    assert plan.stages == (Stage(3, "free first year"),)
    assert [each.values for each in plan.conditions if each.kind is ConditionKind.CLASS] == [("A", "B")]


@pytest.mark.parametrize(
    ("line", "fault", "part"),
    [
        ("", PlanFault.NO_PRODUCT, ""),
        ("联名信用卡 20 2天", StageFault.NO_STAGE, ""),
        ("联名信用卡 20 2天 | 三个人就送", TermFault.UNREADABLE, "三个人就送"),
        ("联名信用卡 20 2天 | 3人=首年免年费 | 只要大客户", TermFault.UNREADABLE, "只要大客户"),
        ("联名信用卡 4 2天 | 5人=洗车券", StageFault.BEYOND_PLACES, ""),
        ("联名信用卡 20 昨天 | 3人=洗车券", PlanFault.BAD_DEADLINE, ""),
    ],
)
def test_a_line_that_cannot_be_meant_names_its_part(line: str, fault: object, part: str) -> None:
    problem = read_groupbuy(line, NOW, ZONE)
    assert isinstance(problem, PlanProblem)
    assert (problem.fault, problem.part) == (fault, part)
