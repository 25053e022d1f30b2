"""Simulating a draw: one seed is one forecast, figures stay within the pool, and odds come out as they are."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.draws.model import DrawKind, DrawPlan, Prize, Terms
from campaigns.draws.rules import MILLION, budget_of
from campaigns.draws.simulation import SimulationError, simulate

OPENS = datetime(2026, 12, 1, tzinfo=UTC)
TERMS = Terms("无", "none", "A银行", "Bank A", "95500", "95500")
LAST = Prize("谢谢", "Thanks", 0, 0)


def plan_of(*prizes: Prize) -> DrawPlan:
    rest = replace(LAST, odds=MILLION - sum(prize.odds for prize in prizes))
    return DrawPlan(DrawKind.JOIN, "抽", "Draw", (*prizes, rest), TERMS, OPENS, OPENS + timedelta(hours=10))


PRIZES = st.lists(
    st.builds(Prize, st.just("奖"), st.just("Prize"), st.integers(1, 500), st.integers(0, 400_000), st.integers(1, 30)),
    min_size=1,
    max_size=2,
)


@given(prizes=PRIZES, takers=st.integers(1, 60), runs=st.integers(1, 20), seed=st.integers(0, 99))
def test_a_forecast_stays_within_the_pool_and_its_seed(prizes: list[Prize], takers: int, runs: int, seed: int) -> None:
    plan = plan_of(*prizes)
    found = simulate(plan, 100, takers, runs, seed)
    assert found == simulate(plan, 100, takers, runs, seed)
    assert (
        0 <= found.points.low <= found.points.middle <= found.points.high <= found.most_points == budget_of(plan.prizes)
    )
    assert sum(each.given.mean for each in found.prizes) == pytest.approx(takers)
    for each in found.prizes:
        assert each.prize.stock is None or each.given.high <= each.prize.stock
        assert (each.gone_by is None) == (each.used_up == 0) == (each.gone_first is None)
        assert each.gone_first is None or each.gone_by is None or OPENS < each.gone_first <= each.gone_by


def test_the_mean_is_what_the_odds_say_where_nothing_is_used_up() -> None:
    found = simulate(plan_of(Prize("奖", "Prize", 10, 250_000, 1_000)), 200, takers=400, runs=500, seed=3)
    assert found.points.mean == pytest.approx(1_000, rel=0.02)
    assert found.fen.mean == pytest.approx(2_000, rel=0.02)
    assert found.ticket_fen == pytest.approx(5, rel=0.02)
    assert found.prizes[0].used_up == 0


def test_a_prize_that_is_too_likely_is_gone_early() -> None:
    found = simulate(plan_of(Prize("奖", "Prize", 10, 500_000, 50)), 100, takers=1_000, runs=200, seed=3)
    [prize, rest] = found.prizes
    assert (found.points.low, found.points.high, prize.used_up, rest.given.middle) == (500, 500, 1, 950)
    assert prize.gone_by is not None
    assert prize.gone_by - OPENS == pytest.approx(timedelta(hours=1), abs=timedelta(minutes=6))


def test_what_cannot_be_simulated_says_why() -> None:
    plan = plan_of(Prize("奖", "Prize", 10, 500_000, 50))
    with pytest.raises(SimulationError, match="too many"):
        simulate(plan, 100, 1_000_000, 1_000, 1)
    with pytest.raises(SimulationError, match="at least one"):
        simulate(plan, 100, 0, 10, 1)
