"""A delivery in the form in which the database keeps a day, so that files alone give the same classes."""

from datetime import date

import numpy as np
import pandas as pd

from segmentation.features import ASSET_PRODUCTS, build_features
from segmentation.outlook.delivered import LAST_TRANSFER, Delivered, Statement
from segmentation.policy import SegmentationPolicy
from segmentation.scoring import axis_points, total

HALF_YEAR = pd.DateOffset(months=6)


def snapshot(delivered: Delivered) -> pd.DataFrame:
    """The columns that `segmentation.features` reads, by customer number; money in fen, unknown is NaN."""
    customers = delivered.customers
    moved = pd.to_datetime(customers[LAST_TRANSFER]).dt.normalize()
    recent = [found for found in _statements(delivered) if _recent(found.true_at, delivered.as_of)]
    before, after = _halves(recent, customers.index)
    return customers.assign(
        assets=customers[list(ASSET_PRODUCTS)].sum(axis=1),
        idle_days=(pd.Timestamp(delivered.as_of) - moved).dt.days.astype("float64"),
        has_activity=customers["logins"].notna(),
        deposit_before=before,
        deposit_after=after,
        tenure_days=tenure(delivered),
    )


def plain_scores(delivered: Delivered, policy: SegmentationPolicy | None = None) -> dict[str, pd.Series]:
    """What an outlook must beat, by customer: the documented heuristic's potential, assets alone, tenure alone.

    Without a policy the heuristic is that of the defaults; without any tenure there is none to beat.
    """
    features = build_features(snapshot(delivered))
    found = {
        "heuristic": total(axis_points(features, (policy or SegmentationPolicy()).potential)),
        "assets": features["assets"],
    }
    return found | ({"tenure": features["tenure_days"]} if features["tenure_days"].notna().any() else {})


def _statements(delivered: Delivered) -> list[Statement]:
    found = [*delivered.earlier, *([delivered.statement] if delivered.statement else [])]
    return sorted(found, key=lambda statement: statement.true_at)


def _recent(day: date, as_of: date) -> bool:
    return pd.Timestamp(day) > pd.Timestamp(as_of) - HALF_YEAR


def _halves(statements: list[Statement], index: pd.Index) -> tuple[pd.Series, pd.Series]:
    """Mean deposits of the earlier and the later statements, the middle one in both, of who is in first and last."""
    nothing = pd.Series(np.nan, index=index)
    if len(statements) < 2:
        return nothing, nothing
    table = pd.concat([found.deposits["balance"].reindex(index) for found in statements], axis=1)
    half = (len(statements) + 1) // 2
    throughout = table.iloc[:, 0].notna() & table.iloc[:, -1].notna()
    means = (table.iloc[:, :half].mean(axis=1), table.iloc[:, -half:].mean(axis=1))
    return means[0].where(throughout), means[1].where(throughout)


def tenure(delivered: Delivered) -> pd.Series:
    """At most so many days a customer: since the last statement without him before the first with him."""
    statements, index = _statements(delivered), delivered.customers.index
    found = pd.Series(np.nan, index=index)
    seen = pd.Series(False, index=index)
    for at, statement in enumerate(statements):
        here = pd.Series(index.isin(statement.deposits.index), index=index)
        if at:
            found = found.where(~(here & ~seen), float((delivered.as_of - statements[at - 1].true_at).days))
        seen |= here
    return found
