"""The catalogue on the command line: checked, kept, changed by one cell, compared, written out and read back."""

import json
from functools import partial
from pathlib import Path

import pytest
import yaml

from bot.commands import catalogue
from bot.commands.exits import REFUSED
from tests.bot.conftest import Types

EXAMPLE = (Path(__file__).resolve().parents[2] / "campaigns" / "catalogue" / "example.yaml").read_text("utf-8")
PRODUCTS = len(yaml.safe_load(EXAMPLE)["products"])
CARD_LINE = EXAMPLE.partition("kind: card")[0].count("\n") + 1


@pytest.fixture
def types(command_line: Types, tmp_path: Path) -> Types:
    """Run a command of the catalogue on the test's database; returns its exit code and all that it said."""
    (tmp_path / "goods.yaml").write_text(EXAMPLE, "utf-8")
    return partial(command_line, catalogue.commands)


def test_a_file_becomes_a_version_a_cell_the_next_and_the_export_the_same_again(types: Types, tmp_path: Path) -> None:
    assert types("check", "goods.yaml") == (0, f"The file is whole: {PRODUCTS} products, 8 bundles, 7 classes.\n")
    why = ("--by", "王", "--reason", "首次")
    code, said = types("load", "goods.yaml", *why)
    assert (code, said.splitlines()[0]) == (0, "Version 1 of the catalogue holds now.")
    assert types("load", "goods.yaml", *why) == (0, "Nothing changed: version 1 says the same.\n")
    code, said = types("set", "D", "index-fund", "only-if-asked", "--by", "王", "--reason", "试点")
    assert code == 0
    assert "~ matrix.D.index-fund: never → only-if-asked" in said
    code, said = types("diff", "1", "2", "--json")
    assert json.loads(said)["changes"] == [{"place": "matrix.D.index-fund", "old": "never", "new": "only-if-asked"}]
    code, said = types("show", "--version", "2")
    assert code == 0
    assert "Version 2 by 王" in said
    assert "试点" in said
    shown = json.loads(types("show", "--json")[1])
    assert [each["version"] for each in shown["history"]] == [2, 1]
    assert types("export", "--out", "out.yaml", "--version", "1")[0] == 0
    assert (
        "matrix.D.index-fund: only-if-asked → never" in types("load", "out.yaml", "--by", "王", "--reason", "退回")[1]
    )


def test_what_cannot_be_is_one_clear_sentence(types: Types, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(EXAMPLE.replace("kind: card", "kind: cart"), "utf-8")
    for arguments, words in (
        (("check", "bad.yaml"), "products.10.kind takes one of"),
        (("load", "bad.yaml", "--by", "王", "--reason", "x"), f"Line {CARD_LINE}:"),
        (("load", "goods.yaml", "--by", " ", "--reason", "x"), "Say who changes it and why"),
        (("check", "none.yaml"), "No such file"),
        (("show",), "There is no catalogue yet"),
        (("set", "D", "index-fund", "offer", "--by", "王", "--reason", "x"), "There is no catalogue yet"),
    ):
        code, said = types(*arguments)
        assert (code, words in said) == (REFUSED, True), said
