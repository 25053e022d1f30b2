"""Values: a customer of the bank, the class it is in and the reasons; plain enough for the bot to load."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Letter(StrEnum):
    """The four classes: A growth 成长期, B cultivation 培育期, C potential 潜力, D general 一般."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Axis(StrEnum):
    """Which of the two values a reason speaks of."""

    CURRENT = "current"
    POTENTIAL = "potential"


@dataclass(frozen=True)
class Customer:
    """One customer; `number` is the bank's own and always text."""

    id: UUID
    number: str


@dataclass(frozen=True)
class ClassReason:
    """One of the three strongest reasons: an indicator, its value, and the points it lies above or below its line.

    Money is in fen. `known` is False when the department said nothing; a known value of None never happened.
    """

    code: str
    axis: Axis
    value: float | None
    points: float
    known: bool = True


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
