"""Classes A–D: the pair of current and potential value decides the letter, and every point of a score is explained."""

from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from segmentation.policy import Indicator, SegmentationPolicy

REASONS = 3
SOURCES = {
    "logins": "activity",
    "transfers": "activity",
    "idle_days": "activity",
    "inflow": "activity",
    "deposit_growth": "deposits",
}
Scores = npt.NDArray[np.float64]


class Classifier(Protocol):
    """Puts customers into classes; the deeper model stands behind the same interface."""

    version: str

    def assign(self, features: pd.DataFrame) -> pd.DataFrame:
        """Per customer: `letter`, `current` and `potential` (0–100), `reasons`, `confidence` (0–1), `missing`.

        `reasons` is a list of three {code, axis, value, points, known}: the indicators whose points, above or below
        the axis' line, weigh most; `value` is null where nothing is known, or where it never happened.
        """
        ...


class LineClassifier:
    """The plain rule: each axis is a weighted sum of indicator scores, and a line on each axis makes four classes."""

    version = "lines-1"

    def __init__(self, policy: SegmentationPolicy) -> None:
        self.policy = policy

    def assign(self, features: pd.DataFrame) -> pd.DataFrame:
        """See Classifier.assign."""
        policy = self.policy
        current, potential = axis_points(features, policy.current), axis_points(features, policy.potential)
        totals = pd.DataFrame({"current": current.sum(axis=1), "potential": potential.sum(axis=1)}).clip(0, 100)
        result = totals.round(2)
        result.insert(0, "letter", letters(result["current"], result["potential"], policy))
        result["reasons"] = pd.Series(reasons(features, current, potential, policy), index=features.index)
        result["confidence"] = confidence(features, result, policy)
        result["missing"] = pd.Series(missing(features, policy), index=features.index)
        return result


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
    """The points each indicator brings to its axis: weight × score; they add up to the axis' value."""
    points = {i.code: i.weight * score(features[i.code], i) for i in indicators}
    return pd.DataFrame(points, index=features.index)


def letters(current: pd.Series, potential: pd.Series, policy: SegmentationPolicy) -> npt.NDArray[np.str_]:
    """A: low current, high potential; B: high, high; C: high, low; D: low, low."""
    high, promising = current >= policy.current_line, potential >= policy.potential_line
    return np.where(high, np.where(promising, "B", "C"), np.where(promising, "A", "D"))


def reasons(
    features: pd.DataFrame, current: pd.DataFrame, potential: pd.DataFrame, policy: SegmentationPolicy
) -> list[list[dict[str, object]]]:
    """The three indicators that push a customer furthest from the lines, either way, strongest first."""
    lines = [(i, "current", policy.current_line) for i in policy.current]
    lines += [(i, "potential", policy.potential_line) for i in policy.potential]
    pushes = np.column_stack(
        [(current if axis == "current" else potential)[i.code].to_numpy() - i.weight * line for i, axis, line in lines]
    )
    strongest = np.argsort(-np.abs(pushes).round(6), axis=1, kind="stable")[:, :REASONS]
    known = features[[i.code for i, _, _ in lines]].to_numpy(dtype=float)
    rows = np.arange(len(features))[:, None]
    picked = zip(strongest.tolist(), known[rows, strongest].tolist(), pushes[rows, strongest].tolist(), strict=True)
    codes = [(i.code, axis) for i, axis, _ in lines]
    return [
        [
            {
                "code": codes[at][0],
                "axis": codes[at][1],
                "value": _plain(value),
                "points": round(push, 2),
                "known": value == value,
            }
            for at, value, push in zip(*row, strict=True)
        ]
        for row in picked
    ]


def confidence(features: pd.DataFrame, result: pd.DataFrame, policy: SegmentationPolicy) -> pd.Series:
    """How far the letter can be trusted, 0–1: what share of the weights is known, and how far the lines are."""
    axes = (*policy.current, *policy.potential)
    known = features[[i.code for i in axes]].notna().to_numpy() @ np.array([i.weight for i in axes]) / 2
    to_current = (result["current"] - policy.current_line).abs().to_numpy()
    to_potential = (result["potential"] - policy.potential_line).abs().to_numpy()
    clear = np.clip(np.minimum(to_current, to_potential) / policy.near_line, 0, 1)
    return pd.Series((known * (0.5 + 0.5 * clear)).round(3), index=features.index)


def missing(features: pd.DataFrame, policy: SegmentationPolicy) -> list[list[str]]:
    """The departments that said nothing about a customer."""
    gaps: dict[str, npt.NDArray[np.bool_]] = {}
    for indicator in policy.potential:
        source, gap = SOURCES[indicator.code], features[indicator.code].isna().to_numpy()
        gaps[source] = gaps.get(source, gap) | gap
    names = list(gaps)
    return [
        [name for name, gap in zip(names, row, strict=True) if gap]
        for row in np.column_stack(list(gaps.values())).tolist()
    ]


def _plain(value: float) -> int | float | None:
    """A number as JSON takes it: unknown and never are null."""
    if not np.isfinite(value):
        return None
    return int(value) if value == int(value) else value
