"""A growing experiment read at several looks: what a reader would have seen by the sequence, and by plain p."""

from math import sqrt
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from segmentation.experiments.model import Look
from segmentation.experiments.moments import Values
from segmentation.experiments.sequences import TUNED_TO, careful_variance, read_any_time


def read_looks(
    values: Values, treated: npt.NDArray[np.bool_], looks: int, *, binary: bool, tuned_to: float = TUNED_TO
) -> tuple[Look, ...]:
    """The units of one variant and the control in the order in which they came, read at equal steps.

    Looks at which a group has fewer than two units are passed over.
    """
    ends = np.unique(np.linspace(0, len(values), looks + 1).round().astype(int)[1:])
    centre = float(values.mean()) if len(values) else 0.0
    sums = np.array([_sums(values, treated, centre, ends, group) for group in (False, True)])
    found = []
    for at, end in enumerate(ends):
        if sums[:, 0, at].min() >= 2:
            found.append(_look(int(end), sums[:, :, at], centre, binary, tuned_to))
    return tuple(found)


def _sums(
    values: Values, treated: npt.NDArray[np.bool_], centre: float, ends: npt.NDArray[np.int_], group: bool
) -> list[Values]:
    """How many of a group, the sum of their deviations, and that of their squares, up to each end."""
    chosen = treated == group
    off = np.where(chosen, values - centre, 0.0)
    running = (np.cumsum(chosen, dtype=np.float64), np.cumsum(off), np.cumsum(off**2))
    return [each[ends - 1] for each in running]


def _look(units: int, sums: Values, centre: float, binary: bool, tuned_to: float) -> Look:
    (n0, n1), off, squares = sums[:, 0], sums[:, 1], sums[:, 2]
    difference = float(off[1] / n1 - off[0] / n0)
    if binary:
        yes = float(off.sum() + centre * (n0 + n1))
        pooled = (yes + 1) / (n0 + n1 + 2)
        variances = [pooled * (1 - pooled)] * 2
    else:
        variances = [max(float(s - o**2 / n) / (n - 1), 0.0) for s, o, n in zip(squares, off, (n0, n1), strict=True)]
    variance, sd = careful_variance(variances, (n0, n1))
    reading = read_any_time(difference, variance, sd, tuned_to=tuned_to)
    apart = variances[0] / n0 + variances[1] / n1
    plain = 2 * NormalDist().cdf(-abs(difference) / sqrt(apart)) if apart > 0 else 1.0
    return Look(units, difference, reading, plain)
