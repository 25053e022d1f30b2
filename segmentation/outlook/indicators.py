"""What the outlook is read from: shares, ratios, habits and growth, chosen so that they mean the same next quarter."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from segmentation.outlook.amounts import ASSETS, CUSHION, FEN, crowd, roundness, told_by
from segmentation.outlook.delivered import ACTIVITY, BALANCES, LAST_TRANSFER, Delivered
from segmentation.outlook.growth import months, since

SHARED = ("structured_deposit", "time_deposit", "demand_deposit", "wealth_products", "large_certificates")
DEPOSITS = ("structured_deposit", "time_deposit", "demand_deposit", "large_certificates")
# Recency in steps, not in days: which day a product matured differs from quarter to quarter.
RECENCY_STEPS = (1, 3, 6, 11, 21, 46, 100)


@dataclass(frozen=True)
class IndicatorSet:
    """A set of indicators and what a delivery must hold for it; the richest that fits is used."""

    name: str
    title: str
    needs: tuple[str, ...]


# Each set holds all indicators of those before it.
SETS = (
    IndicatorSet("balances", "balances alone", ("balances",)),
    IndicatorSet("activity", "balances and activity", ("balances", "activity")),
    IndicatorSet("quarter", "balances, activity, deposits today", ("balances", "activity", "deposits")),
    IndicatorSet("since", "… and one earlier deposit statement", ("balances", "activity", "deposits", "since")),
    IndicatorSet("months", "… and both earlier month ends", ("balances", "activity", "deposits", "since", "months")),
)
BY_NAME = {found.name: found for found in SETS}


def available(delivered: Delivered) -> frozenset[str]:
    """What of `needs` the delivery holds."""
    found = set(delivered.subjects)
    if delivered.since is not None:
        found.add("since")
    if delivered.months_before(1) is not None and delivered.months_before(2) is not None:
        found.add("months")
    return frozenset(found)


def fitting(delivered: Delivered) -> list[IndicatorSet]:
    """The sets that the delivery can fill, the richest last."""
    held = available(delivered)
    return [found for found in SETS if held.issuperset(found.needs)]


def build(delivered: Delivered, chosen: IndicatorSet) -> pd.DataFrame:
    """One row per customer of the sample, in the delivery's order; money in yuan, unknown is NaN."""
    customers = delivered.customers
    yuan = customers[list(BALANCES)] / FEN
    parts = [_balances(yuan)]
    if "activity" in chosen.needs:
        parts += [_activity(customers, yuan), _last_transfer(customers[LAST_TRANSFER], delivered)]
    if "deposits" in chosen.needs:
        parts.append(_deposits(delivered, yuan))
    if "since" in chosen.needs:
        parts.append(since(delivered))
    if "months" in chosen.needs:
        parts.append(months(delivered))
    return pd.concat(parts, axis=1).astype("float64")


def _balances(yuan: pd.DataFrame) -> pd.DataFrame:
    assets = yuan[list(ASSETS)].sum(axis=1)
    invested = yuan[["wealth_products", "funds", "asset_plans"]].sum(axis=1)
    found = {product: yuan[product] for product in BALANCES}
    found |= {f"{product}_share": yuan[product] / (assets + 1) for product in SHARED}
    found |= {f"{product}_round": roundness(yuan[product]) for product in ("structured_deposit", "large_certificates")}
    found |= {
        "assets": assets,
        "deposits": yuan[list(DEPOSITS)].sum(axis=1),
        "invested": invested,
        "invested_share": invested / (assets + 1),
        "kinds": (yuan[list(ASSETS)] > 0).sum(axis=1),
        "largest_share": yuan[list(ASSETS)].max(axis=1) / (assets + 1),
        "concentration": (yuan[list(ASSETS)].div(assets + 1, axis=0) ** 2).sum(axis=1),
        "net_assets": assets - yuan["loans"],
        "loans_ratio": (yuan["loans"] / (assets + 1)).clip(upper=1_000),
        "demand_odd": yuan["demand_deposit"] % 1_000,
    }
    return pd.DataFrame(found, index=yuan.index)


def _activity(customers: pd.DataFrame, yuan: pd.DataFrame) -> pd.DataFrame:
    assets = yuan[list(ASSETS)].sum(axis=1) + CUSHION
    counts = customers[[name for name in ACTIVITY if name != LAST_TRANSFER]]
    inward, outward = counts["transfers_in_amount"] / FEN, counts["transfers_out_amount"] / FEN
    other = counts["transfers"] - counts["transfers_in"] - counts["transfers_out"]
    found = {
        "logins": counts["logins"],
        "transfers": counts["transfers"],
        "transfers_in": counts["transfers_in"],
        "transfers_out": counts["transfers_out"],
        "inflow": inward,
        "outflow": outward,
        "net_flow": inward - outward,
        "net_flow_ratio": (inward - outward) / assets,
        "inflow_ratio": inward / assets,
        "outflow_ratio": outward / assets,
        "turnover": (inward + outward) / assets,
        "flow_balance": (inward - outward) / (inward + outward + 1),
        "mean_in": inward / counts["transfers_in"].where(counts["transfers_in"] > 0),
        "mean_out": outward / counts["transfers_out"].where(counts["transfers_out"] > 0),
        "other_transfers": other,
        "other_share": other / (counts["transfers"] + 1),
        "logins_per_transfer": counts["logins"] / (counts["transfers"] + 1),
        "demand_to_inflow": yuan["demand_deposit"] / (inward + CUSHION),
        "inflow_to_demand": inward / (yuan["demand_deposit"] + CUSHION),
        "outflow_to_demand": outward / (yuan["demand_deposit"] + CUSHION),
        "assets_before_flows": (assets - CUSHION - inward + outward).clip(lower=0) / assets,
        "inflow_round": roundness(inward),
        "outflow_round": roundness(outward),
    }
    return pd.DataFrame(found, index=customers.index)


def _last_transfer(moment: pd.Series, delivered: Delivered) -> pd.DataFrame:
    """When money moved last: the hour tells a person from the bank's own night run and from the interest booking.

    So do those who moved theirs in the same second or minute: a run of the bank moves many at once.
    """
    moved = pd.to_datetime(moment)
    at = moved.dt
    days = (pd.Timestamp(delivered.as_of) - at.normalize()).dt.days
    steps = pd.Series(np.digitize(days.fillna(np.inf), RECENCY_STEPS).astype(float), index=moment.index)
    found = {
        "recency_step": steps.where(days.notna(), len(RECENCY_STEPS) + 1.0),
        "hour": at.hour + at.minute / 60,
        "minute": at.minute,
        "same_second": crowd(moved),
        "same_minute": crowd(at.floor("min")),
        "weekday": at.day_of_week,
        "at_night": at.hour.between(3, 5),
        "at_interest": (at.hour == 23) & (at.minute >= 45),
    }
    return pd.DataFrame(found, index=moment.index)


def _deposits(delivered: Delivered, yuan: pd.DataFrame) -> pd.DataFrame:
    assert delivered.statement is not None
    balance, products = told_by(delivered.statement, yuan.index)
    term = yuan[["structured_deposit", "time_deposit", "large_certificates"]].sum(axis=1)
    found = {
        "deposit": balance,
        "deposit_products": products,
        "deposit_share": balance / (yuan[list(ASSETS)].sum(axis=1) + 1),
        "deposit_per_product": balance / products,
        "deposit_difference": balance - yuan[list(DEPOSITS)].sum(axis=1),
        "deposit_difference_ratio": (balance - yuan[list(DEPOSITS)].sum(axis=1)) / (balance + CUSHION),
        "term_per_product": term / np.maximum(products - 1, 1),
    }
    return pd.DataFrame(found, index=yuan.index)
