"""Phone numbers from deliveries, from people and from Telegram meet in one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentation.intake.phones import normalise_phone
from segmentation.synthetic import invent_phone


@pytest.mark.parametrize(
    "raw", ["+86 100 0000 0001", "8610000000001", "10000000001", "+8610000000001", "0086 100-0000-0001"]
)
def test_all_ways_to_write_a_number_meet(raw: str) -> None:
    assert normalise_phone(raw) == "+8610000000001"


@pytest.mark.parametrize("raw", ["", "12", "+", "phone", "+0123456789", "+1234567890123456"])
def test_what_is_no_number_is_none(raw: str) -> None:
    assert normalise_phone(raw) is None


@given(st.text())
def test_any_text_is_a_number_or_none_and_twice_is_once(raw: str) -> None:
    once = normalise_phone(raw)
    assert once is None or normalise_phone(once) == once


@given(st.integers(0, 99_999_999))
def test_invented_numbers_start_with_100(at: int) -> None:
    assert (normalise_phone(invent_phone(at)) or "").startswith("+86100")
