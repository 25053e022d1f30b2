"""Qini and uplift at k: how well a score ranks units by what a treatment changes (Radcliffe 2007)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from segmentation.experiments.model import AtK, Interval, Ranking
from segmentation.experiments.moments import Values

CONFIDENT = NormalDist().inv_cdf(0.975)
SHARES = (0.1, 0.2, 0.3, 0.5, 1.0)
BLOCKS, BINS = 50, 1_000


@dataclass(frozen=True)
class Curve:
    """Points (units targeted, gain); the gain is what the treated among them brought beyond as many of the control."""

    units: Values
    gains: Values

    def area(self) -> float:
        """Under the curve, less that under the straight line to its end; in units times the outcome."""
        whole = float(np.trapezoid(self.gains, self.units))
        return whole - float(self.units[-1] * self.gains[-1]) / 2


def qini_curve(outcome: Values, score: Values, treated: npt.NDArray[np.bool_]) -> Curve:
    """Units by falling score, equal scores in one step: Y₁(k) − Y₀(k)·N₁(k)/N₀(k); Y₁(k) before the first control."""
    order = np.argsort(score, kind="stable")[::-1]
    ends = np.append(np.nonzero(np.diff(score[order]))[0], len(score) - 1)
    sums = _running(outcome[order], treated[order])[:, ends]
    return _curve(sums)


def qini_coefficient(outcome: Values, score: Values, treated: npt.NDArray[np.bool_]) -> float | None:
    """The area by that of the perfect ranking (treated who said yes first, such controls last), for outcomes 1 and 0.

    None where even the perfect ranking gains nothing.
    """
    perfect = qini_curve(outcome, outcome * np.where(treated, 1.0, -1.0), treated).area()
    return qini_curve(outcome, score, treated).area() / perfect if perfect > 0 else None


def uplift_at(outcome: Values, score: Values, treated: npt.NDArray[np.bool_], k: float) -> AtK:
    """Treated less control among the first ⌊k·n⌋ units by falling score, with its 95 % interval."""
    count = int(len(score) * k)
    first = np.argsort(score, kind="stable")[::-1][:count]
    chosen, of_treated = outcome[first], treated[first]
    groups = [chosen[of_treated], chosen[~of_treated]]
    if min(len(group) for group in groups) < 2:
        return AtK(k, count, None, None)
    uplift = float(groups[0].mean() - groups[1].mean())
    half = CONFIDENT * sqrt(sum(float(group.var(ddof=1)) / len(group) for group in groups))
    return AtK(k, count, uplift, Interval(uplift - half, uplift + half))


def rank(
    outcome: Values, score: Values, treated: npt.NDArray[np.bool_], *, binary: bool, shares: Sequence[float] = SHARES
) -> Ranking:
    """Everything about one score. `area` is per unit squared: a mean gain over random targeting, in the outcome's unit.

    The interval is by a jackknife over blocks of units, the score held fixed: it tells of the units judged on, not of
    what another training would have learnt. Units must come in an order that has nothing to do with their outcomes.
    """
    curve = qini_curve(outcome, score, treated)
    area = curve.area() / len(score) ** 2
    half = CONFIDENT * _jackknife(outcome, score, treated)
    qini = qini_coefficient(outcome, score, treated) if binary else None
    interval = Interval(area - half, area + half)
    scaled = None
    if qini is not None and area:
        factor = qini / area
        scaled = Interval(interval.low * factor, interval.high * factor)
    at_k = tuple(uplift_at(outcome, score, treated, k) for k in shares)
    return Ranking(qini, scaled, area, interval, at_k)


def _running(outcome: Values, treated: npt.NDArray[np.bool_]) -> Values:
    """Running counts and sums: treated, control, outcomes of the treated, of the control."""
    rows = (treated, ~treated, np.where(treated, outcome, 0.0), np.where(treated, 0.0, outcome))
    return np.cumsum(np.asarray(rows, dtype=np.float64), axis=1)


def _curve(sums: Values) -> Curve:
    treated, control, gained, anyway = sums
    ratio = np.divide(treated, control, out=np.zeros_like(treated), where=control > 0)
    gains = gained - anyway * ratio
    return Curve(np.append(0.0, treated + control), np.append(0.0, gains))


def _jackknife(outcome: Values, score: Values, treated: npt.NDArray[np.bool_]) -> float:
    """The standard error of the area per unit squared, each block of units left out in turn; curves in BINS steps."""
    units = len(score)
    position = np.empty(units, dtype=np.int64)
    position[np.argsort(score, kind="stable")[::-1]] = np.arange(units)
    bins, blocks = min(BINS, units), min(BLOCKS, units)
    cell = (np.arange(units) % blocks) * bins + position * bins // units
    parts = [
        np.bincount(cell, weights=weights, minlength=blocks * bins).reshape(blocks, bins)
        for weights in (treated * 1.0, ~treated * 1.0, treated * outcome, ~treated * outcome)
    ]
    whole = [part.sum(axis=0) for part in parts]
    areas = []
    for block in range(blocks):
        sums = np.cumsum([total - part[block] for total, part in zip(whole, parts, strict=True)], axis=1)
        curve = _curve(sums)
        areas.append(curve.area() / curve.units[-1] ** 2)
    return sqrt((blocks - 1) / blocks * float(np.sum((np.array(areas) - np.mean(areas)) ** 2)))
