"""The challenger: it finds what is there, does not find what is not, and never names a class."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from segmentation.classes import assign
from segmentation.dimensions import LETTERS
from segmentation.findings import GroupCount, Grouping
from segmentation.grouping import LEAST, SAMPLE, answer, find_groups
from segmentation.policy import SegmentationPolicy
from segmentation.scaler import fit_scaler
from segmentation.stability import adjusted_rand
from tests.segmentation.people import PLAIN

SPOTS = ((5e4, 1, 0), (8e7, 1, 0), (5e4, 60, 40), (8e7, 60, 40), (2e6, 400, 0))


def crowd(spots: tuple[tuple[float, float, float], ...], each: int) -> pd.DataFrame:
    """Customers around these spots of assets in fen, transfers and logins."""
    draw = np.random.default_rng(1)
    rows = np.repeat(np.array(spots), each, axis=0)
    spread = draw.lognormal(0, 0.15, rows.shape)
    found = dict(zip(("assets", "transfers", "logins"), (rows * spread).T, strict=True))
    return pd.DataFrame({**PLAIN, **found}, index=range(len(rows)), dtype=float)


def grouped(features: pd.DataFrame) -> Grouping:
    policy = SegmentationPolicy(scaler=fit_scaler(features, "2019-09-30", 0.2))
    found = assign(features, policy)
    groups = find_groups(features, found.letters, found.space, policy)
    assert groups is not None
    return groups


def test_four_groups_are_found_and_no_fifth() -> None:
    found = grouped(crowd(SPOTS[:4], 150))
    assert (found.chosen, found.answer) == (4, "no")
    assert found.tried[2].repeats > 0.95
    assert [count.groups for count in found.tried] == list(range(2, 9))
    assert sum(cluster.customers for cluster in found.clusters) == found.sample == 600


def test_a_fifth_group_is_seen_where_there_is_one() -> None:
    found = grouped(crowd(SPOTS, 150))
    assert (found.chosen, found.answer) == (5, "yes")


def test_clusters_say_which_letter_they_mostly_are_and_have_only_places() -> None:
    found = grouped(crowd(SPOTS, 120))
    for place, cluster in enumerate(found.clusters, 1):
        assert cluster.place == place
        assert sum(cluster.letters.values()) == cluster.customers
        assert cluster.mostly in LETTERS
        assert cluster.letters[cluster.mostly] == max(cluster.letters.values())


def test_the_same_customers_give_the_same_groups_and_a_large_bank_is_sampled() -> None:
    features = crowd(SPOTS[:4], SAMPLE // 4 + 100)
    first, second = grouped(features), grouped(features)
    assert first == second
    assert first.sample == SAMPLE


def test_too_few_customers_make_no_groups_and_customers_all_alike_only_one() -> None:
    alike = crowd(((5e4, 1, 0),), LEAST).assign(assets=5e4, transfers=1.0, logins=0.0)
    spread = crowd(SPOTS, LEAST)
    policy = SegmentationPolicy(scaler=fit_scaler(spread, "2019-09-30", 0.2))
    found = assign(alike, policy)
    assert find_groups(alike.iloc[1:], found.letters[1:], found.space, policy) is None
    assert find_groups(alike, found.letters, found.space, replace(policy, scaler=None)) is None
    groups = find_groups(alike, found.letters, found.space, policy)
    assert groups is not None
    assert (len(groups.clusters), groups.answer) == (1, "no")


@pytest.mark.parametrize(
    ("silhouettes", "repeats", "said"),
    [
        ((0.4, 0.40), 0.9, "no"),
        ((0.4, 0.41), 0.9, "no"),
        ((0.4, 0.45), 0.9, "yes"),
        ((0.4, 0.45), 0.5, "weak"),
    ],
)
def test_a_fifth_group_must_stand_clearly_apart_and_repeat(
    silhouettes: tuple[float, float], repeats: float, said: str
) -> None:
    four, five = silhouettes
    assert answer((GroupCount(4, 0, four, 0.9, 0.5), GroupCount(5, 0, five, repeats, 0.5))) == said


def test_groupings_of_different_numbers_are_compared_too() -> None:
    four = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    assert adjusted_rand(four, np.array([6, 6, 5, 5, 1, 1, 0, 0])) == 1
    assert 0 < adjusted_rand(four, np.array([0, 0, 0, 0, 1, 1, 1, 1])) < 1
