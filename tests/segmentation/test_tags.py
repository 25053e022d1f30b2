"""Tags from figures: terms at their borders, what is unknown, and what no department delivers."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings

from segmentation.changes import change
from segmentation.policy import PolicyError, SegmentationPolicy
from segmentation.portraits import portray
from segmentation.tag_rules import TAGS, Term
from segmentation.tags import DerivedTags, derive_tags
from tests.segmentation.people import frame, frames
from tests.segmentation.test_classes import POLICY


def tagged(**given_figures: float) -> set[str]:
    features = frame([given_figures])
    found = derive_tags(features, portray(features, POLICY).table, TAGS)
    return set(json.loads(found.as_json()[0].as_py()))


@pytest.mark.parametrize(
    ("figures", "tag", "holds"),
    [
        ({"assets": 1e6, "funds": 3e5}, "funds_lover", True),
        ({"assets": 1e6, "funds": 2.99e5}, "funds_lover", False),
        ({"deposit_change": 0.1}, "assets_rising", True),
        ({"deposit_change": 0.099}, "assets_rising", False),
        ({"deposit_change": -0.11}, "assets_falling", True),
        ({"deposit_change": -0.1}, "assets_falling", False),
        ({"logins": 12}, "logs_in_often", True),
        ({"logins": 11}, "logs_in_seldom", True),
        ({"logins": 0}, "logins_asleep", True),
        ({"logins": float("nan")}, "logins_asleep", False),
        ({"demand_deposit": 5e6, "untied_share": 0.5}, "idle_cash", True),
        ({"demand_deposit": 5e6, "untied_share": 0.4}, "idle_cash", False),
        ({"assets": 1e6, "inflow": 1.1e7, "transfers": 12}, "settles_here", True),
        ({"loans": 1e5}, "holds_loan", True),
    ],
)
def test_a_tag_begins_at_its_line(figures: dict[str, float], tag: str, holds: bool) -> None:
    assert (tag in tagged(**figures)) is holds


@given(frames)
@settings(max_examples=20, deadline=None)
def test_every_customer_has_a_row_and_counts_add_up(features: pd.DataFrame) -> None:
    found: DerivedTags = derive_tags(features, portray(features, POLICY).table, TAGS)
    rows = [json.loads(text) for text in found.as_json().to_pylist()]
    assert len(rows) == len(features)
    assert sum(len(row) for row in rows) == sum(found.counts().values())


def test_a_rule_whose_figures_nobody_delivers_is_named() -> None:
    features = frame([{"logins": float("nan")}]).drop(columns="counter_share")
    found = derive_tags(features, portray(frame([{}]), POLICY).table, TAGS)
    assert {"counter_goer", "logins_asleep"} <= set(found.unknown)
    assert not {"counter_goer", "logins_asleep"} & set(found.codes)


def test_a_line_of_a_tag_is_policy_like_any_other() -> None:
    changed = change(POLICY, ['tags.assets_rising=[{"figure": "deposit_change", "at_least": 0.2}]'])
    assert changed.tags["assets_rising"] == (Term("deposit_change", 0.2),)
    assert SegmentationPolicy.from_json(changed.as_json()) == changed
    with pytest.raises(PolicyError, match="no bound"):
        change(POLICY, ['tags.assets_rising=[{"figure": "deposit_change"}]'])
