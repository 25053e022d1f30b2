"""The summary of a segmentation run: size, assets and activity of each class."""

import math
from typing import Any

import pandas as pd

from segmentation.policy import SegmentationPolicy

LETTERS = "ABCD"


def summarise(features: pd.DataFrame, classes: pd.DataFrame, policy: SegmentationPolicy) -> list[dict[str, Any]]:
    """One entry per class, A to D, also an empty one; money in fen, shares 0–1."""
    table = features.assign(**{name: classes[name] for name in ("letter", "current", "potential", "confidence")})
    return [_entry(letter, table[table["letter"] == letter], len(table), policy) for letter in LETTERS]


def _entry(letter: str, members: pd.DataFrame, total: int, policy: SegmentationPolicy) -> dict[str, Any]:
    if members.empty:
        return {"letter": letter, "customers": 0, "share": 0.0, "assets_fen": 0}
    return {
        "letter": letter,
        "customers": len(members),
        "share": round(len(members) / total, 4),
        "assets_fen": int(members["assets"].sum()),
        "assets_median_fen": int(members["assets"].median()),
        "over_gate": int((members["assets"] >= policy.gate_fen).sum()),
        "log_in_share": round(float((members["logins"] > 0).mean()), 4),
        "transfers_median": _number(members["transfers"].median()),
        "current_mean": round(float(members["current"].mean()), 1),
        "potential_mean": round(float(members["potential"].mean()), 1),
        "confidence_mean": round(float(members["confidence"].mean()), 3),
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
