"""How firm the letters stand: under a scaler estimated again from other draws, and under moved prototypes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from segmentation.classes import Letters, assign
from segmentation.dimensions import DIMENSIONS, LETTERS
from segmentation.findings import Firmness
from segmentation.policy import SegmentationPolicy
from segmentation.scaler import fit_scaler


@dataclass(frozen=True)
class Stability:
    """Shares of customers, 0–1, who keep their letter, and the adjusted Rand index, per trial."""

    kept: tuple[float, ...]
    rand: tuple[float, ...]


def bootstrap_scaler(
    features: pd.DataFrame, policy: SegmentationPolicy, rounds: int, seed: int, *, held: bool = False
) -> Stability:
    """Estimate the scaler again from as many customers drawn with replacement, and letter everybody with it.

    With `held` as a run does it: who has a letter keeps it until another prototype is nearer by the policy's margin.
    """
    assert policy.scaler is not None
    draw = np.random.default_rng(seed)
    features = features[[dimension.feature for dimension in DIMENSIONS.values()]]
    before = assign(features, policy).letters
    kept, rand = [], []
    for _ in range(rounds):
        drawn = features.iloc[draw.integers(0, len(features), len(features))]
        scaler = fit_scaler(drawn, policy.scaler.fitted_on, policy.known_share)
        after = assign(features, replace(policy, scaler=scaler), before if held else None).letters
        kept.append(float((before == after).mean()))
        rand.append(adjusted_rand(before, after))
    return Stability(tuple(kept), tuple(rand))


def measure_firmness(features: pd.DataFrame, policy: SegmentationPolicy, rounds: int, seed: int) -> Firmness:
    """The luck of the draw and the age of the frozen scaler, apart: draws are held against a scaler of all customers.

    Otherwise a bank that has moved since its scaler was fitted would look as if its letters were drawn by lot.
    """
    assert policy.scaler is not None
    today = replace(policy, scaler=fit_scaler(features, policy.scaler.fitted_on, policy.known_share))
    found = bootstrap_scaler(features, today, rounds, seed)
    return Firmness(
        rounds=rounds,
        kept_mean=round(float(np.mean(found.kept)), 4),
        kept_worst=round(min(found.kept), 4),
        rand_mean=round(float(np.mean(found.rand)), 4),
        rand_worst=round(min(found.rand), 4),
        kept_by_refit=round(float((assign(features, policy).letters == assign(features, today).letters).mean()), 4),
        scaler_of=policy.scaler.fitted_on,
    )


def move_prototypes(features: pd.DataFrame, policy: SegmentationPolicy, share: float) -> Mapping[str, float]:
    """The share that keeps its letter when one coordinate of one prototype moves by ±share of itself, by coordinate."""
    space = assign(features, policy)
    found = {}
    for letter in LETTERS:
        for code in space.space.codes:
            for sign, factor in (("-", 1 - share), ("+", 1 + share)):
                moved = {each: dict(place) for each, place in policy.prototypes.items()}
                moved[letter][code] *= factor
                after = assign(features, replace(policy, prototypes=moved)).letters
                found[f"{letter}.{code}{sign}"] = float((space.letters == after).mean())
    return found


def shake_prototypes(
    features: pd.DataFrame, policy: SegmentationPolicy, share: float, rounds: int, seed: int
) -> Stability:
    """Move all coordinates at once, each by its own even draw between -share and +share of itself."""
    draw = np.random.default_rng(seed)
    before = assign(features, policy).letters
    kept, rand = [], []
    for _ in range(rounds):
        moved = {
            letter: {code: value * (1 + draw.uniform(-share, share)) for code, value in place.items()}
            for letter, place in policy.prototypes.items()
        }
        after = assign(features, replace(policy, prototypes=moved)).letters
        kept.append(float((before == after).mean()))
        rand.append(adjusted_rand(before, after))
    return Stability(tuple(kept), tuple(rand))


def adjusted_rand(before: Letters, after: Letters) -> float:
    """Agreement of two groupings above chance: 1 when they are the same, about 0 when they have nothing in common."""
    left_groups, right_groups = int(before.max(initial=0)) + 1, int(after.max(initial=0)) + 1
    table = np.bincount(before * right_groups + after, minlength=left_groups * right_groups)
    table = table.reshape(left_groups, right_groups)

    def pairs(counts: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> float:
        return float((counts * (counts - 1) // 2).sum())

    together, left, right = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    total = len(before) * (len(before) - 1) / 2
    chance = left * right / total if total else 0.0
    most = (left + right) / 2
    return 1.0 if most == chance else (together - chance) / (most - chance)
