"""Enterprises: their tier with reasons, what leads to the next one, and what their line of business usually needs."""

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Tier(StrEnum):
    """The three tiers of enterprises, apart from the letters of persons: 战略, 重点, 一般客户."""

    STRATEGIC = "strategic"
    KEY = "key"
    GENERAL = "general"


@dataclass(frozen=True)
class TierReason:
    """What a factor brings: its value in fen or as a code, its points, its lift against the line of a key customer."""

    code: str
    value: float | str | None
    points: float
    lift: float


@dataclass(frozen=True)
class TierStep:
    """What leads to the next tier by itself: so many fen more of it, or a grade of at least this."""

    code: str
    change_fen: int | None = None
    grade: str | None = None


@dataclass(frozen=True)
class PastTier:
    """The tier of one day."""

    as_of: date
    tier: Tier


@dataclass(frozen=True)
class EnterprisePortrait:
    """What the latest run says of one enterprise; points 0–100, confidence 0–1.

    `told_on` is the day of the figures. `representative` is the customer number of the legal representative, where the
    department tells it. `needs` are codes of products that its line of business usually needs.
    """

    number: str
    as_of: date
    told_on: date
    policy_version: int
    tier: Tier
    points: float
    confidence: float
    reasons: tuple[TierReason, ...]
    steps: tuple[TierStep, ...]
    needs: tuple[str, ...]
    industry: str
    cross_border: bool | None
    employees: int | None
    representative: str | None
    history: tuple[PastTier, ...]

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        history = [{"as_of": past.as_of.isoformat(), "tier": past.tier} for past in self.history]
        days = {"as_of": self.as_of.isoformat(), "told_on": self.told_on.isoformat()}
        return {**asdict(self), **days, "kind": "enterprise", "history": history}
