"""Averages of what is known, as plain numbers; None where nothing is known or the average is no finite number."""

import math

import pandas as pd


def median_of(values: pd.Series) -> float | None:
    """The median of the known values, four decimals."""
    return finite(values.median())


def mean_of(values: pd.Series) -> float | None:
    """The mean of the known values, four decimals."""
    return finite(values.mean())


def finite(value: float) -> float | None:
    """A number that JSON can say."""
    return round(float(value), 4) if math.isfinite(value) else None
