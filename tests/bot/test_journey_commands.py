"""Journeys and files of events on the command line: checked, kept, released by a second person, imported once."""

import json
from functools import partial
from pathlib import Path

import psycopg
import pytest

from bot.commands import events, journeys
from bot.commands.exits import REFUSED
from tests.bot.conftest import Types

EXAMPLE = (Path(__file__).resolve().parents[2] / "campaigns" / "journeys" / "study-abroad.yaml").read_text("utf-8")
BY, WHY = ("--by", "王"), ("--reason", "首次")
CSV = """客户号,事件,时间,金额,页面,编号
C1,浏览页面,2026-01-02 10:30,,study-abroad,e1
C1,大额转入,2026-01-03,"1,250.50",,e2
C9,登录,2026-01-03,,,e3
C1,跳舞,2026-01-03,,,e4
C1,登录,昨天,,,e5
,登录,2026-01-03,,,e6
C1,消费,2026-01-03,很多,,e7
C1,登录,2019-01-03,,,e8
C1,登录,2099-01-03,,,e9
C1,购买产品,2026-01-03,,,e1
"""


@pytest.fixture
def types(command_line: Types, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Types:
    """Run a command of journeys in January 2026; returns its exit code and all that it said."""
    (tmp_path / "study.yaml").write_text(EXAMPLE, "utf-8")
    clock = {"anchor_domain": "2026-01-05T04:00:00+00:00", "anchor_real": 0, "rate": 0}
    (tmp_path / "clock.json").write_text(json.dumps(clock), "utf-8")
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "clock.json"))
    return partial(command_line, journeys.commands)


def test_a_file_waits_as_a_version_until_a_second_person_releases_it(types: Types, tmp_path: Path) -> None:
    assert types("check", "study.yaml") == (
        0,
        "The file is whole: study-abroad has 6 steps; some of it is advertising.\n",
    )
    assert types("list") == (0, "There are no journeys yet; `journeys load` keeps one.\n")
    code, said = types("load", "study.yaml", *BY, *WHY)
    assert (code, "Version 1 of study-abroad is kept and waits" in said) == (0, True)
    assert "Nothing changed: version 1" in types("load", "study.yaml", *BY, *WHY)[1]
    code, said = types("release", "study-abroad", *BY, *WHY)
    assert (code, "ask a second person" in said) == (REFUSED, True)
    assert types("release", "study-abroad", "--by", "李", *WHY) == (0, "Version 1 of study-abroad runs now.\n")
    (tmp_path / "study.yaml").write_text(EXAMPLE.replace("days: 7", "days: 9"), "utf-8")
    assert json.loads(types("load", "study.yaml", *BY, *WHY, "--json")[1])["version"] == 2
    assert "~ steps.a-week.wait.days: 7 → 9" in types("diff", "study-abroad")[1]
    [found] = json.loads(types("list", "--json")[1])
    assert (found["state"], found["version"], found["newest"], found["entered"]) == ("running", 1, 2, 0)
    assert "version 2 waits for release (by 王)" in types("list")[1]
    shown = types("show", "study-abroad", "--version", "1")[1]
    assert "├─ a-week: ⏳ a product was bought / 7 d" in shown
    assert "yes → manager" in shown
    assert types("pause", "study-abroad", *BY, *WHY) == (0, "study-abroad is paused now.\n")
    assert types("stop", "study-abroad", *BY, *WHY) == (0, "study-abroad is stopped now.\n")


def test_what_cannot_be_is_one_clear_sentence(types: Types, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(EXAMPLE.replace("then: manager", "then: nobody"), "utf-8")
    for arguments, words in (
        (("check", "bad.yaml"), "there is no step nobody"),
        (("load", "bad.yaml", *BY, *WHY), "Line 28"),
        (("load", "study.yaml", "--by", " ", *WHY), "Say who does it and why"),
        (("check", "none.yaml"), "No such file"),
        (("show", "other"), "There is no such journey"),
        (("pause", "other", *BY, *WHY), "There is no such journey"),
    ):
        code, said = types(*arguments)
        assert (code, words in said) == (REFUSED, True), said


def test_a_file_of_events_is_taken_once_and_bad_lines_are_named(
    types: Types, command_line: Types, tmp_path: Path, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO customers (id, number, first_as_of) VALUES (gen_random_uuid(), 'C1', '2025-12-31')"
        )
    (tmp_path / "events.csv").write_text(CSV, "utf-8")
    take = partial(command_line, events.commands, "import")
    code, said = take("events.csv")
    assert code == 1
    assert "2 new events, 0 known already, 8 lines not taken." in said
    for words in (
        "Line 4: there is no customer C9",
        "Line 5: 跳舞 is no event",
        "Line 6: 昨天 is no moment",
        "Line 7: the customer's number is missing",
        "Line 8: 很多 is no amount",
        "Line 9: 2019-01-03 is older than the 400 days",
        "Line 10: 2099-01-03 is still to come",
        "Line 11: the key file:e1 names another event",
    ):
        assert words.replace("file:", "") in said, said
    assert json.loads(take("events.csv", "--json")[1])["known"] == 2
    lines = [
        {"customer_number": "C1", "event": "paid", "at": "2026-01-04T09:00:00+08:00", "amount": 12},
        {"客户号": "C1"},
    ]
    (tmp_path / "more.jsonl").write_text("\n".join([*map(json.dumps, lines), "no json"]), "utf-8")
    told = json.loads(take("more.jsonl", "--json")[1])
    assert (told["new"], [each["fault"] for each in told["bad"]]) == (1, ["unknown_event", "bad_json"])
    with psycopg.connect(database_url) as connection:
        kept = connection.execute("SELECT kind, amount, payload ->> 'page' FROM events ORDER BY id").fetchall()
    assert kept == [("page_viewed", None, "study-abroad"), ("large_inflow", 125_050, None), ("paid", 1_200, None)]


def test_a_file_or_a_profile_that_is_none_is_one_clear_sentence(
    types: Types, command_line: Types, tmp_path: Path
) -> None:
    (tmp_path / "events.csv").write_text("客户号,事件\nC1,登录\n", "utf-8")
    (tmp_path / "events.txt").write_text("x", "utf-8")
    (tmp_path / "own.yaml").write_text("columns: {customer: [cust]}", "utf-8")
    for arguments, words in (
        (("events.csv",), "line 1: no column for at: one of 时间, at, time"),
        (("events.txt",), "neither .csv nor .jsonl"),
        (("events.csv", "--profile", "own.yaml"), "The profile needs columns.kind"),
    ):
        code, said = command_line(events.commands, "import", *arguments)
        assert (code, words in said) == (REFUSED, True), said
