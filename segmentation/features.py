"""Features: what is known of each customer at one day, from the stored columns; money in fen, unknown is NaN."""

import pandas as pd

ASSET_PRODUCTS = (
    "structured_deposit",
    "time_deposit",
    "demand_deposit",
    "wealth_products",
    "funds",
    "asset_plans",
    "large_certificates",
)
DEPARTMENTS = ("activity", "deposits")


def build_features(stored: pd.DataFrame) -> pd.DataFrame:
    """One row per customer (the stored frame's index) with the values that the indicators score.

    `stored` has the columns of a snapshot: the asset products and `assets` in fen, `logins`, `transfers`,
    `transfers_in_amount`, `idle_days` since the last transfer (empty: never), `deposit_first` and `deposit_last`
    in fen, `has_activity`. Loans are a debt and count for nothing here.
    """
    known = stored["has_activity"].astype(bool)
    never = float("inf")
    return pd.DataFrame(
        {
            "assets": stored["assets"],
            "products": (stored[list(ASSET_PRODUCTS)] > 0).sum(axis=1),
            "logins": stored["logins"].where(known),
            "transfers": stored["transfers"].where(known),
            "idle_days": stored["idle_days"].fillna(never).where(known),
            "inflow": stored["transfers_in_amount"].where(known),
            "deposit_growth": stored["deposit_last"] - stored["deposit_first"],
        },
        index=stored.index,
        dtype=float,
    )
