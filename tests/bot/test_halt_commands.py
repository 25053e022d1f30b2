"""Stops on the command line: stopped with a reason, listed, cancelled, lifted; a mistake is one sentence."""

import json
from functools import partial

from bot.commands import halts
from bot.commands.exits import REFUSED
from tests.bot.conftest import Types


def test_an_operator_stops_lists_and_lifts(command_line: Types) -> None:
    types = partial(command_line, halts.commands)
    why = ("--by", "值班王", "--reason", "价格写错")
    assert types("list") == (0, "Nothing is stopped.\n")
    assert types("stop", "all", *why) == (0, "Stop 1 holds 0 messages.\n")
    assert json.loads(types("stop", "product gold-fund", *why, "--json")[1]) == {"halt": 2, "held": 0}
    found = json.loads(types("list", "--json")[1])
    assert [(each["scope"], each["target"], each["by"]) for each in found] == [
        ("everything", "", "值班王"),
        ("product", "gold-fund", "值班王"),
    ]
    assert "价格写错" in types("list")[1]
    for arguments, sentence in (
        (("stop", "all", *why), "It is stopped already"),
        (("stop", "？", *why), "That names nothing"),
        (("stop", "offer", "--by", "王", "--reason", " "), "Please give a reason"),
        (("stop", "offer", "--by", " ", "--reason", "x"), "Say who does it"),
        (("cancel", "1", "--by", "王"), "Nothing is held"),
        (("lift", "9", "--by", "王"), "There is no such stop"),
    ):
        code, said = types(*arguments)
        assert (code, sentence in said) == (REFUSED, True), said
    assert types("lift", "1", "--by", "王") == (0, "Stop 1 is lifted: what it held goes on.\n")
    assert "was lifted already" in types("lift", "1", "--by", "王")[1]
