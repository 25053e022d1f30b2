"""Vouchers on the command line: checked, played, kept with or without an override, a file taken in, settled."""

import json
from functools import partial
from pathlib import Path

import psycopg
import pytest

from bot.commands import catalogue, vouchers
from bot.commands.exits import REFUSED
from tests.bot.conftest import Types

FOLDER = Path(__file__).resolve().parents[2] / "campaigns"
EXAMPLE = (FOLDER / "vouchers" / "example.yaml").read_text("utf-8")
VOUCHERS = EXAMPLE.count("  - code:")
WHY = ("--by", "王", "--reason", "首次")
WEAK = EXAMPLE.replace("claw_back_days: 30", "claw_back_days: 5", 1)
PROGRESS = """流水号,客户号,事件,代号,金额,日期
A1,1001,购买,steady-wealth,"100,000.00",2026-01-02
A2,1001,购买,time-deposit,5000,2026-01-02
A3,,购买,steady-wealth,1,2026-01-02
A4,1001,白送,steady-wealth,1,2026-01-02
A5,1001,购买,steady-wealth,1.234,2026-01-02
A6,1001,购买,steady-wealth,1,2999-01-02
"""


@pytest.fixture
def types(command_line: Types, tmp_path: Path) -> Types:
    """Run a command of vouchers on the test's database; returns its exit code and all that it said."""
    (tmp_path / "vouchers.yaml").write_text(EXAMPLE, "utf-8")
    (tmp_path / "weak.yaml").write_text(WEAK, "utf-8")
    return partial(command_line, vouchers.commands)


def test_a_file_is_checked_played_and_kept_and_one_that_can_be_gamed_needs_somebodys_word(
    types: Types, command_line: Types
) -> None:
    command_line(catalogue.commands, "load", str(FOLDER / "catalogue" / "example.yaml"), *WHY)
    assert types("check", "vouchers.yaml") == (0, f"The file is whole: {VOUCHERS} vouchers.\n")
    code, said = types("simulate", "vouchers.yaml", "--runs", "5")
    assert (code, "No exploit pays." in said) == (0, True)
    code, said = types("simulate", "weak.yaml", "--runs", "5", "--json")
    played = json.loads(said)
    assert code == 1
    assert {each["strategy"] for each in played["exploits"] if each["pays"]} == {"buy_and_return", "same_money"}
    assert played["costs"][0]["worst_fen"] == 10_000_000
    code, said = types("load", "weak.yaml", *WHY)
    assert (code, "it stops with claw_back_days: 30" in said) == (REFUSED, True)
    code, said = types("load", "weak.yaml", *WHY, "--override", "试点两周，合规已阅")
    assert (code, "Version 1 of the vouchers holds now" in said) == (0, True)
    shown = json.loads(types("show", "--json")[1])
    assert (shown["override"], len(shown["vouchers"])) == ("试点两周，合规已阅", VOUCHERS)
    assert "override: 试点两周，合规已阅" in types("show")[1]
    assert types("load", "weak.yaml", *WHY, "--override", "x") == (0, "Nothing changed: version 1 says the same.\n")
    assert json.loads(types("diff", "--json")[1])["changes"] == []


def test_a_file_of_outcomes_is_taken_in_once_and_its_bad_lines_are_named(
    types: Types, command_line: Types, tmp_path: Path, database_url: str
) -> None:
    (tmp_path / "bought.csv").write_text(PROGRESS, "utf-8")
    (tmp_path / "goods.yaml").write_text((FOLDER / "catalogue" / "example.yaml").read_text("utf-8"), "utf-8")
    assert types("progress", "bought.csv")[0] == REFUSED
    command_line(catalogue.commands, "load", "goods.yaml", *WHY)
    types("load", "vouchers.yaml", *WHY)
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO customers VALUES (gen_random_uuid(), '1001', '2026-01-01')")
    code, said = types("progress", "bought.csv", "--json")
    found = json.loads(said)
    assert code == 1
    assert [(each["line"], each["code"]) for each in found["lines"]] == [
        (2, "taken"),
        (3, "deposit"),
        (4, "unreadable"),
        (5, "unknown_event"),
        (6, "unreadable"),
        (7, "future"),
    ]
    code, said = types("progress", "bought.csv")
    assert "known: 1" in said
    assert "Line 3: deposit time-deposit" in said
    code, said = types("settle", "--json")
    assert (code, json.loads(said)["is_balanced"]) == (0, True)
    assert types("settle")[0] == 0


def test_what_cannot_be_is_one_clear_sentence(types: Types, tmp_path: Path) -> None:
    (tmp_path / "deposit.yaml").write_text(EXAMPLE.replace("kinds: [fund, wealth]", "kinds: [deposit]"), "utf-8")
    (tmp_path / "gold.yaml").write_text(EXAMPLE.replace("kinds: [loan]", "products: [gold]"), "utf-8")
    for arguments, words in (
        (("check", "deposit.yaml"), "Lawful: let purchases of investments count"),
        (("load", "gold.yaml", *WHY), "the catalogue has no gold"),
        (("load", "vouchers.yaml", "--by", " ", "--reason", "x"), "Say who changes it and why"),
        (("simulate", "vouchers.yaml", "--customers", "0"), "at least one customer"),
        (("show",), "There are no vouchers yet"),
        (("settle",), "There are no vouchers yet"),
        (("progress", "none.csv"), "There is no file none.csv"),
    ):
        code, said = types(*arguments)
        assert (code, words in said) == (REFUSED, True), said
