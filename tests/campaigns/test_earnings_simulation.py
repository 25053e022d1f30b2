"""Simulating rules of earning: one seed is one forecast, nothing beyond crowd or budget, and shares come out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.earnings.model import EarnEvent, EarnLimit, EarnRule
from campaigns.earnings.simulation import Crowd, SimulationError, most_of, simulate

TODAY = date(2026, 12, 1)
JOIN = EarnRule(1, 1, EarnEvent.JOIN, 10, EarnLimit.ONCE, "进群有礼", "Join gift")
CHECK_IN = EarnRule(2, 1, EarnEvent.CHECK_IN, 5, EarnLimit.DAILY, "每日签到", "Daily check-in")
CARD = EarnRule(3, 1, EarnEvent.PRODUCT, 20, EarnLimit.EACH, "开卡有礼", "Card gift", "开卡")
RULES = st.lists(st.sampled_from([JOIN, CHECK_IN, CARD]), min_size=1, max_size=3, unique=True)


def crowd(members: int, share: float = 1, each: int = 1) -> Crowd:
    return Crowd(members, dict.fromkeys(EarnEvent, share), each)


@given(
    rules=RULES, members=st.integers(1, 300), share=st.floats(0, 1), days=st.integers(0, 9), budget=st.integers(0, 999)
)
def test_a_forecast_stays_within_crowd_and_budget_and_its_seed(
    rules: list[EarnRule], members: int, share: float, days: int, budget: int
) -> None:
    dated = [(rule, days) for rule in rules]
    found = simulate(dated, crowd(members, share, 2), budget, 100, TODAY, 5, 7)
    assert found == simulate(dated, crowd(members, share, 2), budget, 100, TODAY, 5, 7)
    assert 0 <= found.points.low <= found.points.middle <= found.points.high <= found.most_points <= budget
    assert found.most_points == min(budget, sum(most_of(rule, days, crowd(members, share, 2)) for rule in rules))
    assert all(each.points.low >= 0 and each.points.high <= each.most_points for each in found.rules)
    assert (found.gone_by is None) == (found.used_up == 0)
    assert found.gone_by is None or TODAY <= found.gone_by < TODAY + timedelta(days=days)


@pytest.mark.parametrize(("members", "runs"), [(40, 2_000), (4_000, 500)])
def test_shares_come_out_as_they_are_for_few_and_for_many(members: int, runs: int) -> None:
    found = simulate([(JOIN, 7), (CHECK_IN, 3)], crowd(members, 0.25), 10**9, 100, TODAY, runs, 1)
    join, check_in = (each.points.mean for each in found.rules)
    assert join == pytest.approx(members * 0.25 * 10, rel=0.02)
    assert check_in == pytest.approx(members * 0.25 * 3 * 5, rel=0.02)


def test_everybody_doing_everything_costs_the_most_and_empties_the_budget_on_its_day() -> None:
    found = simulate([(CHECK_IN, 10)], crowd(20), 350, 100, TODAY, 3, 1)
    assert (found.points.low, found.most_points, found.wished_points, found.most_fen) == (350, 350, 1_000, 350)
    assert (found.used_up, found.gone_by) == (1, TODAY + timedelta(days=3))


def test_a_false_identity_gains_by_rules_that_know_nobody_alone() -> None:
    found = simulate([(JOIN, 10), (CHECK_IN, 10), (CARD, 10)], crowd(20), 10_000, 200, TODAY, 1, 1)
    assert (found.identity_points, found.identity_fen) == (10 + 10 * 5, 120)


def test_the_gate_is_asked_of_every_rule() -> None:
    deposits = EarnRule(4, 1, EarnEvent.DEPOSIT, 5, EarnLimit.EACH, "存款有礼", "Deposit and earn")
    found = simulate([(JOIN, 1), (deposits, 1)], crowd(2), 100, 100, TODAY, 1, 1)
    assert [bool(each.objections) for each in found.rules] == [False, True]


@pytest.mark.parametrize(
    ("rules", "who", "runs", "said"),
    [
        ([], crowd(1), 1, "no rule"),
        ([(JOIN, 1)], crowd(0), 1, "one member"),
        ([(JOIN, 1)], crowd(1), 0, "one run"),
        ([(JOIN, 1)], crowd(1, 1.1), 1, "0 and 100"),
        ([(CHECK_IN, 366)], crowd(1), 10_000, "Too many"),
        ([(JOIN, 9_999)], crowd(1), 1, "Too many"),
    ],
)
def test_what_cannot_be_played_is_refused(rules: list[tuple[EarnRule, int]], who: Crowd, runs: int, said: str) -> None:
    with pytest.raises(SimulationError, match=said):
        simulate(rules, who, 100, 100, TODAY, runs, 1)
