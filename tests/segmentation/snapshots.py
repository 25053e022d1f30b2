"""Stored snapshots as a frame, for tests: one plain customer with what a test changes."""

from typing import Any

import pandas as pd

from segmentation.features import ASSET_PRODUCTS

NOTHING = float("nan")


def stored(customers: int = 1, **told: Any) -> pd.DataFrame:
    """Customers with a deposit on demand and one transfer, and these columns beside."""
    plain = {
        **dict.fromkeys(ASSET_PRODUCTS, 0.0), "demand_deposit": 1e6, "assets": 1e6, "loans": 0.0, "logins": 1.0,
        "transfers": 2.0, "transfers_in_amount": 3e4, "transfers_out_amount": 1e4, "transfers_in": 1.0,
        "transfers_out": 1.0, "idle_days": 3.0, "deposit_before": NOTHING, "deposit_after": NOTHING,
        "has_activity": True,
    }  # fmt: skip
    return pd.DataFrame({name: [value] * customers for name, value in plain.items()}).assign(**told)
