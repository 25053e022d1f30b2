"""Amounts as indicators read them: how round, how many share them, and what a statement says of a customer."""

import numpy as np
import pandas as pd

from segmentation.outlook.delivered import BALANCES, Statement

FEN = 100
ASSETS = tuple(product for product in BALANCES if product != "loans")
CUSHION = 1_000.0  # yuan, so that a ratio to next to nothing stays a number
ROUND_STEPS = (100_000, 50_000, 10_000, 5_000, 1_000, 100, 1)


def roundness(yuan: pd.Series) -> pd.Series:
    """How round an amount is: 0 for nothing, 1 for odd fen, up to 8 for whole hundred thousands."""
    fen = (yuan * FEN).round()
    steps = [fen == 0, *(fen % (step * FEN) == 0 for step in ROUND_STEPS)]
    rank = np.select(steps, [0, *range(len(ROUND_STEPS) + 1, 1, -1)], 1)
    return pd.Series(rank, index=yuan.index, dtype="float64").where(yuan.notna())


def crowd(values: pd.Series) -> pd.Series:
    """How many customers have the very same value, as ln(1 + count); unknown where there is none."""
    counts = values.map(values.value_counts()).to_numpy(dtype=np.float64)
    return pd.Series(np.log1p(counts), index=values.index)


def told_by(statement: Statement, index: pd.Index) -> tuple[pd.Series, pd.Series]:
    """Balance in yuan and number of products of these customers; who is not in the statement is unknown."""
    found = statement.deposits.reindex(index)
    return found["balance"] / FEN, found["products"]
