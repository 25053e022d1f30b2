"""Tiers of enterprises: points by business, settlement, grade and line of business; reasons, steps that hold, needs."""

import json
from dataclasses import dataclass, replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.changes import change
from segmentation.enterprises import FACTORS, FEN, TIERS, EnterpriseRule, Tiers, judge
from segmentation.financing import NEEDS, best_plan
from segmentation.intake.subjects import ENTERPRISE_GRADES, INDUSTRIES
from segmentation.policy import PolicyError, SegmentationPolicy

RULE = EnterpriseRule()
NOTHING = float("nan")
money = st.integers(0, 10**12).map(lambda yuan: float(yuan * FEN))
firms = st.fixed_dictionaries(
    {
        "industry": st.sampled_from(INDUSTRIES),
        "credit_grade": st.sampled_from([*ENTERPRISE_GRADES, None]),
        "loans": money,
        "deposits": money,
        "settlement_volume": st.one_of(st.just(NOTHING), money),
        "cross_border": st.sampled_from([True, False, None]),
    }
)


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    plain = {
        "industry": "services", "credit_grade": None, "loans": 0.0, "deposits": 0.0, "settlement_volume": NOTHING,
        "cross_border": None,
    }  # fmt: skip
    return pd.DataFrame([{**plain, **row} for row in rows])


def one(found: Tiers) -> pd.Series:
    return found.table.iloc[0]


def test_large_business_of_a_good_grade_is_strategic_and_a_workshop_is_general() -> None:
    large = {"industry": "technology", "credit_grade": "AAA", "loans": 6e10, "settlement_volume": 1e11}
    middle = {"industry": "trade", "credit_grade": "A", "deposits": 4e9, "settlement_volume": 1e10}
    small = {"industry": "services", "credit_grade": "BB", "deposits": 3e7, "settlement_volume": 1e8}
    found = judge(frame(large, middle, small), RULE)
    assert list(found.table["tier"]) == list(TIERS)
    assert found.summary() == {
        "customers": 3,
        "tiers": {
            "strategic": {"customers": 1, "loans_fen": 60_000_000_000, "deposits_fen": 0},
            "key": {"customers": 1, "loans_fen": 0, "deposits_fen": 4_000_000_000},
            "general": {"customers": 1, "loans_fen": 0, "deposits_fen": 30_000_000},
        },
    }


@settings(max_examples=60, deadline=None)
@given(firms)
def test_the_points_of_the_reasons_add_up_and_stay_within_a_hundred(firm: dict[str, object]) -> None:
    row = one(judge(frame(firm), RULE))
    reasons = json.loads(row["reasons"])
    assert {reason["code"] for reason in reasons} == set(FACTORS)
    assert sum(reason["points"] for reason in reasons) == pytest.approx(row["points"], abs=0.03)
    assert 0 <= row["points"] <= 100
    lifts = [abs(reason["lift"]) for reason in reasons]
    assert lifts == sorted(lifts, reverse=True)


@settings(max_examples=40, deadline=None)
@given(firms)
def test_every_step_leads_to_the_next_tier_and_a_smaller_one_does_not(firm: dict[str, object]) -> None:
    row = one(judge(frame(firm), RULE))
    place = TIERS.index(row["tier"])
    for step in json.loads(row["steps"]):
        taken, short = _take(firm, step)
        assert TIERS.index(one(judge(frame(taken), RULE))["tier"]) < place
        if short is not None:
            assert one(judge(frame(short), RULE))["tier"] == row["tier"]


def _take(firm: dict[str, object], step: dict[str, object]) -> tuple[dict[str, object], dict[str, object] | None]:
    """The firm after a step, and after the next smaller one."""
    if step["code"] == "credit":
        at = ENTERPRISE_GRADES.index(str(step["grade"]))
        return {**firm, "credit_grade": step["grade"]}, {**firm, "credit_grade": ENTERPRISE_GRADES[at - 1]}
    name = "deposits" if step["code"] == "business" else "settlement_volume"
    assert isinstance(step["change_fen"], int)
    assert step["change_fen"] % (10_000 * FEN) == 0
    less = step["change_fen"] - 10_000 * FEN
    start = float(str(firm[name]))
    return {**firm, name: start + step["change_fen"]}, {**firm, name: start + less} if less > 0 else None


def test_the_highest_tier_has_no_step_and_what_is_unknown_lowers_the_confidence() -> None:
    top = {"industry": "technology", "credit_grade": "AAA", "loans": 9e10, "settlement_volume": 1e11}
    found = judge(frame(top, {"loans": 1e9}), RULE).table
    assert json.loads(found["steps"].iloc[0]) == []
    assert list(found["confidence"]) == [1.0, 0.55]


def test_needs_follow_the_line_of_business_and_the_border() -> None:
    found = judge(frame({"industry": "manufacturing", "cross_border": True}, {"industry": "energy"}), RULE).table
    assert [json.loads(needs) for needs in found["needs"]] == [
        ["supply_chain", "receivables_finance", "long_term_loan", "cross_border_settlement"],
        ["long_term_loan", "risk_management"],
    ]


@dataclass(frozen=True)
class Plan:
    """A plan as far as the choice asks."""

    industries: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


def test_a_plan_of_the_own_line_of_business_that_meets_most_needs_is_chosen_before_one_for_all() -> None:
    for_all, own = Plan(needs=NEEDS), Plan(("trade",), needs=("supply_chain",))
    better = Plan(("trade", "logistics"), needs=("supply_chain", "risk_management"))
    plans = (for_all, own, better, Plan(("trade",), ("strategic",), NEEDS))
    needs = ("receivables_finance", "supply_chain", "risk_management")
    assert best_plan(plans, "trade", "key", needs) == better
    assert best_plan(plans, "trade", "strategic", needs) == plans[3]
    assert best_plan(plans, "energy", "key", ()) == for_all
    assert best_plan((own, own), "trade", "key", ()) == own
    assert best_plan(plans[1:], "energy", "key", needs) is None


def test_no_enterprises_are_no_tiers() -> None:
    assert judge(frame({}).iloc[:0], RULE).summary()["customers"] == 0


def test_staff_change_lines_points_and_needs_in_the_policy() -> None:
    wanted = ["enterprises.key_line=30", "enterprises.credit.AAA=90", 'enterprises.needs.trade=["risk_management"]']
    changed = change(SegmentationPolicy(), wanted).enterprises
    assert (changed.key_line, changed.credit["AAA"], changed.needs["trade"]) == (30, 90, ("risk_management",))
    assert SegmentationPolicy.from_json(json.loads(json.dumps(SegmentationPolicy().as_json()))).enterprises == RULE


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("enterprises.key_line=80", "key_line must be above 0 and below strategic_line"),
        ("enterprises.weights.credit=0.5", "must add up to 1"),
        ("enterprises.credit.AAA=101", "between 0 and 100"),
        ('enterprises.needs.trade=["gold"]', "must be among"),
        ("enterprises.business=[[1, 50], [10, 20]]", "must not fall"),
        ("banding.reach=1", "banding.reach"),
        ("banding.votes=3", "banding.votes"),
        ("banding.dormant_transfers=20", "banding.dormant_transfers"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(setting: str, sentence: str) -> None:
    with pytest.raises(PolicyError, match=sentence):
        change(SegmentationPolicy(), [setting])


def test_a_weight_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        replace(RULE, weights={"business": 0.6, "settlement": 0.4, "credit": 0.0, "industry": 0.0})
