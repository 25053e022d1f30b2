"""The service clock on the command line: shown, changed as a version, refused in one sentence."""

import json
from functools import partial

import pytest

import main
from bot.commands.exits import REFUSED
from bot.operations import OperationRefusedError
from bot.operations.service_clocks import read_change
from campaigns.followups.rules import DEFAULT_CLOCK
from tests.bot.conftest import Types


def test_the_clock_is_shown_and_changed_as_a_new_version(command_line: Types) -> None:
    clock = partial(command_line, main.app, "service-clock")
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
