"""Drift: how far every indicator of one day lies from an earlier day, as population stability index with two lines."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from segmentation.averages import median_of
from segmentation.findings import IndicatorDrift

# The lines in common use in credit scoring (N. Siddiqi, Credit Risk Scorecards, Wiley 2006; reviewed in J. du Pisanie
# and others, arXiv 2303.01227): below 0.1 no change to speak of, from 0.25 on the population is another one.
LOOK, ALARM = 0.1, 0.25
PARTS = 10
HEAVY = 1 / PARTS  # The share from which a single value has a bin of its own.
SMOOTHING = 0.5  # Customers added to every bin, so that an empty one is finite.
NORMAL_95 = 1.6449
Values = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Frozen:
    """An indicator on one day: the upper ends of its bins, customers in each and of unknown value, and the median."""

    ends: tuple[float, ...]
    counts: tuple[int, ...]
    median: float | None

    @classmethod
    def of(cls, column: pd.Series) -> Self:
        """A day's customers in bins of their own."""
        ends = freeze_bins(_values(column))
        counts = count_bins(_values(column), ends)
        return cls(tuple(map(float, ends)), tuple(map(int, counts)), median_of(column))

    @property
    def unknown(self) -> float:
        """The share of customers of whom nothing is known."""
        return round(self.counts[-1] / sum(self.counts), 4)

    def as_json(self) -> dict[str, Any]:
        """In JSON's types; ends as their digits to base 16, which are exact and can be infinite."""
        return {"ends": [end.hex() for end in self.ends], "counts": list(self.counts), "median": self.median}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Back from what was kept."""
        return cls(tuple(map(float.fromhex, found["ends"])), tuple(found["counts"]), found["median"])


def freeze(features: pd.DataFrame) -> dict[str, Frozen]:
    """All that later days are measured against: every indicator of a day that has customers."""
    return {} if features.empty else {name: Frozen.of(features[name]) for name in features.columns}


def measure_drift(before: Mapping[str, Frozen], after: pd.DataFrame) -> tuple[IndicatorDrift, ...]:
    """The drift of every indicator that both days have as a column and one of them knows, the most moved first."""
    if after.empty:
        return ()
    names = [name for name in before if name in after.columns]
    told = [name for name in names if any(before[name].counts[:-1]) or after[name].notna().any()]
    found = [_drift(name, before[name], after[name]) for name in told]
    return tuple(sorted(found, key=lambda each: (-each.psi, each.indicator)))


def freeze_bins(values: Values) -> Values:
    """The upper ends of the bins of a day's known values, its deciles; a value of many customers is a bin by itself."""
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return known
    places = np.arange(1, PARTS) * len(known) // PARTS
    deciles = np.unique(known[places])
    heavy = np.searchsorted(known, deciles, "right") - np.searchsorted(known, deciles, "left") >= HEAVY * len(known)
    return np.unique(np.concatenate([deciles, np.nextafter(deciles[heavy], -np.inf)]))


def count_bins(values: Values, ends: Values) -> Counts:
    """Customers per bin; the last bin is that of the unknown."""
    places = np.where(np.isnan(values), len(ends) + 1, np.searchsorted(ends, values, "left"))
    return np.bincount(places, minlength=len(ends) + 2)


def stability_index(before: Counts, after: Counts) -> float:
    """The population stability index of two countings over the same bins: 0 when alike, never below."""
    expected = (before + SMOOTHING) / (before + SMOOTHING).sum()
    found = (after + SMOOTHING) / (after + SMOOTHING).sum()
    return float(((found - expected) * np.log(found / expected)).sum())


def chance_level(before: Counts, after: Counts) -> float:
    """What the index stays below in 95 % of two draws from one population, so that small banks are not alarmed by luck.

    The index is then about χ² with one degree less than there are bins, times 1/n + 1/m (B. Yurdakul and J. Naranjo,
    Journal of Risk Model Validation 14(4), 2020); the quantile by Wilson and Hilferty.
    """
    degrees = int(((before + after) > 0).sum()) - 1
    if degrees < 1:
        return 0.0
    part = 2 / (9 * degrees)
    quantile = degrees * (1 - part + NORMAL_95 * math.sqrt(part)) ** 3
    return quantile * (1 / int(before.sum()) + 1 / int(after.sum()))


def level_of(psi: float, chance: float) -> str:
    """The index against its lines; what chance alone could do is calm."""
    if psi < LOOK or psi <= chance:
        return "calm"
    return "alarm" if psi >= ALARM else "look"


def _drift(name: str, before: Frozen, after: pd.Series) -> IndicatorDrift:
    counts = np.array(before.counts), count_bins(_values(after), np.array(before.ends))
    psi, chance = round(max(stability_index(*counts), 0.0), 4), round(chance_level(*counts), 4)
    return IndicatorDrift(
        indicator=name,
        psi=psi,
        chance=chance,
        level=level_of(psi, chance),
        unknown_before=before.unknown,
        unknown_after=round(float(after.isna().mean()), 4),
        median_before=before.median,
        median_after=median_of(after),
    )


def _values(column: pd.Series) -> Values:
    return column.to_numpy(dtype=np.float64)
