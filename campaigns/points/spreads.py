"""A figure over many runs of a simulation: its mean and what it stays below, in points and in fen; how many do it."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

LOW, MIDDLE, HIGH = 5, 50, 95
EXACT = 50  # Up to so many people are counted one by one; the more are close to their normal distribution.


@dataclass(frozen=True)
class Spread:
    """A figure over all runs: its mean, and what it stays at or below in 5, 50 and 95 of 100 runs."""

    mean: float
    low: int
    middle: int
    high: int


def spread_of(figures: Sequence[int]) -> Spread:
    """The spread of one figure per run."""
    found = sorted(figures)
    low, middle, high = (found[rank(share, len(found))] for share in (LOW, MIDDLE, HIGH))
    return Spread(sum(found) / len(found), low, middle, high)


def spread_in_fen(points: Spread, price: int) -> Spread:
    """Points as their worth in fen, `price` in fen per 100 points."""
    low, middle, high = (round(in_fen(each, price)) for each in (points.low, points.middle, points.high))
    return Spread(in_fen(points.mean, price), low, middle, high)


def rank(share: int, count: int) -> int:
    """Where in a sorted list the figure stands that so many of 100 do not go above (nearest rank)."""
    return max(-(-share * count // 100), 1) - 1


def in_fen(points: float, price: int) -> float:
    """What points are worth in fen, `price` in fen per 100 points."""
    return points * price / 100


def heads(chance: random.Random, people: int, share: float) -> int:
    """How many of so many people do something that each does with this chance."""
    if people <= EXACT:
        return sum(chance.random() < share for _ in range(people))
    found = round(chance.gauss(people * share, math.sqrt(people * share * (1 - share))))
    return min(max(found, 0), people)
