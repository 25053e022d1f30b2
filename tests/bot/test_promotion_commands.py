"""Promotions by the operator's hand: a file checked, kept, looked at, tried dry and archived."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from bot.commands.catalogue import commands as catalogue
from bot.commands.promotions import commands
from campaigns.promotions.files import EXAMPLE
from storage.promotion_archives import TABLES
from tests.promotion_people import AUTHOR, OUTSIDER, fill

PEOPLE = 60
CATALOGUE = Path(__file__).parents[2] / "campaigns" / "catalogue" / "example.yaml"
Types = Callable[..., tuple[int, str]]


@pytest.fixture
def desk(command_line: Types, database_url: str) -> Types:
    """An operator whose bank has customers and a catalogue; answers a command of `promotions`."""
    fill(database_url, PEOPLE, datetime.now(UTC))
    assert command_line(catalogue, "load", str(CATALOGUE), "--by", "tests", "--reason", "a beginning")[0] == 0
    return lambda *words: command_line(commands, *words)


def test_a_file_goes_from_check_to_archive(desk: Types, tmp_path: Path) -> None:
    code, said = desk("check", str(EXAMPLE), "--json")
    assert code == 0, said
    told = json.loads(said)
    assert (code, told["audience"], told["version"]) == (0, PEOPLE * 3 // 4, 1)
    assert told["recipients"] + told["held_out"] + told["global_control"] + sum(told["excluded"].values()) == 45
    assert desk("load", str(EXAMPLE), "--by", str(AUTHOR))[0] == 0
    assert "autumn-steady" in desk("list")[1]
    assert json.loads(desk("show", "autumn-steady", "--json")[1])["state"] == "draft"
    assert "made: 20" in desk("show", "autumn-steady")[1]
    said = desk("dry-run", "autumn-steady")[1]
    assert all(words in said for words in ("written to", "Nobody is in quiet hours", "The last one could leave"))
    code, said = desk("archive", "autumn-steady", "--out", str(tmp_path / "archive"), "--json")
    manifest = json.loads(said)
    assert code == 0, said
    assert set(manifest["files"]) == {
        f"v1/{name}" for name in ("version.json", "messages.json", "reviews.json", *TABLES)
    }
    for name, digest in manifest["files"].items():
        assert sha256((tmp_path / "archive" / name).read_bytes()).hexdigest() == digest
    code, said = desk("archive", "autumn-steady", "--out", str(tmp_path / "archive"))
    assert (code, "name another folder" in said) == (2, True)


def test_whatever_cannot_be_is_one_sentence_and_a_second_load_tells_what_changed(desk: Types, tmp_path: Path) -> None:
    file = tmp_path / "promotion.yaml"
    file.write_text(EXAMPLE.read_text("utf-8").replace("C: sms", "C: pigeon").replace("10%", "lots"), "utf-8")
    code, said = desk("load", str(file), "--by", str(AUTHOR))
    assert (code, [line.partition(":")[0] for line in said.splitlines()]) == (2, ["Line 10", "Line 24"])
    file.write_text(EXAMPLE.read_text("utf-8").replace("budget_yuan: 5000", "budget_yuan: 0"), "utf-8")
    code, said = desk("check", str(file))
    assert (code, "the budget is 0.00 yuan" in said, len(said.splitlines())) == (2, True, 1)
    assert desk("load", str(EXAMPLE), "--by", str(OUTSIDER))[0] == 2
    assert desk("load", str(EXAMPLE), "--by", str(AUTHOR))[0] == 0
    assert json.loads(desk("load", str(file), "--by", str(AUTHOR), "--json")[1])["version"] == 1
    assert "budget_fen: 0" in desk("show", "autumn-steady")[1]
    assert json.loads(desk("diff", "autumn-steady", "1", "1", "--json")[1])["changes"] == []
    assert desk("show", "nothing") == (2, "There is no such promotion.\n")
    assert desk("show", "autumn-steady", "--version", "7") == (2, "There is no such version.\n")
    assert "100 of 10,000" in desk("control")[1]
    assert desk("control", "--parts", "5")[0] == 2
    assert json.loads(desk("control", "--parts", "5", "--salt", "2031", "--by", "tests", "--json")[1])["parts"] == 5
