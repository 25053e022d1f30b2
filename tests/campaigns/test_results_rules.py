"""Targets beside what came, what the next version does, and no winner where nothing differs."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.channels.model import Channel
from campaigns.experiments.model import Arm, Experiment, Place
from campaigns.experiments.rules import assign
from campaigns.promotions.model import BENCHMARKS
from campaigns.results.model import ChannelCost, Course, Step, Why, Window
from campaigns.results.rules import aims, emptied, gains, propose, wilson
from segmentation.experiments.effects import Y, compare
from segmentation.experiments.moments import Group

SINCE = datetime(2030, 11, 1, tzinfo=UTC)
WINDOW = Window(SINCE, datetime(2030, 11, 20, tzinfo=UTC), date(2030, 10, 31), date(2030, 12, 31))


def course(**facts: object) -> Course:
    known = {
        "units": {"held_out": 100, "lecture": 900},
        "reached": 800,
        "participants": 160,
        "participants_converted": 56,
        "growth_fen": 3_100_000_000,
        "channels": (ChannelCost(Channel.PRIVATE, 800, 0),),
    }
    return Course(**(known | facts))  # type: ignore[arg-type]


def test_the_benchmarks_of_20_and_35_percent_and_15_million_stand_beside_what_came() -> None:
    took, converted, growth = aims(course(), WINDOW, BENCHMARKS)
    assert (took.target, took.value, took.is_met) == (0.20, 0.2, True)
    assert (converted.target, converted.value, converted.is_met) == (0.35, 0.35, True)
    assert (growth.target, growth.is_met) == (1_500_000_000, True)
    assert growth.value == pytest.approx(3_100_000_000 / (61 / 30.4375))
    assert took.interval is not None
    assert took.interval.low < 0.2 < took.interval.high


def test_what_nobody_knows_is_neither_met_nor_missed() -> None:
    nothing = course(reached=0, participants=0, participants_converted=0)
    early = Window(WINDOW.since, WINDOW.until, WINDOW.before, None)
    assert [each.is_met for each in aims(nothing, early, BENCHMARKS)] == [None, None, None]
    found = propose(None, nothing, early, aims(nothing, early, BENCHMARKS))
    assert [(each.step, each.why) for each in found] == [(Step.KEEP, Why.NO_DELIVERY)]
    assert gains(None, {}) == ()


def test_the_next_version_holds_out_reaches_and_spends_better() -> None:
    weak = course(
        units={"lecture": 900},
        participants=10,
        participants_converted=1,
        growth_fen=0,
        channels=(ChannelCost(Channel.PRIVATE, 760, 0), ChannelCost(Channel.TASK, 40, 600_000)),
        suppressed={"no_consent": 300, "blocked": 20},
    )
    found = propose(None, weak, WINDOW, aims(weak, WINDOW, BENCHMARKS))
    assert [(each.why, each.subject) for each in found] == [
        (Why.NO_HOLD_OUT, ""),
        (Why.FEW_TAKE_PART, ""),
        (Why.FEW_CONVERT, ""),
        (Why.UNREACHED, "no_consent"),
        (Why.DEAR_CHANNEL, "task"),
    ]


def test_a_planned_arm_without_anybody_blocks_the_result_unless_chance_explains_it() -> None:
    gone = course(units={"lecture": 900})
    wanted = {"held_out": 0.1, "lecture": 0.9}
    found = propose(None, gone, WINDOW, aims(gone, WINDOW, BENCHMARKS), wanted)
    assert [(each.step, each.why) for each in found] == [(Step.STOP, Why.BLOCKED)]
    assert emptied(wanted, {"lecture": 20}) is None
    assert emptied({"held_out": 0.0, "lecture": 1.0}, {"lecture": 900}) is None


@given(st.integers(0, 500), st.integers(0, 500))
@settings(max_examples=50)
def test_a_shares_interval_holds_it_and_stays_between_0_and_1(yes: int, no: int) -> None:
    found = wilson(yes, yes + no)
    if not yes + no:
        assert found is None
    else:
        assert found is not None
        assert 0 <= found.low <= yes / (yes + no) <= found.high <= 1


def test_where_nothing_differs_few_of_200_assignments_show_a_winner() -> None:
    """An A/A simulation: the same people and purchases, another salt each time; 5 % are expected."""
    people = [f"K{number:06d}" for number in range(400)]
    bought = np.array([number % 7 == 0 for number in range(400)], dtype=float)
    winners = 0
    for salt in range(200):
        experiment = Experiment(f"aa-{salt}", (Arm("sent"),), 3_000)
        held = np.array([assign(experiment, who).place is Place.HELD_OUT for who in people])
        found = compare("binary", Group({Y: bought[held]}), Group({Y: bought[~held]}))
        winners += found.p is not None and found.p < 0.05
    assert winners <= 19  # Of 200 at 5 %, more would come by chance in one case of a hundred.
