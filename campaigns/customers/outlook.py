"""Training and scoring on files alone: one quarter teaches, a later one is scored; for commands, no database."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from campaigns.customers.segments import refit
from segmentation.features import build_features
from segmentation.intake.cleaning import FileQuality
from segmentation.intake.profiles import Profile, load_profile
from segmentation.outlook.delivered import Delivered, Statement, read_delivery
from segmentation.outlook.model import Outlook, foresee
from segmentation.outlook.modelfile import load_model, load_statement, save_model, save_statement, statement_file
from segmentation.outlook.outcomes import read_outcomes
from segmentation.outlook.snapshot import snapshot
from segmentation.outlook.training import Training, train
from segmentation.policy import PolicyError, SegmentationPolicy
from segmentation.portraits import portray

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Trained:
    """A training with what was read for it: `kept` is the file of deposits that the next quarter's growth needs."""

    training: Training
    unknown: int
    untold: int
    kept: Path | None
    qualities: tuple[FileQuality, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The model card in JSON's types."""
        return {
            **self.training.as_json(),
            "outcomes_without_customer": self.unknown,
            "customers_without_outcome": self.untold,
            "deposits_kept_in": str(self.kept) if self.kept else None,
            "files": [quality.as_json() for quality in self.qualities],
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class Scored:
    """Scores by customer number, in the delivery's order, with how they came about."""

    table: pd.DataFrame
    outlook: Outlook
    as_of: date
    remembered: date | None
    qualities: tuple[FileQuality, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """How the scores came about, in JSON's types; the scores themselves are in their file."""
        means = self.table[["p_fall", "p_same", "p_rise"]].mean().round(4)
        return {
            "as_of": self.as_of.isoformat(),
            "customers": len(self.table),
            "used": self.outlook.used,
            "best": self.outlook.best,
            "missing": list(self.outlook.missing),
            "deposits_remembered_from": self.remembered.isoformat() if self.remembered else None,
            "means": means.to_dict(),
            "files": [quality.as_json() for quality in self.qualities],
            "notes": list(self.notes),
        }


def train_outlook(
    place: Path, profile_name: str, outcome: Path, as_of: date, model: Path, *, max_rejected: float, tell: Tell
) -> Trained:
    """Train on one delivery and what followed, write the model, and keep the day's deposits beside it.

    Raises:
        DeliveryRefusedError: a file cannot be used; nothing was written.
    """
    delivered = read_delivery(place, load_profile(profile_name), as_of, max_rejected)
    outcomes = read_outcomes(outcome, delivered.customer_column, delivered.customers.index)
    training = train(delivered, outcomes, tell=tell)
    try:
        policy = refit(SegmentationPolicy(), build_features(snapshot(delivered)), as_of)
        training = replace(training, model=replace(training.model, policy=policy))
        notes: tuple[str, ...] = ()
    except PolicyError as error:
        notes = (f"No classes: {error}",)
    model.parent.mkdir(parents=True, exist_ok=True)
    kept = statement_file(model)
    if delivered.statement is not None:
        save_statement(delivered.statement, kept)
    else:
        kept.unlink(missing_ok=True)
    save_model(training.model, model)
    return Trained(
        training=training,
        unknown=outcomes.unknown,
        untold=outcomes.untold,
        kept=kept if delivered.statement is not None else None,
        qualities=delivered.qualities,
        notes=notes,
    )


def score_outlook(place: Path, profile_name: str, as_of: date, model: Path, *, max_rejected: float) -> Scored:
    """Score every customer of a delivery.

    Deposits kept beside the model stand in for an earlier statement where the delivery has none of its own.

    Raises:
        DeliveryRefusedError: the model or a file cannot be used.
    """
    loaded = load_model(model)
    delivered, kept = read_scored(place, load_profile(profile_name), as_of, model, max_rejected)
    outlook = foresee(loaded, delivered)
    table, notes = _classes(delivered, loaded.policy)
    return Scored(
        table=table.join(outlook.probabilities),
        outlook=outlook,
        as_of=as_of,
        remembered=kept.true_at if kept else None,
        qualities=delivered.qualities,
        notes=(*outlook.notes, *notes),
    )


def read_scored(
    place: Path, profile: Profile, as_of: date, model: Path, max_rejected: float
) -> tuple[Delivered, Statement | None]:
    """A delivery to score, and the deposits kept beside the model where they fill the place of an earlier statement.

    Raises:
        DeliveryRefusedError: a file cannot be used.
    """
    delivered = read_delivery(place, profile, as_of, max_rejected)
    if delivered.since is None and (found := load_statement(statement_file(model))) is not None:
        grown = delivered.with_earlier(found)
        if grown.since is found:
            return grown, found
    return delivered, None


def _classes(delivered: Delivered, policy: SegmentationPolicy | None) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """What a run would say under the policy that the training froze; money in yuan a year, scores 0–100.

    The potential is the documented heuristic's: the outlook stands beside it. Reasons are JSON.
    """
    empty = pd.DataFrame(index=delivered.customers.index)
    if policy is None:
        return empty, ("The model has no measure for classes: only the outlook is given.",)
    try:
        portraits = portray(build_features(snapshot(delivered)), policy)
    except PolicyError as error:
        return empty, (f"No classes: {error}",)
    found = portraits.table
    columns = {
        "class": found["letter"],
        "band": found["band"],
        "lifecycle": found["lifecycle"],
        "current_value": found["current_value"] / 100,
        "potential_value": found["potential"],
        "churn": found["churn"],
        "reasons": portraits.reasons.as_json().to_pylist(),
    }
    return pd.DataFrame(columns, index=empty.index), ()
