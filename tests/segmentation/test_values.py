"""Values, bands and stages: every part is there, indicators add up, nobody rises by missing data."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.dimensions import FEN
from segmentation.policy import SegmentationPolicy
from segmentation.scoring import Indicator, axis_points, total
from segmentation.standing import bands, stages
from segmentation.values import MARGINS, ValueRule, value_parts
from tests.segmentation.people import frame, frames, one

POLICY = SegmentationPolicy()


@given(st.dictionaries(st.sampled_from(list(MARGINS)), st.integers(0, 10**13), max_size=8), st.integers(0, 9999))
@settings(max_examples=25, deadline=None)
def test_a_year_s_value_is_balances_times_margins_less_what_dealings_cost(
    balances: dict[str, int], logins: int
) -> None:
    parts = value_parts(one(**{**dict.fromkeys(MARGINS, 0), **balances}, logins=logins), POLICY.value).iloc[0]
    margins = sum(fen * MARGINS[name] // 10_000 for name, fen in balances.items())
    assert int(parts.sum()) == margins - 4 * logins * 10 - 2_000
    assert parts.dtype == np.int64


def test_margins_and_costs_are_whole_numbers() -> None:
    with pytest.raises(TypeError, match="whole basis points"):
        ValueRule(account=1.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="There must be a margin for"):
        ValueRule(margins={"gold": 3})


@given(frames, st.sampled_from(["deposit_growth", "products", "untied_share", "net_outflow_share"]), st.floats(0, 1e9))
@settings(max_examples=25, deadline=None)
def test_money_that_comes_and_stays_never_lowers_the_potential_value(
    features: pd.DataFrame, code: str, more: float
) -> None:
    way = -1 if code in ("untied_share", "net_outflow_share") else 1
    firmer = features.assign(**{code: features[code] + way * more})
    before, after = (total(axis_points(each, POLICY.potential)) for each in (features, firmer))
    assert (after >= before).all()


@given(frames, st.sampled_from(["untied_share", "net_outflow_share"]), st.floats(0, 5))
@settings(max_examples=25, deadline=None)
def test_more_that_may_leave_never_lowers_the_churn_score(features: pd.DataFrame, code: str, more: float) -> None:
    looser = features.assign(**{code: features[code] + more})
    before, after = (total(axis_points(each, POLICY.churn)) for each in (features, looser))
    assert (after >= before).all()


@given(frames)
@settings(max_examples=25, deadline=None)
def test_indicators_add_up_to_the_score(features: pd.DataFrame) -> None:
    for indicators in (POLICY.potential, POLICY.churn):
        points = axis_points(features, indicators)
        assert np.allclose(points.sum(axis=1), total(points), atol=0.006)
        assert total(points).between(0, 100).all()


def test_nobody_rises_by_missing_data() -> None:
    for indicator in POLICY.potential:
        assert indicator.unknown < POLICY.potential_line
    for indicator in POLICY.churn:
        assert indicator.unknown < POLICY.watch_line


def test_an_indicator_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="must rise"):
        Indicator("odd", 0.5, ((2, 0), (1, 100)))
    with pytest.raises(ValueError, match="positive weight"):
        Indicator("odd", 0.0, ((1, 0), (2, 100)))
    with pytest.raises(ValueError, match="log with values above 0"):
        Indicator("odd", 0.5, ((0, 0), (2, 100)), scale="log")


def test_a_line_belongs_to_the_band_above_it() -> None:
    yuan = (0, 499_999.99, 500_000, 5_999_999.99, 6_000_000)
    found = bands(frame([{"assets": each * FEN} for each in yuan]), POLICY)
    assert found.tolist() == ["small", "small", "middle", "middle", "high_net_worth"]


def test_new_goes_before_a_warning_and_a_warning_before_growth() -> None:
    features = frame(
        [
            {"tenure_days": 20, "deposit_change": 3},
            {"deposit_change": 3},
            {"deposit_change": 3},
            {"deposit_change": 0.01},
        ]
    )
    churn = pd.Series([90, 90, 10, 10], index=features.index)
    assert stages(features, churn, POLICY).tolist() == ["new", "churn_warning", "growing", "mature"]
