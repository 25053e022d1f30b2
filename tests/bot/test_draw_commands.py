"""Draws on the command line: the same preview, refusals in one sentence, publication and verification."""

import asyncio
import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

import main
from bot.commands.exits import REFUSED
from campaigns.members.model import Introduction, Language
from storage.database import Database
from storage.groups import SqlGroupStore
from storage.members import SqlMemberStore
from storage.vault import Keyring, Vault
from tests.bot.conftest import Types

TITLE = "A银行&幸福里商户福利群"
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
PLAN = """kind: wheel
title: 周末转盘 | Weekend wheel
prizes:
  - {name: 一等奖 | First, points: 88, odds: 20%, stock: 2}
  - {name: 谢谢参与 | Thank you, odds: 80%}
closes: 2099-12-01 20:00
terms: {conditions: 无其他条件 | No other condition, organiser: A银行 | Bank A, complaints: 拨打 95500 | Call 95500}
"""


async def register(url: str, keyring: Path) -> None:
    database = Database(url, pool_size=1)
    async with database.unit_of_work() as uow:
        vault = Vault(Keyring.open(keyring))
        await SqlMemberStore(uow, vault).meet(Introduction(1, "李敏", Language.ZH, is_private=True), NOW)
        await SqlGroupStore(uow).save(-100, TITLE, "幸福里", 1, NOW)
    await database.close()


@pytest.fixture
def types(command_line: Types, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Types:
    """Run a command on the test's database, where one group is registered; returns its exit code and what it said."""
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    asyncio.run(register(database_url, tmp_path / "var" / "keys" / "keyring.json"))
    (tmp_path / "plan.yaml").write_text(PLAN, "utf-8")
    return partial(command_line, main.app)


def test_a_plan_is_simulated_before_anything_is_published(types: Types) -> None:
    asked = ("draw", "simulate", "plan.yaml", "--takers", "50", "--price", "100", "--runs", "100")
    code, said = types(*asked, "--json")
    assert code == 0, said
    found = json.loads(said)
    assert (found["most_points"], found["prizes"][0]["given"]["high"], found["seed"]) == (176, 2, 1)
    again = json.loads(types(*asked, "--json")[1])  # Without a moment in the plan it opens now: only that differs.
    assert all(again[name] == found[name] for name in ("points", "fen", "ticket_fen"))
    code, said = types(*asked)
    assert (code, "the most is 1.76" in said, "一等奖" in said) == (0, True, True), said
    code, said = types("draw", "simulate", "plan.yaml", "--takers", "9999999", "--price", "100")
    assert (code, "are too many" in said) == (REFUSED, True)


def test_a_plan_is_previewed_published_once_and_not_verified_before_its_end(types: Types) -> None:
    assert types("points", "partner", "add", "A银行")[0] == 0
    campaign = ["--title", "波豆", "--price", "100", "--valid-days", "30", "--budget", "500", "--until", "2099-12-31"]
    assert types("points", "open", *campaign, "--share", "A银行=100", "--group", TITLE)[0] == 0
    code, said = types("draw", "preview", "plan.yaml", "--group", TITLE)
    assert (code, "一等奖：88 波豆，概率 20%，数量 2" in said) == (0, True), said
    code, said = types("draw", "publish", "plan.yaml", "--group", "-100", "--json")
    assert code == 0, said
    told = json.loads(said)
    assert told["page"] == f"http://127.0.0.1:8080/draws/{told['draw']}"
    code, said = types("draw", "publish", "plan.yaml", "--group", TITLE)
    assert (code, "of this kind is open" in said) == (REFUSED, True)
    code, said = types("draw", "verify", str(told["draw"]))
    assert (code, "still open" in said) == (REFUSED, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("publish", "plan.yaml", "--group", "没有这个群"), "no registered group"),
        (("publish", "none.yaml", "--group", TITLE), "no file"),
        (("publish", "plan.yaml", "--group", TITLE), "no open points campaign"),
        (("preview", ".", "--group", TITLE), "no file"),
        (("verify", "77"), "no draw 77"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(types: Types, arguments: tuple[str, ...], said: str) -> None:
    code, answer = types("draw", *arguments)
    assert (code, said in answer) == (REFUSED, True), answer
