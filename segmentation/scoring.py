"""Scores from 0 to 100 as weighted sums of indicators, each a line through points, so that every point is explained."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

Points = tuple[tuple[float, float], ...]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Indicator:
    """One indicator: a straight line through (value, score 0–100) points, held flat beyond the ends.

    `unknown` is the score of a customer about whom the department says nothing. `scale` "log" draws the line over the
    value's logarithm.
    """

    code: str
    weight: float
    points: Points
    unknown: float = 25.0
    scale: str = "linear"

    def __post_init__(self) -> None:
        values = [value for value, _ in self.points]
        if len(values) < 2 or any(a >= b for a, b in pairwise(values)):
            raise ValueError(f"The points of {self.code} must rise in value.")
        if self.weight <= 0 or not all(0 <= score <= 100 for _, score in self.points):
            raise ValueError(f"{self.code} needs a positive weight and scores from 0 to 100.")
        if self.scale not in ("linear", "log") or (self.scale == "log" and values[0] <= 0):
            raise ValueError(f"The scale of {self.code} must be linear, or log with values above 0.")
        if not 0 <= self.unknown <= 100:
            raise ValueError(f"{self.code} needs a score from 0 to 100 for the unknown.")


def score(values: pd.Series, indicator: Indicator) -> Scores:
    """Score one indicator, 0–100; unknown values get the indicator's score for the unknown."""
    at = np.array([value for value, _ in indicator.points], dtype=float)
    scores = np.array([score for _, score in indicator.points], dtype=float)
    given = values.to_numpy(dtype=float)
    if indicator.scale == "log":
        at, given = np.log(at), np.log(np.maximum(given, at[0]))
    found: Scores = np.where(np.isnan(given), indicator.unknown, np.interp(given, at, scores))
    return found


def axis_points(features: pd.DataFrame, indicators: tuple[Indicator, ...]) -> pd.DataFrame:
    """The points each indicator brings to its score: weight × score; they add up to it."""
    points = {i.code: i.weight * score(features[i.code], i) for i in indicators}
    return pd.DataFrame(points, index=features.index)


def total(points: pd.DataFrame) -> pd.Series:
    """The score, 0–100, with two decimals."""
    return points.sum(axis=1).clip(0, 100).round(2)


def against_line(points: pd.DataFrame, indicators: tuple[Indicator, ...], line: float) -> Scores:
    """How far each indicator lifts or lowers a customer against a line: its points less its weight's part of it."""
    return np.column_stack([points[i.code].to_numpy() - i.weight * line for i in indicators])


def against_unknown(points: pd.DataFrame, indicators: tuple[Indicator, ...]) -> Scores:
    """How far each indicator lifts or lowers a customer against one of whom nothing is known."""
    return np.column_stack([points[i.code].to_numpy() - i.weight * i.unknown for i in indicators])


def adds_up(indicators: tuple[Indicator, ...]) -> bool:
    """Whether the weights of a score make a whole."""
    return abs(sum(indicator.weight for indicator in indicators) - 1) < 1e-9
