"""Forecasts of what runs out, and the board's other pure rules."""

import math
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.boards.forecasts import LONGEST, beta_share, runs_out, spread

NOW = datetime(2026, 12, 5, 7, tzinfo=UTC)
BEGAN = NOW - timedelta(hours=2)
moments = st.lists(st.floats(0, 1800).map(lambda ago: NOW - timedelta(seconds=ago)), min_size=1, max_size=60)


def minutes_ago(*minutes: float) -> list[datetime]:
    return [NOW - timedelta(minutes=each) for each in minutes]


@given(st.floats(0.001, 0.999), st.integers(1, 60), st.integers(1, 60))
def test_the_beta_function_of_whole_numbers_is_a_binomial_tail(x: float, a: int, b: int) -> None:
    n = a + b - 1
    tail = math.fsum(math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))
    assert beta_share(x, a, b) == pytest.approx(tail, abs=1e-9)


@given(st.integers(1, 400), moments)
def test_a_forecast_has_its_middle_between_early_and_late_and_never_lies_in_the_past(
    left: int, taken: list[datetime]
) -> None:
    found = runs_out(left, taken, BEGAN, NOW)
    if found is not None:
        assert NOW <= found.early <= found.middle <= found.late <= NOW + LONGEST


@given(st.integers(1, 300), moments)
def test_more_left_lasts_longer_and_a_busier_half_hour_empties_sooner(left: int, taken: list[datetime]) -> None:
    few, many = runs_out(left, taken, BEGAN, NOW), runs_out(left + 5, taken, BEGAN, NOW)
    assert many is None or (few is not None and few.middle <= many.middle)


def test_what_nobody_takes_has_no_forecast() -> None:
    assert runs_out(10, [], BEGAN, NOW) is None
    assert runs_out(10, minutes_ago(31, 90, -4), BEGAN, NOW) is None


def test_what_is_gone_is_gone_now() -> None:
    found = runs_out(0, [], BEGAN, NOW)
    assert found is not None
    assert found.middle == NOW


def test_one_taken_a_minute_with_sixty_left_lasts_about_an_hour() -> None:
    found = runs_out(60, minutes_ago(*range(30)), BEGAN, NOW)
    assert found is not None
    assert timedelta(minutes=54) < found.middle - NOW < timedelta(minutes=66)
    assert timedelta(minutes=25) < found.late - found.early < timedelta(minutes=50)


def test_few_observations_make_a_wide_range() -> None:
    seldom, often = runs_out(3, minutes_ago(5, 20), BEGAN, NOW), runs_out(60, minutes_ago(*range(30)), BEGAN, NOW)
    assert seldom is not None
    assert often is not None
    assert (seldom.late - NOW) / (seldom.early - NOW) > 4 > 2 > (often.late - NOW) / (often.early - NOW)


def test_a_slow_trickle_is_no_forecast_at_all() -> None:
    assert runs_out(500, minutes_ago(3), BEGAN, NOW) is None


def test_who_just_opened_counts_only_the_minutes_since() -> None:
    found = runs_out(40, minutes_ago(*(each / 2 for each in range(20))), NOW - timedelta(minutes=10), NOW)
    assert found is not None
    assert timedelta(minutes=17) < found.middle - NOW < timedelta(minutes=24)


def test_families_who_come_in_bursts_widen_the_range() -> None:
    evenly = minutes_ago(*range(30))
    bursts = minutes_ago(*([2.0] * 15 + [22.0] * 15))
    assert spread(evenly, NOW - timedelta(minutes=30), NOW) == 1
    assert spread(bursts, NOW - timedelta(minutes=30), NOW) > 5
    calm, wild = runs_out(30, evenly, BEGAN, NOW), runs_out(30, bursts, BEGAN, NOW)
    assert calm is not None
    assert wild is not None
    assert wild.late - wild.early > 2 * (calm.late - calm.early)


@pytest.mark.parametrize("family", [1, 4])
def test_the_range_holds_the_truth_about_as_often_as_it_says(family: int) -> None:
    chance, hits, tries = random.Random(11), 0, 400

    def comings(seconds: float = 1e9, most: int = 10**6) -> list[float]:
        """Moments at a family's steady rate, every member of it at the same."""
        at, found = 0.0, list[float]()
        while len(found) < most and (at := at + chance.expovariate(1 / 90) * family) < seconds:
            found += [at] * family
        return found

    for _ in range(tries):
        taken = [NOW - timedelta(seconds=ago) for ago in comings(seconds=1800)]
        truth = NOW + timedelta(seconds=comings(most=40)[39])
        found = runs_out(40, taken, BEGAN, NOW)
        hits += found is not None and found.early <= truth <= found.late
    assert 0.7 < hits / tries < 0.9
