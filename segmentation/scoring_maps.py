"""Scoring maps: how the categories of qualitative indicators become points, and what they weigh beside the figures."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from segmentation.catalogue import UNKNOWN, load_catalogue
from segmentation.scoring import Indicator

Nested = Mapping[str, Mapping[str, float]]
QUALITATIVE = load_catalogue().qualitative
LEAST = 1e-9  # A weight below this weighs nothing.
MAPS: Nested = {code: found.scores for code, found in QUALITATIVE.items()}
# Beside the whole of 1 that the figures weigh. What is derived from figures that count already weighs nothing.
WEIGHTS: Nested = {
    "potential": dict.fromkeys(QUALITATIVE, 0.0)
    | {"occupation": 0.05, "income_band": 0.10, "credit_grade": 0.05, "risk_appetite": 0.05},
    "churn": dict.fromkeys(QUALITATIVE, 0.0),
}
DEFAULTS = {"qualitative": WEIGHTS, "maps": MAPS}


def line_of(code: str, weight: float, scores: Mapping[str, float]) -> Indicator:
    """A scoring map as an indicator: its categories lie at 0, 1, 2 … in the catalogue's order."""
    points = tuple((float(at), scores[name]) for at, name in enumerate(QUALITATIVE[code].categories))
    return Indicator(code, weight, points, unknown=scores[UNKNOWN])


def beside(quantitative: tuple[Indicator, ...], weights: Mapping[str, float], maps: Nested) -> tuple[Indicator, ...]:
    """A score's indicators with qualitative ones put beside, all weights scaled to make a whole again.

    Without any the quantitative ones stay what they are, bit for bit.
    """
    added = {code: weight for code, weight in weights.items() if weight > LEAST}
    if not added:
        return quantitative
    whole = 1 + sum(added.values())
    kept = tuple(replace(each, weight=each.weight / whole) for each in quantitative)
    return (*kept, *(line_of(code, weight / whole, maps[code]) for code, weight in added.items()))


def told_qualities(features: pd.DataFrame, known_share: float, known: pd.Series | None = None) -> tuple[str, ...]:
    """The qualitative indicators that enough customers have; the others are left out for everybody.

    `known` are the known shares of the whole run, where `features` are some of its customers.
    """
    found = []
    for code in QUALITATIVE:
        if known is not None:
            share = float(known.get(code, 0.0))
        else:
            share = float(features[code].notna().mean()) if code in features and len(features) else 0.0
        if share > 0 and share >= known_share:
            found.append(code)
    return tuple(found)


def completed(name: str, given: Nested) -> dict[str, Any]:
    """What a policy's row says of `maps` or `qualitative`, and defaults for what was not in the catalogue then."""
    return {**given, **{key: {**inner, **given.get(key, {})} for key, inner in DEFAULTS[name].items()}}


def map_problem(weights: Nested, maps: Nested) -> str:
    """What is wrong with weights (0–1) and scores (0–100) of qualitative indicators; empty when nothing is."""
    for name, given, most in (("qualitative", weights, 1), ("maps", maps, 100)):
        if _keys(given) != _keys(DEFAULTS[name]):
            return f"{name} must have the keys of the catalogue of indicators, and no others."
        for key, inner in given.items():
            for below, value in inner.items():
                if not 0 <= value <= most:
                    return f"{name}.{key}.{below} must lie between 0 and {most}."
    return ""


def _keys(nested: Nested) -> dict[str, set[str]]:
    return {key: set(inner) for key, inner in nested.items()}
