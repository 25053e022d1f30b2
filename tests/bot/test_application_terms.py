"""The terms of applications on the command line: shown, changed as a version, refused in one sentence."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import main
from bot.commands.exits import REFUSED
from bot.operations import OperationRefusedError
from bot.operations.applications import read_change


def test_terms_are_shown_and_changed_as_a_new_version(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)

    def terms(*flags: str) -> tuple[int, str]:
        done = CliRunner().invoke(main.app, ["application-terms", *flags])
        return done.exit_code, done.output

    assert "version 1" in terms()[1]
    code, said = terms("--days", "signed=2", "--days", "applied=10", "--escalate", "2,4", "--json")
    found = json.loads(said)
    assert (code, found["version"], found["escalate_after"], found["nudge_after"]) == (0, 2, [2, 4], 2)
    assert (found["days"]["signed"], found["days"]["applied"], found["days"]["approved"]) == (2, 10, 5)
    assert json.loads(terms("--json")[1]) == found
    code, said = terms("--days", "signed=0")
    assert (code, "write STAGE=DAYS" in said) == (REFUSED, True)


@pytest.mark.parametrize(
    ("days", "escalate"),
    [
        (["lost=3"], None),
        (["signed"], None),
        (["signed=x"], None),
        (["signed=91"], None),
        ([], "5,3"),
        ([], "0"),
        ([], ""),
    ],
)
def test_what_are_no_terms_is_refused(days: list[str], escalate: str | None) -> None:
    with pytest.raises(OperationRefusedError, match="write"):
        read_change(days, escalate, None)
