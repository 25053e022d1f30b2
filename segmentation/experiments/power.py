"""The smallest effect that an audience of a given size can show, and the size that an effect needs; no frames."""

from math import ceil, sqrt
from statistics import NormalDist

ALPHA, POWER = 0.05, 0.8


def smallest_effect(control: int, treated: int, sd: float, *, alpha: float = ALPHA, power: float = POWER) -> float:
    """The difference of means that is found with this power: (z₁₋α⁄₂ + z_power) · sd · √(1/n₀ + 1/n₁).

    In the outcome's unit. For a share with base rate p the sd is √(p(1−p)).

    Raises:
        ValueError: a group without units.
    """
    if min(control, treated) < 1:
        raise ValueError("each group needs at least one unit")
    return _reach(alpha, power) * sd * sqrt(1 / control + 1 / treated)


def smallest_lift(control: int, treated: int, base: float, *, alpha: float = ALPHA, power: float = POWER) -> float:
    """The same for a share with this base rate, in percentage points as a share (0.01 is one point)."""
    return smallest_effect(control, treated, sqrt(base * (1 - base)), alpha=alpha, power=power)


def units_needed(effect: float, sd: float, hold_out: float, *, alpha: float = ALPHA, power: float = POWER) -> int:
    """How many units in both groups together show this effect, where a share `hold_out` of them is the control.

    Raises:
        ValueError: no effect, or a hold-out that leaves one group empty.
    """
    if not effect or not 0 < hold_out < 1:
        raise ValueError("an effect other than 0 and a hold-out between 0 and 1 are needed")
    return ceil((_reach(alpha, power) * sd / effect) ** 2 * (1 / hold_out + 1 / (1 - hold_out)))


def _reach(alpha: float, power: float) -> float:
    normal = NormalDist()
    return normal.inv_cdf(1 - alpha / 2) + normal.inv_cdf(power)
