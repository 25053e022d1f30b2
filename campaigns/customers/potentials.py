"""Where a run's potential value comes from: the champion among the models, or the documented heuristic."""

from dataclasses import replace
from datetime import date
from typing import Protocol

import pandas as pd

from campaigns.customers.champions import Choice, Why
from segmentation.foretold import Foretold, retell
from segmentation.intake.faults import DeliveryRefusedError
from segmentation.policy import SegmentationPolicy
from segmentation.portraits import Portraits


class PotentialStore(Protocol):
    """What the potential needs of the database."""

    def choose(self, as_of: date) -> Choice: ...
    def foretell(self, digest: str, as_of: date, features: pd.DataFrame, heuristic: pd.Series) -> Foretold: ...


def with_potential(
    store: PotentialStore,
    choice: Choice,
    as_of: date,
    features: pd.DataFrame,
    portraits: Portraits,
    policy: SegmentationPolicy,
) -> tuple[Portraits, Choice]:
    """The portraits with the chosen model's potential; with the heuristic's where there is none or it cannot say."""
    if choice.used is None:
        return portraits, choice
    try:
        told = store.foretell(choice.used, as_of, features, portraits.table["potential"])
    except DeliveryRefusedError:
        return portraits, replace(choice, why=Why.NOT_USABLE)
    return retell(portraits, told, policy), choice
