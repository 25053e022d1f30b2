"""The policy as a value: it survives its row, takes changes by key, and refuses what cannot be with a sentence."""

import json
from dataclasses import replace

import pytest

from segmentation.changes import change, differences, flat
from segmentation.policy import PolicyError, SegmentationPolicy
from segmentation.scaler import Scaler

POLICY = SegmentationPolicy(scaler=Scaler("2019-09-30", 9, {"assets": 4.1}, {"assets": 2.4}))


def test_the_policy_survives_its_json() -> None:
    for policy in (POLICY, SegmentationPolicy()):
        assert SegmentationPolicy.from_json(json.loads(json.dumps(policy.as_json()))) == policy


def test_a_row_of_an_earlier_form_keeps_what_still_has_a_meaning() -> None:
    earlier = {"current": [], "near_line": 10.0, "gate_fen": 40_000_000, "potential_line": 30.0}
    found = SegmentationPolicy.from_json(earlier)
    assert (found.gate_fen, found.potential_line, found.prototypes) == (
        40_000_000,
        30.0,
        SegmentationPolicy().prototypes,
    )


def test_a_key_is_changed_and_only_that() -> None:
    changed = change(POLICY, ["prototypes.A.assets=-0.7", "value.margins.loans=140", "margin=1"])
    assert differences(POLICY, changed) == {
        "prototypes.A.assets": (-0.5, -0.7),
        "value.margins.loans": (150, 140),
        "margin": (0.4, 1),
    }


def test_points_are_changed_as_a_list() -> None:
    changed = change(POLICY, ["value_points=[[1, 0], [1000, 100]]"])
    assert changed.value_points == ((1, 0), (1000, 100))


def test_every_key_that_is_shown_can_be_set_to_what_it_is() -> None:
    settings = [f"{key}={json.dumps(value)}" for key, value in flat(POLICY.as_json()) if not key.startswith("scaler")]
    assert len(settings) > 50
    assert change(POLICY, settings) == POLICY


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("margin", '"margin" is no key=value'),
        ("margn=1", 'has no "margn" that can be set'),
        ("prototypes.A=1", 'has no "prototypes.A" that can be set'),
        ("prototypes.E.assets=1", 'has no "prototypes.E.assets"'),
        ("margin=much", "neither a number nor a list"),
        ("margin=[1]", "margin is a number"),
        ("margin=true", "margin is a number"),
        ("potential=3", "potential is a list"),
        ("new_days=1.5", "new_days is a whole number"),
        ("margin=-1", "must not be negative"),
        ("scaler.centre.assets=1", "measured, not set"),
        ("prototypes.D.assets=2", "prototype of B must have the highest assets"),
        ("weights.assets=0", "without assets the classes have no meaning"),
        ("gate_fen=0", "gate_fen must be above 0"),
        ("churn_line=101", "between 0 and 100"),
        ("known_share=2", "between 0 and 1"),
        ("development.potential=1", "must add up to 1"),
        ("value_points=[[2, 0], [1, 9]]", "must rise"),
        ("potential=[]", "must add up to 1"),
        ('potential=[{"odd": 1}]', "points"),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_a_sentence(setting: str, sentence: str) -> None:
    with pytest.raises(PolicyError, match=sentence.replace("[", r"\[")):
        change(POLICY, [setting])


def test_a_policy_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        replace(POLICY, churn=POLICY.churn[:1])
