"""The service clock on the command line: shown, changed as a version, refused in one sentence."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import main
from bot.commands.exits import REFUSED
from bot.operations import OperationRefusedError
from bot.operations.service_clocks import read_change
from campaigns.followups.rules import DEFAULT_CLOCK


def test_the_clock_is_shown_and_changed_as_a_new_version(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)

    def clock(*flags: str) -> tuple[int, str]:
        done = CliRunner().invoke(main.app, ["service-clock", *flags])
        return done.exit_code, done.output

    assert "version 1" in clock()[1]
    assert json.loads(clock("--json")[1]) == {**vars(DEFAULT_CLOCK), "days": dict(DEFAULT_CLOCK.days)}
    code, said = clock("--days", "a=2", "--days", "strategic=3", "--complaint", "2", "--by", "陈静", "--json")
    found = json.loads(said)
    assert (code, found["version"], found["complaint"], found["unclassed"]) == (0, 2, 2, 3)
    assert (found["days"]["A"], found["days"]["strategic"], found["days"]["B"]) == (2, 3, 2)
    assert json.loads(clock("--json")[1]) == found
    code, said = clock("--days", "E=1")
    assert (code, "write WHO=DAYS" in said) == (REFUSED, True)


@pytest.mark.parametrize("days", ["A", "A=", "A=x", "A=0", "A=91", "golden=1", "=1"])
def test_what_is_no_clock_is_refused(days: str) -> None:
    with pytest.raises(OperationRefusedError, match="write"):
        read_change([days], None, None)
