"""The portrait of one customer: class, values, reasons, way to the next class, history; plain enough for the bot."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Protocol

from campaigns.customers.fields import CustomerField
from campaigns.customers.model import Band, ClassReason, Letter, Level, Lifecycle
from campaigns.customers.rules import level


@dataclass(frozen=True)
class Step:
    """The smallest change of assets alone, in fen, after which the next run gives another letter."""

    letter: Letter
    change_fen: int


@dataclass(frozen=True)
class PastClass:
    """The letter of one day, as that day's latest run has it."""

    as_of: date
    letter: Letter
    confidence: float
    provisional: bool


@dataclass(frozen=True)
class Portrait:
    """What the latest run says of one customer; scores 0–100, confidence 0–1, money in fen.

    `gap` is how much nearer the letter's prototype is than that of `runner_up`, below 0 when the letter is only held.
    `missing` departments say nothing of this customer; `left_out` are dimensions that the run had for nobody, with why.
    `value_parts` add up to `current_value`, a year's. `development` is class C's sub-score. `margin` is the policy's:
    how much nearer another prototype must be. The bounds cut a score into low, middle and high: potential at the run's
    terciles, churn at the policy's lines of the watch list and of a warning. `fields` are what departments tell, with
    source, age and trust.
    """

    number: str
    as_of: date
    policy_version: int
    letter: Letter
    runner_up: Letter | None
    gap: float | None
    confidence: float
    provisional: bool
    reasons: tuple[ClassReason, ...]
    steps: tuple[Step, ...]
    current: float
    current_value: int | None
    value_parts: Mapping[str, int]
    potential: float
    potential_reasons: tuple[ClassReason, ...]
    quadrant: Letter | None
    churn: float | None
    churn_reasons: tuple[ClassReason, ...]
    band: Band | None
    lifecycle: Lifecycle | None
    development: float | None
    missing: tuple[str, ...]
    left_out: Mapping[str, str]
    history: tuple[PastClass, ...]
    margin: float | None = None
    potential_bounds: tuple[float, float] | None = None
    churn_bounds: tuple[float, float] | None = None
    fields: tuple[CustomerField, ...] = ()

    @property
    def potential_level(self) -> Level | None:
        """The potential value in a word."""
        return level(self.potential, self.potential_bounds) if self.potential_bounds else None

    @property
    def churn_level(self) -> Level | None:
        """The danger of losing the customer in a word."""
        if self.churn is None or self.churn_bounds is None:
            return None
        return level(self.churn, self.churn_bounds)

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        history = [{**asdict(past), "as_of": past.as_of.isoformat()} for past in self.history]
        fields = [field.as_json() for field in self.fields]
        return {**asdict(self), "as_of": self.as_of.isoformat(), "history": history, "fields": fields}


class PortraitStore(Protocol):
    """Where portraits are kept."""

    async def portrait(self, number: str) -> Portrait | None:
        """The portrait of the customer with the bank's number; None when nobody has it or no run knows the customer."""
        ...
