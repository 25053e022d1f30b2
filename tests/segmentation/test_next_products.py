"""The next product: shares of those alike, what suits whom, and trials that say how they were held out."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.action_rules import PRODUCTS, ActionRules
from segmentation.dimensions import FEN
from segmentation.next_products import HOLDABLE, NextProducts, groups_of, holdings, learn, next_products
from segmentation.policy import SegmentationPolicy
from segmentation.product_trials import hide_and_find, taken_up
from tests.segmentation.people import frame, frames

RULES = ActionRules()
POLICY = SegmentationPolicy()
RICH = 40_000_000 * FEN
UNASKED = UNTOLD = float("nan")


def saver(*held: str, assets: float = RICH) -> dict[str, float]:
    """A customer who holds these products in equal parts."""
    return {**dict.fromkeys(PRODUCTS, 0.0), **dict.fromkeys(held, assets / max(len(held), 1)), "assets": assets}


def rank(people: list[dict[str, float]], appetite: float = UNASKED, horizon: float = UNTOLD) -> NextProducts:
    features = frame(people)
    heads = len(features)
    letters, bands = pd.Series(["B"] * heads), pd.Series(["high_net_worth"] * heads)
    return next_products(features, letters, bands, np.full(heads, appetite), np.full(heads, horizon), RULES)


def products(found: NextProducts, at: int) -> list[str]:
    return [entry["product"] for entry in json.loads(found.as_json()[at].as_py())]


def crowd() -> list[dict[str, float]]:
    """Half of them hold deposits with certificates, half funds with wealth products; the last of each lacks one."""
    savers = [saver("time_deposit", "large_certificates")] * 300
    investors = [saver("wealth_products", "structured_deposit")] * 300
    return [*savers, *investors, saver("time_deposit"), saver("structured_deposit")]


def test_what_those_alike_hold_comes_first() -> None:
    found = rank(crowd())
    assert products(found, -2)[0] == "large_certificates"
    assert products(found, -1)[0] == "wealth_products"


def test_a_share_of_few_is_drawn_towards_the_wider_crowd() -> None:
    held = holdings(frame([saver("funds", "time_deposit"), *[saver("time_deposit")] * 99]), RULES.held_from_fen)
    groups = groups_of(pd.Series(["B"] + ["A"] * 99), pd.Series(["small"] * 100))
    share = learn(held, groups, RULES.shrink).likely(held, groups)[0, HOLDABLE.index("funds")]
    assert 0.01 < share < 0.1  # One of one alike, one of a hundred in all.


@given(frames, st.sampled_from([UNASKED, 1, 2, 3, 4, 5]), st.sampled_from([UNTOLD, 0, 29, 30, 90, 365]))
@settings(max_examples=25, deadline=None)
def test_nothing_is_proposed_that_is_held_or_does_not_suit(
    features: pd.DataFrame, appetite: float, horizon: float
) -> None:
    heads = len(features)
    letters, bands = pd.Series(["A"] * heads), pd.Series(["small"] * heads)
    found = next_products(features, letters, bands, np.full(heads, appetite), np.full(heads, horizon), RULES)
    most, longest = (2 if np.isnan(appetite) else appetite), (0 if np.isnan(horizon) else horizon)
    for at in range(heads):
        for code in products(found, at):
            assert RULES.products[code].risk <= most
            assert RULES.products[code].locked_days <= longest
            assert not found.held[at, HOLDABLE.index(code)]
    assert ((found.likely >= 0) & (found.likely <= 1)).all()


def test_a_customer_without_means_gets_an_empty_list() -> None:
    found = rank([saver("time_deposit"), saver(assets=0.0)])
    assert len(found.as_json()) == 2
    assert products(found, 1) == []


def test_age_and_sex_are_never_read() -> None:
    people = frame(crowd())
    letters, bands = pd.Series(["B"] * len(people)), pd.Series(["small"] * len(people))
    asked, told = np.full(len(people), 5.0), np.full(len(people), 365.0)
    with_age = next_products(people.assign(age=70.0, sex=1.0), letters, bands, asked, told, RULES)
    without = next_products(people.drop(columns="age"), letters, bands, asked, told, RULES)
    assert with_age.as_json().equals(without.as_json())


def test_a_trial_within_one_day_hides_a_holding_and_says_so() -> None:
    people = frame(crowd())
    found = hide_and_find(people, pd.Series(["B"] * len(people)), POLICY)
    assert found.how.startswith("One day only")
    assert found.cases == 601
    assert found.alike.first > found.popular.first
    assert 0 <= found.calibration_error < 0.1  # Shares of few are drawn to the middle; all or none hold a product here.


def test_a_trial_over_two_days_counts_what_was_new() -> None:
    before = frame([*crowd(), *[saver("time_deposit")] * 40])
    after = before.copy()
    after.loc[after.index[-40:], "large_certificates"] = RICH
    after.loc[after.index[:10], "large_certificates"] *= 2  # More of what they had is nothing new.
    found = taken_up(before, pd.Series(["B"] * len(before)), after, POLICY).as_json()
    assert (found["cases"], found["alike"]["hits"], found["alike"]["rate"]) == (40, 40, 1.0)
    assert found["alike"]["interval"][0] > 0.9


def test_a_trial_without_cases_claims_nothing() -> None:
    people = frame([saver("time_deposit")] * 10)
    found = taken_up(people, pd.Series(["B"] * 10), people, POLICY).as_json()
    assert (found["cases"], found["alike"]["rate"], found["alike"]["interval"]) == (0, 0.0, [0.0, 1.0])


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"products": {}}, "actions.products must name"),
        ({"fresh": {"A": 1.0}}, "for each of A, B, C and D"),
        ({"idle_share": 1.5}, "between 0 and 1"),
        ({"years": 0}, "must be above 0"),
        ({"coupon_fen": -1}, "must not be negative"),
    ],
)
def test_rules_that_cannot_be_are_refused(broken: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        ActionRules(**broken)  # type: ignore[arg-type]
