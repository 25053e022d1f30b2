"""A confidence sequence: an interval that may be read at every look, however many there are; no frames.

A normal mixture (Robbins 1970; Johari, Koomen, Pekelis and Walsh 2017; for unknown variances Waudby-Smith, Arbour,
Sinha, Kennedy and Ramdas 2024): with the variance V of the difference d and a mixing variance τ², the likelihood ratio
√(V/(V+τ²)) · exp(d²τ² / 2V(V+τ²)) is a martingale where there is no effect, so it exceeds 1/α at any look at all with a
chance of at most α.
"""

from collections.abc import Sequence
from math import exp, inf, log, sqrt

from segmentation.experiments.model import Interval, Sequential

ALPHA = 0.05
TUNED_TO = (
    2_500.0  # Effective units n₀n₁/(n₀+n₁), as of 10,000 in two halves; ten times off costs a tenth of the width.
)


def mixing_share(tuned_to: float = TUNED_TO, alpha: float = ALPHA) -> float:
    """τ² in outcome variances for which the sequence is nearly narrowest at these effective units."""
    reach = -2 * log(alpha)
    return (reach + log(reach + 1)) / tuned_to


def careful_variance(variances: Sequence[float], sizes: Sequence[float]) -> tuple[float, float]:
    """The squared standard error of a difference of means and the pooled deviation, not flattered by a lucky group.

    It is the larger of the separate and the pooled estimate: early on the smaller group has often not met its large
    values yet, and by itself would call every difference certain.
    """
    weights = [size - 1 for size in sizes]
    pooled = sum(v * w for v, w in zip(variances, weights, strict=True)) / sum(weights)
    apart = sum(v / n for v, n in zip(variances, sizes, strict=True))
    return max(apart, pooled * sum(1 / n for n in sizes)), sqrt(pooled)


def read_any_time(
    difference: float, variance: float, sd: float, *, tuned_to: float = TUNED_TO, alpha: float = ALPHA
) -> Sequential:
    """The reading of a difference whose squared standard error is `variance` and whose outcome deviates by `sd`.

    What it is tuned to must be fixed before the first look: it may depend on the plan, never on the difference.
    """
    if variance <= 0 or sd <= 0:
        return Sequential(Interval(-inf, inf), 1.0)
    mixing = mixing_share(tuned_to, alpha) * sd**2
    both = variance + mixing
    half = sqrt(variance * both / mixing * (log(both / variance) - 2 * log(alpha)))
    p = min(1.0, sqrt(both / variance) * exp(-(difference**2) * mixing / (2 * variance * both)))
    return Sequential(Interval(difference - half, difference + half), p)
