"""Reviewed answers on the command line: nothing is said without a second person, nothing changes under a version."""

import json
from functools import partial
from pathlib import Path

import pytest

import main
from bot.commands.exits import REFUSED
from tests.bot.conftest import Types


@pytest.fixture
def types(command_line: Types) -> Types:
    """Run a command on the test's database; returns exit code and what it said."""
    return partial(command_line, main.app, "answers")


def test_the_starting_set_is_said_once_somebody_reviewed_it(types: Types) -> None:
    assert "31 have no reviewer and are not said" in types("import", "starting")[1]
    assert not any(each["said"] for each in json.loads(types("list", "--json")[1]))
    assert types("import", "starting", "--reviewer", "产品组") == (
        REFUSED,
        "chain-join: 产品组 wrote it and cannot review it: a second person must.\n",
    )
    assert "31 entries: 31 added" in types("import", "starting", "--reviewer", "陈静")[1]
    assert {each["did"] for each in json.loads(types("import", "starting", "--reviewer", "王", "--json")[1])} == {
        "same"
    }
    assert all(each["said"] for each in json.loads(types("list", "--json")[1]))
    assert "陈静" in types("list")[1]
    code, said = types("show", "chain-join")
    assert code == 0
    assert "「我要接龙」" in said
    assert "怎么参加接龙" in said
    assert types("show", "nothing") == (REFUSED, "There is no answer nothing; answers list shows all.\n")


def test_a_file_that_cannot_be_taken_is_refused_in_one_sentence(types: Types, tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text("author: 李敏\nentries: [{key: hours, version: 1}]", "utf-8")
    assert types("import", str(file)) == (REFUSED, "entries.1.title_zh is missing.\n")
    file.write_bytes("author: 李敏".encode("gb18030"))
    assert "is not UTF-8" in types("import", str(file))[1]
    assert types("import", str(tmp_path / "none.yaml"))[0] == REFUSED
    file.write_bytes(b"x" * 1_000_001)
    assert "is no file of answers" in types("import", str(file))[1]


def test_the_clock_is_a_version_that_names_who_decided(types: Types) -> None:
    assert "Version 1: an answer within 120 minutes of bank time, 09:00 to 17:00" in types("clock")[1]
    assert types("clock", "--minutes", "60") == (REFUSED, "A new clock needs --by: the name of who decided it.\n")
    told = json.loads(types("clock", "--minutes", "60", "--closes", "18:00", "--by", "周涛", "--json")[1])
    assert told == {"version": 2, "minutes": 60, "opens": "09:00", "closes": "18:00"}
    assert "it must open first" in types("clock", "--opens", "18:00", "--by", "周涛")[1]
    assert json.loads(types("clock", "--json")[1])["version"] == 2
