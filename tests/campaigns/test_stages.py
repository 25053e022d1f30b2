"""Stages of a group-buy: rising, different, within the places; a higher one adds to the lower ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.chains.stages import (
    LONGEST_BENEFIT,
    MOST_STAGES,
    Stage,
    StageFault,
    check_stages,
    next_stage,
    reached,
)

SIZES = st.sets(st.integers(2, 50), min_size=1, max_size=MOST_STAGES)
THREE = (Stage(3, "首年免年费"), Stage(5, "洗车券"), Stage(10, "家电券"))


@given(SIZES)
def test_stages_come_in_rising_order_whatever_was_written(sizes: set[int]) -> None:
    checked = check_stages([Stage(size, f"福利{size}") for size in sizes], 50)
    assert isinstance(checked, tuple)
    assert [each.size for each in checked] == sorted(sizes)


@given(SIZES, st.integers(0, 60))
def test_each_person_more_unlocks_or_comes_nearer(sizes: set[int], people: int) -> None:
    stages = check_stages([Stage(size, "福利") for size in sizes], 50)
    assert isinstance(stages, tuple)
    unlocked, ahead = reached(stages, people), next_stage(stages, people)
    assert unlocked == stages[: len(unlocked)]
    assert (ahead is None) is (unlocked == stages)
    assert ahead is None or ahead == stages[len(unlocked)]
    assert reached(stages, people + 1)[: len(unlocked)] == unlocked


@pytest.mark.parametrize(
    ("stages", "fault"),
    [
        ((), StageFault.NO_STAGE),
        (tuple(Stage(size, "福利") for size in range(2, 8)), StageFault.MANY_STAGES),
        ((Stage(1, "福利"),), StageFault.BAD_SIZE),
        ((Stage(3, "福利"), Stage(3, "洗车券")), StageFault.SAME_SIZE),
        ((Stage(21, "福利"),), StageFault.BEYOND_PLACES),
        ((Stage(3, "  "),), StageFault.NO_BENEFIT),
        ((Stage(3, "长" * (LONGEST_BENEFIT + 1)),), StageFault.LONG_BENEFIT),
    ],
)
def test_stages_that_cannot_be_are_refused(stages: tuple[Stage, ...], fault: StageFault) -> None:
    assert check_stages(stages, 20) is fault


def test_the_words_of_a_benefit_are_tidied_and_the_order_is_by_size() -> None:
    assert check_stages((THREE[2], THREE[0], Stage(5, " 洗车券 ")), 10) == THREE
