"""Liquidity: nothing binds money for longer than a customer can do without it; whose need is unknown needs it now."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.appetites import suits_one
from segmentation.liquidity import DERIVED, TOLD, Need, need_of
from segmentation.next_actions import horizons_of
from segmentation.policy import SegmentationPolicy
from segmentation.portraits import portray
from segmentation.suitability import suits
from tests.segmentation.people import one
from tests.segmentation.test_classes import POLICY

TODAY = date(2026, 1, 5)
risks, days = st.integers(1, 5), st.integers(0, 1_200)
appetites, horizons = st.none() | st.integers(1, 5), st.none() | days
tags = st.lists(
    st.tuples(
        st.sampled_from([*TOLD, *DERIVED, "salary"]),
        st.integers(0, 364).map(lambda ago: TODAY - timedelta(days=ago)),
        st.just(""),
    )
)


def number(known: int | None) -> float:
    return float("nan") if known is None else float(known)


@given(risks, appetites, days, horizons)
@settings(max_examples=50)
def test_one_rule_decides_of_one_and_of_many(risk: int, appetite: int | None, locked: int, horizon: int | None) -> None:
    many = suits(risk, np.array([number(appetite)]), locked, np.array([number(horizon)]))
    assert bool(many[0]) is suits_one(risk, appetite, locked, horizon)


@given(risks, appetites, days, days, horizons)
@settings(max_examples=50)
def test_what_binds_longer_or_is_known_less_is_never_easier(
    risk: int, appetite: int | None, a: int, b: int, horizon: int | None
) -> None:
    shorter, longer = sorted((a, b))
    if suits_one(risk, appetite, longer, horizon):
        assert suits_one(risk, appetite, shorter, horizon)
        assert horizon is None or longer <= horizon
    if suits_one(risk, appetite, shorter, None):
        assert shorter == 0
        assert suits_one(risk, appetite, shorter, longer)


@given(tags, st.integers(0, 400))
@settings(max_examples=50)
def test_what_was_told_counts_first_and_becomes_shorter_day_by_day(
    held: list[tuple[str, date, str]], later: int
) -> None:
    need, then = need_of(held, TODAY), need_of(held, TODAY + timedelta(days=later))
    told = [tag for tag in held if tag[0] in TOLD]
    derived = [DERIVED[code] for code, _, _ in held if code in DERIVED]
    if need is None or then is None:
        assert need is then is None
        assert not told
        assert not derived
        return
    assert need.is_told == bool(told)
    assert all(need.days <= TOLD[code] for code, _, _ in told)
    assert told or need.days == then.days == min(derived)
    assert then.days <= need.days


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        ({"salary_stay_days": 4.0, "outflow": 0.0}, 0),
        ({"outflow": 6e5}, 0),
        ({"outflow": 2e5, "net_outflow_share": 0.3}, 30),
        ({"outflow": 2e5}, 90),
        ({"outflow": 1e4, "festival_out_share": 0.4}, 180),
        ({"outflow": 1e4, "salary_stay_days": 28.0}, 365),
        ({}, None),
    ],
)
def test_flows_say_for_how_long_money_can_be_bound(flows: dict[str, float], expected: int | None) -> None:
    features = one(**{"outflow": float("nan"), "salary_stay_days": float("nan"), **flows})
    table = portray(features, POLICY).table
    found = horizons_of(features, table, POLICY)[0]
    assert np.isnan(found) if expected is None else found == expected


def test_a_bank_says_itself_from_when_on_a_salary_goes_at_once() -> None:
    features = one(salary_stay_days=12.0)
    strict = SegmentationPolicy.from_json(
        {**POLICY.as_json(), "tags": {"salary_goes": [{"figure": "salary_stay_days", "below": 15}]}}
    )
    table = portray(features, POLICY).table
    assert np.isnan(horizons_of(features, table, POLICY)[0])
    assert horizons_of(features, table, strict)[0] == 0


def test_the_tag_that_says_so_comes_with_its_figure() -> None:
    held = [("salary", TODAY, "1"), ("money_flows", TODAY, "0.21"), ("money_stays", TODAY, "0")]
    assert need_of(held, TODAY) == Need(90, "money_flows", "0.21")
