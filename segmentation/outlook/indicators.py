"""What the outlook is read from: shares, ratios, habits and growth, chosen so that they mean the same next quarter."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from segmentation.outlook.delivered import ACTIVITY, BALANCES, LAST_TRANSFER, Delivered

FEN = 100
ASSETS = tuple(product for product in BALANCES if product != "loans")
SHARED = ("structured_deposit", "time_deposit", "demand_deposit", "wealth_products", "large_certificates")
DEPOSITS = ("structured_deposit", "time_deposit", "demand_deposit", "large_certificates")
ROUND_STEPS = (100_000, 50_000, 10_000, 5_000, 1_000, 100, 1)
# Recency in steps, not in days: which day a product matured differs from quarter to quarter.
RECENCY_STEPS = (1, 3, 6, 11, 21, 46, 100)
CUSHION = 1_000.0  # yuan, so that a ratio to next to nothing stays a number


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
        parts.append(_since(delivered))
    if "months" in chosen.needs:
        parts.append(_months(delivered))
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
        "inflow_round": roundness(inward),
        "outflow_round": roundness(outward),
    }
    return pd.DataFrame(found, index=customers.index)


def _last_transfer(moment: pd.Series, delivered: Delivered) -> pd.DataFrame:
    """When money moved last: the hour tells a person from the bank's own night run and from the interest booking."""
    at = pd.to_datetime(moment).dt
    days = (pd.Timestamp(delivered.as_of) - at.normalize()).dt.days
    steps = pd.Series(np.digitize(days.fillna(np.inf), RECENCY_STEPS).astype(float), index=moment.index)
    found = {
        "recency_step": steps.where(days.notna(), len(RECENCY_STEPS) + 1.0),
        "hour": at.hour + at.minute / 60,
        "weekday": at.day_of_week,
        "at_night": at.hour.between(3, 5),
        "at_interest": (at.hour == 23) & (at.minute >= 45),
    }
    return pd.DataFrame(found, index=moment.index)


def _deposits(delivered: Delivered, yuan: pd.DataFrame) -> pd.DataFrame:
    assert delivered.statement is not None
    balance, products = _at(delivered.statement.deposits, yuan.index)
    term = yuan[["structured_deposit", "time_deposit", "large_certificates"]].sum(axis=1)
    found = {
        "deposit": balance,
        "deposit_products": products,
        "deposit_share": balance / (yuan[list(ASSETS)].sum(axis=1) + 1),
        "deposit_per_product": balance / products,
        "deposit_difference": balance - yuan[list(DEPOSITS)].sum(axis=1),
        "term_per_product": term / np.maximum(products - 1, 1),
    }
    return pd.DataFrame(found, index=yuan.index)


def _since(delivered: Delivered) -> pd.DataFrame:
    """What became of the deposits since the earlier statement; who was not in it is new."""
    assert delivered.statement is not None
    assert delivered.since is not None
    customers = delivered.customers
    balance, products = _at(delivered.statement.deposits, customers.index)
    before, products_before = _at(delivered.since.deposits, customers.index)
    growth = balance - before
    net_flow = (customers["transfers_in_amount"] - customers["transfers_out_amount"]) / FEN
    found = {
        "growth": growth,
        "growth_ratio": growth / (before + CUSHION),
        "growth_log": np.log1p(balance) - np.log1p(before),
        "growth_products": products - products_before,
        "is_new": before.isna(),
        "flow_beside_growth": net_flow - growth,
    }
    return pd.DataFrame(found, index=customers.index)


def _months(delivered: Delivered) -> pd.DataFrame:
    one, two = delivered.months_before(1), delivered.months_before(2)
    assert delivered.statement is not None
    assert one is not None
    assert two is not None
    index = delivered.customers.index
    now, products = _at(delivered.statement.deposits, index)
    last, last_products = _at(one.deposits, index)
    first, first_products = _at(two.deposits, index)
    balances = pd.concat([now, last, first], axis=1)
    growth, growth_before = now - last, last - first
    found = {
        "month_growth": growth,
        "month_growth_ratio": growth / (last + CUSHION),
        "month_growth_log": np.log1p(now) - np.log1p(last),
        "month_growth_products": products - last_products,
        "month_growth_before": growth_before,
        "month_growth_products_before": last_products - first_products,
        "acceleration": growth - growth_before,
        "deposit_one_month_ago": last,
        "deposit_two_months_ago": first,
        "products_one_month_ago": last_products,
        "products_two_months_ago": first_products,
        "to_highest": now / (balances.max(axis=1) + 1),
        "lowest_to_highest": balances.min(axis=1) / (balances.max(axis=1) + 1),
        "to_mean": now / (balances.mean(axis=1) + 1),
        "months_known": balances.notna().sum(axis=1),
    }
    return pd.DataFrame(found, index=index)


def roundness(yuan: pd.Series) -> pd.Series:
    """How round an amount is: 0 for nothing, 1 for odd fen, up to 8 for whole hundred thousands."""
    fen = (yuan * FEN).round()
    steps = [fen == 0, *(fen % (step * FEN) == 0 for step in ROUND_STEPS)]
    rank = np.select(steps, [0, *range(len(ROUND_STEPS) + 1, 1, -1)], 1)
    return pd.Series(rank, index=yuan.index, dtype="float64").where(yuan.notna())


def _at(deposits: pd.DataFrame, index: pd.Index) -> tuple[pd.Series, pd.Series]:
    """Balance in yuan and number of products of these customers; who is not in the statement is unknown."""
    found = deposits.reindex(index)
    return found["balance"] / FEN, found["products"]
