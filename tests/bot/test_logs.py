"""Logs: one JSON object a line, and people only by pseudonym."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

ANNA = 700_123_456


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_person_appears_by_a_pseudonym_only(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(json=True, level="INFO")
    log = structlog.get_logger("test")
    for key in ("member", "person", "recipient"):
        log.info("event", **{key: ANNA})
    found = capsys.readouterr().err
    assert str(ANNA) not in found
    assert found.count(logs.pseudonym(ANNA)) == 3


def test_a_group_keeps_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(json=True, level="INFO")
    structlog.get_logger("test").info("event", recipient=-100)
    assert lines(capsys)[0]["recipient"] == -100


def test_the_standard_librarys_loggers_speak_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(json=True, level="INFO")
    logging.getLogger("other.library").warning("disk %s", "full")
    [line] = lines(capsys)
    assert (line["event"], line["level"], line["logger"]) == ("disk full", "warning", "other.library")
    assert str(line["timestamp"]).endswith("Z")


def test_a_fault_stays_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(json=True, level="INFO")
    structlog.get_logger("test").error("failed", exc_info=ValueError("broken\nin two"))
    [line] = lines(capsys)
    assert "ValueError: broken" in str(line["exception"])


def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(json=True, level="warning")
    structlog.get_logger("test").info("quiet")
    structlog.get_logger("test").warning("loud")
    assert [line["event"] for line in lines(capsys)] == ["loud"]


def test_a_key_keeps_pseudonyms_equal_over_restarts_and_without_one_they_tell_nothing() -> None:
    logs.name_people_by(b"key")
    first = logs.pseudonym(ANNA)
    logs.name_people_by(b"other")
    assert logs.pseudonym(ANNA) != first
    logs.name_people_by(b"key")
    assert logs.pseudonym(ANNA) == first


def test_chinese_stays_readable(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(json=True, level="INFO")
    structlog.get_logger("test").info("event", product="联名信用卡")
    assert "联名信用卡" in capsys.readouterr().err
