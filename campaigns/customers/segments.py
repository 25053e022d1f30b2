"""The segmentation run: features of a day, a classifier, stored classes; for commands, never loaded by the bot."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID, uuid4

import pandas as pd

from segmentation.classes import LineClassifier
from segmentation.features import build_features
from segmentation.policy import SegmentationPolicy
from segmentation.summary import summarise


@dataclass(frozen=True)
class PolicyVersion:
    """A policy with the version that history knows it by."""

    version: int
    policy: SegmentationPolicy


@dataclass(frozen=True)
class RunKey:
    """What makes two runs the same run."""

    as_of: date
    classifier: str
    policy_version: int
    data_digest: str


@dataclass(frozen=True)
class SegmentationRun:
    """One run; `summary` has one entry per class, A to D; `is_new` is False when an earlier run said the same."""

    id: UUID
    key: RunKey
    summary: list[dict[str, Any]]
    is_new: bool

    def as_json(self) -> dict[str, Any]:
        """The run in JSON's types."""
        key = {**vars(self.key), "as_of": self.key.as_of.isoformat()}
        return {"run": str(self.id), "is_new": self.is_new, **key, "classes": self.summary}


class SegmentStore(Protocol):
    """What a segmentation run needs of the database."""

    def latest_day(self, until: date | None) -> date | None: ...
    def data_digest(self, as_of: date) -> str: ...
    def current_policy(self, now: datetime) -> PolicyVersion: ...
    def find_run(self, key: RunKey) -> tuple[UUID, list[dict[str, Any]]] | None: ...
    def snapshots(self, as_of: date) -> pd.DataFrame: ...
    def save_run(self, run: SegmentationRun, classes: pd.DataFrame, now: datetime) -> None: ...


class SegmentService:
    """Puts the customers of a day into classes."""

    def __init__(self, store: SegmentStore, now: datetime) -> None:
        self._store = store
        self._now = now

    def segment(self, until: date | None = None) -> SegmentationRun | None:
        """Segment the latest day that has customers, not after `until`; None when there is none.

        The same data under the same policy and classifier are not segmented again.
        """
        as_of = self._store.latest_day(until)
        if as_of is None:
            return None
        made = self._store.current_policy(self._now)
        classifier = LineClassifier(made.policy)
        key = RunKey(as_of, classifier.version, made.version, self._store.data_digest(as_of))
        if (found := self._store.find_run(key)) is not None:
            return SegmentationRun(found[0], key, found[1], is_new=False)
        features = build_features(self._store.snapshots(as_of))
        classes = classifier.assign(features)
        run = SegmentationRun(uuid4(), key, summarise(features, classes, made.policy), is_new=True)
        self._store.save_run(run, classes, self._now)
        return run
