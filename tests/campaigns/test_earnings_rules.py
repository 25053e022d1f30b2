"""Rules of earning: what may be written, what the gate objects to, and occasions that count without counting."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.earnings.model import (
    Earner,
    EarnEvent,
    EarnLimit,
    EarnRule,
    EventLine,
    LineCode,
    LineOutcome,
    ObjectionCode,
)
from campaigns.earnings.reading import day_of, read_events
from campaigns.earnings.rules import LIMITS, REASONS, RuleError, check_rule, grant_of, objections, occasion_of
from campaigns.points.model import GRANTS
from campaigns.points.rules import keys_of

TODAY = date(2026, 11, 22)
RULE = EarnRule(7, 1, EarnEvent.CHECK_IN, 5, EarnLimit.DAILY, "每日签到", "Daily check-in")
DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))
WORDS = st.text(max_size=20)


@given(DAYS, DAYS, WORDS, WORDS, st.sampled_from(EarnLimit))
def test_an_occasion_is_the_same_exactly_where_the_limit_says_so(
    one: date, other: date, here: str, there: str, limit: EarnLimit
) -> None:
    rule = replace(RULE, limit=limit)
    same = {EarnLimit.ONCE: True, EarnLimit.DAILY: one == other, EarnLimit.EACH: here == there}[limit]
    assert (occasion_of(rule, one, here) == occasion_of(rule, other, there)) is same


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from(EarnLimit), DAYS, WORDS)
def test_rules_never_share_an_occasion(one: int, other: int, limit: EarnLimit, day: date, subject: str) -> None:
    first, second = replace(RULE, id=one, limit=limit), replace(RULE, id=other, limit=limit)
    assert (occasion_of(first, day, subject) == occasion_of(second, day, subject)) is (one == other)


@given(st.sampled_from(sorted(REASONS)), st.integers(1, 9), st.integers(1, 9))
def test_what_a_rule_pays_is_a_grant_of_the_member_and_of_the_customer(event: EarnEvent, one: int, other: int) -> None:
    rule = replace(RULE, event=event, limit=EarnLimit.ONCE)
    customer = UUID(int=1)
    grants = [grant_of(rule, Earner(member, customer), TODAY, "") for member in (one, other)]
    assert all(grant.reason in GRANTS and grant.points == rule.points for grant in grants)
    (mine, person), (theirs, same_person) = (keys_of(1, grant) for grant in grants)
    assert (mine == theirs) is (one == other)
    assert person == same_person


def test_every_event_but_the_deposit_has_a_reason() -> None:
    assert set(EarnEvent) - set(REASONS) == {EarnEvent.DEPOSIT}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"points": 0}, "between 1 and 100,000"),
        ({"points": 100_001}, "between 1 and 100,000"),
        ({"limit": EarnLimit.EACH}, "pays daily or once, not each"),
        ({"title_en": " "}, "both languages"),
        ({"product": "card"}, "names the event"),
        ({"event": EarnEvent.PRODUCT}, "names the event"),
        ({"event": EarnEvent.JOIN}, "pays once, not daily"),
    ],
)
def test_a_rule_that_cannot_be_says_why(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(RuleError, match=sentence):
        check_rule(replace(RULE, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize("event", EarnEvent)
def test_every_event_can_be_written_down(event: EarnEvent) -> None:
    limit = min(LIMITS.get(event, {EarnLimit.ONCE}))
    check_rule(replace(RULE, event=event, limit=limit, product="card" if event is EarnEvent.PRODUCT else None))


@pytest.mark.parametrize(
    ("title", "product"),
    [
        ("存款满一万送波豆", None),
        ("新增定期有礼", None),
        ("大额存单专享", None),
        ("开通手机银行", "new_deposit"),
        ("Earn for savings", None),
    ],
)
def test_deposits_are_found_under_any_name(title: str, product: str | None) -> None:
    found = objections(replace(RULE, title_zh=title, product=product))
    assert found[0].code is ObjectionCode.PAYS_FOR_DEPOSITS
    assert found[0].law == "Notice 48 (2018)"


@pytest.mark.parametrize("title", ["每日签到", "完成风险测评。理财非存款、产品有风险、投资须谨慎", "刷卡消费达标"])
def test_what_is_no_deposit_passes(title: str) -> None:
    assert objections(replace(RULE, title_zh=title)) == ()


def test_words_of_a_rule_pass_the_same_lists_as_offers_do() -> None:
    codes = [found.code for found in objections(replace(RULE, title_zh="全国第一的理财，稳赚"))]
    assert codes == [ObjectionCode.FORBIDDEN_WORD, ObjectionCode.FORBIDDEN_WORD, ObjectionCode.NO_RISK_NOTICE]


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    for found in read_events(text, TODAY):
        assert isinstance(found, EventLine) or found.code in {LineCode.UNREADABLE, LineCode.FUTURE}


@given(st.integers(0, 400), st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]))
def test_a_day_is_read_in_every_form_and_the_future_is_refused(ahead: int, form: str) -> None:
    day = TODAY + timedelta(days=ahead - 200)
    assert day_of(day.strftime(form)) == day
    found = list(read_events(f"10001\tcard\t{day.strftime(form)}", TODAY))
    wanted = LineOutcome(1, LineCode.FUTURE) if day > TODAY else EventLine(1, "10001", "card", day)
    assert found == [wanted]
