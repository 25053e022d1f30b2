"""Qualitative indicators as numbers: the place of a customer's category, told by departments or derived."""

import numpy as np
import pandas as pd

from segmentation.catalogue import Definition, load_catalogue

CHANNELS = ("counter", "atm", "transfer", "online")
PREFERRED_FROM = 0.6  # The share of dealings from which on one channel is preferred.
YOUNG_UNTIL = 35  # China's plan for the development of the young (2016–2025) speaks of 14 to 35.
SENIOR_FROM = 60  # Law on the protection of the rights of the elderly, article 2.
SETTLED_DAYS = 365
TRAITS = ("occupation", "income_band", "credit_grade", "risk_appetite")


def qualities(stored: pd.DataFrame, figures: pd.DataFrame) -> dict[str, pd.Series]:
    """Every qualitative indicator as the place of its category, NaN where unknown.

    `stored` has the traits as text where departments tell them; `figures` are the quantitative indicators.
    """
    catalogue = load_catalogue().qualitative
    found = {name: _encoded(stored[name], catalogue[name]) if name in stored else _nothing(stored) for name in TRAITS}
    return found | {
        "channel_preference": _channel_preference(figures),
        "life_stage": _life_stage(figures),
        "product_mix": _product_mix(figures),
    }


def _nothing(stored: pd.DataFrame) -> pd.Series:
    return pd.Series(np.nan, index=stored.index)


def _encoded(told: pd.Series, definition: Definition) -> pd.Series:
    return told.map({name: float(at) for at, name in enumerate(definition.categories)}).astype(float)


def _chosen(code: str, figures: pd.DataFrame, conditions: dict[str, pd.Series]) -> pd.Series:
    """The place of the first category whose condition holds."""
    places = {name: float(at) for at, name in enumerate(load_catalogue().qualitative[code].categories)}
    picked = np.select([each.to_numpy() for each in conditions.values()], [places[name] for name in conditions], np.nan)
    return pd.Series(picked, index=figures.index)


def _channel_preference(figures: pd.DataFrame) -> pd.Series:
    """The channel of most dealings; where no department counts channels, online for who logs in to the mobile bank."""
    shares = figures[[f"{channel}_share" for channel in CHANNELS]]
    counted = shares.notna().all(axis=1)
    conditions = {channel: shares[f"{channel}_share"] >= PREFERRED_FROM for channel in CHANNELS}
    uncounted_online = ~counted & (figures["logins"] > 0)
    conditions["online"] |= uncounted_online
    conditions["mixed"] = counted
    conditions["none"] = ~counted & (figures["transfers"] == 0) & (figures["logins"].fillna(0) == 0)
    return _chosen("channel_preference", figures, conditions)


def _life_stage(figures: pd.DataFrame) -> pd.Series:
    """Three ages of life, each new or settled with the bank."""
    age, tenure = figures["age"], figures["tenure_days"]
    ages = {
        "young": age <= YOUNG_UNTIL,
        "middle": (age > YOUNG_UNTIL) & (age < SENIOR_FROM),
        "senior": age >= SENIOR_FROM,
    }
    stays = {"new": tenure < SETTLED_DAYS, "settled": tenure >= SETTLED_DAYS}
    conditions = {f"{at}_{how}": is_age & is_so for at, is_age in ages.items() for how, is_so in stays.items()}
    return _chosen("life_stage", figures, conditions)


def _product_mix(figures: pd.DataFrame) -> pd.Series:
    """Nothing, demand deposits alone, other deposits, mostly investments, or both."""
    assets = figures["assets"]
    invested = figures[["wealth_products", "funds", "asset_plans"]].sum(axis=1)
    conditions = {
        "empty": assets == 0,
        "invested": (assets > 0) & (invested >= PREFERRED_FROM * assets),
        "mixed": (assets > 0) & (invested > 0),
        "demand_only": (assets > 0) & (figures["demand_deposit"] == assets),
        "deposits": assets > 0,
    }
    return _chosen("product_mix", figures, conditions)
