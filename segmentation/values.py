"""The current value: what a customer brings the bank in a year, from balances, margins, dealings and their costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

BASIS_POINTS = 10_000
MARGINS: Mapping[str, int] = {
    "structured_deposit": 90,
    "time_deposit": 70,
    "demand_deposit": 180,
    "wealth_products": 50,
    "funds": 60,
    "asset_plans": 80,
    "large_certificates": 50,
    "loans": 150,
}
DEALINGS: Mapping[str, int] = {"logins": 10, "transfers": 50, "counter_dealings": 1_200}
Fen = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ValueRule:
    """Margins in basis points a year per product, costs in fen per dealing and per account and year.

    Dealings are counted over a quarter and stand for `quarters` of them. The defaults are an assumption to begin with:
    every bank knows its own figures and puts them in.
    """

    margins: Mapping[str, int] = field(default_factory=lambda: MARGINS)
    dealings: Mapping[str, int] = field(default_factory=lambda: DEALINGS)
    account: int = 2_000
    quarters: int = 4

    def __post_init__(self) -> None:
        if set(self.margins) != set(MARGINS) or set(self.dealings) != set(DEALINGS):
            raise ValueError(f"There must be a margin for {', '.join(MARGINS)} and a cost for {', '.join(DEALINGS)}.")
        for number in (*self.margins.values(), *self.dealings.values(), self.account, self.quarters):
            if type(number) is not int:
                raise TypeError("Margins are whole basis points, costs are whole fen.")


def value_parts(features: pd.DataFrame, rule: ValueRule) -> pd.DataFrame:
    """What each product brings and each channel costs in a year, in whole fen; the parts add up to the value.

    Unknown balances and dealings bring and cost nothing.
    """
    parts = {name: whole(features[name]) * margin // BASIS_POINTS for name, margin in rule.margins.items()}
    parts |= {name: -whole(features[name]) * cost * rule.quarters for name, cost in rule.dealings.items()}
    parts["account"] = np.full(len(features), -rule.account, dtype=np.int64)
    return pd.DataFrame(parts, index=features.index)


def whole(values: pd.Series) -> Fen:
    """Counts and fen as integers; unknown is 0."""
    found: Fen = np.nan_to_num(values.to_numpy(dtype=float)).astype(np.int64)
    return found
