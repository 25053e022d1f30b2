"""Stamp codes: short, dead after half a minute, bound to their booth, and never somebody else's making."""

import base64
import random
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.stamps.codes import (
    LARGEST_BOOTH,
    LENGTH,
    LIFE,
    SKEW,
    SLOT,
    Code,
    CodeRefusal,
    check,
    claimed,
    mint,
    next_code_at,
    screen_nonce,
)

SECRET = bytes(range(32))
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
NONCE = b"12345678"
moments = st.timedeltas(timedelta(0), timedelta(days=30_000)).map(
    lambda since: datetime(2020, 1, 1, tzinfo=UTC) + since
)
booths = st.integers(1, LARGEST_BOOTH)
nonces = st.binary(min_size=8, max_size=8)


@given(secret=st.binary(min_size=32, max_size=32), booth=booths, at=moments, nonce=nonces)
def test_a_fresh_code_says_its_booth_and_fits_a_start_parameter(
    secret: bytes, booth: int, at: datetime, nonce: bytes
) -> None:
    code = mint(secret, booth, at, nonce)
    found = check(secret, code, at)
    assert isinstance(found, Code)
    assert (found.booth_id, found.nonce) == (booth, nonce)
    assert found.made_at <= at < found.made_at + SLOT
    assert claimed(code) == found
    assert re.fullmatch(r"k_[A-Za-z0-9_-]{1,62}", f"k_{code}")


@given(at=moments, after=st.timedeltas(timedelta(0), timedelta(minutes=2)))
def test_a_code_lives_its_half_minute_and_no_longer(at: datetime, after: timedelta) -> None:
    found = check(SECRET, code := mint(SECRET, 3, at, NONCE), at)
    assert isinstance(found, Code)
    used = found.made_at + after
    assert isinstance(check(SECRET, code, used), Code) == (after < LIFE + SKEW)


@given(at=moments, before=st.timedeltas(timedelta(microseconds=1), timedelta(days=1)))
def test_a_code_of_a_time_to_come_is_not_taken_but_for_small_differences_of_clocks(
    at: datetime, before: timedelta
) -> None:
    begin = next_code_at(at)
    outcome = check(SECRET, mint(SECRET, 3, begin, NONCE), begin - before)
    assert isinstance(outcome, Code) if before <= SKEW else outcome is CodeRefusal.EARLY


@settings(max_examples=300)
@given(place=st.integers(0, LENGTH - 1), other=st.sampled_from("AZaz09-_"))
def test_no_character_can_be_changed(place: int, other: str) -> None:
    code = mint(SECRET, 3, NOON, NONCE)
    changed = code[:place] + other + code[place + 1 :]
    assert changed == code or check(SECRET, changed, NOON) in {CodeRefusal.FORGED, CodeRefusal.MALFORMED}


@given(text=st.text(max_size=80))
def test_any_text_is_refused_and_none_breaks_it(text: str) -> None:
    assert check(SECRET, text, NOON) in {CodeRefusal.FORGED, CodeRefusal.MALFORMED}


@pytest.mark.parametrize("text", ["", "A" * 42, "A" * 44, "A" * 42 + "=", "A" * 42 + "+", " " + "A" * 42, "集" * 43])
def test_what_has_not_the_form_of_a_code_is_malformed(text: str) -> None:
    assert check(SECRET, text, NOON) is CodeRefusal.MALFORMED
    assert claimed(text) is None


def test_ten_thousand_forgeries_are_all_refused() -> None:
    dice = random.Random(8)
    real = base64.urlsafe_b64decode(mint(SECRET, 3, NOON, NONCE) + "=")
    for number in range(10_000):
        match number % 3:
            case 0:  # A body as it should be, with a guessed signature.
                raw = real[:16] + dice.randbytes(16)
            case 1:  # A signature of ours, under another booth.
                raw = dice.randbytes(4) + real[4:]
            case _:  # Made with a secret that is not ours.
                raw = base64.urlsafe_b64decode(mint(dice.randbytes(32), 3, NOON, NONCE) + "=")
        forged = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        assert check(SECRET, forged, NOON) is CodeRefusal.FORGED


def test_ten_thousand_replays_after_their_time_are_all_refused() -> None:
    code = mint(SECRET, 3, NOON, NONCE)
    late = NOON + LIFE + SKEW
    assert {check(SECRET, code, late + timedelta(seconds=each)) for each in range(10_000)} == {CodeRefusal.EXPIRED}


def test_a_code_of_one_rally_is_worth_nothing_in_another() -> None:
    assert check(b"x" * 32, mint(SECRET, 3, NOON, NONCE), NOON) is CodeRefusal.FORGED


def test_a_forged_code_that_is_also_too_old_is_called_forged() -> None:
    assert check(b"x" * 32, mint(SECRET, 3, NOON, NONCE), NOON + timedelta(hours=1)) is CodeRefusal.FORGED


def test_a_screen_shows_one_code_for_a_quarter_of_a_minute_and_then_another() -> None:
    first, again = (screen_nonce(SECRET, 7, NOON + timedelta(seconds=each)) for each in (0, 14))
    assert first == again
    assert screen_nonce(SECRET, 7, next_code_at(NOON)) != first != screen_nonce(SECRET, 8, NOON)


def test_a_booth_that_does_not_fit_is_an_error_and_no_code() -> None:
    with pytest.raises(ValueError, match="32 bits"):
        mint(SECRET, LARGEST_BOOTH + 1, NOON, NONCE)
    with pytest.raises(ValueError, match="8 bytes"):
        mint(SECRET, 1, NOON, b"short")
