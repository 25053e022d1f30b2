"""What became of a customer's deposits since earlier statements: growth in yuan, against assets, and how it looks."""

import numpy as np
import pandas as pd

from segmentation.outlook.amounts import ASSETS, CUSHION, FEN, crowd, roundness, told_by
from segmentation.outlook.delivered import Delivered

STILL = 100.0  # yuan: deposits that moved less stood still
INTEREST = 0.02  # growth beyond this share of a balance is more than interest


def since(delivered: Delivered) -> pd.DataFrame:
    """What became of the deposits since the earlier statement; who was not in it is new."""
    assert delivered.statement is not None
    assert delivered.since is not None
    customers = delivered.customers
    balance, products = told_by(delivered.statement, customers.index)
    before, products_before = told_by(delivered.since, customers.index)
    growth = balance - before
    net_flow = (customers["transfers_in_amount"] - customers["transfers_out_amount"]) / FEN
    yuan = customers[list(ASSETS)] / FEN
    assets = yuan.sum(axis=1) + CUSHION
    term = yuan[["structured_deposit", "time_deposit", "large_certificates"]].sum(axis=1) + CUSHION
    found = {
        "growth": growth,
        "growth_ratio": growth / (before + CUSHION),
        "growth_log": np.log1p(balance) - np.log1p(before),
        "growth_products": products - products_before,
        "growth_to_assets": growth / assets,
        "growth_to_term": growth / term,
        "growth_round": roundness(growth.abs()),
        "growth_like_interest": _like_interest(growth, before),
        "growth_crowd": crowd(growth.round(2).where(growth.abs() > 1)),
        "grown_beside": (yuan[["wealth_products", "funds", "asset_plans"]].sum(axis=1) + growth) / assets,
        "before_to_assets": before / assets,
        "before_round": roundness(before),
        "is_new": ~customers.index.isin(delivered.since.deposits.index),
        "flow_beside_growth": net_flow - growth,
        "flow_beside_growth_ratio": (net_flow - growth) / assets,
    }
    return pd.DataFrame(found, index=customers.index)


def months(delivered: Delivered) -> pd.DataFrame:
    """The way of the deposits over three month ends: steps, their signs and sizes, how much they swing."""
    one, two = delivered.months_before(1), delivered.months_before(2)
    assert delivered.statement is not None
    assert one is not None
    assert two is not None
    index = delivered.customers.index
    now, products = told_by(delivered.statement, index)
    last, last_products = told_by(one, index)
    first, first_products = told_by(two, index)
    balances = pd.concat([now, last, first], axis=1)
    highest, lowest, mean = balances.max(axis=1), balances.min(axis=1), balances.mean(axis=1)
    most_products = pd.concat([products, last_products, first_products], axis=1).max(axis=1)
    assets = delivered.customers[list(ASSETS)].sum(axis=1) / FEN + CUSHION
    growth, growth_before = now - last, last - first
    found = {
        "month_growth": growth,
        "month_growth_ratio": growth / (last + CUSHION),
        "month_growth_log": np.log1p(now) - np.log1p(last),
        "month_growth_products": products - last_products,
        "month_growth_round": roundness(growth.abs()),
        "month_growth_crowd": crowd(growth.round(2).where(growth.abs() > 1)),
        "month_growth_to_assets": growth / assets,
        "month_growth_like_interest": _like_interest(growth, last),
        "month_growth_before": growth_before,
        "month_growth_before_ratio": growth_before / (first + CUSHION),
        "month_growth_before_log": np.log1p(last) - np.log1p(first),
        "month_growth_before_round": roundness(growth_before.abs()),
        "month_growth_before_crowd": crowd(growth_before.round(2).where(growth_before.abs() > 1)),
        "month_growth_before_to_assets": growth_before / assets,
        "month_growth_before_like_interest": _like_interest(growth_before, first),
        "month_growth_products_before": last_products - first_products,
        "acceleration": growth - growth_before,
        "acceleration_ratio": (growth - growth_before) / (mean + CUSHION),
        "signs": 3 * _sign(growth) + _sign(growth_before),
        "reversal": np.minimum(growth, -growth_before) / assets,
        "deposit_one_month_ago": last,
        "deposit_one_month_ago_round": roundness(last),
        "deposit_two_months_ago": first,
        "products_one_month_ago": last_products,
        "products_two_months_ago": first_products,
        "products_given_up": most_products - products,
        "swing": balances.std(axis=1) / (mean + CUSHION),
        "below_highest": (highest - now) / assets,
        "above_lowest": (now - lowest) / assets,
        "mean_to_assets": mean / assets,
        "to_highest": now / (highest + 1),
        "lowest_to_highest": lowest / (highest + 1),
        "to_mean": now / (mean + 1),
        "months_known": balances.notna().sum(axis=1),
    }
    return pd.DataFrame(found, index=index)


def _sign(growth: pd.Series) -> pd.Series:
    """−1, 0 or 1: deposits fell, stood still or rose."""
    return pd.Series(np.sign(growth.where(growth.abs() > STILL, 0).to_numpy()), index=growth.index)


def _like_interest(growth: pd.Series, before: pd.Series) -> pd.Series:
    """Growth as a share of what was there, cut beyond what interest could be."""
    return (growth / (before + 1)).clip(-INTEREST, INTEREST)
