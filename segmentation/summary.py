"""The summary of a segmentation run: each class in figures, and how letters stand to values, bands and stages."""

import math
from typing import Any

import numpy as np
import pandas as pd

from segmentation.catalogue import load_catalogue
from segmentation.channels import channel_activity
from segmentation.dimensions import LETTERS
from segmentation.policy import SegmentationPolicy
from segmentation.portraits import Portraits
from segmentation.standing import BANDS, STAGES

COLUMNS = ["letter", "current", "potential", "confidence", "current_value", "churn", "provisional"]


def summarise(features: pd.DataFrame, portraits: Portraits, policy: SegmentationPolicy) -> list[dict[str, Any]]:
    """One entry per class, A to D, also an empty one; money in fen, shares 0–1."""
    table = features.join(portraits.table[COLUMNS])
    return [_entry(letter, table[table["letter"] == letter], len(table), policy) for letter in LETTERS]


def report(portraits: Portraits, policy: SegmentationPolicy) -> dict[str, Any]:
    """What stands beside the letters of a run, in counts of customers.

    `catalogue` is the version of the indicators, `qualitative` which of them counted in either score.
    `quadrants`, `bands`, `lifecycles` and `terciles` are tables by letter; `tercile_bounds` are potential scores.
    """
    table, space = portraits.table, portraits.assigned.space
    watched = (table["letter"] == "B") & (table["churn"] >= policy.watch_line)
    bounds = table["potential"].quantile([1 / 3, 2 / 3]).tolist()
    terciles = pd.Series(np.searchsorted(bounds, table["potential"], side="right"), index=table.index)
    return {
        "customers": len(table),
        "catalogue": load_catalogue().version,
        "qualitative": _qualities(portraits),
        "dimensions": list(space.codes),
        "left_out": dict(space.left_out),
        "scaler": policy.as_json()["scaler"],
        "provisional": int(table["provisional"].sum()),
        "held_by_margin": int((table["gap"] < 0).sum()),
        "apart_from_quadrant": int((table["letter"] != table["quadrant"]).sum()),
        "quadrants": _by_letter(table["letter"], table["quadrant"], LETTERS),
        "tercile_bounds": [round(bound, 2) for bound in bounds],
        "terciles": _by_letter(table["letter"], terciles, (0, 1, 2)),
        "bands": _by_letter(table["letter"], table["band"], BANDS),
        "lifecycles": _by_letter(table["letter"], table["lifecycle"], STAGES),
        "watched": int(watched.sum()),
    }


def _qualities(portraits: Portraits) -> dict[str, list[str]]:
    """The qualitative indicators that were told, and so weighed, by score."""
    known = load_catalogue().qualitative
    reasons = {"potential": portraits.potential_reasons, "churn": portraits.churn_reasons}
    return {score: [code for code in found.codes if code in known] for score, found in reasons.items()}


def _by_letter(letters: pd.Series, kinds: pd.Series, order: Any) -> dict[str, dict[str, int]]:
    counted = pd.crosstab(letters, kinds).reindex(index=list(LETTERS), columns=list(order), fill_value=0)
    return {letter: {str(kind): int(counted.loc[letter, kind]) for kind in order} for letter in LETTERS}


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
        "age_median": _number(members["age"].median()),
        "current_value_fen": int(members["current_value"].sum()),
        "current_value_median_fen": int(members["current_value"].median()),
        "current_mean": round(float(members["current"].mean()), 1),
        "potential_mean": round(float(members["potential"].mean()), 1),
        "churn_mean": round(float(members["churn"].mean()), 1),
        "provisional": int(members["provisional"].sum()),
        "confidence_mean": round(float(members["confidence"].mean()), 3),
        "channels": channel_activity(members),
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
