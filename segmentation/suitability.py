"""Suitability: a product's risk grade against a customer's appetite for risk; age and sex are never asked."""

import numpy as np
import numpy.typing as npt

from segmentation.appetites import UNASKED_MOST


def suits(risk: int, appetites: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Whether a product of grade R`risk` may be proposed to customers of appetite C1–C5, NaN for unknown.

    R must not exceed C (S-58; the suitability measures of 2026); whoever was never asked may hear of R1 and R2 alone.
    """
    most = np.where(np.isnan(appetites), UNASKED_MOST, appetites)
    return np.asarray(risk <= most)
