"""Lists of classed customers: one line per customer, and the migration between two runs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from campaigns.customers.model import ClassReason

ABSENT = "–"


class ListKind(StrEnum):
    """The lists that staff look through: class B to watch (S-10), class C to develop (S-9), letters apart from the
    quadrant of both values, the most valuable (S-14), and the customers in the own groups (S-51)."""

    WATCHED = "watched"
    TO_DEVELOP = "develop"
    APART = "apart"
    VALUABLE = "valuable"
    MINE = "mine"


class ClassLine(NamedTuple):
    """What a run says of one customer; values in fen a year, scores 0–100, confidence 0–1.

    `next_product` is what the next action proposes, or else the likeliest of what may be proposed; `expected_value` in
    fen. Runs of before there were next actions have none.
    """

    number: str
    letter: str
    band: str | None
    lifecycle: str | None
    current_value: int | None
    current: float
    potential: float
    churn: float | None
    reasons: tuple[ClassReason, ...]
    confidence: float
    provisional: bool
    quadrant: str | None
    development: float | None
    steps: list[dict[str, Any]]
    missing: list[str]
    churn_reasons: tuple[ClassReason, ...]
    next_action: str | None = None
    next_product: str | None = None
    expected_value: int | None = None
    opportunity: float | None = None

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        reasons = {name: [vars(each) for each in getattr(self, name)] for name in ("reasons", "churn_reasons")}
        return {**self._asdict(), **reasons}


ACTED = ("next_action", "next_product", "expected_value", "opportunity")


@dataclass(frozen=True)
class Migration:
    """Customers by the letter of an earlier run and of a later one; "–" stands for not there."""

    earlier: date
    later: date
    matrix: dict[str, dict[str, int]]
    kept: float | None

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        return {**vars(self), "earlier": self.earlier.isoformat(), "later": self.later.isoformat()}


@dataclass(frozen=True)
class ClassLists:
    """The lists beside a run: class B to watch, class C to develop, letters apart from the quadrant of both values."""

    watched: tuple[ClassLine, ...]
    to_develop: tuple[ClassLine, ...]
    apart: tuple[ClassLine, ...]

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        return {name: [line.as_json() for line in lines] for name, lines in vars(self).items()}
