"""Announcements: what decides is on the page, and a later version takes nothing from the customer."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.announcements.model import Activity, Condition, Reward, RulePage
from campaigns.announcements.rules import END_NOTICE, canonical, digest_of, in_favour, may_end, read_page
from campaigns.draws.model import DrawCode, DrawKind, DrawPlan, Prize, Terms
from campaigns.draws.rules import REFUSED_FOR, page_of
from campaigns.earnings.model import EarnEvent, EarnLimit, EarnRule, Imprint
from campaigns.earnings.rules import REFUSED_FOR as EARNING_REFUSED_FOR
from campaigns.earnings.rules import page_of as earning_page
from campaigns.members.model import Language
from campaigns.points.model import GrantCode, PointsCampaign, Share
from handlers.wording.announcements import CONDITIONS, RuleWords, percent
from handlers.wording.points import DEEDS, PointsWords

OPENS = datetime(2026, 11, 22, 4, tzinfo=UTC)
WORDS = RuleWords(ZoneInfo("Asia/Shanghai"))
IMPRINT = Imprint("A银行", "Bank A", "拨打95500", "Call 95500")
TERMS = Terms("无其他条件", "No other condition", "A银行", "Bank A", "拨打95500", "Call 95500")
PRIZES = (Prize("一等奖", "First", 888, 1_000, 2), Prize("谢谢", "Thanks", 0, 999_000))
PLAN = DrawPlan(DrawKind.JOIN, "抽奖", "Draw", PRIZES, TERMS, OPENS, OPENS + timedelta(days=1))
CAMPAIGN = PointsCampaign(7, "波豆", 100, 30, (Share(1, 10_000),), OPENS + timedelta(days=9))
PAGE = page_of(PLAN, CAMPAIGN, "ab" * 32)


def read(page: RulePage) -> str:
    return "\n".join(WORDS.rule_text(page, language) for language in Language)


def other(value: Any) -> list[Any]:
    """Other values that a field can have."""
    match value:
        case Activity():
            return [each for each in Activity if each is not value and each is not Activity.EARNING]
        case datetime():
            return [value + timedelta(seconds=1)]
        case int():
            return [value + 1]
        case str():
            return [f"{value}x"]
        case frozenset():
            return [value - {each} for each in value]
        case None:
            return [1]
        case tuple():
            changed = [(*value[:at], each, *value[at + 1 :]) for at, old in enumerate(value) for each in varied(old)]
            return [*changed, value[:-1]]
    raise AssertionError(f"{value!r} needs another value.")


def varied(thing: Any) -> list[Any]:
    return [replace(thing, **{each.name: new}) for each in fields(thing) for new in other(getattr(thing, each.name))]


def test_every_field_that_a_page_has_is_read_on_it() -> None:
    for changed in varied(PAGE):
        assert read(changed) != read(PAGE), f"hidden: {changed}"


def test_every_field_of_a_draws_plan_is_on_its_page() -> None:
    for each in fields(PLAN):
        value = getattr(PLAN, each.name)
        changes = {
            DrawKind: lambda v: [DrawKind.WHEEL],
            Terms: varied,
        }.get(type(value), other)(value)
        for new in changes:
            assert read(page_of(replace(PLAN, **{each.name: new}), CAMPAIGN)) != read(page_of(PLAN, CAMPAIGN)), (
                each.name
            )


def test_every_refusal_of_the_engine_is_a_condition_that_the_page_states() -> None:
    assert set(REFUSED_FOR) == set(DrawCode) - {DrawCode.DRAWN}
    assert PAGE.conditions == set(REFUSED_FOR.values())
    for language in Language:
        text = WORDS.rule_text(PAGE, language)
        assert all(CONDITIONS[each].say(language) in text for each in PAGE.conditions)


def test_every_refusal_of_a_rule_of_earning_is_a_condition_that_its_page_states() -> None:
    for refused in EARNING_REFUSED_FOR.values():
        assert set(refused) == set(GrantCode) - {GrantCode.GRANTED}
    stated = set(PAGE.conditions)
    for event, limit in product(set(DEEDS), EarnLimit):
        rule = EarnRule(1, 7, event, 5, limit, "签到", "Check in", "card" if event is EarnEvent.PRODUCT else None)
        for group in (None, 3):
            page = earning_page(rule, replace(CAMPAIGN, group_id=group), 900, PointsWords().deed(rule), IMPRINT, OPENS)
            assert page.conditions >= set(EARNING_REFUSED_FOR[limit].values())
            stated |= page.conditions
            for language in Language:
                text = WORDS.rule_text(page, language)
                assert all(CONDITIONS[each].say(language) in text for each in page.conditions)
                assert DEEDS[event].say(language, product=rule.product) in text
    assert stated == set(Condition)


@given(early=st.timedeltas(timedelta(0), timedelta(days=60)), notice=st.timedeltas(timedelta(0), timedelta(days=60)))
def test_an_earlier_end_needs_its_word_on_the_page_and_its_notice(early: timedelta, notice: timedelta) -> None:
    page = replace(PAGE, closes_at=OPENS + timedelta(days=90), conditions=PAGE.conditions | {Condition.MAY_END_EARLY})
    end = page.closes_at - early
    assert may_end(page, end, end - notice) == (early > timedelta(0) and notice >= END_NOTICE)
    assert not may_end(replace(page, conditions=PAGE.conditions), end, end - notice)
    assert early == timedelta(0) or not in_favour(page, replace(page, closes_at=end))


def test_a_page_comes_back_from_its_canonical_form_and_its_hash_covers_everything() -> None:
    assert read_page(canonical(PAGE)) == PAGE
    zone = replace(PAGE, opens_at=PAGE.opens_at.astimezone(ZoneInfo("Asia/Shanghai")))
    assert canonical(zone) == canonical(PAGE)
    digest = digest_of(canonical(PAGE), "中", "en")
    assert len({digest, digest_of(canonical(PAGE), "中", "eN"), digest_of(canonical(PAGE), "国", "en")}) == 3
    assert all(canonical(changed) != canonical(PAGE) for changed in varied(PAGE))


@pytest.mark.parametrize(
    "changed",
    [
        {"closes_at": PAGE.closes_at + timedelta(days=1)},
        {"opens_at": PAGE.opens_at - timedelta(days=1)},
        {"valid_days": 31},
        {"budget": None},
        {"budget": 901},
        {"conditions": PAGE.conditions - {Condition.BOUND}},
        {"rewards": (replace(PAGE.rewards[0], stock=3), PAGE.rewards[1])},
        {"rewards": (replace(PAGE.rewards[0], points=889), PAGE.rewards[1])},
        {"rewards": (replace(PAGE.rewards[0], odds=2_000), replace(PAGE.rewards[1], odds=998_000))},
        {"rewards": (replace(PAGE.rewards[0], odds=None, stock=None), PAGE.rewards[1])},
    ],
)
def test_more_longer_higher_and_easier_passes(changed: dict[str, Any]) -> None:
    page = replace(PAGE, budget=900)
    better = replace(page, **changed)
    assert in_favour(page, better)
    assert not in_favour(better, page)


REWARDS = st.builds(
    Reward,
    st.sampled_from(["一等奖", "谢谢"]),
    st.just("First"),
    st.integers(0, 3),
    st.none() | st.sampled_from([1, 500_000, 1_000_000]),
    st.none() | st.integers(0, 3),
)
MOMENTS = st.integers(0, 3).map(lambda days: OPENS + timedelta(days=days))
PAGES = st.builds(
    RulePage,
    activity=st.sampled_from(Activity),
    title_zh=st.just("抽奖"),
    title_en=st.just("Draw"),
    rewards=st.lists(REWARDS, min_size=1, max_size=2).map(tuple),
    conditions=st.frozensets(st.sampled_from(Condition)),
    conditions_zh=st.sampled_from(["无", "新客户"]),
    conditions_en=st.just("none"),
    organiser_zh=st.just("A银行"),
    organiser_en=st.just("Bank A"),
    complaints_zh=st.just("95500"),
    complaints_en=st.just("95500"),
    opens_at=MOMENTS,
    closes_at=MOMENTS,
    valid_days=st.integers(1, 3),
    price=st.integers(1, 2),
    promise=st.none(),
    budget=st.none() | st.integers(1, 2),
)


@given(
    old=PAGES,
    changes=st.fixed_dictionaries({}, optional={"rewards": st.lists(REWARDS, max_size=2).map(tuple)}),
    new=PAGES,
)
def test_nothing_that_lowers_shortens_or_adds_a_condition_passes(
    old: RulePage, changes: dict[str, Any], new: RulePage
) -> None:
    for later in (new, replace(old, **changes), replace(old, conditions=new.conditions, closes_at=new.closes_at)):
        if not in_favour(old, later):
            continue
        assert later.closes_at >= old.closes_at
        assert later.opens_at <= old.opens_at
        assert later.conditions <= old.conditions
        assert later.budget is None or (old.budget is not None and later.budget >= old.budget)
        assert (later.conditions_zh, later.organiser_zh) == (old.conditions_zh, old.organiser_zh)
        for before, after in zip(old.rewards, later.rewards, strict=True):
            chances = [1_000_000 if each.odds is None else each.odds for each in (before, after)]
            assert chances[1] * after.points * later.price >= chances[0] * before.points * old.price
            assert after.stock is None or (before.stock is not None and after.stock >= before.stock)


@given(PAGES)
def test_a_page_favours_itself(page: RulePage) -> None:
    assert in_favour(page, page)


@given(odds=st.integers(0, 1_000_000))
def test_per_cent_is_exact(odds: int) -> None:
    assert round(float(percent(odds).removesuffix("%")) * 10_000) == odds
