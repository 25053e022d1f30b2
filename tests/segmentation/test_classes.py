"""The rule of classes: the nearest prototype gives the letter, a margin holds it, and its explanation is exact."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.classes import NOBODY, Assignment, assign
from segmentation.dimensions import DIMENSIONS, FEN, LETTERS
from segmentation.features import ASSET_PRODUCTS, build_features
from segmentation.policy import PROTOTYPES, SegmentationPolicy
from segmentation.portraits import portray
from segmentation.scaler import Scaler
from segmentation.steps import NO_STEP, find_steps
from segmentation.summary import report, summarise
from tests.segmentation.people import frame, frames, one

# The middle and spread of a Chinese bank's third quarter of 2019; age, counter and cards as a bank like it might have.
SCALER = Scaler(
    "2019-09-30",
    69_126,
    {"assets": 3.895, "activity": 1.864, "age": 45.0, "digital": 0.402, "counter": 0.4, "cards": 1.0},
    {"assets": 2.4325, "activity": 1.534, "age": 14.0, "digital": 1.0566, "counter": 0.3, "cards": 0.8},
)
POLICY = SegmentationPolicy(scaler=SCALER)
A, B, C, D = range(4)


def letters(found: Assignment) -> str:
    return "".join(found.names())


@given(frames)
@settings(max_examples=25, deadline=None)
def test_scores_and_letters_are_always_sound(features: pd.DataFrame) -> None:
    found = portray(features, POLICY)
    table = found.table
    for score in ("current", "potential", "churn"):
        assert table[score].between(0, 100).all()
    assert table["confidence"].between(0, 1).all()
    assert (table["letter"] != table["runner_up"]).all()
    assert table["development"].notna().equals(table["letter"] == "C")
    assert table["development"].dropna().between(0, 100).all()


@given(frames)
@settings(max_examples=25, deadline=None)
def test_the_letter_is_the_nearest_prototype(features: pd.DataFrame) -> None:
    found = assign(features, POLICY)
    weights = np.array([POLICY.weights[code] for code in found.space.codes])
    places = np.array([[POLICY.prototypes[letter][code] for code in found.space.codes] for letter in LETTERS])
    distances = np.nansum((found.standard[:, None, :] - places) ** 2 * weights, axis=2)
    nearest = distances.min(axis=1)
    rows = np.arange(len(features))
    assert np.allclose(distances[rows, found.letters], nearest)
    assert np.allclose(distances[rows, found.runners_up] - nearest, found.gap)


@given(frames)
@settings(max_examples=25, deadline=None)
def test_the_terms_add_up_to_the_difference_of_squared_distances(features: pd.DataFrame) -> None:
    found = assign(features, POLICY)
    assert np.allclose(found.terms().sum(axis=1), found.gap, atol=1e-9)


@given(frames)
@settings(max_examples=25, deadline=None)
def test_three_reasons_explain_a_letter_strongest_first(features: pd.DataFrame) -> None:
    for reasons in portray(features, POLICY).reasons.rows():
        points = [abs(reason["points"]) for reason in reasons]
        assert len({reason["code"] for reason in reasons}) == len(reasons) <= 3
        assert points == sorted(points, reverse=True)
        json.dumps(reasons, allow_nan=False)


@given(frames, st.floats(1, 1e11))
@settings(max_examples=25, deadline=None)
def test_more_assets_only_lead_upwards_through_d_a_c_b(features: pd.DataFrame, more: float) -> None:
    """So nobody falls from B to D, or from B at all, by owning more."""
    order = np.array(["DACB".index(letter) for letter in LETTERS])
    before, after = assign(features, POLICY).letters, assign(features.assign(assets=features["assets"] + more), POLICY)
    same_space = assign(features, POLICY).space.codes == after.space.codes
    assert same_space
    assert (order[after.letters] >= order[before]).all()


@given(frames, st.floats(1, 1e11), st.integers(0, 3))
@settings(max_examples=25, deadline=None)
def test_the_margin_never_turns_more_assets_into_a_fall(features: pd.DataFrame, more: float, earlier: int) -> None:
    order = np.array(["DACB".index(letter) for letter in LETTERS])
    held = np.full(len(features), earlier)
    before = assign(features, POLICY, held).letters
    after = assign(features.assign(assets=features["assets"] + more), POLICY, before).letters
    assert (order[after] >= order[before]).all()


@given(frames, st.randoms())
@settings(max_examples=15, deadline=None)
def test_the_order_of_customers_changes_nothing(features: pd.DataFrame, draw: object) -> None:
    shuffled = features.sample(frac=1, random_state=draw.randrange(1000))  # type: ignore[attr-defined]
    first, second = portray(features, POLICY), portray(shuffled, POLICY)
    assert first.table.loc[shuffled.index].equals(second.table)


@given(frames)
@settings(max_examples=15, deadline=None)
def test_a_customer_s_class_does_not_depend_on_the_others(features: pd.DataFrame) -> None:
    """The scaler is frozen; only which dimensions enough customers have is decided together."""
    whole = features.fillna({dimension.feature: 1.0 for dimension in DIMENSIONS.values()})
    assert portray(whole, POLICY).table.iloc[[0]].to_json() == portray(whole.iloc[[0]], POLICY).table.to_json()


@given(frames, st.lists(st.integers(NOBODY, 3), min_size=20, max_size=20), st.floats(0, 5))
@settings(max_examples=25, deadline=None)
def test_a_letter_changes_only_past_the_margin(features: pd.DataFrame, earlier: list[int], margin: float) -> None:
    policy = SegmentationPolicy(scaler=SCALER, margin=margin)
    previous = np.array(earlier[: len(features)])
    free, held = assign(features, policy), assign(features, policy, previous)
    rows = np.arange(len(features))
    kept = np.where(previous == NOBODY, free.letters, previous)
    nearer = free.affinity[rows, free.letters] - free.affinity[rows, kept]
    assert (held.letters == np.where(nearer > margin, free.letters, kept)).all()
    assert (held.gap >= -margin).all()


@given(frames)
@settings(max_examples=25, deadline=None)
def test_the_next_run_gives_the_letter_that_a_step_promises_and_not_a_yuan_before(features: pd.DataFrame) -> None:
    found = assign(features, POLICY)
    steps = find_steps(found, features, POLICY)
    for letter, fen in ((steps.up, steps.up_fen), (steps.down, steps.down_fen)):
        there = features["assets"] + fen
        expected = np.where(letter == NO_STEP, found.letters, letter)
        assert (assign(features.assign(assets=there), POLICY, found.letters).letters == expected).all()
        # Two yuan nearer, and where a float still tells one yuan from the next.
        nearer = fen - 2 * FEN * np.sign(fen)
        nearer = np.where((np.sign(nearer) == np.sign(fen)) & (there < 1e12), nearer, 0)
        short_of_it = features.assign(assets=features["assets"] + nearer)
        assert (assign(short_of_it, POLICY, found.letters).letters == found.letters).all()


@pytest.mark.parametrize("with_age", [True, False])
@pytest.mark.parametrize(
    ("letter", "given_values"),
    [
        ("A", {"assets": 20_000 * FEN, "logins": 30, "transfers": 40, "age": 26}),
        ("B", {"assets": 800_000 * FEN, "logins": 30, "transfers": 40, "age": 46}),
        ("C", {"assets": 600_000 * FEN, "logins": 0, "transfers": 1, "age": 60}),
        ("D", {"assets": 5_000 * FEN, "logins": 0, "transfers": 1, "age": 57}),
    ],
)
def test_the_four_classes_of_the_study(letter: str, given_values: dict[str, float], with_age: bool) -> None:
    told = given_values if with_age else {name: value for name, value in given_values.items() if name != "age"}
    assert letters(assign(one(**told), POLICY)) == letter


def test_what_a_bank_does_not_deliver_is_left_out_for_everybody_and_said() -> None:
    found = assign(frame([{}, {"assets": 1e9}]), POLICY)
    assert found.space.codes == ("assets", "activity", "digital")
    assert found.space.left_out == {"age": "not_delivered", "counter": "not_delivered", "cards": "not_delivered"}


def test_a_dimension_that_the_scaler_has_not_measured_is_left_out() -> None:
    young = SegmentationPolicy(scaler=Scaler("2019-09-30", 9, {"assets": 4.1}, {"assets": 2.4}))
    assert assign(one(age=30), young).space.left_out["age"] == "not_in_scaler"


def test_a_missing_indicator_lowers_the_confidence() -> None:
    without, with_age = portray(one(), POLICY).table, portray(one(age=60), POLICY).table
    assert without["confidence"].item() < with_age["confidence"].item()


def test_a_silent_department_lowers_the_confidence_and_is_named() -> None:
    silent = dict.fromkeys(("logins", "transfers", "idle_days", "inflow"), float("nan"))
    found = portray(frame([{}, silent]), POLICY)
    told, untold = found.table["confidence"]
    assert untold < told
    assert found.missing == [[], ["activity"]]
    assert any(not reason.get("known", True) for reason in list(found.reasons.rows())[1])


def test_a_new_customer_s_letter_is_provisional_and_less_sure() -> None:
    table = portray(frame([{"tenure_days": 30}, {"tenure_days": 200}, {}]), POLICY).table
    assert table["provisional"].tolist() == [True, False, False]
    assert table["lifecycle"].tolist() == ["new", "mature", "mature"]
    assert table["confidence"].iloc[0] < table["confidence"].iloc[1]


def test_never_is_known_and_unknown_is_not() -> None:
    found = portray(one(idle_days=float("inf")), POLICY)
    [reasons] = found.churn_reasons.rows()
    assert {(reason["value"], reason.get("known", True)) for reason in reasons if reason["code"] == "idle_days"} <= {
        (None, True)
    }


def test_loans_change_no_letter_no_band_and_no_asset() -> None:
    """A loan is a debt; all that it adds to is what the customer brings the bank."""
    stored = pd.DataFrame({product: [100.0] for product in ASSET_PRODUCTS}).assign(
        assets=700.0, loans=0.0, logins=1.0, transfers=1.0, transfers_in_amount=0.0, transfers_out_amount=0.0,
        idle_days=1.0, deposit_before=1.0, deposit_after=2.0, has_activity=True,
    )  # fmt: skip
    plain, indebted = build_features(stored), build_features(stored.assign(loans=1e9))
    assert plain.drop(columns="loans").equals(indebted.drop(columns="loans"))
    free, bound = portray(plain, POLICY).table, portray(indebted, POLICY).table
    value = ["current", "current_value", "quadrant"]
    assert free.drop(columns=value).equals(bound.drop(columns=value))
    assert (free["current_value"] < bound["current_value"]).all()


def test_the_letter_does_not_depend_on_the_potential_value() -> None:
    features = frame([{"inflow": 1e12, "deposit_growth": 1e10, "idle_days": 0}, {}])
    table = portray(features, POLICY).table
    assert table["potential"].iloc[0] > table["potential"].iloc[1]
    assert table["letter"].nunique() == 1


def test_prototypes_that_turn_the_words_around_are_refused() -> None:
    for letter, assets in (("B", -2.0), ("D", 0.9)):
        turned = {**PROTOTYPES, letter: {**PROTOTYPES[letter], "assets": assets}}
        with pytest.raises(ValueError, match=f"prototype of {letter} must have"):
            SegmentationPolicy(prototypes=turned)


def test_the_summary_counts_everybody_once_and_names_empty_classes() -> None:
    features = frame([{}, {"assets": 900_000 * FEN}])
    portraits = portray(features, POLICY)
    summary = summarise(features, portraits, POLICY)
    assert [entry["letter"] for entry in summary] == ["A", "B", "C", "D"]
    assert sum(entry["customers"] for entry in summary) == 2
    assert sum(entry["assets_fen"] for entry in summary) == int(features["assets"].sum())


@given(frames)
@settings(max_examples=15, deadline=None)
def test_every_table_of_the_report_counts_everybody_once(features: pd.DataFrame) -> None:
    found = report(portray(features, POLICY), POLICY)
    for name in ("quadrants", "terciles", "bands", "lifecycles"):
        assert sum(heads for row in found[name].values() for heads in row.values()) == len(features), name
    apart = sum(heads for a, row in found["quadrants"].items() for b, heads in row.items() if a != b)
    assert apart == found["apart_from_quadrant"]
    json.dumps(found, allow_nan=False)
