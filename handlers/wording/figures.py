"""Figures of the segment report in words: money, shares, counts and medians, and a dash where there is none."""

from campaigns.members.model import Language
from handlers.wording.indicators import amount_of, definition_of
from handlers.wording.pictures import money

MONEY_MEASURES = frozenset({"assets_fen", "assets_median_fen", "assets_mean_fen", "current_value_fen"})
SHARE_MEASURES = frozenset({"share", "log_in_share", "counter_share_mean", "age_known", "counter_known"})
SCORE_MEASURES = frozenset({"current_mean", "potential_mean", "churn_mean", "transfers_mean"})
NOTHING = "–"


def figure(measure: str, value: float | None) -> str:
    """A figure of a class as its measure wants it: money, per cent, counts with separators."""
    if value is None:
        return NOTHING
    if measure in MONEY_MEASURES:
        return money(int(value))
    if measure in SHARE_MEASURES:
        return f"{value:.1%}"
    if measure in SCORE_MEASURES:
        return f"{value:,.1f}"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def count(customers: int | None) -> str:
    """Customers with separators; a dash where nothing is counted."""
    return NOTHING if customers is None else f"{customers:,}"


def median(value: float | None, indicator: str) -> str:
    """The median of an indicator: money in yuan, other figures short."""
    if value is None:
        return NOTHING
    found = definition_of(indicator)
    if found is None:
        return f"{value:,.4g}"
    return money(int(value)) if found.unit == "fen" else amount_of(found, value, Language.ZH)
