"""Puts the segment report together from a stored run and the day's customers; for commands only."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from uuid import UUID

import numpy as np
import pandas as pd

from campaigns.customers.champions import ChampionStore, RegisteredModel
from campaigns.customers.class_lists import ClassLine, ClassLists, Migration
from campaigns.customers.report import ChampionCard, DriftReport, ModelCard, Quadrant, QuadrantPoint, SegmentReport
from campaigns.customers.segments import DigestStore, PolicyVersion, SegmentationRun, run_digest
from segmentation.classes import VERSION, Letters, build_space
from segmentation.dimensions import LETTERS
from segmentation.drift import freeze, measure_drift
from segmentation.fairness import assess_fairness
from segmentation.features import build_features
from segmentation.fit import fit_to_study
from segmentation.grouping import find_groups
from segmentation.outlook.modelfile import load_model
from segmentation.policy import SegmentationPolicy
from segmentation.stability import measure_firmness

POINTS = 3_000
ROUNDS = 20
SEED = 1
OUTCOMES = ("fell", "same", "rose")


class ReportRefusal(StrEnum):
    """Why there is no report."""

    NO_RUN = "no_run"
    NO_EARLIER_RUN = "no_earlier_run"


class ReportStore(DigestStore, Protocol):
    """What a report needs of the database; frames are by customer id."""

    @property
    def champions(self) -> ChampionStore: ...

    def find_latest(self, until: date | None) -> tuple[SegmentationRun, datetime] | None: ...
    def run_of(self, until: date) -> tuple[UUID, date] | None: ...
    def day_of(self, run: UUID) -> date: ...
    def current_policy(self) -> PolicyVersion | None: ...
    def policy(self, version: int) -> PolicyVersion | None: ...
    def snapshots(self, as_of: date) -> pd.DataFrame: ...
    def sexes(self, as_of: date) -> pd.Series: ...
    def classes(self, run: UUID) -> pd.DataFrame: ...
    def class_lists(self, run: SegmentationRun, first: int) -> ClassLists: ...
    def most_valuable(self, run: UUID, limit: int) -> list[ClassLine]: ...
    def migration(self, earlier: tuple[UUID, date], later: tuple[UUID, date]) -> Migration: ...


class ReportService:
    """Makes the report of a run."""

    def __init__(self, store: ReportStore) -> None:
        self._store = store

    def report(
        self, until: date | None = None, *, since: date | None = None, model: Path | None = None, first: int = 20
    ) -> SegmentReport | ReportRefusal:
        """The report of the latest run, not after `until`.

        It is held against the run whose letters it continued, or against the latest one of `since`. `first` is how many
        customers each list names.

        Raises:
            DeliveryRefusedError: the model's file cannot be used.
        """
        card = model_card(model) if model else None
        found = self._store.find_latest(until)
        if found is None:
            return ReportRefusal.NO_RUN
        run, made_at = found
        made = self._store.policy(run.key.policy_version)
        assert made is not None
        earlier = self._earlier(run, since)
        if since and earlier is None:
            return ReportRefusal.NO_EARLIER_RUN
        stored = self._store.snapshots(run.key.as_of)
        features, table = build_features(stored), self._store.classes(run.id)
        known = features.index.intersection(table.index)
        seen, table = features.loc[known], table.loc[known]
        places: Letters = table["letter"].map(LETTERS.index).to_numpy().astype(np.intp)
        return SegmentReport(
            run=run.id,
            as_of=run.key.as_of,
            made_at=made_at,
            classifier=run.key.classifier,
            policy_version=made.version,
            is_current=self._is_current(run, made_at),
            classes=tuple(run.summary),
            beside=run.report,
            quadrant=draw_quadrant(run, table, made.policy),
            fit=fit_to_study(seen, table["letter"]),
            firmness=measure_firmness(seen, made.policy, ROUNDS, SEED),
            grouping=find_groups(seen, places, build_space(seen, made.policy), made.policy),
            fairness=assess_fairness(
                stored.loc[known], self._store.sexes(run.key.as_of).reindex(known), table, made.policy
            ),
            lists=self._store.class_lists(run, first),
            valuable=tuple(self._store.most_valuable(run.id, first)),
            migration=self._store.migration(earlier, (run.id, run.key.as_of)) if earlier else None,
            drift=self._drift(earlier[1], run.key.as_of, features) if earlier else None,
            model=card,
            champion=champion_card(run, self._store.champions.models(made_at)),
        )

    def _earlier(self, run: SegmentationRun, since: date | None) -> tuple[UUID, date] | None:
        if since is None:
            return (run.key.previous, self._store.day_of(run.key.previous)) if run.key.previous else None
        found = self._store.run_of(since)
        return found if found and found[1] < run.key.as_of else None

    def _is_current(self, run: SegmentationRun, made_at: datetime) -> bool:
        key, newest = run.key, self._store.current_policy()
        if newest is None or (newest.version, VERSION) != (key.policy_version, key.classifier):
            return False
        return run_digest(self._store, key.as_of, made_at) == key.data_digest

    def _drift(self, earlier: date, later: date, features: pd.DataFrame) -> DriftReport:
        before = build_features(self._store.snapshots(earlier))
        return DriftReport(earlier, later, measure_drift(freeze(before), features))


def draw_quadrant(run: SegmentationRun, table: pd.DataFrame, policy: SegmentationPolicy) -> Quadrant:
    """Both scores of at most 3,000 customers drawn by a fixed seed; sizes and sums are of the whole run."""
    drawn = np.sort(np.random.default_rng(SEED).permutation(len(table))[:POINTS])
    points = table[["current", "potential", "letter"]].iloc[drawn]
    return Quadrant(
        current_line=policy.current_line,
        potential_line=policy.potential_line,
        customers=len(table),
        sampled=len(drawn),
        points=tuple(QuadrantPoint(*point) for point in points.itertuples(index=False, name=None)),
        sizes={entry["letter"]: entry["customers"] for entry in run.summary},
        assets_fen={entry["letter"]: entry["assets_fen"] for entry in run.summary},
    )


def champion_card(run: SegmentationRun, models: Sequence[RegisteredModel]) -> ChampionCard | None:
    """Where the run's potential is from, with the judgement of then; `models` as they were known when it was made."""
    said = run.report.get("potential")
    if said is None:
        return None
    model = next((found for found in models if found.digest == said["model"]), None)
    if model is None:
        return ChampionCard(said["why"])
    judged = model.judged_before(run.key.as_of)
    metrics = judged.metrics if judged else {}
    compared = metrics.get("comparison", {})
    return ChampionCard(
        why=said["why"],
        model=model.digest,
        trained_on=model.trained_on,
        judged_on=judged.as_of if judged else None,
        concordance=compared.get("concordance", {}),
        lead=compared.get("lead", {}),
        tenure=tuple(metrics.get("tenure", ())),
    )


def model_card(file: Path) -> ModelCard:
    """What a model's file says of its own worth.

    Raises:
        DeliveryRefusedError: no model of ours.
    """
    model = load_model(file)
    return ModelCard(
        profile=model.profile,
        as_of=model.as_of,
        shares=dict(zip(OUTCOMES, model.shares, strict=True)),
        parts={name: part.quality for name, part in model.parts.items()},
    )
