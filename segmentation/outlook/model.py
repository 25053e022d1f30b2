"""The outlook's model: one part per set of indicators, so that a late department costs accuracy and not the score."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from segmentation.intake.faults import refuse
from segmentation.outlook.boosting import Floats, Trees
from segmentation.outlook.calibration import Calibration
from segmentation.outlook.delivered import Delivered
from segmentation.outlook.forest import Forest
from segmentation.outlook.indicators import BY_NAME, IndicatorSet, available, build, fitting
from segmentation.outlook.respects import KNOWN
from segmentation.policy import SegmentationPolicy

WORKERS = 2
OLD_AFTER = 200  # days after which a bank and its products have changed more than a model knows
OUTLOOKS = ("p_fall", "p_same", "p_rise")


@dataclass(frozen=True)
class Part:
    """What was learnt from one set of indicators: one ensemble per fold, their calibration and held-out quality.

    `reference` is the middle customer of the training, one value per indicator: reasons are told against it.
    """

    indicators: tuple[str, ...]
    reference: tuple[float, ...]
    folds: tuple[Trees | Forest, ...]
    calibration: Calibration
    quality: Mapping[str, Any]

    def probabilities(self, values: pd.DataFrame) -> Floats:
        """Probabilities of the three outcomes, one row per customer."""
        table = values[list(self.indicators)].to_numpy(dtype=np.float64)
        with ThreadPoolExecutor(WORKERS) as pool:
            log_odds = np.mean(list(pool.map(lambda trees: trees.log_odds(table), self.folds)), axis=0)
        return self.calibration.probabilities(log_odds)

    def first_voice(self) -> "Part":
        """The first of the ensembles alone: it says nearly what all say, at a fraction of the work."""
        return replace(self, folds=self.folds[:1])


@dataclass(frozen=True)
class OutlookModel:
    """Parts by the name of their set; trained on one delivery as of one day, and on what followed.

    `policy` is the segmentation policy with the scaler of that day: a later delivery is measured by it.
    """

    profile: str
    as_of: date
    seed: int
    shares: tuple[float, ...]
    parts: Mapping[str, Part]
    policy: SegmentationPolicy | None = None


@dataclass(frozen=True)
class Outlook:
    """What a model says of a delivery: `p_fall`, `p_same`, `p_rise` by customer number, and how sure it can be."""

    probabilities: pd.DataFrame
    used: str
    best: str
    missing: tuple[str, ...]
    notes: tuple[str, ...]


def foresee(model: OutlookModel, delivered: Delivered) -> Outlook:
    """Score a delivery with the richest part that it can fill.

    Raises:
        DeliveryRefusedError: the model is of another bank, or needs indicators that are not computed any more.
    """
    used, part = fitting_part(model, delivered)
    values = build(delivered, used)
    best = list(model.parts)[-1]
    lacking = [need for need in BY_NAME[best].needs if need not in available(delivered)]
    found = pd.DataFrame(part.probabilities(values), index=values.index, columns=list(OUTLOOKS))
    return Outlook(found, used.name, best, tuple(lacking), tuple(_warnings(model, delivered)))


def fitting_part(model: OutlookModel, delivered: Delivered) -> tuple[IndicatorSet, Part]:
    """The richest part that the delivery can fill, and its set of indicators.

    Raises:
        DeliveryRefusedError: the model is of another bank, or needs indicators that are not computed any more.
    """
    if model.profile != delivered.profile.name:
        problem = f"The model was trained on {model.profile}; it says nothing of {delivered.profile.name}."
        raise refuse("other_profile", problem)
    usable = [found for found in fitting(delivered) if found.name in model.parts]
    if not usable:
        raise refuse("no_part", "The model has no part for what this delivery holds.")
    used, part = usable[-1], model.parts[usable[-1].name]
    if unknown := sorted(set(part.indicators) - KNOWN):
        raise refuse("other_indicators", f"The model needs indicators that are not computed here: {unknown[0]}.")
    return used, part


def _warnings(model: OutlookModel, delivered: Delivered) -> list[str]:
    days = (delivered.as_of - model.as_of).days
    if days < 0:
        return [f"The model learnt from {model.as_of} and what followed: as of {delivered.as_of} this is no forecast."]
    if days == 0:
        return ["The model learnt from this very day: these are no forecasts, and they look better than they are."]
    if days > OLD_AFTER:
        return [f"The model is {days} days older than the delivery: train it anew on a later quarter."]
    return []
