"""Qualitative indicators: told by departments as words, or derived from figures by documented lines."""

import math
from typing import Any

import pytest

from segmentation.catalogue import load_catalogue
from segmentation.features import build_features
from tests.segmentation.snapshots import NOTHING, stored


def category(code: str, **told: Any) -> str | None:
    """The category of one customer; None when unknown."""
    value = float(build_features(stored(**told))[code].iloc[0])
    return None if math.isnan(value) else load_catalogue().qualitative[code].categories[int(value)]


def by_channel(told: dict[str, Any]) -> dict[str, Any]:
    """What is told, uses of counter, cash machines, transfers and online dealings under their columns."""
    if "uses" not in told:
        return told
    uses = told["uses"]
    columns = zip(("counter_dealings", "atm_uses", "transfer_uses", "online_uses"), uses, strict=True)
    return {**dict(columns), "counter_share": uses[0] / sum(uses)}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"age": 24.0, "tenure_days": 20.0}, "young_new"),
        ({"age": 35.0, "tenure_days": 365.0}, "young_settled"),
        ({"age": 36.0, "tenure_days": 364.0}, "middle_new"),
        ({"age": 59.0, "tenure_days": 4000.0}, "middle_settled"),
        ({"age": 60.0, "tenure_days": 1.0}, "senior_new"),
        ({"age": 88.0, "tenure_days": 9000.0}, "senior_settled"),
        ({"age": NOTHING, "tenure_days": 9000.0}, None),
        ({"age": 40.0}, None),
        ({}, None),
    ],
)
def test_a_stage_of_life_is_an_age_and_a_tenure(told: dict[str, float], expected: str | None) -> None:
    assert category("life_stage", **told) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"uses": (6.0, 1.0, 3.0, 0.0)}, "counter"),
        ({"uses": (4.0, 3.0, 3.0, 0.0)}, "mixed"),
        ({"uses": (0.0, 0.0, 0.0, 9.0)}, "online"),
        ({"logins": 3.0}, "online"),
        ({"logins": 0.0}, None),
        ({"logins": 0.0, "transfers": 0.0}, "none"),
        ({"has_activity": False}, None),
    ],
)
def test_the_preferred_channel_has_six_in_ten_dealings(told: dict[str, Any], expected: str | None) -> None:
    assert category("channel_preference", **by_channel(told)) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"assets": 0.0, "demand_deposit": 0.0}, "empty"),
        ({}, "demand_only"),
        ({"demand_deposit": 4e5, "time_deposit": 6e5}, "deposits"),
        ({"demand_deposit": 4e5, "funds": 6e5}, "invested"),
        ({"demand_deposit": 9e5, "funds": 1e5}, "mixed"),
    ],
)
def test_the_product_mix_says_deposits_investments_or_both(told: dict[str, float], expected: str) -> None:
    assert category("product_mix", **told) == expected


def test_what_departments_tell_is_kept_as_its_category() -> None:
    assert category("risk_appetite", risk_appetite="C3") == "C3"
    assert category("risk_appetite", risk_appetite=None) is None
    assert category("occupation", occupation="retired") == "retired"
    assert category("credit_grade") is None


def test_the_quarter_of_departments_stands_for_ninety_days() -> None:
    found = build_features(stored(transfers_in=4.0, transfers_out=7.0)).iloc[0]
    assert (found["count_in_90"], found["count_out_90"]) == (4, 7)
    assert math.isnan(found["count_in_30"])
    windowed = build_features(stored(transfers_in=4.0, count_in_90=5.0)).iloc[0]
    assert windowed["count_in_90"] == 5


def test_flows_of_the_quarter_stand_to_each_other() -> None:
    assert build_features(stored())["in_out_ratio"].iloc[0] == 3
    assert math.isnan(build_features(stored(transfers_out_amount=0.0))["in_out_ratio"].iloc[0])


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, None),
        ({"income_months": 12.0}, None),
        ({"income_months": 12.0, "transfer_out_share": 0.0}, 1.0),
        ({"income_months": 6.0, "transfer_out_share": 0.9}, 0.3),
        ({"income_months": 12.0, "transfer_out_share": 0.2, "salary_months": 12.0, "salary_stay_days": 24.0}, 0.9),
        ({"income_months": 12.0, "transfer_out_share": 1.0, "salary_months": 13.0, "salary_stay_days": 0.0}, 0.5),
    ],
)
def test_how_far_everyday_money_runs_here_is_measured_where_single_transactions_tell_it(
    told: dict[str, Any], expected: float | None
) -> None:
    found = float(build_features(stored(**told))["settlement_share"].iloc[0])
    assert math.isnan(found) if expected is None else found == pytest.approx(expected)
