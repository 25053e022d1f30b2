"""Packs on the command line: checked, kept once everything that they name is there, shown, compared."""

import json
from functools import partial
from pathlib import Path

import pytest

from bot.commands import catalogue, packs, vouchers
from bot.commands.exits import REFUSED
from tests.bot.conftest import Types

FOLDER = Path(__file__).resolve().parents[2] / "campaigns"
PACKS = (FOLDER / "packs" / "example.yaml").read_text("utf-8").count("  - code:")
WHY = ("--by", "王", "--reason", "首次")


@pytest.fixture
def types(command_line: Types, tmp_path: Path) -> Types:
    """Run a command of packs on the test's database; returns its exit code and all that it said."""
    for name in ("catalogue", "vouchers", "packs"):
        (tmp_path / f"{name}.yaml").write_text((FOLDER / name / "example.yaml").read_text("utf-8"), "utf-8")
    return partial(command_line, packs.commands)


def test_a_file_is_kept_once_what_it_names_is_there(types: Types, command_line: Types, tmp_path: Path) -> None:
    assert types("check", "packs.yaml") == (0, f"The file is whole: {PACKS} packs.\n")
    code, said = types("load", "packs.yaml", *WHY)
    assert (code, "packs.1.vouchers: there is no hello-phone." in said) == (REFUSED, True)
    assert types("show")[0] == REFUSED
    command_line(catalogue.commands, "load", "catalogue.yaml", *WHY)
    command_line(vouchers.commands, "load", "vouchers.yaml", *WHY)
    assert types("load", "packs.yaml", *WHY)[1].startswith("Version 1 of the packs holds now")
    assert types("load", "packs.yaml", *WHY) == (0, "Nothing changed: version 1 says the same.\n")
    changed = (tmp_path / "packs.yaml").read_text("utf-8").replace("uses: 10", "uses: 12")
    (tmp_path / "packs.yaml").write_text(changed, "utf-8")
    assert json.loads(types("load", "packs.yaml", *WHY, "--json")[1])["version"] == 2
    differs = [{"place": "packs.growing.limit.uses", "old": "10", "new": "12"}]
    assert json.loads(types("diff", "--json")[1])["changes"] == differs
    shown = json.loads(types("show", "--json")[1])
    assert (len(shown["packs"]), shown["worth_fen"]["growing"]) == (PACKS, 50_000 + 8_000 + 30_000)
    assert "Version 2 by 王" in types("show")[1]
    code, said = types("load", "packs.yaml", "--by", " ", "--reason", "x")
    assert (code, "Say who changes it" in said) == (REFUSED, True)
