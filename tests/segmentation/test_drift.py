"""Drift: the index is sound whatever the values, moves with the population alone, and alarms at its lines."""

import json
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.drift import (
    Frozen,
    chance_level,
    count_bins,
    freeze,
    freeze_bins,
    level_of,
    measure_drift,
    stability_index,
)
from segmentation.findings import IndicatorDrift

NEVER = float("inf")
UNKNOWN = float("nan")
values = st.lists(
    st.one_of(st.just(UNKNOWN), st.just(NEVER), st.just(0.0), st.integers(-(10**12), 10**12).map(float)),
    min_size=1,
    max_size=60,
)


def drift(before: pd.DataFrame, after: pd.DataFrame) -> tuple[IndicatorDrift, ...]:
    """Against a day that was kept and read again."""
    kept = json.dumps({name: frozen.as_json() for name, frozen in freeze(before).items()}, allow_nan=False)
    return measure_drift({name: Frozen.from_json(frozen) for name, frozen in json.loads(kept).items()}, after)


def one(name: str, given: Sequence[float] | np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({name: np.asarray(given, dtype=float)})


@given(values, values)
@settings(max_examples=60, deadline=None)
def test_the_index_is_finite_and_never_below_nothing(before: list[float], after: list[float]) -> None:
    for found in drift(one("x", before), one("x", after)):
        assert 0 <= found.psi < 100
        assert found.chance >= 0
        assert found.level in ("calm", "look", "alarm")
        assert 0 <= found.unknown_before <= 1


@given(values, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_same_customers_in_another_order_have_not_moved(before: list[float], order: object) -> None:
    after = sorted(before, key=lambda _: order.random())  # type: ignore[attr-defined]
    assert all(found.psi == 0 and found.level == "calm" for found in drift(one("x", before), one("x", after)))


@given(values, values)
@settings(max_examples=40, deadline=None)
def test_another_unit_of_the_indicator_changes_nothing(before: list[float], after: list[float]) -> None:
    in_fen = [np.asarray(day) * 128 for day in (before, after)]
    [*first], [*second] = (
        drift(one("x", before), one("x", after)),
        drift(*(one("x", d) for d in in_fen)),
    )
    assert [found.psi for found in first] == [found.psi for found in second]


@given(values, values)
@settings(max_examples=40, deadline=None)
def test_every_customer_stands_in_one_bin(before: list[float], after: list[float]) -> None:
    ends = freeze_bins(np.asarray(before))
    counts = count_bins(np.asarray(after), ends)
    assert counts.sum() == len(after)
    assert counts[-1] == np.isnan(after).sum()
    assert (np.diff(ends) > 0).all()


def test_a_crowd_that_leaves_one_value_is_seen() -> None:
    """All but a few hold one card; later half of them hold none, which deciles alone would not tell."""
    before = one("cards", [0] * 5 + [1] * 995)
    after = one("cards", [0] * 500 + [1] * 500)
    [found] = drift(before, after)
    assert found.level == "alarm"


def test_a_department_that_falls_silent_is_an_alarm_with_its_share() -> None:
    before = one("logins", np.arange(500))
    after = one("logins", [UNKNOWN] * 400 + list(range(100)))
    [found] = drift(before, after)
    assert (found.level, found.unknown_before, found.unknown_after) == ("alarm", 0.0, 0.8)


def test_the_most_moved_comes_first_and_what_nobody_knows_is_left_out() -> None:
    draw = np.random.default_rng(1)
    before = pd.DataFrame({"a": draw.normal(size=2000), "b": draw.normal(size=2000), "c": UNKNOWN})
    after = pd.DataFrame({"a": draw.normal(size=2000), "b": draw.normal(loc=2, size=2000), "c": UNKNOWN, "d": 1.0})
    found = drift(before, after)
    assert [(each.indicator, each.level) for each in found] == [("b", "alarm"), ("a", "calm")]
    assert found[0].median_after == pytest.approx(2, abs=0.15)


def test_two_draws_of_a_small_bank_are_no_alarm() -> None:
    """Of 30 customers each, the plain lines would cry wolf in most draws."""
    draw = np.random.default_rng(2)
    pairs = [drift(one("x", draw.normal(size=30)), one("x", draw.normal(size=30)))[0] for _ in range(100)]
    assert sum(found.psi >= 0.25 for found in pairs) > 50
    assert sum(found.level == "alarm" for found in pairs) <= 15


def test_the_chance_level_is_that_of_chi_squared() -> None:
    """Ten bins of a hundred each: χ² with nine degrees has its 95 % quantile at 16.92."""
    level = chance_level(np.full(10, 100), np.full(10, 100))
    assert level == pytest.approx(16.92 * 2 / 1000, rel=0.002)
    assert chance_level(np.array([5, 0]), np.array([7, 0])) == 0


@pytest.mark.parametrize(
    ("psi", "chance", "level"),
    [(0.09, 0, "calm"), (0.1, 0, "look"), (0.25, 0.01, "alarm"), (0.3, 0.4, "calm"), (0.2, 0.1, "look")],
)
def test_the_lines(psi: float, chance: float, level: str) -> None:
    assert level_of(psi, chance) == level


def test_the_index_by_hand() -> None:
    """Half and half against three quarters and a quarter: 0.25 · ln 1.5 + (−0.25) · ln 0.5 = 0.2747."""
    assert stability_index(np.array([500_000, 500_000]), np.array([750_000, 250_000])) == pytest.approx(
        0.2747, abs=1e-4
    )


def test_a_day_without_customers_has_no_drift() -> None:
    assert drift(one("x", []), one("x", [1.0])) == ()


def test_never_has_no_median() -> None:
    [found] = drift(one("idle_days", [1.0, NEVER, NEVER]), one("idle_days", [1.0, 2.0, NEVER]))
    assert (found.median_before, found.median_after) == (None, 2.0)
