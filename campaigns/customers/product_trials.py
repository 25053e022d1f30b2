"""The trial of next products on what the database has: one day, or two where there are two; for commands only."""

from datetime import date
from typing import Any

from campaigns.customers.segments import SegmentStore, earlier_letters, refit
from segmentation.features import build_features
from segmentation.policy import PolicyError, SegmentationPolicy
from segmentation.portraits import portray
from segmentation.product_trials import hide_and_find, taken_up


def try_next_products(store: SegmentStore, until: date | None) -> dict[str, Any]:
    """The trial on the latest day not after `until`; where an earlier run's day is there, ranked on that one.

    Raises:
        PolicyError: there are no customers.
    """
    as_of = store.latest_day(until)
    if as_of is None:
        raise PolicyError("There are no customers to try next products on: import a delivery first.")
    made = store.current_policy()
    policy = made.policy if made else SegmentationPolicy()
    run = store.run_before(as_of)
    day = store.day_of(run) if run else as_of
    features = build_features(store.snapshots(day))
    if policy.scaler is None:
        policy = refit(policy, features, day)
    letters = portray(features, policy, earlier_letters(store, features, store.run_before(day))).table["letter"]
    days = {"day": day.isoformat(), "later": as_of.isoformat() if run else None}
    if run is None:
        return {**days, **hide_and_find(features, letters, policy).as_json()}
    return {**days, **taken_up(features, letters, build_features(store.snapshots(as_of)), policy).as_json()}
