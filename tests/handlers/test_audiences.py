"""The audience commands: lines checked without a database, counted, looked into, saved, shown, refused with a caret."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import main
from campaigns.audiences.fields import FIELDS
from campaigns.audiences.model import Fault
from campaigns.audiences.parser import parse
from tests.audience_people import Person, fill, holds, invent

LINE = "women 20–60 with monthly spend over 50"
PEOPLE = invent(60)


def run(*words: object) -> Result:
    return CliRunner().invoke(main.app, ["audience", *(str(word) for word in words)])


def belonging(line: str) -> list[Person]:
    tree = parse(line)
    assert not isinstance(tree, Fault)
    return [each for each in PEOPLE if holds(tree, each)]


@pytest.fixture
def bank(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own database, with invented customers."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    fill(database_url, PEOPLE)


def test_check_says_how_a_line_is_understood_in_both_languages() -> None:
    assert run("check", LINE).stdout.splitlines() == [
        "gender = female and age 20..60 and monthly_spend > 50",
        "性别 = 女 且 年龄 20..60 且 月消费 > 50",
    ]
    assert json.loads(run("check", "偏好基金", "--json").stdout) == {"en": "tag = funds_lover", "zh": "标签 = 偏好基金"}
    said = run("fields").stdout
    assert [name for name in FIELDS if name not in said] == []


def test_a_wrong_line_is_shown_with_a_caret_and_leaves_with_2() -> None:
    found = run("check", "女 且 年纪 25-40")
    assert found.exit_code == 2
    assert "\n　 　 ^^^^\nCharacter 5: " in found.stderr
    assert "Did you mean 年龄?" in found.stderr
    told = run("check", "class = E", "--json")
    assert told.exit_code == 2
    assert json.loads(told.stdout) == {
        "error": "unknown_value",
        "position": 9,
        "found": "E",
        "expected": "value",
        "nearest": ["A", "B", "C", "D"],
        "field": "class",
    }


@pytest.mark.usefixtures("bank")
def test_an_audience_is_counted_looked_into_saved_and_shown() -> None:
    heads = len(belonging(LINE))
    counted = json.loads(run("count", LINE, "--json").stdout)
    assert (counted["heads"], counted["as_of"]) == (heads, "2025-09-30")
    assert counted["heads"] == counted["reachable"] + sum(counted["unreachable"].values()) > 0
    assert f"{heads} customers, {counted['reachable']} of them within reach." in run("count", LINE).stdout
    sampled = json.loads(run("sample", LINE, "--size", 3, "--json").stdout)
    assert [each["number"][0] for each in sampled] == ["…"] * 3
    assert "…" in run("sample", LINE).stdout
    saved = json.loads(run("save", "spenders", LINE, "--by", "head", "--json").stdout)
    assert (saved["members"], saved["joined"], saved["made_by"]) == (heads, heads, "head")
    assert [each["name"] for each in json.loads(run("list", "--json").stdout)] == ["spenders"]
    assert "spenders" in run("list").stdout
    shown = json.loads(run("show", "spenders", "--json").stdout)
    assert (shown["now"]["heads"], shown["changes"][0]["joined"]) == (heads, heads)
    assert "性别 = 女 且 年龄 20..60" in run("show", "spenders").stdout
    assert json.loads(run("count", "spenders", "--json").stdout)["heads"] == heads


@pytest.mark.usefixtures("bank")
def test_what_cannot_be_saved_or_shown_is_refused_in_one_sentence() -> None:
    run("save", "ours", "bound", "--by", "head")
    for words, sentence in (
        (("save", "ours", "bound", "--by", "other"), "take it over with --replace"),
        (("save", "ours", "bound", "--by", " "), "--by NAME"),
        (("save", " ", "bound", "--by", "head"), "Write a name"),
        (("show", "theirs"), "No audience is called 'theirs'"),
        (("count", "thiers"), "no field called “thiers”"),
        (("restrict", "0xnobody", "suspended", "--by", "head"), "no customer 0xnobody"),
    ):
        found = run(*words)
        assert found.exit_code == 2
        assert sentence in found.stderr
    assert run("save", "ours", "stamp", "--by", "other", "--replace").exit_code == 0


@pytest.mark.usefixtures("bank")
def test_who_is_suspended_or_wants_nothing_personal_is_out_of_reach_until_it_is_lifted() -> None:
    person = next(each for each in PEOPLE if each.facts["reachable"])
    number = f"0x{person.id.hex[:8]}"

    def reachable() -> int:
        return int(json.loads(run("count", "everybody", "--json").stdout)["reachable"])

    before = reachable()
    for kind in ("suspended", "non_personal"):
        assert run("restrict", number, kind, "--by", "compliance").exit_code == 0
        assert reachable() == before - 1
        assert run("restrict", number, kind, "--by", "compliance", "--lift").exit_code == 0
        assert reachable() == before
        assert "is not" in run("restrict", number, kind, "--by", "compliance", "--lift").stderr
