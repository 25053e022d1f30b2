"""Indicators in the hands of staff: what each weighs under a policy, and what stands behind one customer's scores."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Protocol

import numpy as np
import pandas as pd

from campaigns.customers.portraits import Portrait
from campaigns.customers.segments import SegmentStore, earlier_letters
from segmentation.catalogue import Definition, load_catalogue
from segmentation.classes import assign
from segmentation.features import build_features
from segmentation.policy import PolicyError, SegmentationPolicy
from segmentation.scoring import axis_points, total
from segmentation.scoring_maps import line_of, told_qualities
from segmentation.values import value_parts

SCORES = ("potential", "churn")
TRANSACTIONS = "transactions"
QUARTER = 90


@dataclass(frozen=True)
class Use:
    """What one indicator does under a policy.

    `weights` by "letter", "potential" and "churn" (qualitative ones beside the whole of the figures, before scaling);
    `margin` in basis points a year or `cost` in fen per dealing in the current value; `lines` are the scoring lines as
    (value or category, score) by score, "map" for a scoring map that no score weighs.
    """

    definition: Definition
    weights: Mapping[str, float]
    margin: int | None
    cost: int | None
    lines: Mapping[str, tuple[tuple[float | str, float], ...]]
    unknown: Mapping[str, float]

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        return {
            **asdict(self.definition),
            **{name: value for name, value in asdict(self).items() if name != "definition"},
        }


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator of one customer; unknown is None with `is_known` False, a known None never happened.

    `points` by "letter" (share in the lead over the next class), "potential", "churn" (points of the score) and
    "current_value" (fen a year). `source` is the subject that tells it, None where nobody does; `age_days` how old its
    newest word is at the as-of date. `by_quarter`: a window of 90 days is the quarter as departments count it.
    """

    code: str
    value: float | None
    category: str | None
    is_known: bool
    unit: str
    window: int
    by_quarter: bool
    source: str | None
    age_days: int | None
    points: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class IndicatorTable:
    """Every indicator of one customer at the day of its latest run.

    `fits` is False when the day's data were published again after the run, so that the points are no longer its.
    `potential` is the score that the points for it make; the run's may be a model's.
    """

    number: str
    as_of: date
    policy_version: int
    catalogue_version: int
    fits: bool
    potential: float
    run_potential: float
    lines: tuple[IndicatorLine, ...]

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        return {**asdict(self), "as_of": self.as_of.isoformat()}


class IndicatorStore(SegmentStore, Protocol):
    """What the indicators of a customer need of the database beyond a run's needs."""

    def policy(self, version: int) -> Any: ...
    def told_on(self, as_of: date) -> Mapping[str, date]: ...


def uses(policy: SegmentationPolicy) -> list[Use]:
    """The whole catalogue under a policy, in its order."""
    return [_use(definition, policy) for definition in load_catalogue().definitions.values()]


def indicators_of(store: IndicatorStore, found: Portrait) -> IndicatorTable:
    """Every indicator of a customer, computed again from the day's snapshots under the policy of the portrait's run.

    Raises:
        PolicyError: the policy of the run is not there any more.
    """
    made = store.policy(found.policy_version)
    if made is None:
        raise PolicyError(f"There is no version {found.policy_version} of the policy.")
    stored = store.snapshots(found.as_of)
    features = build_features(stored)
    at = int(np.flatnonzero((stored["number"] == found.number).to_numpy())[0])
    points, sums, fits = _points(store, features, made.policy, at, found)
    told = store.told_on(found.as_of)
    lines = (
        _line(definition, float(features[definition.code].iloc[at]), told, found.as_of, points.get(definition.code, {}))
        for definition in load_catalogue().definitions.values()
    )
    return IndicatorTable(
        number=found.number,
        as_of=found.as_of,
        policy_version=found.policy_version,
        catalogue_version=load_catalogue().version,
        fits=fits,
        potential=sums["potential"],
        run_potential=round(found.potential, 2),
        lines=tuple(lines),
    )


def _use(definition: Definition, policy: SegmentationPolicy) -> Use:
    code = definition.code
    weights, lines, unknown = {}, {}, {}
    if definition.dimension is not None:
        weights["letter"] = policy.weights[definition.dimension]
    for score in SCORES:
        for each in getattr(policy, score):
            if each.code == code:
                weights[score], lines[score], unknown[score] = each.weight, each.points, each.unknown
        if (beside := policy.qualitative[score].get(code, 0.0)) > 0:
            weights[score] = beside
    if code in policy.maps:
        line = line_of(code, 1.0, policy.maps[code])
        lines["map"] = tuple((definition.categories[int(place)], points) for place, points in line.points)
        unknown["map"] = line.unknown
    return Use(definition, weights, policy.value.margins.get(code), policy.value.dealings.get(code), lines, unknown)


def _points(
    store: SegmentStore, features: pd.DataFrame, policy: SegmentationPolicy, at: int, found: Portrait
) -> tuple[dict[str, dict[str, float]], dict[str, float], bool]:
    """By code the points in each score, the scores, and whether letter, churn and value are still what the run said."""
    assigned = assign(features, policy, earlier_letters(store, features, store.run_before(found.as_of)))
    one, told = features.iloc[[at]], told_qualities(features, policy.known_share)
    points: dict[str, dict[str, float]] = {}
    by_dimension = {each.dimension: code for code, each in load_catalogue().definitions.items() if each.dimension}
    for code, term in zip(assigned.space.codes, assigned.terms()[at], strict=True):
        points.setdefault(by_dimension[code], {})["letter"] = round(float(term), 3)
    sums = {}
    for score in SCORES:
        brought = axis_points(one, policy.indicators(score, told))
        sums[score] = float(total(brought).iloc[0])
        _put(points, score, {str(code): round(float(value), 2) for code, value in brought.iloc[0].items()})
    parts = value_parts(one, policy.value).iloc[0]
    _put(points, "current_value", {str(code): int(fen) for code, fen in parts.items() if fen and code != "account"})
    said = found.letter.value, found.current_value, None if found.churn is None else round(found.churn, 2)
    return points, sums, (str(assigned.names()[at]), int(parts.sum()), sums["churn"]) == said


def _put(points: dict[str, dict[str, float]], score: str, brought: Mapping[str, float]) -> None:
    for code, value in brought.items():
        points.setdefault(code, {})[score] = value


def _line(
    definition: Definition, value: float, told: Mapping[str, date], as_of: date, points: Mapping[str, float]
) -> IndicatorLine:
    source = next((subject for subject, _ in definition.sources if subject in told), None)
    known = not np.isnan(value)
    plain = value if np.isfinite(value) else None
    return IndicatorLine(
        code=definition.code,
        value=plain,
        category=definition.categories[int(value)] if definition.categories and plain is not None else None,
        is_known=known,
        unit=definition.unit,
        window=definition.window,
        by_quarter=definition.window == QUARTER and source not in (None, TRANSACTIONS),
        source=source,
        age_days=(as_of - told[source]).days if source else None,
        points=points,
    )
