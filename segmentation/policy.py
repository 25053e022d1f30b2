"""The value indicators of the bank: how each is scored, what it weighs, and where the lines between classes run."""

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Self

FEN = 100  # fen in a yuan
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Indicator:
    """One indicator: a straight line through (value, score 0–100) points, held flat beyond the ends.

    `unknown` is the score of a customer about whom the department says nothing: below every line, so that nobody
    rises by missing data.
    """

    code: str
    weight: float
    points: Points
    unknown: float = 25.0
    scale: str = "linear"

    def __post_init__(self) -> None:
        values = [value for value, _ in self.points]
        if len(values) < 2 or any(a >= b for a, b in pairwise(values)):
            raise ValueError(f"The points of {self.code} must rise in value.")
        if self.weight <= 0 or not all(0 <= score <= 100 for _, score in self.points):
            raise ValueError(f"{self.code} needs a positive weight and scores from 0 to 100.")


YUAN_POINTS: Points = (
    (1, 0),
    (1_000, 10),
    (10_000, 25),
    (100_000, 45),
    (200_000, 52),
    (500_000, 65),
    (1_000_000, 78),
    (10_000_000, 100),
)
CURRENT = (
    Indicator("assets", 0.85, tuple((yuan * FEN, score) for yuan, score in YUAN_POINTS), scale="log"),
    Indicator("products", 0.15, ((0, 0), (1, 35), (2, 50), (3, 70), (5, 100))),
)
POTENTIAL = (
    Indicator("logins", 0.30, ((0, 0), (1, 40), (4, 60), (15, 85), (60, 100))),
    Indicator("transfers", 0.25, ((0, 0), (1, 20), (3, 40), (5, 50), (15, 70), (50, 90), (150, 100))),
    Indicator("idle_days", 0.20, ((0, 100), (7, 80), (30, 55), (90, 25), (180, 5), (365, 0))),
    Indicator(
        "inflow",
        0.15,
        tuple(
            (yuan * FEN, score)
            for yuan, score in ((0, 0), (10_000, 20), (100_000, 45), (500_000, 70), (5_000_000, 100))
        ),
    ),
    Indicator(
        "deposit_growth",
        0.10,
        tuple(
            (yuan * FEN, score)
            for yuan, score in (
                (-500_000, 0),
                (-100_000, 20),
                (-10_000, 45),
                (0, 50),
                (10_000, 55),
                (100_000, 80),
                (500_000, 100),
            )
        ),
    ),
)


@dataclass(frozen=True)
class SegmentationPolicy:
    """The versioned policy value; staff may change it, history explains it.

    `current_line` and `potential_line` are scores; `gate_fen` is the line of 500,000 yuan to the middle and high tier.
    A customer with two kinds of products passes the current line at about 165,000 yuan. The study's young customers
    at home with fintech are read from activity, since departments rarely deliver an age. On the third quarter of 2019
    of a Chinese bank the defaults give A 34 %, B 26 %, C 11 % and D 29 %: A the largest, B with the highest assets, C
    second in assets and seldom active, D like C with the least. Within `near_line` points of a line, confidence falls.
    """

    current: tuple[Indicator, ...] = CURRENT
    potential: tuple[Indicator, ...] = POTENTIAL
    current_line: float = 50.0
    potential_line: float = 35.0
    gate_fen: int = 500_000 * FEN
    near_line: float = 10.0

    def __post_init__(self) -> None:
        for axis in (self.current, self.potential):
            if abs(sum(indicator.weight for indicator in axis) - 1) > 1e-9:
                raise ValueError("The weights of an axis must add up to 1.")

    def as_json(self) -> dict[str, Any]:
        """The policy in JSON's types, as its row keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Self:
        """Back from its row."""
        axes = {axis: tuple(_indicator(entry) for entry in found[axis]) for axis in ("current", "potential")}
        return cls(**{**found, **axes})


def _indicator(entry: dict[str, Any]) -> Indicator:
    return Indicator(**{**entry, "points": tuple((value, score) for value, score in entry["points"])})
