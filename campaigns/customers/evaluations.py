"""Evaluation of a model on a window later than its training: the only figures that count for using it."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from campaigns.customers.champions import Candidate
from campaigns.customers.outlook import read_scored
from segmentation.intake.faults import refuse
from segmentation.intake.profiles import load_profile
from segmentation.outlook.comparison import OUTLOOK, Comparison, TenureBand, by_tenure, compare, potential
from segmentation.outlook.evaluation import Quality, judge
from segmentation.outlook.model import foresee
from segmentation.outlook.modelfile import model_bytes, read_model
from segmentation.outlook.outcomes import read_outcomes
from segmentation.outlook.snapshot import plain_scores, tenure
from segmentation.policy import SegmentationPolicy


@dataclass(frozen=True)
class Evaluation:
    """What a model is worth on one later delivery whose outcome is known; nothing of it was learnt from.

    `used` is the set of indicators that the delivery could fill, `best` the model's richest one.
    """

    profile: str
    trained_on: date
    as_of: date
    used: str
    best: str
    missing: tuple[str, ...]
    quality: Quality
    comparison: Comparison
    tenure: tuple[TenureBand, ...]
    unknown: int
    untold: int
    model: str
    outcome: str
    notes: tuple[str, ...]

    @property
    def held_out(self) -> str:
        """How the figures were held out."""
        return f"a later window: learnt as of {self.trained_on}, scored as of {self.as_of}, judged by what followed"

    def as_json(self) -> dict[str, Any]:
        """The card in JSON's types."""
        return {
            "profile": self.profile,
            "trained_on": self.trained_on.isoformat(),
            "as_of": self.as_of.isoformat(),
            "held_out": self.held_out,
            "customers": self.comparison.customers,
            "used": self.used,
            "best": self.best,
            "missing": list(self.missing),
            **self.quality.as_json(),
            "comparison": self.comparison.as_json(),
            "tenure": [asdict(band) for band in self.tenure],
            "outcomes_without_customer": self.unknown,
            "customers_without_outcome": self.untold,
            "model": self.model,
            "outcome": self.outcome,
            "notes": list(self.notes),
        }


def evaluate_outlook(
    place: Path,
    profile_name: str,
    outcome: Path,
    as_of: date,
    model: Path,
    *,
    max_rejected: float,
    policy: SegmentationPolicy | None = None,
) -> tuple[Evaluation, Candidate]:
    """Score a later delivery and judge the scores by what followed; the heuristic beside is that of `policy`.

    Raises:
        DeliveryRefusedError: a file cannot be used, or the delivery is not later than the training.
    """
    body = model_bytes(model)
    loaded = read_model(body, model.name)
    if as_of <= loaded.as_of:
        problem = f"The model learnt from {loaded.as_of} and what followed: evaluate it on a later delivery."
        raise refuse("not_later", problem)
    delivered, _ = read_scored(place, load_profile(profile_name), as_of, model, max_rejected)
    told = read_outcomes(outcome, delivered.customer_column, delivered.customers.index)
    outlook = foresee(loaded, delivered)
    index, classes = told.classes.index, told.values()
    said = outlook.probabilities.loc[index].to_numpy(dtype=np.float64)
    plain = {name: found.loc[index].to_numpy(dtype=float) for name, found in plain_scores(delivered, policy).items()}
    found = Evaluation(
        profile=loaded.profile,
        trained_on=loaded.as_of,
        as_of=as_of,
        used=outlook.used,
        best=outlook.best,
        missing=outlook.missing,
        quality=judge(said, classes),
        comparison=compare({OUTLOOK: potential(said), **plain}, classes),
        tenure=by_tenure(tenure(delivered).loc[index], said, classes),
        unknown=told.unknown,
        untold=told.untold,
        model=hashlib.sha256(body).hexdigest(),
        outcome=hashlib.sha256(outcome.read_bytes()).hexdigest(),
        notes=outlook.notes,
    )
    return found, _candidate(found, body)


def _candidate(found: Evaluation, body: bytes) -> Candidate:
    holds, metrics = found.comparison.beats_heuristic, found.as_json()
    return Candidate(found.model, found.profile, found.trained_on, body, found.outcome, found.as_of, holds, metrics)
