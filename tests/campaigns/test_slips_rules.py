"""Slips as pure values: codes that nobody else makes, numbers that survive being typed, one visitor for each slip."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rallies.model import Rally, RallyState
from campaigns.slips.codes import claimed, heard, is_genuine, mint, spoken
from campaigns.slips.model import Slip, SlipOutcome
from campaigns.slips.rules import SlipError, check_batch, earned_at, use
from tests.rally_plans import STARTS, rally_plan

SECRET = bytes(range(32))
NOON = datetime(2026, 12, 5, 4, tzinfo=UTC)
PLAN = rally_plan()
RALLY = Rally(1, "FAIR", "市集", "Fair", 9, None, PLAN.starts_at, PLAN.ends_at, RallyState.RUNNING, (), PLAN)
SLIP = Slip(3, 17, STARTS)
numbers = st.integers(1, 10**12)


@given(booth=st.integers(1, 2**32 - 1), serial=st.integers(1, 2**31 - 1))
def test_a_slip_says_its_booth_and_number_and_fits_a_start_parameter(booth: int, serial: int) -> None:
    code = mint(SECRET, booth, serial)
    assert claimed(code) == (booth, serial)
    assert is_genuine(SECRET, code)
    assert len(f"l_{code}") <= 64
    assert not is_genuine(b"other", code)


@given(text=st.text(max_size=40))
def test_no_text_is_a_slip(text: str) -> None:
    assert not is_genuine(SECRET, text)


@given(number=numbers)
def test_a_visitors_number_is_heard_as_it_is_spoken(number: int) -> None:
    said = spoken(number)
    assert heard(said) == number
    assert heard(f" {said[:2]} {said[2:]} ") == number


@given(number=numbers, place=st.integers(0, 12), digit=st.integers(0, 9))
def test_every_single_wrong_digit_is_noticed(number: int, place: int, digit: int) -> None:
    said = spoken(number)
    place %= len(said)
    changed = said[:place] + str(digit) + said[place + 1 :]
    assert changed == said or heard(changed) is None


@given(number=numbers, place=st.integers(0, 11))
def test_two_neighbours_that_changed_places_are_noticed(number: int, place: int) -> None:
    said = spoken(number)
    place %= len(said) - 1
    changed = said[:place] + said[place + 1] + said[place] + said[place + 2 :]
    assert changed == said or heard(changed) is None


@pytest.mark.parametrize("text", ["", "7", "十二", "12a", "0", "00", "1" * 30])
def test_what_is_no_number_is_not_heard(text: str) -> None:
    assert heard(text) is None


def test_the_first_visitor_keeps_the_slip_and_may_repeat_it() -> None:
    used = replace(SLIP, member_id=7, at=NOON)
    assert use(SLIP, RALLY, 7, NOON) is None
    assert use(used, RALLY, 7, NOON) is SlipOutcome.REPEATED
    assert use(used, RALLY, 8, NOON) is SlipOutcome.USED_BY_ANOTHER
    assert use(SLIP, RALLY, None, NOON) is SlipOutcome.UNKNOWN_VISITOR


def test_what_was_used_before_a_sheet_was_lost_stays() -> None:
    lost = replace(SLIP, is_void=True)
    assert use(lost, RALLY, 8, NOON) is SlipOutcome.VOIDED
    assert use(replace(lost, member_id=7), RALLY, 7, NOON) is SlipOutcome.REPEATED


def test_a_slip_is_worth_nothing_before_and_after_the_event() -> None:
    assert use(SLIP, RALLY, 7, PLAN.ends_at) is SlipOutcome.TOO_LATE
    assert use(SLIP, replace(RALLY, state=RallyState.SETTLED), 7, NOON) is SlipOutcome.TOO_LATE
    assert use(SLIP, replace(RALLY, state=RallyState.ENDED), 7, NOON) is None
    announced = replace(RALLY, state=RallyState.ANNOUNCED)
    assert use(SLIP, announced, 7, STARTS - timedelta(hours=1)) is SlipOutcome.NOT_YET


@given(told=st.integers(-10_000, 10_000), now=st.integers(0, 5_000))
def test_a_device_cannot_place_a_stamp_before_its_slip_or_after_now(told: int, now: int) -> None:
    moment = STARTS + timedelta(seconds=now)
    assert STARTS <= earned_at(SLIP, STARTS + timedelta(seconds=told), moment) <= moment


def test_nobody_gets_more_slips_than_a_booth_needs_or_any_of_a_settled_event() -> None:
    check_batch(500, RALLY)
    for count in (0, 501):
        with pytest.raises(SlipError, match="500"):
            check_batch(count, RALLY)
    with pytest.raises(SlipError, match="settled"):
        check_batch(1, replace(RALLY, state=RallyState.SETTLED))
