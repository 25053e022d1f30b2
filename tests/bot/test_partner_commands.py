"""The registry on the command line: handed in, looked at, approved by a second person, suspended, refused in words."""

import json
from functools import partial

import pytest

import main
from bot.commands.exits import REFUSED
from campaigns.partners.model import DueItem
from tests.bot.conftest import Types

REGISTER = (
    "partners", "register", "安心保险", "--kind", "insurer", "--number", "HT-1", "--since", "2020-01-01", "--until",
    "2099-12-31", "--answerable", "李敏", "--contact", "95500", "--by", "甲",
)  # fmt: skip


@pytest.fixture
def types(command_line: Types) -> Types:
    return partial(command_line, main.app)


def test_a_contract_is_looked_at_and_approved_by_a_second_person_and_a_failed_item_suspends_it(types: Types) -> None:
    code, said = types(*REGISTER, "--json")
    assert code == 0, said
    start = json.loads(said)[0]["start"]
    assert "Not everything has passed" in types("partners", "approve", "安心保险", "--by", "丁")[1]
    for item in DueItem:
        assert types("partners", "check", "安心保险", item, "--by", "乙", "--note", "看过原件")[0] == 0
    for same in ("甲", "乙"):
        assert "ask a colleague" in types("partners", "approve", "安心保险", "--by", same)[1]
    assert json.loads(types("partners", "approve", "安心保险", "--by", "丁", "--json")[1])[0]["state"] == "approved"
    assert "4/4" in types("partners", "list")[1]
    assert "passed licence by 乙: 看过原件" in types("partners", "show", "安心保险")[1]
    failed = types("partners", "check", "安心保险", "complaints", "--failed", "--by", "乙", "--note", "超期", "--json")
    assert json.loads(failed[1])[0]["state"] == "suspended"
    again = json.loads(types(*REGISTER, "--json")[1])[0]
    assert (again["state"], again["start"], len(again["acts"])) == ("proposed", start, 1)


REFUSALS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("approve", "没有", "--by", "丁"), "no contract of this partner"),
    (("show", "没有"), "no contract of this partner"),
    (("suspend", "安心保险", "--by", "丁", "--reason", "x"), "nothing to suspend"),
    (("check", "安心保险", "licence", "--by", " ", "--note", "x"), "Give every name"),
    ((*REGISTER[1:], "--kind", "broker"), "of another kind"),
    ((*REGISTER[1:], "--until", "2019-01-01"), "ends before it begins"),
)


def test_what_cannot_be_is_refused_in_one_sentence(types: Types) -> None:
    assert types(*REGISTER)[0] == 0
    for arguments, sentence in REFUSALS:
        code, said = types("partners", *arguments)
        assert (code, sentence in said) == (REFUSED, True), said
