"""Loans that are proposed unasked: bounded, never to who is refused or just asked, the same for one and many."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.members.model import Language
from handlers.wording.lending import BARRED, REASONS, lending_line
from segmentation.action_options import Case, loan_amounts
from segmentation.lending import (
    Bars,
    FirmBooks,
    LendingRules,
    LoanOffer,
    NoLoan,
    PersonBooks,
    propose_to_firm,
    propose_to_person,
)
from segmentation.next_actions import NOTHING_KNOWN
from segmentation.next_products import next_products
from segmentation.policy import PolicyError, SegmentationPolicy
from segmentation.portraits import portray
from tests.segmentation.people import frame
from tests.segmentation.test_classes import POLICY

RULES = LendingRules()
GRADES = ("poor", "fair", "good", "excellent")
fen = st.integers(0, 10**11)
people = st.builds(
    PersonBooks,
    st.none() | fen,
    st.none() | st.integers(0, 12),
    st.none() | st.sampled_from(GRADES),
    st.none() | st.integers(0, 5),
    st.booleans(),
    st.booleans(),
)
firms = st.builds(FirmBooks, st.none() | fen, fen, fen, st.none() | st.sampled_from(list(RULES.firm_shares)))
bars = st.builds(Bars, st.booleans(), st.booleans())
STEADY = PersonBooks(20_000_000, 12, "good", 2, holds_loan=False, is_new=False)
FREE = Bars()


@given(people, bars)
@settings(max_examples=50)
def test_a_proposal_to_a_person_is_bounded_and_never_to_who_is_refused(books: PersonBooks, bars: Bars) -> None:
    found = propose_to_person(books, bars, RULES)
    if isinstance(found, NoLoan):
        return
    assert not bars.is_refused
    assert not bars.has_asked
    assert books.grade != "poor"
    assert not books.holds_loan
    assert not books.is_new
    assert books.inflow_fen is not None
    assert 0 < found.amount_fen <= min(RULES.inflows * books.inflow_fen, RULES.most_fen)
    assert {each.code for each in found.reasons} <= set(REASONS)
    for language in Language:
        assert "{" not in lending_line(found, language)


@given(firms, bars)
@settings(max_examples=50)
def test_a_proposal_to_a_firm_leaves_room_for_what_it_owes(books: FirmBooks, bars: Bars) -> None:
    found = propose_to_firm(books, bars, RULES)
    if isinstance(found, NoLoan):
        return
    assert not bars.is_refused
    assert books.grade in {"BB", "BBB", "A", "AA", "AAA"}
    assert books.settlement_fen is not None
    assert found.amount_fen + books.loans_fen <= books.settlement_fen // 10
    assert found.amount_fen <= RULES.firm_most_fen


@given(people, st.sampled_from(GRADES), st.integers(0, 10**9))
@settings(max_examples=50)
def test_a_better_record_or_more_money_never_lowers_a_proposal(books: PersonBooks, grade: str, more: int) -> None:
    def amount(of: PersonBooks) -> int:
        found = propose_to_person(of, FREE, RULES)
        return found.amount_fen if isinstance(found, LoanOffer) else 0

    known = replace(books, grade=grade, inflow_fen=books.inflow_fen or 0)
    better = GRADES[min(GRADES.index(grade) + 1, 3)]
    assert amount(known) <= amount(replace(known, grade=better))
    assert amount(known) <= amount(replace(known, inflow_fen=(known.inflow_fen or 0) + more))


@pytest.mark.parametrize(
    ("books", "bars", "expected"),
    [
        (STEADY, FREE, 30_000_000),
        (replace(STEADY, inflow_fen=2_000_000), FREE, 4_000_000),
        (replace(STEADY, inflow_fen=2_000_000, grade="fair"), FREE, 2_000_000),
        (replace(STEADY, inflow_fen=2_000_000, grade=None), FREE, 2_000_000),
        (STEADY, Bars(is_refused=True), NoLoan.REFUSED),
        (STEADY, Bars(has_asked=True), NoLoan.ASKED),
        (replace(STEADY, grade="poor"), FREE, NoLoan.REFUSED),
        (replace(STEADY, holds_loan=True), FREE, NoLoan.HOLDS_ONE),
        (replace(STEADY, is_new=True), FREE, NoLoan.NEW),
        (replace(STEADY, inflow_fen=1_499_999), FREE, NoLoan.NO_FLOWS),
        (replace(STEADY, months=5), FREE, NoLoan.UNSTEADY),
    ],
)
def test_each_person_gets_an_amount_or_a_reason(books: PersonBooks, bars: Bars, expected: int | NoLoan) -> None:
    found = propose_to_person(books, bars, RULES)
    assert (found.amount_fen if isinstance(found, LoanOffer) else found) == expected


def test_every_reason_has_its_words() -> None:
    assert set(BARRED) == set(NoLoan)


def test_a_whole_run_proposes_what_one_customer_is_proposed() -> None:
    dice = np.random.default_rng(7)
    rows = [
        {
            "inflow": float(dice.choice([0, 1_499_999, 2_345_678, 20_000_000])),
            "credit_grade": float(dice.choice([np.nan, 0, 1, 2, 3])),
            "salary_months": float(dice.choice([np.nan, 3, 8])),
            "income_months": float(dice.choice([np.nan, 5, 12])),
            "loans": float(dice.choice([0, 0, 500_000])),
            "tenure_days": float(dice.choice([20, 4_000])),
        }
        for _ in range(200)
    ]
    features = frame(rows)
    portraits, beside = portray(features, POLICY), NOTHING_KNOWN.of(features.index)
    table, unknown = portraits.table, np.full(len(features), np.nan)
    ranked = next_products(features, table["letter"], table["band"], unknown, unknown, POLICY.actions)
    many = loan_amounts(Case(features, portraits, beside, POLICY, ranked))
    for at, row in enumerate(rows):
        months = [row[name] for name in ("salary_months", "income_months") if not np.isnan(row[name])]
        grade = None if np.isnan(row["credit_grade"]) else GRADES[int(row["credit_grade"])]
        is_new = bool(table["provisional"].iloc[at])
        books = PersonBooks(
            int(row["inflow"]), int(max(months)) if months else None, grade, 1, row["loans"] > 0, is_new
        )
        found = propose_to_person(books, FREE, POLICY.lending)
        assert many[at] == (found.amount_fen if isinstance(found, LoanOffer) else 0)
    assert (many > 0).any()


def test_a_policy_of_before_keeps_the_bounds_that_a_bank_set() -> None:
    body = SegmentationPolicy().as_json()
    del body["lending"]
    body["actions"]["loan_most_fen"] = 5_000_000
    assert SegmentationPolicy.from_json(body).lending.most_fen == 5_000_000
    for wrong in ({"shares": {"good": 1}}, {"unknown_share": 2}, {"most_fen": -1}):
        with pytest.raises(PolicyError):
            SegmentationPolicy.from_json({"lending": wrong})
