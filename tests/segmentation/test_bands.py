"""Bands: assets first; behaviour and credit move a customer near a line, by one band at most, and only if told."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from segmentation.bands import BandRule, band_places
from segmentation.policy import SegmentationPolicy
from segmentation.standing import BANDS, bands
from tests.segmentation.people import frame, frames, one

LINES = (600_000_000, 50_000_000)
POOR, FAIR, EXCELLENT = 0.0, 1.0, 3.0
NEAR_BELOW, NEAR_ABOVE, FAR_BELOW = 45_000_000.0, 55_000_000.0, 30_000_000.0


@pytest.mark.parametrize(
    ("given_", "band"),
    [
        ({"assets": NEAR_BELOW, "transfers": 40, "credit_grade": EXCELLENT}, "middle"),
        ({"assets": NEAR_BELOW, "transfers": 40, "credit_grade": FAIR}, "small"),
        ({"assets": NEAR_BELOW, "transfers": 5, "credit_grade": EXCELLENT}, "small"),
        ({"assets": FAR_BELOW, "transfers": 40, "credit_grade": EXCELLENT}, "small"),
        ({"assets": NEAR_ABOVE, "transfers": 0, "credit_grade": POOR}, "small"),
        ({"assets": NEAR_ABOVE, "transfers": 0, "credit_grade": FAIR}, "middle"),
        ({"assets": 590_000_000.0, "transfers": 40, "credit_grade": EXCELLENT}, "high_net_worth"),
        ({"assets": 610_000_000.0, "transfers": 0, "credit_grade": POOR}, "middle"),
    ],
)
def test_near_a_line_behaviour_and_credit_decide_together(given_: dict[str, float], band: str) -> None:
    assert bands(one(**given_), SegmentationPolicy())[0] == band


def by_assets(features: Any) -> list[str]:
    assets = features["assets"]
    return [BANDS[0] if each >= LINES[0] else BANDS[1] if each >= LINES[1] else BANDS[2] for each in assets]


@settings(max_examples=60, deadline=None)
@given(frames)
def test_without_credit_grades_bands_are_by_assets_alone(features: Any) -> None:
    features["credit_grade"] = np.nan
    assert list(bands(features, SegmentationPolicy())) == by_assets(features)


@settings(max_examples=60, deadline=None)
@given(frames)
def test_without_behaviour_bands_are_by_assets_alone(features: Any) -> None:
    features["transfers"], features["credit_grade"] = np.nan, EXCELLENT
    assert list(bands(features, SegmentationPolicy())) == by_assets(features)


def test_nobody_moves_by_more_than_one_band() -> None:
    active = frame([{"assets": 10.0 * at, "transfers": 99.0, "credit_grade": EXCELLENT} for at in range(1, 200)])
    lines, rule = (1_000, 990), BandRule(reach=0.9)
    places = band_places(active, lines, rule)
    plain = band_places(active.assign(transfers=np.nan), lines, rule)
    assert set(plain - places) <= {0, 1}
    assert (plain - places).max() == 1


def test_staff_may_let_one_voice_suffice() -> None:
    features = one(assets=NEAR_BELOW, transfers=40, credit_grade=float("nan"))
    assert band_places(features, LINES, BandRule(votes=1))[0] == 1
