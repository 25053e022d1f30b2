"""The segmentation run: features of a day, letters held by those of the run before, stored; for commands only."""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol
from uuid import UUID, uuid4

import numpy as np
import pandas as pd

from campaigns.customers.action_runs import ActionRunStore, TagRunStore
from campaigns.customers.potentials import PotentialStore, with_potential
from segmentation.classes import NOBODY, VERSION, Letters
from segmentation.dimensions import LETTERS
from segmentation.drift import Frozen, freeze, measure_drift
from segmentation.enterprises import Tiers, judge
from segmentation.features import build_features
from segmentation.next_actions import decide
from segmentation.policy import SegmentationPolicy
from segmentation.portraits import Portraits, portray
from segmentation.scaler import fit_scaler
from segmentation.summary import report, summarise
from segmentation.tags import derive_tags

FIRST_FIT = "segment"


@dataclass(frozen=True)
class PolicyVersion:
    """A policy with the version that history knows it by."""

    version: int
    policy: SegmentationPolicy


@dataclass(frozen=True)
class RunKey:
    """What makes two runs the same run; `previous` is the run of the day before, whose letters hold.

    `model` is the digest of the model chosen to say the potential, None for the documented heuristic.
    """

    as_of: date
    classifier: str
    policy_version: int
    data_digest: str
    previous: UUID | None = None
    model: str | None = None


@dataclass(frozen=True)
class SegmentationRun:
    """One run; `summary` has one entry per class, A to D; `is_new` is False when an earlier run said the same."""

    id: UUID
    key: RunKey
    summary: list[dict[str, Any]]
    is_new: bool
    report: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The run in JSON's types."""
        previous = str(self.key.previous) if self.key.previous else None
        key = {**vars(self.key), "as_of": self.key.as_of.isoformat(), "previous": previous}
        return {"run": str(self.id), "is_new": self.is_new, **key, "classes": self.summary, "report": self.report}


class EnterpriseRunStore(Protocol):
    """What a run needs of enterprises."""

    def enterprises(self, as_of: date) -> pd.DataFrame: ...
    def save(self, run: UUID, as_of: date, tiers: Tiers) -> None: ...


class DigestStore(Protocol):
    """What the digest of a run's data needs of the database."""

    @property
    def actions(self) -> ActionRunStore: ...
    def data_digest(self, as_of: date) -> str: ...


class SegmentStore(DigestStore, Protocol):
    """What a segmentation run needs of the database."""

    @property
    def tags(self) -> TagRunStore: ...
    @property
    def potentials(self) -> PotentialStore: ...
    @property
    def enterprises(self) -> EnterpriseRunStore: ...
    def latest_day(self, until: date | None) -> date | None: ...
    def current_policy(self) -> PolicyVersion | None: ...
    def change_policy(self, policy: SegmentationPolicy, made_by: str, now: datetime, note: str = "") -> int: ...
    def run_before(self, as_of: date) -> UUID | None: ...
    def day_of(self, run: UUID) -> date: ...
    def firm_letters(self, run: UUID) -> pd.Series: ...
    def find_run(self, key: RunKey) -> tuple[UUID, list[dict[str, Any]], dict[str, Any]] | None: ...
    def snapshots(self, as_of: date) -> pd.DataFrame: ...
    def saving(self, run: SegmentationRun, portraits: Portraits, now: datetime) -> AbstractContextManager[None]: ...
    def save_report(self, run: SegmentationRun, frozen: Mapping[str, Frozen]) -> None: ...
    def frozen_day(self, run: UUID) -> Mapping[str, Frozen] | None: ...


class SegmentService:
    """Puts the customers of a day into classes."""

    def __init__(self, store: SegmentStore, now: datetime) -> None:
        self._store = store
        self._now = now

    def segment(self, until: date | None = None) -> SegmentationRun | None:
        """Segment the latest day that has customers, not after `until`; None when there is none.

        The same data under the same policy and model and after the same earlier run are not segmented again. The first
        run fits the scaler and keeps it as a version of the policy.

        Raises:
            PolicyError: the customers cannot be told apart.
        """
        as_of = self._store.latest_day(until)
        if as_of is None:
            return None
        # Read once, and not at all where an earlier run said the same.
        read = cache(lambda: build_features(self._store.snapshots(as_of)))
        made = self._measured_policy(as_of, read)
        self._store.tags.end_expired(self._now)
        digest, previous = run_digest(self._store, as_of, self._now), self._store.run_before(as_of)
        choice = self._store.potentials.choose(as_of)
        key = RunKey(as_of, VERSION, made.version, digest, previous, choice.used)
        if (found := self._store.find_run(key)) is not None:
            self._store.tags.follow(found[0], self._now)
            return SegmentationRun(found[0], key, found[1], is_new=False, report=found[2])
        features = read()
        held = earlier_letters(self._store, features, previous)
        portraits, choice = with_potential(
            self._store.potentials, choice, as_of, features, portray(features, made.policy, held), made.policy
        )
        known = self._store.actions.circumstances(as_of, self._now)
        enterprises = self._store.enterprises.enterprises(as_of)
        since, before = self._earlier_day(previous)
        run = SegmentationRun(uuid4(), key, [], is_new=True)
        with self._store.saving(run, portraits, self._now):  # The server writes meanwhile.
            summary = summarise(features, portraits, made.policy)
            actions = decide(features, portraits, made.policy, known)
            tags = derive_tags(features, portraits.table, made.policy.tags)
            self._store.actions.save(run.id, actions, tags)
            tiers = judge(enterprises, made.policy.enterprises)
            frozen, moved = freeze(features), measure_drift(before, features)
        beside = {
            **report(portraits, made.policy),
            "drift_since": since,
            "drift": {each.indicator: {"psi": each.psi, "level": each.level} for each in moved},
            "next_actions": actions.report,
            "tags": tags.counts(),
            "unknown_tags": list(tags.unknown),
            "potential": choice.as_json(),
            "enterprises": tiers.summary(),
        }
        run = replace(run, summary=summary, report=beside)
        self._store.save_report(run, frozen)
        self._store.enterprises.save(run.id, as_of, tiers)
        self._store.tags.follow(run.id, self._now)
        return run

    def _earlier_day(self, previous: UUID | None) -> tuple[str | None, Mapping[str, Frozen]]:
        """The day of the run before, as JSON says it, and every indicator as that run saw it."""
        if previous is None:
            return None, {}
        day = self._store.day_of(previous)
        frozen = self._store.frozen_day(previous)
        if frozen is None:
            frozen = freeze(build_features(self._store.snapshots(day)))
        return day.isoformat(), frozen

    def _measured_policy(self, as_of: date, read: Callable[[], pd.DataFrame]) -> PolicyVersion:
        """The newest policy; one without a scaler gets it from this day and becomes the next version."""
        made = self._store.current_policy()
        policy = made.policy if made else SegmentationPolicy()
        if made and policy.scaler:
            return made
        fitted = refit(policy, read(), as_of)
        note = f"scaler fitted on the delivery of {as_of}"
        return PolicyVersion(self._store.change_policy(fitted, FIRST_FIT, self._now, note), fitted)


def run_digest(store: DigestStore, as_of: date, now: datetime) -> str:
    """Of the delivered files, and of what people told and did that next actions depend on, where there is any."""
    files, told = store.data_digest(as_of), store.actions.digest(as_of, now)
    return hashlib.sha256(f"{files} {told}".encode()).hexdigest() if told else files


def refit(policy: SegmentationPolicy, features: pd.DataFrame, as_of: date) -> SegmentationPolicy:
    """The policy with its scaler estimated on these customers."""
    return replace(policy, scaler=fit_scaler(features, as_of.isoformat(), policy.known_share))


def earlier_letters(store: SegmentStore, features: pd.DataFrame, run: UUID | None) -> Letters | None:
    """The places of the letters that an earlier run gave these customers for good; None without an earlier run."""
    if run is None:
        return None
    letters = store.firm_letters(run).reindex(features.index)
    places = letters.map({letter: at for at, letter in enumerate(LETTERS)})
    found: Letters = places.fillna(NOBODY).to_numpy().astype(np.intp)
    return found
