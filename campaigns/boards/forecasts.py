"""When something runs out: from the recent rate, with the range that so few observations honestly allow."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

BIN = timedelta(minutes=5)
LOOK_BACK = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SHARES = (0.1, 0.5, 0.9)  # An eight-in-ten range around the middle.
NEAR = 1e-12
TERMS = 400
HALVINGS = 48


@dataclass(frozen=True)
class Forecast:
    """When the last one goes: the middle, and an early and a late moment between which it falls eight times in ten."""

    early: datetime
    middle: datetime
    late: datetime


def runs_out(left: int, taken: Sequence[datetime], since: datetime, now: datetime) -> Forecast | None:
    """When `left` are gone, if people go on taking as between `since` and now; None where nothing tells.

    `taken` are moments of single takings, in any order; those outside the last half hour do not count. The unknown
    rate is gamma after a Poisson count (Jeffreys' prior), so the time until the last one follows a beta prime. Takings
    that come in bursts count for less: both counts are divided by the spread over bins of five minutes (quasi-Poisson).
    None also where it would take more than half a day.
    """
    if left <= 0:
        return Forecast(now, now, now)
    begin = max(since, now - LOOK_BACK)
    window = (now - begin).total_seconds()
    seen = [moment for moment in taken if begin < moment <= now]
    if not seen or window <= 0:
        return None
    burst = spread(seen, begin, now)
    waits = [window * _beta_prime(share, left / burst, len(seen) / burst + 0.5) for share in SHARES]
    if waits[1] > LONGEST.total_seconds():
        return None
    early, middle, late = (now + timedelta(seconds=min(wait, LONGEST.total_seconds())) for wait in waits)
    return Forecast(early, middle, late)


def spread(moments: Sequence[datetime], begin: datetime, end: datetime) -> float:
    """Variance over mean of the counts in bins of five minutes; at least 1, which is what Poisson would give."""
    bins = max(1, math.ceil((end - begin) / BIN))
    if bins < 3 or not moments:
        return 1.0
    counts = [0] * bins
    for moment in moments:
        counts[min(int((moment - begin) / BIN), bins - 1)] += 1
    mean = len(moments) / bins
    return max(1.0, sum((count - mean) ** 2 for count in counts) / (bins - 1) / mean)


def _beta_prime(share: float, a: float, b: float) -> float:
    """The quantile of a beta prime distribution, by halving."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if beta_share(middle, a, b) < share else (low, middle)
    return high / max(1 - high, NEAR)


def beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22, Lentz)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(1 - x, b, a)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    upper, lower = 1.0, 1 / _off_zero(1 - (a + b) * x / (a + 1))
    found = lower
    for m in range(1, TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            lower, upper = 1 / _off_zero(1 + term * lower), _off_zero(1 + term / upper)
            found *= lower * upper
        if abs(lower * upper - 1) < NEAR:
            break
    return math.exp(log_front) * found / a


def _off_zero(value: float) -> float:
    return value if abs(value) > 1e-300 else 1e-300
