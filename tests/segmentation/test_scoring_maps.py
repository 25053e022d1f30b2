"""Scoring maps: categories become points, weights stay whole, and what nobody delivers changes no score."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentation.changes import change
from segmentation.policy import PolicyError, SegmentationPolicy
from segmentation.portraits import portray
from segmentation.scaler import Scaler
from segmentation.scoring import adds_up, axis_points, total
from segmentation.scoring_maps import DEFAULTS, LEAST, MAPS, QUALITATIVE, WEIGHTS, beside, line_of, told_qualities
from tests.segmentation.people import frame

CODES = list(QUALITATIVE)
POLICY = SegmentationPolicy(scaler=Scaler("2019-09-30", 9, {"assets": 4.1}, {"assets": 2.4}))
RAGGED: list[dict[str, float]] = [
    {"assets": 1e5, "logins": 3},
    {"assets": 1e9, "transfers": 30, "inflow": 1e7},
    {"untied_share": 1},
]
weights = st.dictionaries(st.sampled_from(CODES), st.floats(0, 1), max_size=len(CODES))
scores = st.floats(0, 100)


@given(weights)
def test_weights_make_a_whole_whatever_is_put_beside(given_weights: dict[str, float]) -> None:
    found = beside(POLICY.potential, given_weights, MAPS)
    assert adds_up(found)
    assert len(found) == len(POLICY.potential) + sum(weight > LEAST for weight in given_weights.values())


@given(st.sampled_from(CODES), st.data())
def test_a_map_gives_each_category_its_score_and_the_unknown_its_own(code: str, data: st.DataObject) -> None:
    scoring = {name: data.draw(scores) for name in MAPS[code]}
    line = line_of(code, 1.0, scoring)
    categories = QUALITATIVE[code].categories
    features = pd.DataFrame({code: [*map(float, range(len(categories))), np.nan]})
    assert axis_points(features, (line,))[code].tolist() == [
        *(scoring[name] for name in categories),
        scoring["unknown"],
    ]


@given(weights, st.lists(st.sampled_from(range(5)), min_size=3, max_size=3), st.floats(0, 40))
def test_a_better_category_never_lowers_a_score(
    given_weights: dict[str, float], places: list[int], more: float
) -> None:
    features = frame(RAGGED).assign(risk_appetite=[float(place) for place in places])
    told = [code for code in given_weights if code == "risk_appetite"]
    better = {**MAPS, "risk_appetite": {name: min(score + more, 100) for name, score in MAPS["risk_appetite"].items()}}
    chosen = {code: given_weights[code] for code in told}
    before, after = (total(axis_points(features, beside(POLICY.potential, chosen, maps))) for maps in (MAPS, better))
    assert (after >= before).all()
    assert after.between(0, 100).all()


def test_what_no_department_delivers_changes_nothing_bit_for_bit() -> None:
    features = frame(RAGGED)
    silent = replace(POLICY, qualitative={score: dict.fromkeys(each, 0.0) for score, each in WEIGHTS.items()})
    assert portray(features, POLICY).table.equals(portray(features, silent).table)
    assert POLICY.indicators("potential", told_qualities(features, POLICY.known_share)) is POLICY.potential


def test_one_that_few_customers_have_is_left_out_for_everybody() -> None:
    few = frame([{}] * 10).assign(occupation=[1.0] + [np.nan] * 9)
    assert told_qualities(few, known_share=0.2) == ()
    assert told_qualities(few, known_share=0.1) == ("occupation",)


def test_one_that_is_delivered_counts_and_gives_its_reason() -> None:
    at = QUALITATIVE["income_band"].categories.index("high")
    plain, rich = frame(RAGGED), frame(RAGGED).assign(income_band=[float(at), float(at), np.nan])
    before, after = portray(plain, POLICY), portray(rich, POLICY)
    assert before.table["letter"].equals(after.table["letter"])
    figures = total(axis_points(plain, POLICY.potential))
    expected = [(figures.iloc[0] + 0.1 * 95) / 1.1, (figures.iloc[2] + 0.1 * MAPS["income_band"]["unknown"]) / 1.1]
    assert after.table["potential"].iloc[[0, 2]].tolist() == pytest.approx(expected, abs=0.02)
    assert "income_band" in after.potential_reasons.codes


def test_a_map_and_a_weight_are_changed_by_key() -> None:
    changed = change(POLICY, ["maps.occupation.student=90.0", "qualitative.potential.occupation=0.2"])
    assert changed.maps["occupation"]["student"] == 90
    assert changed.qualitative["potential"]["occupation"] == 0.2


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("maps.occupation.student=101", "maps.occupation.student must lie between 0 and 100"),
        ("qualitative.churn.occupation=2", "qualitative.churn.occupation must lie between 0 and 1"),
        ("maps.occupation.pilot=50", 'has no "maps.occupation.pilot"'),
        ("maps.shoe_size.large=50", 'has no "maps.shoe_size.large"'),
        ("maps.occupation.student=rich", "neither a number"),
        (
            'potential=[{"code": "charm", "weight": 1, "points": [[0, 0], [1, 9]]}]',
            "has no figure charm; `indicators` lists",
        ),
    ],
)
def test_a_map_that_cannot_be_is_refused_with_a_sentence(setting: str, sentence: str) -> None:
    with pytest.raises(PolicyError, match=sentence):
        change(POLICY, [setting])


def test_a_row_of_before_a_category_was_there_gets_its_default() -> None:
    earlier = POLICY.as_json()
    del earlier["maps"]["occupation"]["retired"], earlier["qualitative"]["churn"], earlier["maps"]["product_mix"]
    earlier["maps"]["occupation"]["student"] = 12.0
    found = SegmentationPolicy.from_json(earlier)
    assert found.maps["occupation"] == {**MAPS["occupation"], "student": 12.0}
    assert (found.maps["product_mix"], found.qualitative) == (MAPS["product_mix"], WEIGHTS)
    with pytest.raises(PolicyError, match="maps must have the keys of the catalogue"):
        SegmentationPolicy(maps={"shoe_size": {"large": 1.0}})
    assert set(DEFAULTS) == {"maps", "qualitative"}
