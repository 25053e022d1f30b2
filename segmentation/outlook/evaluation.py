"""How good an outlook is: areas under the curve, lift and calibration, with intervals over customers."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from segmentation.outlook.boosting import CLASSES, Floats
from segmentation.outlook.calibration import expected_calibration_error, top_calibration_error

FELL = 0
ROUNDS = 100
Outcomes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Quality:
    """What held-out probabilities are worth; `macro_auc` is the mean over the three outcomes, each against the rest."""

    macro_auc: Estimate
    auc_fell: Estimate
    lift_fell: Estimate
    auc_same: float
    auc_rose: float
    calibration_error: float
    top_calibration_error: float

    def as_json(self) -> dict[str, Any]:
        """The same in JSON's types, four digits."""
        return {
            name: {part: round(v, 4) for part, v in found.items()} if isinstance(found, dict) else round(found, 4)
            for name, found in asdict(self).items()
        }


def judge(probabilities: Floats, outcomes: Outcomes, seed: int = 0) -> Quality:
    """The quality of probabilities; intervals by drawing customers with replacement."""
    orders = [Ranking(probabilities[:, at], outcomes == at) for at in range(CLASSES)]
    aucs = [order.auc() for order in orders]
    draw = np.random.default_rng(seed)
    rounds = []
    for _ in range(ROUNDS):
        weights = draw.poisson(1.0, len(outcomes)).astype(np.float64)
        drawn = [order.auc(weights) for order in orders]
        rounds.append((float(np.mean(drawn)), drawn[FELL], orders[FELL].lift(weights)))
    values = (float(np.mean(aucs)), aucs[FELL], orders[FELL].lift())
    low, high = np.percentile(rounds, [2.5, 97.5], axis=0)
    macro, fell, lift = (Estimate(*figures) for figures in zip(values, low.tolist(), high.tolist(), strict=True))
    return Quality(
        macro_auc=macro,
        auc_fell=fell,
        lift_fell=lift,
        auc_same=aucs[1],
        auc_rose=aucs[2],
        calibration_error=expected_calibration_error(probabilities, outcomes),
        top_calibration_error=top_calibration_error(probabilities, outcomes),
    )


def macro_auc(probabilities: Floats, outcomes: Outcomes) -> float:
    """The mean over the three outcomes, each against the rest."""
    return float(np.mean([Ranking(probabilities[:, at], outcomes == at).auc() for at in range(CLASSES)]))


@dataclass(frozen=True)
class SingleColumn:
    """What one column says by itself, in the better of its two directions for each outcome: that flatters it."""

    name: str
    macro_auc: float
    auc_fell: float
    lift_fell: float


def judge_column(name: str, values: Floats, outcomes: Outcomes) -> SingleColumn:
    """Judge one column; unknown values stand in its middle."""
    known = np.where(np.isnan(values), np.nanmedian(values), values)
    aucs = [Ranking(known, outcomes == at).auc() for at in range(CLASSES)]
    direction = 1 if aucs[FELL] >= 0.5 else -1
    best = [max(auc, 1 - auc) for auc in aucs]
    lift = Ranking(known * direction, outcomes == FELL).lift()
    return SingleColumn(name, float(np.mean(best)), best[FELL], lift)


class Ranking:
    """Customers sorted once by a score, so that a weighted area costs one pass; equal scores count half."""

    def __init__(self, scores: Floats, hits: npt.NDArray[np.bool_]) -> None:
        self._order = np.argsort(-scores, kind="stable")
        ranked = scores[self._order]
        self._groups = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
        self._hits = hits[self._order].astype(np.float64)

    def auc(self, weights: Floats | None = None) -> float:
        """The chance that a hit stands above a miss."""
        weight = self._weights(weights)
        hits = np.add.reduceat(weight * self._hits, self._groups)
        misses = np.add.reduceat(weight * (1 - self._hits), self._groups)
        above = np.cumsum(hits) - hits / 2
        return float((misses * above).sum() / (hits.sum() * misses.sum()))

    def lift(self, weights: Floats | None = None) -> float:
        """How many times as many hits the first tenth holds as a tenth drawn blindly."""
        weight = self._weights(weights)
        until = np.cumsum(weight)
        first = weight * np.clip((until[-1] / 10 - (until - weight)) / np.maximum(weight, 1e-12), 0, 1)
        return float((first * self._hits).sum() / (weight * self._hits).sum() * 10)

    def _weights(self, weights: Floats | None) -> Floats:
        return np.ones(len(self._order)) if weights is None else weights[self._order]
