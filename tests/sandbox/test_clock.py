"""The clock is turned through a file that the bot reads too."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiogram import Bot
from hypothesis import given
from hypothesis import strategies as st

from sandbox.client import RefusedError, Sandbox
from sandbox.clock import Anchor, Clock, seconds_of
from tests.sandbox.scenes import friend_of

MOMENT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("3d4h", 273_600), ("90m", 5_400), ("-2h", -7_200), ("15", 15), ("1.5h", 5_400), (60, 60), ("2h30m15s", 9_015)],
)
def test_spans_are_read(text: str | float, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["tomorrow", "", "3x", "h3"])
def test_what_is_no_span_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="is no span of time"):
        seconds_of(text)


@given(st.integers(0, 4_000_000_000), st.floats(0, 1e5), st.floats(0, 4e9))
def test_an_anchor_survives_its_file(domain: int, rate: float, real: float) -> None:
    anchor = Anchor(real, datetime.fromtimestamp(domain, UTC), rate)
    assert Anchor.from_json(anchor.to_json()) == anchor


@given(st.floats(0, 1000), st.floats(0, 1e6))
def test_domain_time_runs_at_its_rate(rate: float, seconds: float) -> None:
    passed = Anchor(0, MOMENT, rate).at(seconds) - MOMENT
    assert passed.total_seconds() == pytest.approx(rate * seconds, abs=1e-3)


def test_without_a_file_it_is_the_systems_clock() -> None:
    assert abs(Clock().now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert abs(Clock().offset()) < 5


def test_a_turn_is_seen_by_another_reader_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    writer, reader = Clock(path), Clock(path)
    writer.turn(now=MOMENT, rate=0)
    assert reader.now() == MOMENT
    writer.turn(advance=60)
    assert reader.now() == MOMENT + timedelta(seconds=60)
    assert json.loads(path.read_text()).keys() == {"anchor_real", "anchor_domain", "rate"}


def test_patience_follows_jumps_but_not_the_rate(tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock.json")
    before = clock.patience()
    clock.turn(rate=0)
    clock.turn(advance=1000)
    assert 1000 <= clock.patience() - before < 1030


@pytest.mark.parametrize("text", ["{}", "no json", '{"anchor_real": 0, "anchor_domain": "2026-01-01", "rate": 1}'])
def test_a_damaged_clock_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "clock.json"
    path.write_text(text)
    with pytest.raises(ValueError, match="clock file"):
        Clock(path)


def test_an_empty_file_means_the_systems_clock(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    path.touch()
    assert Clock(path).rate == 1


async def test_messages_carry_the_turned_time(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await sandbox.turn_clock(now="2031-05-06T07:08:09+08:00", rate=0)
    sent = await bot.send_message(friend.id, "下周见")
    assert sent.date == datetime.fromisoformat("2031-05-06T07:08:09+08:00")
    shown = await sandbox.turn_clock("3d")
    assert shown["now"] == "2031-05-09T07:08:09+08:00"


async def test_a_bad_turn_is_refused_in_a_sentence(sandbox: Sandbox) -> None:
    with pytest.raises(RefusedError, match="no span of time"):
        await sandbox.turn_clock("soon")
    with pytest.raises(RefusedError, match="needs an offset"):
        await sandbox.turn_clock(now="2031-05-06T07:08:09")
