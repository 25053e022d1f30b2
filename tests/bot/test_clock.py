"""Domain time: the system's, or one that a file anchors and speeds up."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import Clock, parse_anchor

NEXT_YEAR = datetime(2027, 11, 21, 4, tzinfo=UTC)
BLINK = timedelta(seconds=30)  # The machine may be slow; the clock may not be wrong by a day.


def turn(file: Path, to: datetime, *, real: float | None = None, rate: float = 1.0) -> None:
    anchor = {"anchor_real": time.time() if real is None else real, "anchor_domain": to.isoformat(), "rate": rate}
    file.write_text(json.dumps(anchor))


def is_near(found: datetime, meant: datetime) -> bool:
    return abs(found - meant) < BLINK


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "clock.json"


def test_without_a_file_time_is_the_systems_in_utc(file: Path) -> None:
    for clock in (Clock(), Clock(file)):
        assert is_near(clock.now(), datetime.now(UTC))
        assert clock.now().utcoffset() == timedelta(0)


def test_a_file_turns_the_clock_and_taking_it_away_turns_it_back(file: Path) -> None:
    clock = Clock(file)
    turn(file, NEXT_YEAR)
    assert is_near(clock.now(), NEXT_YEAR)
    turn(file, NEXT_YEAR + timedelta(days=100))
    assert is_near(clock.now(), NEXT_YEAR + timedelta(days=100))
    file.unlink()
    assert is_near(clock.now(), datetime.now(UTC))


def test_two_programs_that_follow_one_file_agree(file: Path) -> None:
    turn(file, NEXT_YEAR)
    assert is_near(Clock(file).now(), Clock(file).now())


def test_a_rate_makes_an_hour_a_day(file: Path) -> None:
    turn(file, NEXT_YEAR, real=time.time() - 3600, rate=24.0)
    assert abs(Clock(file).now() - (NEXT_YEAR + timedelta(days=1))) < 24 * BLINK


def test_an_anchor_in_another_zone_is_the_same_moment(file: Path) -> None:
    turn(file, datetime.fromisoformat("2027-11-21T12:00:00+08:00"))
    assert is_near(Clock(file).now(), NEXT_YEAR)


@pytest.mark.parametrize("half", ["", '{"anchor_re', "[]", "null", '{"anchor_real": "x", "anchor_domain": "y"}'])
def test_a_half_written_file_keeps_the_last_time(file: Path, half: str) -> None:
    clock = Clock(file)
    turn(file, NEXT_YEAR)
    assert is_near(clock.now(), NEXT_YEAR)
    file.write_text(half)
    assert is_near(clock.now(), NEXT_YEAR)


@given(st.text() | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_whatever_stands_in_the_file_nothing_raises(text: str) -> None:
    assert parse_anchor(text) is None or parse_anchor(text)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "anchor_real": st.floats() | st.text() | st.none(),
            "anchor_domain": st.datetimes().map(str) | st.text() | st.integers(),
            "rate": st.floats() | st.none(),
        },
    )
)
def test_a_strange_anchor_is_no_anchor(anchor: dict[str, object]) -> None:
    parse_anchor(json.dumps(anchor))
