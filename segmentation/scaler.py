"""The frozen scaler: the middle and the spread of every dimension at the bank's first delivery, kept by the policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from segmentation.dimensions import DIMENSIONS, Matrix, shape_all

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
BETWEEN = 2.563  # The 10 % and 90 % quantiles of a normal distribution lie so many standard deviations apart.

NARROWEST = 1e-4


@dataclass(frozen=True)
class Scaler:
    """Centre and spread per dimension on its straight scale, with the day and the number of customers behind them."""

    fitted_on: str
    customers: int
    centre: Mapping[str, float]
    spread: Mapping[str, float]

    def standardise(self, features: pd.DataFrame, codes: tuple[str, ...]) -> Matrix:
        """How many spreads a customer lies from the middle, one column per dimension; unknown is NaN."""
        centre = np.array([self.centre[code] for code in codes])
        spread = np.array([self.spread[code] for code in codes])
        found: Matrix = (shape_all(features, codes) - centre) / spread
        return found

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "Scaler":
        """Back from the policy's row."""
        return cls(found["fitted_on"], found["customers"], dict(found["centre"]), dict(found["spread"]))


def fit_scaler(features: pd.DataFrame, day: str, known_share: float) -> Scaler:
    """The trimean and the 10-90 % range of every dimension that enough customers have and in which they differ.

    Quantiles, so that one enormous balance moves nothing; the trimean (a quarter of the quartiles' sum, the median
    counted twice) lies between two crowds, such as those who never log in and the others, where the median is in one.
    A dimension in which nine of ten customers are alike cannot tell them apart and is left out.
    """
    centre, spread = {}, {}
    for code, dimension in DIMENSIONS.items():
        shaped = dimension.shape(features[dimension.feature].to_numpy())
        known = shaped[~np.isnan(shaped)]
        if not len(known) or len(known) < known_share * len(shaped):
            continue
        low, lower, median, upper, high = np.quantile(known, QUANTILES).tolist()
        if high - low > NARROWEST:
            centre[code], spread[code] = round((lower + 2 * median + upper) / 4, 6), round((high - low) / BETWEEN, 6)
    return Scaler(day, len(features), centre, spread)
