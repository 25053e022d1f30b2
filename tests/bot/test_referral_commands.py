"""Referral programmes on the command line: opened within the law and the budget, reported, fed by the bank's file."""

import json
from functools import partial
from pathlib import Path

import pytest

import main
from bot.commands.exits import REFUSED
from tests.bot.conftest import Types

OPEN = ("referral", "open", "--campaign", "1", "--places", "5", "--until", "2099-03-31", "--since", "2099-01-01")


@pytest.fixture
def types(command_line: Types) -> Types:
    """Run a command on the test's database, with a points campaign in it; returns exit code and what it said."""
    run = partial(command_line, main.app)
    run("points", "partner", "add", "A银行")
    flags = ["--title", "老带新", "--price", "100", "--valid-days", "60", "--budget", "100000", "--until", "2099-12-31"]
    assert run("points", "open", *flags, "--share", "A银行=100")[0] == 0
    return run


def test_a_programme_is_opened_reported_and_stopped(types: Types, tmp_path: Path) -> None:
    code, said = types(*OPEN, "--json")
    assert code == 0, said
    made = json.loads(said)[0]
    assert (made["points"], made["places"], made["version"], made["stages"]["paid"]) == (10_000, 5, 1, 0)
    assert "老带新" in types("referral", "list")[1]
    assert "0 points paid, 0 taken back, 0 missing" in types("referral", "report", "1")[1]
    (tmp_path / "accounts.csv").write_text(
        "客户号,事件,日期\n=1+1,开户,2020-01-01\nC1,[red]存款,2020-01-01\n", "gb18030"
    )
    code, said = types("referral", "events", "accounts.csv")
    assert code == 0
    assert "2 lines: 1 unknown_customer, 1 unknown_event." in said
    assert "line 3: unknown_event: [red]存款" in said
    told = json.loads(types("referral", "events", "accounts.csv", "--json")[1])["lines"]
    assert [(line["line"], line["code"]) for line in told] == [(2, "unknown_customer"), (3, "unknown_event")]
    assert types("referral", "stop", "1")[0] == 0
    assert "takes no newcomers" in types("referral", "stop", "1")[1]


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (("--condition", "新存款满五万元"), "never pay for deposits (Notice 48 (2018))"),
        (("--condition-en", "opens a time account"), "never pay for deposits (Notice 48 (2018))"),
        (("--title", "全网第一的老带新"), "The words may not say 全网第一"),
        (("--condition", "购买理财"), "risk notice"),
        (("--title-en", " "), "both languages"),
        (("--places", "6"), "does not hold both rewards of every place"),
        (("--until", "2099-12-30"), "could not be paid before the points campaign ends"),
        (("--until", "2098-12-30"), "must end after it starts"),
        (("--campaign", "9"), "no such points campaign"),
        (("--yuan", "60000"), "worth 1 to 50,000 yuan"),
    ],
)
def test_a_programme_that_may_not_be_is_refused_in_one_sentence(
    types: Types, flags: tuple[str, str], sentence: str
) -> None:
    code, said = types(*OPEN, *flags)
    assert (code, sentence in said) == (REFUSED, True), said
    assert json.loads(types("referral", "list", "--json")[1]) == []


def test_two_programmes_never_take_newcomers_at_once_and_an_unknown_one_is_refused(types: Types) -> None:
    assert types(*OPEN, "--places", "1")[0] == 0
    assert "Another programme takes newcomers" in types(*OPEN, "--places", "1")[1]
    assert "There is no programme 7" in types("referral", "report", "7")[1]
