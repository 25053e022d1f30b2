"""The rule of classes: the pair decides, more assets never lower a customer, every point is explained."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.classes import LineClassifier, axis_points
from segmentation.features import ASSET_PRODUCTS, build_features
from segmentation.policy import FEN, Indicator, SegmentationPolicy
from segmentation.summary import summarise

POLICY = SegmentationPolicy()
COLUMNS = ("assets", "products", "logins", "transfers", "idle_days", "inflow", "deposit_growth")
money = st.one_of(st.just(0), st.integers(0, 10**12), st.integers(0, 10**7))
unknown = st.just(float("nan"))
customers = st.fixed_dictionaries(
    {
        "assets": money.map(float),
        "products": st.integers(0, 7).map(float),
        "logins": st.one_of(unknown, st.integers(0, 1000).map(float)),
        "transfers": st.one_of(unknown, st.integers(0, 5000).map(float)),
        "idle_days": st.one_of(unknown, st.just(float("inf")), st.integers(0, 4000).map(float)),
        "inflow": st.one_of(unknown, money.map(float)),
        "deposit_growth": st.one_of(unknown, st.integers(-(10**11), 10**11).map(float)),
    }
)
frames = st.lists(customers, min_size=1, max_size=20).map(lambda rows: pd.DataFrame(rows, columns=list(COLUMNS)))


def one(**given_values: float) -> pd.DataFrame:
    plain = {
        "assets": 1e6,
        "products": 1,
        "logins": 0,
        "transfers": 0,
        "idle_days": 200,
        "inflow": 0,
        "deposit_growth": 0,
    }
    return pd.DataFrame([{**plain, **given_values}], dtype=float)


def assign(features: pd.DataFrame) -> pd.DataFrame:
    return LineClassifier(POLICY).assign(features)


@given(frames)
@settings(max_examples=60, deadline=None)
def test_scores_and_letters_are_always_sound(features: pd.DataFrame) -> None:
    found = assign(features)
    assert found[["current", "potential"]].to_numpy().min() >= 0
    assert found[["current", "potential"]].to_numpy().max() <= 100
    assert found["confidence"].between(0, 1).all()
    quadrants = {(False, True): "A", (True, True): "B", (True, False): "C", (False, False): "D"}
    high, promising = found["current"] >= POLICY.current_line, found["potential"] >= POLICY.potential_line
    assert found["letter"].tolist() == [quadrants[pair] for pair in zip(high.tolist(), promising.tolist(), strict=True)]


@given(frames, st.floats(0, 1e11))
@settings(max_examples=60, deadline=None)
def test_more_assets_never_lower_the_current_value(features: pd.DataFrame, more: float) -> None:
    richer = features.assign(assets=features["assets"] + more)
    assert (assign(richer)["current"] >= assign(features)["current"]).all()


@given(frames, st.sampled_from(["logins", "transfers", "inflow", "deposit_growth"]), st.floats(0, 1e9))
@settings(max_examples=60, deadline=None)
def test_more_activity_never_lowers_the_potential_value(features: pd.DataFrame, code: str, more: float) -> None:
    livelier = features.assign(**{code: features[code] + more})
    assert (assign(livelier)["potential"] >= assign(features)["potential"]).all()


@given(frames)
@settings(max_examples=60, deadline=None)
def test_indicators_add_up_to_the_score_and_three_explain_it(features: pd.DataFrame) -> None:
    found = assign(features)
    for axis, indicators in (("current", POLICY.current), ("potential", POLICY.potential)):
        assert np.allclose(axis_points(features, indicators).sum(axis=1), found[axis], atol=0.006)
    for reasons in found["reasons"]:
        pushes = [abs(reason["points"]) for reason in reasons]
        assert len({reason["code"] for reason in reasons}) == 3
        assert pushes == sorted(pushes, reverse=True)
        json.dumps(reasons, allow_nan=False)


@given(frames)
@settings(max_examples=30, deadline=None)
def test_a_customer_s_class_does_not_depend_on_the_others(features: pd.DataFrame) -> None:
    assert assign(features).iloc[[0]].to_json() == assign(features.iloc[[0]]).to_json()


@pytest.mark.parametrize(
    ("letter", "given_values"),
    [
        ("A", {"assets": 20_000 * FEN, "logins": 30, "transfers": 40, "idle_days": 1}),
        ("B", {"assets": 800_000 * FEN, "products": 3, "logins": 30, "transfers": 40, "idle_days": 1}),
        ("C", {"assets": 600_000 * FEN, "products": 2}),
        ("D", {"assets": 10_000 * FEN}),
    ],
)
def test_the_four_classes_of_the_study(letter: str, given_values: dict[str, float]) -> None:
    assert assign(one(**given_values))["letter"].tolist() == [letter]


def test_a_silent_department_lowers_the_confidence_and_is_named() -> None:
    silent = dict.fromkeys(("logins", "transfers", "idle_days", "inflow"), float("nan"))
    told, untold = assign(one()), assign(one(**silent))
    assert untold["confidence"].item() < told["confidence"].item()
    assert (told["missing"].item(), untold["missing"].item()) == ([], ["activity"])
    assert any(not reason["known"] for reason in untold["reasons"].item())


def test_never_is_known_and_unknown_is_not() -> None:
    never = assign(one(idle_days=float("inf")))["reasons"].item()
    assert {reason["known"] for reason in never if reason["code"] == "idle_days"} <= {True}


def test_nobody_rises_by_missing_data() -> None:
    for indicator in POLICY.potential:
        assert indicator.unknown < POLICY.potential_line


def test_loans_are_a_debt_and_change_nothing() -> None:
    stored = pd.DataFrame({product: [100.0] for product in ASSET_PRODUCTS}).assign(
        assets=700.0, loans=0.0, logins=1.0, transfers=1.0, transfers_in_amount=0.0, idle_days=1.0,
        deposit_first=1.0, deposit_last=2.0, has_activity=True,
    )  # fmt: skip
    assert build_features(stored).equals(build_features(stored.assign(loans=1e9)))


def test_the_policy_survives_its_json() -> None:
    assert SegmentationPolicy.from_json(json.loads(json.dumps(POLICY.as_json()))) == POLICY


def test_a_policy_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        SegmentationPolicy(current=POLICY.current[:1])
    with pytest.raises(ValueError, match="must rise"):
        Indicator("odd", 0.5, ((2, 0), (1, 100)))
    with pytest.raises(ValueError, match="positive weight"):
        Indicator("odd", 0.0, ((1, 0), (2, 100)))


def test_the_summary_counts_everybody_once_and_names_empty_classes() -> None:
    features = pd.concat([one(), one(assets=900_000 * FEN)], ignore_index=True)
    summary = summarise(features, assign(features), POLICY)
    assert [entry["letter"] for entry in summary] == ["A", "B", "C", "D"]
    assert sum(entry["customers"] for entry in summary) == 2
    assert sum(entry["assets_fen"] for entry in summary) == int(features["assets"].sum())
