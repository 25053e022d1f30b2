"""The dimensions in which a customer lies near one class or another: where each comes from and how it is measured."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

FEN = 100  # fen in a yuan
LETTERS = "ABCD"
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Dimension:
    """One dimension: the feature it is read from, the department that delivers it, and its shape.

    With a `knee` a value is measured as ln(1 + value / knee): twice as much counts the same step wherever it begins,
    and differences far below the knee count for nothing.
    """

    code: str
    feature: str
    department: str
    unit: str
    knee: float | None = None

    def shape(self, values: npt.ArrayLike) -> Matrix:
        """Feature values to the straight scale; unknown stays NaN."""
        given = np.asarray(values, dtype=float)
        return np.log1p(given / self.knee) if self.knee else given

    def unshape(self, shaped: npt.ArrayLike) -> Matrix:
        """Back from the straight scale to the feature's unit; what lies beyond all numbers is infinite."""
        given = np.asarray(shaped, dtype=float)
        if not self.knee:
            return given
        with np.errstate(over="ignore"):
            return np.asarray(self.knee * np.expm1(given), dtype=float)


DIMENSIONS: Mapping[str, Dimension] = {
    dimension.code: dimension
    for dimension in (
        Dimension("assets", "assets", "balances", "fen", knee=1_000 * FEN),
        Dimension("activity", "transfers", "activity", "transfers in the quarter", knee=1),
        Dimension("age", "age", "traits", "years"),
        Dimension("digital", "logins", "activity", "mobile-bank logins in the quarter", knee=1),
        Dimension("counter", "counter_share", "transactions", "share of dealings at the counter, 0-1"),
        Dimension("cards", "cards", "traits", "cards held"),
    )
}


def shape_all(features: pd.DataFrame, codes: tuple[str, ...]) -> Matrix:
    """One column per dimension, one row per customer."""
    columns = [DIMENSIONS[code].shape(features[DIMENSIONS[code].feature].to_numpy()) for code in codes]
    return np.column_stack(columns) if columns else np.empty((len(features), 0))
