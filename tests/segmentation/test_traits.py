"""Whose word is used: fresher and more trusted departments first, facts by trust alone, always in one order."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.customers.fields import read_fields, value_band
from segmentation.intake.subjects import AGEING, FACTS
from segmentation.intake.traits import Telling, by_trust, trust

DAY = date(2019, 9, 30)
words = st.builds(
    Telling,
    department=st.sampled_from(["interviews", "card_forms", "credit", "shop"]),
    value=st.sampled_from(["employee", "retired", "student"]),
    age_days=st.integers(0, 5000),
    confidence=st.floats(0, 1),
    stale_after=st.integers(1, 1000),
)


def test_a_fresh_word_beats_an_old_one_of_a_surer_department_where_the_field_ages() -> None:
    old, fresh = Telling("interviews", "employee", 800, 0.8, 365), Telling("card_forms", "retired", 10, 0.5, 365)
    assert by_trust("occupation", [old, fresh]) == [fresh, old]
    assert by_trust("birth_date", [old, fresh]) == [old, fresh]


def test_trust_halves_whenever_a_word_gets_stale() -> None:
    assert trust("district", Telling("a", "x", 365, 0.8, 365)) == pytest.approx(0.4)
    assert trust("sex", Telling("a", "f", 365, 0.8, 365)) == 0.8


@given(st.sampled_from([*AGEING, *FACTS]), st.lists(words, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_words_never_depends_on_the_order_they_came_in(
    field: str, told: list[Telling], chance: Random
) -> None:
    shuffled = sorted(told, key=lambda _: chance.random())
    ranked = by_trust(field, told)
    assert [trust(field, word) for word in ranked] == sorted((trust(field, word) for word in told), reverse=True)
    keys = [(trust(field, word), word.age_days, word.department) for word in by_trust(field, shuffled)]
    assert keys == [(trust(field, word), word.age_days, word.department) for word in ranked]


def test_a_contradiction_is_shown_with_who_says_what_since_when() -> None:
    told = [Telling("card_forms", "student", 700, 0.5, 365), Telling("interviews", "employee", 400, 0.8, 365)]
    [field] = read_fields({"occupation": told}, DAY)
    assert (field.value, field.source, field.as_of, field.stale) == ("employee", "interviews", date(2018, 8, 26), True)
    assert [(word.department, word.value, word.age_days) for word in field.others] == [("card_forms", "student", 700)]
    assert field.is_in_conflict


def test_departments_that_agree_are_no_contradiction() -> None:
    told = [Telling("a", "employee", 1, 0.5), Telling("b", "employee", 2, 0.4)]
    [field] = read_fields({"occupation": told}, DAY)
    assert not field.is_in_conflict


@pytest.mark.parametrize(
    ("name", "value", "band"),
    [
        ("birth_date", "1980-10-01", "30-39"),
        ("birth_date", "1979-09-30", "40-49"),
        ("customer_since", "2019-01-01", "under_1_year"),
        ("customer_since", "2009-09-30", "over_10_years"),
        ("consumption", "5000000", "50k_200k"),
        ("consumption", "0", "under_10k"),
        ("contact", "", None),
        ("district", "朝阳区", "朝阳区"),
    ],
)
def test_a_card_shows_bands_and_never_a_birthday_or_an_amount(name: str, value: str, band: str | None) -> None:
    assert value_band(name, value, DAY) == band
