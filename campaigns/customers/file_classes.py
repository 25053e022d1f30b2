"""Classes out of files alone, without a database: customers in chunks, judged as one stored run would judge them."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from segmentation.classes import NOBODY, Letters, build_space
from segmentation.dimensions import DIMENSIONS, LETTERS
from segmentation.engine.people import People
from segmentation.features import build_features
from segmentation.policy import PolicyError, SegmentationPolicy
from segmentation.portraits import Portraits, portray
from segmentation.scaler import fit_scaler


@dataclass
class FileRun:
    """What a run over files did; `customers` by letter, `silent` and `astray` as in People."""

    as_of: date
    policy: SegmentationPolicy
    known: pd.Series
    fitted: bool
    silent: int
    astray: int
    letters: Counter[str] = field(default_factory=Counter)
    held: int = 0
    provisional: int = 0

    def left_out(self) -> dict[str, str]:
        """The dimensions that no letter comes from, with why."""
        columns = [dimension.feature for dimension in DIMENSIONS.values()]
        return dict(build_space(pd.DataFrame(columns=columns), self.policy, self.known).left_out)

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        scaler = self.policy.scaler
        return {
            "as_of": self.as_of.isoformat(),
            "customers": self.letters.total(),
            "classes": {letter: self.letters[letter] for letter in LETTERS},
            "held_by_margin": self.held,
            "provisional": self.provisional,
            "without_transactions": self.silent,
            "without_balances": self.astray,
            "left_out": self.left_out(),
            "scaler_fitted": self.fitted,
            "scaler": asdict(scaler) if scaler else None,
        }


def read_policy(file: Path | None) -> SegmentationPolicy:
    """The policy in a file, as `segment-policy show --json` prints it or this module writes it; else the defaults.

    Raises:
        PolicyError: the file holds no policy.
    """
    if file is None or not file.exists():
        return SegmentationPolicy()
    try:
        found = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise PolicyError(f"{file}: this is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise PolicyError(f"{file}: a policy is one JSON object.")
    return SegmentationPolicy.from_json(found.get("policy", found))


def write_policy(file: Path, policy: SegmentationPolicy) -> None:
    """Keep a policy for the runs to come, so that they measure alike."""
    file.write_text(json.dumps(policy.as_json(), ensure_ascii=False, indent=1) + "\n", "utf-8")


def look(people: People, policy: SegmentationPolicy, as_of: date) -> FileRun:
    """Look at all customers once: what is known of them, and the scaler where the policy has none.

    Raises:
        PolicyError: there are no customers, or they cannot be told apart.
    """
    if not people.customers:
        raise PolicyError("There are no customers in the balances.")
    known, dimensions = _survey(people, keep=policy.scaler is None)
    fitted = policy.scaler is None
    if fitted:
        policy = replace(policy, scaler=fit_scaler(dimensions, as_of.isoformat(), policy.known_share))
    run = FileRun(as_of, policy, known, fitted, people.silent, people.astray)
    run.left_out()
    return run


def portraits(people: People, run: FileRun) -> Iterator[Portraits]:
    """Judge the customers chunk by chunk, as one run over all of them would, and count them in `run`."""
    for stored in people.chunks():
        found = portray(build_features(stored), run.policy, _earlier(stored["previous"]), run.known)
        run.letters.update(found.assigned.names().tolist())
        run.held += int((found.table["gap"] < 0).sum())
        run.provisional += int(found.table["provisional"].sum())
        yield found


def _survey(people: People, *, keep: bool) -> tuple[pd.Series, pd.DataFrame]:
    """The known shares of all features and, to `keep`, the columns that a scaler is fitted to."""
    columns = [dimension.feature for dimension in DIMENSIONS.values()]
    known, kept = [], []
    for stored in people.chunks():
        features = build_features(stored)
        known.append(features.notna().sum())
        if keep:
            kept.append(features[columns])
    total: pd.Series = pd.concat(known, axis=1).sum(axis=1) / people.customers
    return total, pd.concat(kept) if keep else pd.DataFrame(columns=columns)


def _earlier(named: pd.Series) -> Letters:
    places = named.map({letter: at for at, letter in enumerate(LETTERS)})
    found: Letters = places.astype(float).fillna(NOBODY).to_numpy().astype(np.intp)
    return found
