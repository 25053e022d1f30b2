"""Counts, means, variances and covariances of a group: all that the comparisons of means need of it."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite

import numpy as np
import numpy.typing as npt
from tea_tasting.aggr import Aggregates

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """The units of one variant that have the outcome: one array per column, all alike long and without gaps."""

    columns: Mapping[str, Values]

    @property
    def n(self) -> int:
        """How many units."""
        return len(next(iter(self.columns.values())))

    def mean(self, column: str) -> float | None:
        """The mean; None without units."""
        return float(self.columns[column].mean()) if self.n else None

    def variance(self, column: str) -> float | None:
        """The unbiased variance; None below two units."""
        return float(self.columns[column].var(ddof=1)) if self.n > 1 else None

    def skewness(self, column: str) -> float:
        """The third standardised moment; 0 where nothing varies."""
        values = self.columns[column]
        off = values - values.mean()
        spread = float(np.mean(off**2))
        return float(np.mean(off**3)) / spread**1.5 if spread > 0 else 0.0

    def aggregates(self) -> Aggregates:
        """The same for tea-tasting."""
        names = sorted(self.columns)
        pairs = [(a, b) for a in names for b in names if a < b]
        return Aggregates(
            count_=self.n,
            mean_={name: float(self.columns[name].mean()) for name in names},
            var_={name: float(self.columns[name].var(ddof=1)) for name in names},
            cov_={(a, b): covariance(self.columns[a], self.columns[b]) for a, b in pairs},
        )


def covariance(first: Values, second: Values) -> float:
    """The unbiased covariance of two columns."""
    return float(np.dot(first - first.mean(), second - second.mean())) / (len(first) - 1)


def finite(value: float) -> float | None:
    """The number, or None where it says nothing."""
    return float(value) if isfinite(value) else None


@contextmanager
def without_alarm() -> Iterator[None]:
    """Divisions by a mean or variance of 0 give no number here, which is told as None and not by a warning."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        yield
