"""The segment report as a value: everything that the page and the pictures show, in plain numbers and words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from campaigns.customers.class_lists import ClassLine, ClassLists, Migration
from segmentation.findings import Fairness, Firmness, Grouping, IndicatorDrift, StudyFit


class QuadrantPoint(NamedTuple):
    """One customer of the quadrant's sample: both scores 0–100 and the letter."""

    current: float
    potential: float
    letter: str


@dataclass(frozen=True)
class Quadrant:
    """The study's picture: a sample of customers over both scores, cut at the policy's lines.

    `sizes` and `assets_fen` are of all customers, per letter; `sampled` of `customers` are in `points`.
    """

    current_line: float
    potential_line: float
    customers: int
    sampled: int
    points: tuple[QuadrantPoint, ...]
    sizes: Mapping[str, int]
    assets_fen: Mapping[str, int]


@dataclass(frozen=True)
class DriftReport:
    """Every indicator of two days, the most moved first."""

    earlier: date
    later: date
    indicators: tuple[IndicatorDrift, ...]

    @property
    def alarms(self) -> tuple[IndicatorDrift, ...]:
        """The indicators at alarm."""
        return tuple(found for found in self.indicators if found.level == "alarm")


@dataclass(frozen=True)
class ModelCard:
    """What an outlook model is worth: `parts` has the held-out quality per set of indicators, as its file states it."""

    profile: str
    as_of: date
    shares: Mapping[str, float]
    parts: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class ChampionCard:
    """Where a run's potential is from and `why`, and how the model that was asked fared on its latest window before.

    `concordance` and `lead` are by score (outlook, heuristic, assets, tenure), `tenure` by band, as `evaluate` states
    them; all are empty where no model was judged.
    """

    why: str
    model: str | None = None
    trained_on: date | None = None
    judged_on: date | None = None
    concordance: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    lead: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    tenure: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class SegmentReport:
    """One run with its checks; scores 0–100, shares 0–1, money in fen.

    `classes` has one entry per class as `segmentation.summary.summarise` makes it, `beside` the tables of
    `segmentation.summary.report` (quadrants, terciles, bands, lifecycles). `is_current` is False when data or policy
    changed since the run. `migration` and `drift` are None without an earlier run, `model` without a model file,
    `champion` for a run of before there was a register of models.
    """

    run: UUID
    as_of: date
    made_at: datetime
    classifier: str
    policy_version: int
    is_current: bool
    classes: tuple[Mapping[str, Any], ...]
    beside: Mapping[str, Any]
    quadrant: Quadrant
    fit: StudyFit
    firmness: Firmness
    grouping: Grouping | None
    fairness: Fairness
    lists: ClassLists
    valuable: tuple[ClassLine, ...]
    migration: Migration | None = None
    drift: DriftReport | None = None
    model: ModelCard | None = None
    champion: ChampionCard | None = None

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        found: dict[str, Any] = plain(self)
        return found


def plain(value: Any) -> Any:
    """A value in JSON's types: days and ids as text, records as objects, points of a picture as lists."""
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, ClassLine):
        return plain(value._asdict())
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
