"""What is asked of an experiment's file, and what was found: frozen values that become one JSON object."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import floor, isfinite, log10
from pathlib import Path
from typing import Any

DIGITS = 10


class ExperimentError(ValueError):
    """An experiment's file or question that cannot be used; the message says what, where and what to do."""


@dataclass(frozen=True)
class Question:
    """What to read out of a file; `unit` None: every row is a unit. `shares` are the planned ones, by variant.

    `pre` leads from an outcome to the column known before the experiment. `looks` reads the file in its order as that
    many equal looks. `planned` is the number of units of the whole experiment, where it is known.
    """

    file: Path
    variant: str
    outcomes: tuple[str, ...]
    unit: str | None = None
    control: str | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    pre: Mapping[str, str] = field(default_factory=dict)
    features: tuple[str, ...] = ()
    repeated: str = "auto"
    looks: int = 0
    planned: int | None = None


@dataclass(frozen=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float

    def excludes_zero(self) -> bool:
        """Whether 0 lies outside."""
        return self.low > 0 or self.high < 0


def told_plainly(value: Any) -> Any:
    """What `asdict` made of values, in JSON's types: intervals as two numbers, days as text."""
    match value:
        case {"low": low, "high": high, **rest} if not rest:
            return [low, high]
        case Mapping():
            return {str(key): told_plainly(each) for key, each in value.items()}
        case list() | tuple():
            return [told_plainly(each) for each in value]
        case date():
            return value.isoformat()
    return value


@dataclass(frozen=True)
class Control:
    """The variant that all others are compared with, and how it was found: "given" or the rule that guessed it."""

    name: str
    how: str


@dataclass(frozen=True)
class SampleRatio:
    """Whether the units fell as planned; `passed` is False below p = 0.001, which blocks the result.

    `plan` is "given" or "equal shares assumed"; `fits` has round parts that the counts fit, where none were given.
    """

    p: float
    chi_square: float
    passed: bool
    plan: str
    counts: Mapping[str, int]
    planned_shares: Mapping[str, float]
    fits: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Sequential:
    """A reading that holds at every look: `p` and `interval` may be read as often as one likes."""

    interval: Interval
    p: float


@dataclass(frozen=True)
class Adjusted:
    """The difference after what was known before is taken off (CUPED), and the share of variance that this removed."""

    difference: float
    interval: Interval
    p: float
    variance_removed: float


@dataclass(frozen=True)
class Capped:
    """The difference with every value above `cap` counted as `cap`, where few units carry the sum."""

    cap: float
    difference: float
    interval: Interval
    p: float


@dataclass(frozen=True)
class VariantReading:
    """One outcome in one variant; `n` units have the outcome, `missing` do not. `n` and `missing` add up to the units.

    What compares with the control is None for the control itself and where the data cannot tell it.
    `p_adjusted` is corrected over the variants (Holm).
    """

    variant: str
    n: int
    missing: int
    mean: float | None
    sd: float | None
    mean_interval: Interval | None
    difference: float | None = None
    interval: Interval | None = None
    p: float | None = None
    p_adjusted: float | None = None
    relative: float | None = None
    relative_interval: Interval | None = None
    always_valid: Sequential | None = None
    cuped: Adjusted | None = None
    capped: Capped | None = None
    smallest_effect: float | None = None


@dataclass(frozen=True)
class Look:
    """One look at a growing experiment: after so many units, the always-valid reading and the plain p."""

    units: int
    difference: float
    always_valid: Sequential
    plain_p: float


@dataclass(frozen=True)
class OutcomeReading:
    """One outcome over all variants; `kind` is binary, continuous or ratio, `method` says the test."""

    outcome: str
    kind: str
    method: str
    variants: tuple[VariantReading, ...]
    missing_p: float | None = None
    heavy_tailed: bool = False
    looks: Mapping[str, tuple[Look, ...]] | None = None


@dataclass(frozen=True)
class AtK:
    """The uplift among the share `k` of the units that the model ranks first."""

    k: float
    units: int
    uplift: float | None
    interval: Interval | None


@dataclass(frozen=True)
class Ranking:
    """How well a score ranks by uplift: the Qini coefficient (1 is perfect; binary outcomes only), its area, interval.

    `area` is what the curve gains over random targeting, per unit, in the outcome's own unit; see docs/experiments.md.
    """

    qini: float | None
    qini_interval: Interval | None
    area: float
    area_interval: Interval
    at_k: tuple[AtK, ...]


@dataclass(frozen=True)
class UpliftReading:
    """A two-model learner judged out of sample for one variant and outcome, beside the model of the response alone."""

    outcome: str
    variant: str
    units: int
    features: tuple[str, ...]
    learner: str
    two_model: Ranking
    response: Ranking
    worth_using: bool


@dataclass(frozen=True)
class Evaluation:
    """Everything that a file says about an experiment; `blocked` names why no variant may be called a winner."""

    file: str
    rows: int
    units: int
    unit: str | None
    variant: str
    control: Control
    left_out: Mapping[str, int]
    sample_ratio: SampleRatio
    outcomes: tuple[OutcomeReading, ...]
    uplift: tuple[UpliftReading, ...]
    blocked: tuple[str, ...]
    verdict: str
    cautions: tuple[str, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The same in JSON's types: intervals as two numbers, ten digits, None where nothing can be said."""
        plain: dict[str, Any] = _plain(self)
        return plain


def _plain(value: Any) -> Any:
    match value:
        case Interval():
            return [_plain(value.low), _plain(value.high)]
        case float():
            return _rounded(value)
        case Mapping():
            return {key: _plain(each) for key, each in value.items()}
        case tuple() | list():
            return [_plain(each) for each in value]
        case _ if hasattr(value, "__dataclass_fields__"):
            return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value


def _rounded(value: float) -> float | None:
    if not isfinite(value):
        return None
    return round(value, DIGITS - 1 - floor(log10(abs(value)))) if value else 0.0
