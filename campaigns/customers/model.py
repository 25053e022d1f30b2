"""Values: a customer of the bank, the class it is in and the reasons; plain enough for the bot to load."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self
from uuid import UUID


class Letter(StrEnum):
    """The four classes: A growth 成长期, B cultivation 培育期, C potential 潜力, D general 一般."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Axis(StrEnum):
    """What a reason speaks of: the letter, one of the two values, or the danger of losing the customer."""

    LETTER = "letter"
    CURRENT = "current"
    POTENTIAL = "potential"
    CHURN = "churn"


class Band(StrEnum):
    """The three bands by assets."""

    HIGH_NET_WORTH = "high_net_worth"
    MIDDLE = "middle"
    SMALL = "small"


class Lifecycle(StrEnum):
    """The stage of a customer's life with the bank."""

    NEW = "new"
    GROWING = "growing"
    MATURE = "mature"
    CHURN_WARNING = "churn_warning"


class Level(StrEnum):
    """A score in one word."""

    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"


class CustomerKind(StrEnum):
    """Persons have a class A–D; enterprises have a tier instead."""

    PERSON = "person"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True)
class Customer:
    """One customer; `number` is the bank's own and always text."""

    id: UUID
    number: str
    kind: CustomerKind = CustomerKind.PERSON


@dataclass(frozen=True)
class ClassReason:
    """One of the three strongest reasons: an indicator, its value, and the points that it speaks for or against.

    For the letter, points are the indicator's share in how much nearer this class is than the next one, in squared
    distance; for a score, points above or below its line. Money is in fen.
    `known` is False when the department said nothing; a known value of None never happened.
    """

    code: str
    axis: Axis
    value: float | None
    points: float
    known: bool = True

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Back from a file of classes."""
        return cls(**{**found, "axis": Axis(found["axis"])})

    @classmethod
    def from_stored(cls, axis: Axis, found: Sequence[Any]) -> Self:
        """Back from a run's row: [code, value, points], and whether it is known where it is not."""
        code, *rest = found
        return cls(code, axis, *rest)


@dataclass(frozen=True)
class CustomerClass:
    """What a segmentation run said of a customer at one day; scores 0–100, confidence 0–1."""

    letter: Letter
    current: float
    potential: float
    reasons: tuple[ClassReason, ...]
    confidence: float
    missing: tuple[str, ...]
    as_of: date
