"""Features: what is known of each customer at one day, from the stored columns; money in fen, unknown is NaN."""

import numpy as np
import pandas as pd

from segmentation.dimensions import FEN

ASSET_PRODUCTS = (
    "structured_deposit",
    "time_deposit",
    "demand_deposit",
    "wealth_products",
    "funds",
    "asset_plans",
    "large_certificates",
)
LATER_DEPARTMENTS = ("age", "cards", "counter_share", "counter_dealings", "tenure_days")
SMALL_CHANGE = 1_000 * FEN  # Below this a change in per cent says nothing.


def build_features(stored: pd.DataFrame) -> pd.DataFrame:
    """One row per customer (the stored frame's index) with the values that classes and scores are made of.

    `stored` has the columns of a snapshot: the asset products, `assets` and `loans` in fen, `logins`, `transfers`,
    `transfers_in_amount`, `transfers_out_amount`, `idle_days` since the last transfer (empty: never), `deposit_before`
    and `deposit_after`, the mean deposits of the earlier and the later half of the last half year in fen,
    `has_activity`; and, where departments deliver them, `age` in years, `cards` held, `counter_share` (0–1),
    `counter_dealings` of the quarter and `tenure_days` (at most so many days a customer).
    """
    known = stored["has_activity"].astype(bool)
    before, after, assets = stored["deposit_before"], stored["deposit_after"], stored["assets"]
    inflow, outflow = stored["transfers_in_amount"], stored["transfers_out_amount"]
    later = {name: stored.get(name, np.nan) for name in LATER_DEPARTMENTS}
    features = {
        "assets": assets,
        "products": (stored[list(ASSET_PRODUCTS)] > 0).sum(axis=1),
        **{name: stored[name] for name in (*ASSET_PRODUCTS, "loans")},
        "logins": stored["logins"].where(known),
        "transfers": stored["transfers"].where(known),
        "idle_days": stored["idle_days"].fillna(float("inf")).where(known),
        "inflow": inflow.where(known),
        "net_outflow_share": ((outflow - inflow) / (assets + SMALL_CHANGE)).where(known),
        "untied_share": (stored["demand_deposit"] / assets.where(assets > 0)).where(assets != 0, 1.0),
        "deposit_growth": after - before,
        "deposit_change": (after - before) / (before + SMALL_CHANGE),
        **later,
    }
    return pd.DataFrame(features, index=stored.index, dtype=float)
