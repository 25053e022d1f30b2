"""Suitability: a product's risk and term against appetite and need of money; age and sex are never asked."""

import numpy as np
import numpy.typing as npt

from segmentation.appetites import UNASKED_MOST
from segmentation.liquidity import UNTOLD_MOST_DAYS

Floats = npt.NDArray[np.float64]


def suits(risk: int, appetites: Floats, locked_days: int, horizons: Floats) -> npt.NDArray[np.bool_]:
    """Whether a product of grade R`risk` that binds money for `locked_days` may be proposed to each customer (S-58).

    The rule of `suits_one` for many: appetites are C1–C5, horizons days until the money may be needed, NaN for unknown.
    """
    most = np.where(np.isnan(appetites), UNASKED_MOST, appetites)
    longest = np.where(np.isnan(horizons), UNTOLD_MOST_DAYS, horizons)
    return np.asarray((risk <= most) & (locked_days <= longest))
