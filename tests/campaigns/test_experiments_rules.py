"""Assignment by hash: for ever the same, with the planned shares, told by nothing but the number and the salt."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.deliveries.model import Kind
from campaigns.experiments.model import PARTS, Arm, Assignment, Experiment, ExperimentPlanError, GlobalControl, Place
from campaigns.experiments.rules import SPACE, arm_lines, assign, in_global_control, withholds

EXPECTED = ["a", "b", "b", "b", "a", "global_control", "b", "b", "b", "b", "b", "b"]
WEIGHTS = st.lists(st.integers(1, 1_000), min_size=1, max_size=6)


@given(WEIGHTS)
@settings(max_examples=50, deadline=None)
def test_every_arm_has_exactly_its_share_of_the_space(weights: list[int]) -> None:
    edges = [0, *arm_lines(weights), SPACE]
    for weight, low, high in zip(weights, edges, edges[1:], strict=False):
        assert abs((high - low) * sum(weights) - SPACE * weight) < sum(weights)


@given(st.text(min_size=1), st.text(), WEIGHTS, st.integers(0, PARTS - 1))
@settings(max_examples=50, deadline=None)
def test_the_same_unit_and_salt_give_the_same_place(salt: str, unit: str, weights: list[int], held: int) -> None:
    def planned() -> Experiment:
        return Experiment(salt, tuple(Arm(f"arm {at}", weight) for at, weight in enumerate(weights)), held)

    found = assign(planned(), unit)
    assert found == assign(planned(), unit)
    assert (found.arm in {arm.name for arm in planned().arms}) == (found.place is Place.ARM)


def test_assignments_are_the_same_on_every_machine() -> None:
    experiment = Experiment("spring 2027", (Arm("a"), Arm("b", 2)))
    everywhere = GlobalControl("bank 2027", 500)
    found = [assign(experiment, str(unit), everywhere) for unit in range(12)]
    assert [each.arm or each.place.value for each in found] == EXPECTED


def test_shares_come_out_as_planned() -> None:
    experiment = Experiment("shares", (Arm("a"), Arm("b", 2)), hold_out=2_000)
    counted = Counter(assign(experiment, f"{unit:08}").arm for unit in range(20_000))
    for arm, share in ((None, 0.2), ("a", 0.8 / 3), ("b", 1.6 / 3)):
        assert abs(counted[arm] - 20_000 * share) < 4 * (20_000 * share * (1 - share)) ** 0.5


def test_places_in_two_experiments_tell_nothing_of_each_other() -> None:
    first, second = Experiment("one", (Arm("a"), Arm("b")), 0), Experiment("two", (Arm("a"), Arm("b")), 0)
    both = Counter((assign(first, str(unit)).arm, assign(second, str(unit)).arm) for unit in range(8_000))
    assert all(abs(count - 2_000) < 4 * (8_000 * 0.25 * 0.75) ** 0.5 for count in both.values())


def test_one_global_control_hears_of_no_campaign() -> None:
    everywhere = GlobalControl("bank 2027", 1_000)
    inside = [str(unit) for unit in range(2_000) if in_global_control(everywhere, str(unit))]
    assert 140 < len(inside) < 260
    for salt in ("spring", "autumn"):
        assert {assign(Experiment(salt), unit, everywhere).place for unit in inside} == {Place.GLOBAL_CONTROL}


def test_a_tenth_is_held_out_unless_it_is_said_otherwise() -> None:
    held = sum(assign(Experiment("default"), str(unit)).place is Place.HELD_OUT for unit in range(10_000))
    assert abs(held - 1_000) < 4 * 30
    assert all(assign(Experiment("all", hold_out=0), str(unit)).arm == "treated" for unit in range(1_000))


def test_the_held_out_miss_offers_and_nothing_else() -> None:
    for place in (Place.HELD_OUT, Place.GLOBAL_CONTROL):
        assert [withholds(Assignment(place), kind) for kind in (Kind.MARKETING, Kind.SERVICE, Kind.CARD)] == [
            True,
            False,
            False,
        ]
    assert not withholds(Assignment(Place.ARM, "a"), Kind.MARKETING)


@pytest.mark.parametrize(
    ("arms", "held", "why"),
    [
        ((), 0, "at least one arm"),
        ((Arm("a"), Arm("a")), 0, "name of its own"),
        ((Arm("a", 0),), 0, "weight of at least 1"),
        ((Arm("a"),), PARTS, "held out"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(arms: tuple[Arm, ...], held: int, why: str) -> None:
    with pytest.raises(ExperimentPlanError, match=why):
        Experiment("salt", arms, held)
    with pytest.raises(ExperimentPlanError, match="salt"):
        Experiment("")
