"""Fairness: intervals are sound, small groups stay hidden, and nothing that makes a price knows who a person is."""

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import campaigns.offers
import segmentation.outlook
import segmentation.rates
import segmentation.values
from segmentation.fairness import (
    AGES,
    PROTECTED_TRAITS,
    SMALLEST,
    bands,
    by_tenure,
    check_prices,
    count_changed,
    disparity,
    judge_groups,
    read_rules,
    wilson,
)
from segmentation.features import build_features
from segmentation.findings import Estimate
from segmentation.policy import SegmentationPolicy
from segmentation.rates import RateTable
from segmentation.scaler import fit_scaler
from segmentation.scoring import Indicator
from segmentation.values import DEALINGS, MARGINS
from tests.segmentation.people import snapshots

shares = st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def table(letters: str) -> pd.DataFrame:
    """What a run says of customers with these letters."""
    return pd.DataFrame(
        {"letter": list(letters), "potential": 40.0, "churn": 30.0, "confidence": 0.5, "provisional": False}
    )


def names(*groups: tuple[str, int]) -> np.ndarray:
    return np.array([name for name, size in groups for _ in range(size)])


@given(shares)
@settings(max_examples=60, deadline=None)
def test_a_share_lies_in_its_interval_and_the_interval_in_the_possible(share: tuple[int, int]) -> None:
    found = wilson(*share)
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_the_interval_by_the_book() -> None:
    """Ten of a hundred: 0.0552 to 0.1744 (R. G. Newcombe's worked form of Wilson's interval)."""
    found = wilson(10, 100)
    assert found.low == pytest.approx(0.0552, abs=1e-4)
    assert found.high == pytest.approx(0.1744, abs=1e-4)


@given(shares, shares)
@settings(max_examples=80, deadline=None)
def test_a_ratio_lies_in_its_interval_and_turns_with_its_sides(one: tuple[int, int], two: tuple[int, int]) -> None:
    found, turned = disparity(one, two), disparity(two, one)
    assert (found is None) == (two[0] == 0)
    if found is None or turned is None:
        return
    assert found.low is not None
    assert found.low <= found.value + 1e-9
    assert found.high is None or found.value <= found.high + 1e-9
    if found.high is not None and turned.low:
        assert found.high == pytest.approx(1 / turned.low, rel=1e-6)


def test_more_customers_make_a_narrower_interval() -> None:
    few, many = disparity((10, 50), (20, 50)), disparity((1000, 5000), (2000, 5000))
    assert few is not None
    assert many is not None
    assert few.value == many.value == 0.5
    assert (many.high or 0) - (many.low or 0) < (few.high or 0) - (few.low or 0)


def test_groups_are_held_against_the_largest_and_small_ones_are_hidden() -> None:
    sexes = names(("f", 200), ("m", 100), ("unknown", SMALLEST - 1))
    letters = "B" * 100 + "A" * 100 + "B" * 10 + "A" * 90 + "D" * (SMALLEST - 1)
    women, men, unknown = judge_groups("sex", sexes, ("f", "m"), table(letters))
    assert (women.is_largest, women.customers, women.apart) == (True, 200, ())
    assert women.disparity == {"A": Estimate(1, 1, 1), "B": Estimate(1, 1, 1), "C": None, "D": None}
    assert men.shares is not None
    assert men.shares["B"].value == 0.1
    assert men.disparity is not None
    assert men.disparity["B"] is not None
    assert men.disparity["B"].value == 0.2
    assert men.apart == ("A", "B")
    assert unknown.suppressed
    assert (unknown.customers, unknown.shares, unknown.potential_mean) == (None, None, None)


def test_a_difference_that_chance_could_make_is_not_apart() -> None:
    sexes = names(("f", 40), ("m", 40))
    _, men = judge_groups("sex", sexes, ("f", "m"), table("B" * 12 + "A" * 28 + "B" * 8 + "A" * 32))
    assert men.apart == ()


def test_bands_begin_with_their_start() -> None:
    ages = pd.Series([17, 29, 30, 44.9, 45, 59, 60, 99, np.nan])
    assert bands(ages, AGES).tolist() == [
        "under_30", "under_30", "30_to_44", "30_to_44", "45_to_59", "45_to_59", "from_60", "from_60", "unknown",
    ]  # fmt: skip


def test_tenure_bands_show_no_mean_of_few() -> None:
    years = names(("under_180_days", SMALLEST), ("over_10_years", SMALLEST - 1))
    found = {band.band: band for band in by_tenure(years, table("A" * SMALLEST + "D" * (SMALLEST - 1)))}
    assert found["under_180_days"].potential_by_letter == {"A": 40.0, "B": None, "C": None, "D": None}
    assert (found["over_10_years"].potential_mean, found["over_10_years"].letters) == (None, {})
    assert found["over_10_years"].customers == SMALLEST - 1
    assert found["1_to_3_years"].customers == 0


def test_margins_and_costs_read_no_protected_trait() -> None:
    """Who adds one to the rule of values fails here, before any customer is charged for it."""
    assert not set(PROTECTED_TRAITS) & {*MARGINS, *DEALINGS}
    assert all(not rule.protected for rule in read_rules(SegmentationPolicy()) if rule.sets_price)


PRICE_MODULES = (
    Path(segmentation.values.__file__),
    Path(segmentation.rates.__file__),
    *sorted(Path(str(segmentation.outlook.__file__)).parent.glob("*.py")),
    *sorted(Path(str(campaigns.offers.__file__)).parent.glob("*.py")),
)


@pytest.mark.parametrize("module", PRICE_MODULES, ids=lambda path: path.name)
def test_no_module_that_makes_a_price_or_an_offer_names_a_protected_trait(module: Path) -> None:
    """Models of the outlook are among them: one may say the potential, which the rate of a loan reads."""
    named = {
        found.lower()
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        for found in (getattr(node, "id", None), getattr(node, "attr", None), getattr(node, "arg", None),
                      getattr(node, "value", None))
        if isinstance(found, str)
    }  # fmt: skip
    assert not named & set(PROTECTED_TRAITS)


def test_a_price_that_charges_by_age_is_caught() -> None:
    people = snapshots(200).assign(sex=["f", "m"] * 100)
    assert count_changed(people, ("age", "sex"), lambda each: (each[["age"]] > 50) * 100) > 20
    assert count_changed(people, ("age", "sex"), lambda each: (each[["sex"]] == "f") * 1) > 20
    assert count_changed(people, ("age", "sex"), lambda each: each[["assets"]] * 2) == 0


def test_the_value_stays_the_same_with_other_ages_and_the_letter_does_not() -> None:
    people = snapshots(300)
    policy = SegmentationPolicy(scaler=fit_scaler(build_features(people), "2019-09-30", 0.2))
    found = check_prices(people, pd.Series(["f", "m"] * 150, index=people.index), policy)
    assert (found.clean, found.values_changed, found.customers_tried) == (True, 0, 300)
    assert found.traits_known == ("age", "sex")
    assert found.letters_by_age is not None
    assert 0 < found.letters_by_age < 1
    assert {rule.rule: rule.protected for rule in found.rules}["letter"] == ("age",)


def test_a_life_stage_in_the_potential_would_move_the_rate_of_a_loan_and_is_caught() -> None:
    """Age by a detour: life stage comes from it, the potential score may weigh it, and the rate reads the score."""
    people = snapshots(300)
    plain = SegmentationPolicy(scaler=fit_scaler(build_features(people), "2019-09-30", 0.2))
    weights = {**plain.qualitative, "potential": {**plain.qualitative["potential"], "life_stage": 1.0}}
    fine = RateTable(potential=tuple((score, 50 - score) for score in range(0, 100, 2)))
    policy = replace(plain, qualitative=weights, rates=fine)
    found = check_prices(people, pd.Series(["f", "m"] * 150), policy)
    assert not found.clean
    assert found.values_changed > 0
    assert [rule.rule for rule in found.rules if rule.protected] == ["loan_rate", "potential", "letter"]


def test_a_churn_score_that_reads_an_age_is_named_but_is_no_price() -> None:
    policy = SegmentationPolicy(churn=(Indicator("age", 1.0, ((20, 100), (80, 0))),))
    churn = next(rule for rule in read_rules(policy) if rule.rule == "churn")
    assert (churn.sets_price, churn.protected) == (False, ("age",))
    assert not any(rule.protected for rule in read_rules(policy) if rule.sets_price)
