"""Features: what is known of each customer at one day, from the stored columns; money in fen, unknown is NaN."""

import numpy as np
import pandas as pd

from segmentation.dimensions import FEN
from segmentation.qualities import CHANNELS, qualities
from segmentation.seasons import SEASONAL
from segmentation.windowed import WINDOWED

ASSET_PRODUCTS = (
    "structured_deposit",
    "time_deposit",
    "demand_deposit",
    "wealth_products",
    "funds",
    "asset_plans",
    "large_certificates",
)
LATER_DEPARTMENTS = ("age", "cards", "counter_share", "counter_dealings", "tenure_days", "consumption")
SMALL_CHANGE = 1_000 * FEN  # Below this a change in per cent says nothing.


def build_features(stored: pd.DataFrame) -> pd.DataFrame:
    """One row per customer (the stored frame's index) with every indicator of the catalogue.

    `stored` has the columns of a snapshot: the asset products, `assets` and `loans` in fen, `logins`, `transfers`,
    `transfers_in_amount`, `transfers_out_amount`, `idle_days` since the last transfer (empty: never), `deposit_before`
    and `deposit_after`, the mean deposits of the earlier and the later half of the last half year in fen,
    `has_activity`; and, where departments deliver them, `transfers_in` and `transfers_out`, `age` in years, `cards`
    held, `counter_share` (0–1), `counter_dealings` and the other channels' uses of the quarter, `tenure_days` (at most
    so many days a customer), `consumption`, the traits that are told in words, and the windows of single transactions.
    """
    features = pd.DataFrame(_figures(stored), index=stored.index, dtype=float)
    return features.assign(**qualities(stored, features))


def _figures(stored: pd.DataFrame) -> dict[str, pd.Series]:
    """The quantitative indicators."""
    known = stored["has_activity"].astype(bool)
    before, after, assets = stored["deposit_before"], stored["deposit_after"], stored["assets"]
    inflow, outflow = stored["transfers_in_amount"], stored["transfers_out_amount"]
    return {
        "assets": assets,
        "products": (stored[list(ASSET_PRODUCTS)] > 0).sum(axis=1),
        **{name: stored[name] for name in (*ASSET_PRODUCTS, "loans")},
        "logins": stored["logins"].where(known),
        "transfers": stored["transfers"].where(known),
        "idle_days": stored["idle_days"].fillna(float("inf")).where(known),
        "inflow": inflow.where(known),
        "outflow": outflow.where(known),
        "net_outflow_share": ((outflow - inflow) / (assets + SMALL_CHANGE)).where(known),
        "in_out_ratio": (inflow / outflow.where(outflow > 0)).where(known),
        "untied_share": (stored["demand_deposit"] / assets.where(assets > 0)).where(assets != 0, 1.0),
        "deposit_growth": after - before,
        "deposit_change": (after - before) / (before + SMALL_CHANGE),
        **{name: _told(stored, name) for name in LATER_DEPARTMENTS},
        **_channels(stored),
        **_windows(stored, known),
        "settlement_share": _settlement(stored),
    }


def _channels(stored: pd.DataFrame) -> dict[str, pd.Series]:
    """The other channels' shares of the quarter's dealings, beside the counter's."""
    uses = {channel: _told(stored, f"{channel}_uses") for channel in CHANNELS if channel != "counter"}
    total = sum(uses.values(), start=_told(stored, "counter_dealings"))
    return {f"{channel}_share": used / total.where(total > 0) for channel, used in uses.items()}


def _windows(stored: pd.DataFrame, known: "pd.Series[bool]") -> dict[str, pd.Series]:
    """What single transactions tell; without them the departments' quarter stands for the window of 90 days."""
    found = {name: _told(stored, name) for name in (*WINDOWED, *SEASONAL)}
    for way in ("in", "out"):
        quarter = _told(stored, f"transfers_{way}").where(known)
        found[f"count_{way}_90"] = found[f"count_{way}_90"].fillna(quarter)
    return found


def _settlement(stored: pd.DataFrame) -> pd.Series:
    """How far the account is where somebody's everyday money runs, 0–1: the estimate of the share of wallet (S-59).

    The mean of months of twelve with income and with a salary, of the outflow that does not go to other accounts, and
    of how much of thirty days a salary stays; what is unknown of salaries is left out. Other banks are never seen.
    """
    parts = pd.DataFrame(
        {
            "income": _told(stored, "income_months") / 12,
            "spent": 1 - _told(stored, "transfer_out_share"),
            "salary": _told(stored, "salary_months").clip(upper=12) / 12,
            "stays": _told(stored, "salary_stay_days") / 30,
        }
    ).astype(float)
    return parts.mean(axis=1).where(parts[["income", "spent"]].notna().all(axis=1))


def _told(stored: pd.DataFrame, name: str) -> pd.Series:
    """A column of the snapshot; unknown for everybody where no department delivers it."""
    return stored[name] if name in stored else pd.Series(np.nan, index=stored.index)
