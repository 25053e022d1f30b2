"""A quote for a loan's rate out of a table: advice to staff and nothing more; neither class, age nor sex moves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

Ladder = tuple[tuple[float, int], ...]


@dataclass(frozen=True)
class RateTable:
    """Basis points a year: a base, and what is added from each score on; the sum stays between `floor` and `ceiling`.

    The defaults are an assumption to begin with. A class is no trait here, since age is among what makes it (S-19; the
    law on personal information forbids unreasonable differences in price).
    """

    base: int = 435
    floor: int = 345
    ceiling: int = 600
    current: Ladder = ((0, 20), (35, 0), (65, -15), (80, -30))
    potential: Ladder = ((0, 10), (50, 0), (75, -10))
    new: int = 15

    def __post_init__(self) -> None:
        for name, ladder in (("current", self.current), ("potential", self.potential)):
            if not ladder or ladder[0][0] != 0 or any(a[0] >= b[0] for a, b in pairwise(ladder)):
                raise ValueError(f"rates.{name} must begin at a score of 0 and rise.")
            if any(a[1] < b[1] for a, b in pairwise(ladder)):
                raise ValueError(f"rates.{name} must not ask more of a higher score.")
        if not 0 <= self.floor <= self.base <= self.ceiling:
            raise ValueError("rates.base must lie between rates.floor and rates.ceiling.")

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Back from a policy's row."""
        ladders = {name: tuple((score, points) for score, points in found[name]) for name in ("current", "potential")}
        return cls(**{**found, **ladders})


@dataclass(frozen=True)
class Quote:
    """A rate in basis points a year, and the parts that it is made of."""

    total: int
    parts: Mapping[str, int]


def quote(table: RateTable, *, current: float, potential: float, is_new: bool) -> Quote:
    """The advised rate of one customer by both scores, 0–100, and whether the customer is new."""
    parts = {
        "base": table.base,
        "current": _step(table.current, current),
        "potential": _step(table.potential, potential),
        "new": table.new if is_new else 0,
    }
    return Quote(min(max(sum(parts.values()), table.floor), table.ceiling), parts)


def _step(ladder: Ladder, score: float) -> int:
    return next(points for least, points in reversed(ladder) if score >= least)
