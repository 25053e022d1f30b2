"""Customers as features, for tests: plain ones to change, and any that could be."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from segmentation.features import ASSET_PRODUCTS, LATER_DEPARTMENTS

NOTHING = float("nan")
PLAIN: dict[str, float] = {
    **dict.fromkeys((*ASSET_PRODUCTS, "loans"), 0.0),
    **dict.fromkeys(LATER_DEPARTMENTS, NOTHING),
    "assets": 1e6, "time_deposit": 1e6, "products": 1, "logins": 0, "transfers": 0, "idle_days": 200, "inflow": 0,
    "net_outflow_share": 0, "untied_share": 0, "deposit_growth": 0, "deposit_change": 0,
}  # fmt: skip
money = st.one_of(st.just(0), st.integers(0, 10**12), st.integers(0, 10**7)).map(float)
unknown = st.just(NOTHING)
customers = st.fixed_dictionaries(
    {
        "assets": money,
        "loans": money,
        "logins": st.one_of(unknown, st.integers(0, 1000).map(float)),
        "transfers": st.one_of(unknown, st.integers(0, 5000).map(float)),
        "idle_days": st.one_of(unknown, st.just(float("inf")), st.integers(0, 4000).map(float)),
        "inflow": st.one_of(unknown, money),
        "untied_share": st.floats(0, 1),
        "net_outflow_share": st.one_of(unknown, st.floats(-5, 5)),
        "deposit_growth": st.one_of(unknown, st.integers(-(10**11), 10**11).map(float)),
        "deposit_change": st.one_of(unknown, st.floats(-1, 50)),
        "age": st.one_of(unknown, st.integers(16, 100).map(float)),
        "counter_share": st.one_of(unknown, st.floats(0, 1)),
        "tenure_days": st.one_of(unknown, st.integers(0, 9000).map(float)),
    }
)


def frame(rows: list[dict[str, float]]) -> pd.DataFrame:
    """Features of these customers, what is not given as of a plain one."""
    return pd.DataFrame([{**PLAIN, **row} for row in rows], dtype=float)


def one(**given: float) -> pd.DataFrame:
    """One customer."""
    return frame([given])


frames = st.lists(customers, min_size=1, max_size=8).map(frame)


def snapshots(count: int, seed: int = 1) -> pd.DataFrame:
    """Stored columns of customers of all kinds, as `build_features` reads them; ages from 20 to 79 are known."""
    draw = np.random.default_rng(seed)
    active, rich = draw.random(count) < 0.5, draw.random(count) < 0.5
    deposits = np.where(rich, 60_000_000, 500_000) * draw.lognormal(0, 0.5, count)
    transfers = np.where(active, draw.poisson(25, count), draw.poisson(0.5, count)).astype(float)
    return pd.DataFrame(
        {
            **dict.fromkeys((*ASSET_PRODUCTS, "loans", "transfers_in_amount", "transfers_out_amount"), 0.0),
            "time_deposit": deposits.round(),
            "assets": deposits.round(),
            "logins": np.where(active, draw.poisson(12, count), 0).astype(float),
            "transfers": transfers,
            "idle_days": np.where(active, 3.0, 150.0),
            "deposit_before": deposits.round(),
            "deposit_after": deposits.round(),
            "has_activity": True,
            "age": draw.integers(20, 80, count).astype(float),
            "counter_share": np.where(active, 0.1, 0.6),
            "tenure_days": draw.integers(0, 4000, count).astype(float),
        }
    )
