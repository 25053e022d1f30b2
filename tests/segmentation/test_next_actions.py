"""The next best action: expected value decides, hours are shared out, nothing unsuitable is ever proposed."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.action_options import OFFERED
from segmentation.action_rules import ActionRules
from segmentation.dimensions import FEN
from segmentation.next_actions import (
    NOTHING_KNOWN,
    Circumstances,
    NextActions,
    corrected,
    decide,
    expected_value,
    opportunity,
    share_out,
)
from segmentation.policy import SegmentationPolicy
from segmentation.portraits import portray
from segmentation.rates import RateTable, quote
from segmentation.steps import NO_STEP, Steps
from tests.segmentation.people import frame, frames
from tests.segmentation.test_classes import POLICY

RULES = ActionRules()
scores = st.floats(0, 100)


def acted(
    features: pd.DataFrame, policy: SegmentationPolicy = POLICY, known: Circumstances = NOTHING_KNOWN
) -> NextActions:
    return decide(features, portray(features, policy), policy, known)


def known(features: pd.DataFrame, **facts: object) -> Circumstances:
    """The same facts of everybody."""
    told = {"appetite": float("nan"), "horizon": float("nan"), "bound": False, "credit_refused": False, **facts}
    return Circumstances(pd.DataFrame(told, index=features.index))


def with_rules(**changed: object) -> SegmentationPolicy:
    return replace(POLICY, actions=replace(RULES, **changed))  # type: ignore[arg-type]


def crowd(**changed: float) -> pd.DataFrame:
    """Enough active, wealthy people for shares to be told, most of whom hold wealth products."""
    active = {"logins": 40.0, "transfers": 40.0, "idle_days": 1.0, "inflow": 5e6, "deposit_change": 0.0}
    holder = {**active, "assets": 1.2e8, "time_deposit": 6e7, "wealth_products": 6e7}
    plain = {**active, "assets": 1.2e8, "time_deposit": 1.2e8}
    return frame([*[holder] * 90, *[{**plain, **changed}] * 30])


@given(frames, st.sampled_from([float("nan"), 1.0, 2.0, 3.0, 4.0, 5.0]), st.booleans())
@settings(max_examples=25, deadline=None)
def test_actions_are_always_sound(features: pd.DataFrame, appetite: float, bound: bool) -> None:
    found = acted(features, known=known(features, appetite=appetite, bound=bound))
    table = found.table
    most = 2 if np.isnan(appetite) else appetite
    risks = {code: product.risk for code, product in RULES.products.items()}
    assert (table["expected_value_fen"] >= 0).all()
    assert table["probability"].between(0, 0.95).all()
    assert table["opportunity"].between(0, 100).all()
    assert all(risks.get(product, 1) <= most for product in table["product"].dropna())
    assert bound or not (table["channel"] == "message").any()
    assert (table.loc[table["action"] == "nothing", "expected_value_fen"] == 0).all()
    for text in found.alternatives.to_pylist():
        for other in json.loads(text):
            assert other["expected_value_fen"] >= 0
            assert other["product"] is None or risks.get(other["product"], 1) <= most
    assert sum(row["customers"] for row in found.report["by_action"].values()) == len(features)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1e9), st.floats(0, 1e6))
def test_a_higher_chance_never_lowers_the_expected_value(a: float, b: float, value: float, cost: float) -> None:
    low, high = sorted((a, b))
    lower, higher = (expected_value(np.array([chance]), np.array([value]), cost)[0] for chance in (low, high))
    assert lower <= higher


@given(frames)
@settings(max_examples=10, deadline=None)
def test_the_same_input_gives_the_same_actions(features: pd.DataFrame) -> None:
    once, again = acted(features), acted(features)
    assert once.table.equals(again.table)
    assert once.alternatives.equals(again.alternatives)
    assert once.reasons.as_json().equals(again.reasons.as_json())


@given(frames)
@settings(max_examples=10, deadline=None)
def test_age_and_sex_move_no_action_beyond_the_letter(features: pd.DataFrame) -> None:
    portraits = portray(features, POLICY)
    blind = decide(features.drop(columns="age"), portraits, POLICY)
    assert decide(features.assign(sex=1.0), portraits, POLICY).table.equals(blind.table)


def test_a_message_needs_a_linked_customer_and_a_push_one_who_logs_in() -> None:
    features, idle = crowd(), crowd(logins=0.0)
    hours = with_rules(manager_hours=0)
    assert set(acted(features, hours).table["channel"].dropna()) == {"push"}
    assert set(acted(features, hours, known(features, bound=True)).table["channel"].dropna()) == {"message"}
    assert set(acted(idle, hours).table["channel"].dropna()[90:]) <= {"counter"}


def test_a_product_above_r2_waits_for_the_questionnaire() -> None:
    """All hold what is safe already; half hold funds, so that the rest would like them too."""
    safe = dict.fromkeys(("structured_deposit", "time_deposit", "wealth_products", "large_certificates"), 3e8)
    whole = {**safe, "demand_deposit": 3e8, "assets": 1.5e9, "logins": 40.0, "transfers": 1.0, "idle_days": 100.0}
    features = frame([*[{**whole, "funds": 3e8, "assets": 1.8e9}] * 90, *[whole] * 30])
    features["untied_share"], policy = 0.1, with_rules(fresh=dict.fromkeys("ABCD", 1.0))
    unasked = acted(features, policy).table[90:]
    assert set(unasked["action"]) == {"risk_questionnaire"}
    asked = acted(features, policy, known(features, appetite=3.0)).table[90:]
    assert set(asked["action"]) == {"product"}
    assert set(asked["product"]) == {"funds"}
    cautious = acted(features, policy, known(features, appetite=1.0)).table[90:]
    assert not {"product", "risk_questionnaire"} & set(cautious["action"])


def test_hours_go_to_a_and_b_first_and_the_rest_is_done_without_staff() -> None:
    minutes = np.array([15, 0])
    worth = np.array([[900.0, 800.0, 9_000.0, 700.0], [10.0, 10.0, 10.0, 10.0]])
    letters = np.array([0, 1, 2, 3])
    possible, waits = share_out(worth, minutes, letters, replace(RULES, manager_hours=0))
    assert (list(possible.argmax(axis=0)), list(waits)) == ([1, 1, 1, 1], [True, True, True, False])
    half_an_hour = {**RULES.channels, "call": replace(RULES.channels["call"], minutes=30)}
    rules = replace(RULES, manager_hours=1, channels=half_an_hour)
    possible, waits = share_out(worth, np.array([30, 0]), letters, rules)
    assert (list(possible.argmax(axis=0)), list(waits)) == ([0, 0, 1, 1], [False, False, True, False])


def test_who_is_half_way_to_the_main_account_is_invited_and_who_is_there_or_far_off_is_not() -> None:
    hours = with_rules(manager_hours=0, willing={**RULES.willing, "main_account": 1.0})
    share = np.resize([np.nan, 0.1, 0.3, 0.69, 0.7, 1.0], 120)
    features = crowd(inflow=2e8).assign(settlement_share=share)
    found = acted(features, hours)
    kinds = found.table["action"].to_numpy()
    others = found.alternatives.to_pylist()
    invited = np.array([kinds[at] == "main_account" or '"main_account"' in others[at] for at in range(120)])
    half_way = (share >= 0.3) & (share < 0.7) & (features["inflow"].to_numpy() >= RULES.settling_inflow_fen)
    assert invited.any()
    assert not (invited & ~half_way).any()
    reasons = [found.reasons.as_json()[at].as_py() for at in np.flatnonzero(kinds == "main_account")]
    assert all("settled" in each for each in reasons)


def test_a_policy_of_before_knows_the_invitation_to_the_main_account() -> None:
    body = POLICY.as_json()
    del body["actions"]["willing"]["main_account"]
    assert SegmentationPolicy.from_json(body).actions.willing == RULES.willing


def test_class_d_takes_no_managers_time() -> None:
    quiet = {"assets": 5e5, "time_deposit": 5e5, "logins": 0.0, "transfers": 0.0, "age": 70.0, "deposit_change": -0.9}
    features = frame([{**quiet, "untied_share": 1.0, "idle_days": 300.0}] * 20)
    portraits = portray(features, POLICY)
    assert set(portraits.table["letter"]) == {"D"}
    found = decide(features, portraits, POLICY)
    assert not set(found.table["channel"].dropna()) & {"visit", "call"}
    assert not found.table["waits"].any()


def test_a_refused_credit_and_a_loan_already_held_stop_the_loan() -> None:
    features = crowd(loans=0.0, inflow=2e7)
    features["loans"] = [2e7] * 60 + [0.0] * 60
    free = with_rules(manager_hours=0)

    def offered(circumstances: Circumstances) -> set[int]:
        found = acted(features, free, circumstances)
        first = set(np.flatnonzero(found.table["action"] == "loan").tolist())
        return first | {at for at, text in enumerate(found.alternatives.to_pylist()) if '"loan"' in text}

    assert offered(NOTHING_KNOWN)
    assert min(offered(NOTHING_KNOWN)) >= 60
    assert offered(known(features, credit_refused=True)) == set()


def test_what_turned_out_otherwise_moves_the_chance() -> None:
    features = crowd()
    hours = with_rules(manager_hours=0, coupon_pull=dict.fromkeys("ABCD", 0.0))
    assumed = acted(features, hours).table["probability"][90:]
    twice = acted(features, hours, Circumstances(NOTHING_KNOWN.table, {"product": 2.0})).table["probability"][90:]
    assert np.allclose(twice, 2 * assumed, atol=1e-4)
    assert corrected(0, 0) == 1
    assert corrected(100, 200) == 205 / 105
    assert corrected(100, 0) < 0.05


@given(st.lists(st.integers(0, 10**9), min_size=1))
def test_opportunity_ranks_what_pays(values: list[int]) -> None:
    found = opportunity(np.array(values))
    assert ((found > 0) == (np.array(values) > 0)).all()
    assert found.max() <= 100
    assert all(found[a] < found[b] for a in range(len(values)) for b in range(len(values)) if values[a] < values[b])


def test_every_action_comes_with_reasons_that_apply() -> None:
    found = acted(crowd())
    for action, text in zip(found.table["action"], found.reasons.as_json().to_pylist(), strict=True):
        codes = {reason["code"] for reason in json.loads(text) if reason["points"] > 0}
        assert codes
        assert action != "product" or codes <= {"alike", "potential", "untied", "amount", "cheap", "waits"}


def test_the_report_adds_up_and_keeps_contacts_apart_from_transactions() -> None:
    found = acted(crowd())
    report, table = found.report, found.table
    assert report["expected_value_fen"] == table["expected_value_fen"].sum()
    assert report["saved_by_routing_fen"] == report["cost_if_called_fen"] - report["contact_cost_fen"]
    assert report["transaction_fen_per_10000_yuan"] == {
        "visit": 4_000, "call": 4_000, "message": 4_500, "push": 4_500, "counter": 4_000,
    }  # fmt: skip
    assert {sum(row["customers"] for row in report[name].values()) for name in ("by_class", "by_channel")} == {120}


def test_a_customer_without_any_step_keeps_a_row() -> None:
    nowhere, nothing = np.array([NO_STEP, 1]), np.zeros(2, dtype=np.int64)
    steps = Steps(nowhere, nothing + 100 * FEN, np.array([NO_STEP, NO_STEP]), nothing)
    assert [json.loads(text) for text in steps.as_json().to_pylist()] == [[], [{"letter": "B", "change_fen": 10_000}]]


@given(scores, scores, scores, st.booleans())
def test_a_higher_score_never_pays_a_higher_rate(a: float, b: float, other: float, is_new: bool) -> None:
    table = RateTable()
    low, high = sorted((a, b))
    for name, beside in (("current", "potential"), ("potential", "current")):
        dear = quote(table, **{name: low, beside: other}, is_new=is_new)
        cheap = quote(table, **{name: high, beside: other}, is_new=is_new)
        assert table.floor <= cheap.total <= dear.total <= table.ceiling


def test_every_offered_product_has_a_place() -> None:
    assert set(RULES.products) < set(OFFERED)
