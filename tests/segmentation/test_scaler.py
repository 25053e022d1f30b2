"""The scaler is robust and frozen, and the letters stand firm when it is estimated again from other draws."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from segmentation.classes import assign
from segmentation.policy import PolicyError, SegmentationPolicy
from segmentation.scaler import fit_scaler
from segmentation.stability import adjusted_rand, bootstrap_scaler, measure_firmness, move_prototypes, shake_prototypes
from tests.segmentation.people import frame

POLICY = SegmentationPolicy()


def crowd(count: int = 3_000) -> pd.DataFrame:
    """A bank's customers: assets over many powers of ten, half of them never log in."""
    draw = np.random.default_rng(7)
    features = pd.concat([frame([{}])] * count, ignore_index=True)
    assets = np.exp(draw.normal(15.6, 2.4, count)).round()
    logins = np.where(draw.random(count) < 0.5, 0, draw.geometric(0.1, count))
    return features.assign(assets=assets, logins=logins, transfers=draw.geometric(0.07, count) - 1)


def test_one_enormous_balance_moves_nothing() -> None:
    features = crowd()
    richer = features.copy()
    richer.loc[features["assets"].idxmax(), "assets"] = 1e15
    assert fit_scaler(features, "2019-09-30", 0.2) == fit_scaler(richer, "2019-09-30", 0.2)


def test_what_nobody_has_or_all_have_alike_is_not_measured() -> None:
    found = fit_scaler(crowd().assign(cards=1.0), "2019-09-30", 0.2)
    assert set(found.centre) == set(found.spread) == {"assets", "activity", "digital"}


def test_customers_who_are_all_alike_have_no_classes() -> None:
    features = frame([{}] * 5)
    with pytest.raises(PolicyError, match="do not differ"):
        assign(features, replace(POLICY, scaler=fit_scaler(features, "2019-09-30", 0.2)))


def test_a_policy_without_a_scaler_measures_nothing() -> None:
    with pytest.raises(PolicyError, match="fit one first"):
        assign(frame([{}]), POLICY)


def test_letters_stand_firm_under_other_scalers_and_moved_prototypes() -> None:
    features = crowd()
    policy = replace(POLICY, scaler=fit_scaler(features, "2019-09-30", 0.2))
    drawn = bootstrap_scaler(features, policy, rounds=10, seed=1)
    held = bootstrap_scaler(features, policy, rounds=10, seed=1, held=True)
    assert all(firm >= bare for firm, bare in zip(held.kept, drawn.kept, strict=True))
    assert min(held.kept) >= 0.95
    assert min(drawn.kept) >= 0.95
    assert min(drawn.rand) >= 0.9
    assert min(move_prototypes(features, policy, 0.2).values()) >= 0.95
    assert np.mean(shake_prototypes(features, policy, 0.2, rounds=10, seed=1).kept) >= 0.93


def test_a_bank_that_moved_since_its_scaler_is_told_from_letters_drawn_by_lot() -> None:
    features = crowd()
    policy = replace(POLICY, scaler=fit_scaler(features, "2019-09-30", 0.2))
    still = measure_firmness(features, policy, rounds=5, seed=1)
    moved = measure_firmness(features.assign(assets=features["assets"] * 9), policy, rounds=5, seed=1)
    assert (still.kept_by_refit, still.scaler_of) == (1, "2019-09-30")
    assert moved.kept_worst >= 0.95
    assert moved.kept_by_refit < 0.9


def test_the_adjusted_rand_index_knows_the_same_grouping_by_other_names() -> None:
    groups = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    assert adjusted_rand(groups, (groups + 1) % 4) == 1
    assert adjusted_rand(groups, np.zeros(8, dtype=np.intp)) == 0
