"""The terms of applications on the command line: shown, changed as a version, refused in one sentence."""

import json
from functools import partial

import pytest

import main
from bot.commands.exits import REFUSED
from bot.operations import OperationRefusedError
from bot.operations.applications import read_change
from tests.bot.conftest import Types


def test_terms_are_shown_and_changed_as_a_new_version(command_line: Types) -> None:
    terms = partial(command_line, main.app, "application-terms")
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
