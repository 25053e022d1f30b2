"""The whole thread with real processes: bank data in, classes, a group, a chain, an offer for B and a reminder."""

import csv
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.client import Phone, Sandbox
from segmentation.synthetic import invent_people, write_delivery
from tests.bot_process import ROOT, BotProcess
from tests.driver import GROUP, RIGHTS
from tests.e2e.conftest import USERNAME

pytestmark = pytest.mark.e2e
CLASSES = "ABCD"
TITLES = {"A": "生活缴费立减", "B": "满10万元抵用500元", "C": "厅堂专属服务预约", "D": "信用卡与自助服务"}


def command(bot_process: BotProcess, *arguments: str) -> str:
    """Run one command of the product as its own process."""
    done = subprocess.run(
        [sys.executable, "main.py", *arguments],
        cwd=ROOT,
        env=bot_process.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def bank(bot_process: BotProcess, folder: Path) -> list[dict[str, str]]:
    """An invented bank, delivered and segmented; its contacts come A, B, C, D in turn."""
    delivery, contacts = folder / "delivery", folder / "contacts"
    delivery.mkdir()
    write_delivery(delivery, invent_people(60))
    day = ("--profile", "cn-bank", "--as-of", "2019-09-30")
    command(bot_process, "import", str(delivery), *day)
    command(bot_process, "segment")
    command(bot_process, "demo-contacts", "--out", str(contacts), "--count", "4")
    command(bot_process, "import", str(contacts), *day)
    with (contacts / "contacts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


async def binds(member: Phone) -> None:
    """Agree to the purpose, share the own number, agree to offers."""
    await member.starts(USERNAME, "bind")
    await member.taps("同意", USERNAME)
    await member.sees("请点下方", USERNAME)
    await member.shares_contact(USERNAME)
    await member.sees("绑定成功", USERNAME)
    await member.taps_and_sees("同意接收", "退订", USERNAME)


async def test_the_thread_from_bank_data_to_an_offer_and_a_reminder(
    sandbox: Sandbox, bot_process: BotProcess, manager: Phone, tmp_path: Path
) -> None:
    await sandbox.turn_clock(now="2026-12-01T10:00:00+08:00")
    contacts = bank(bot_process, tmp_path)
    invitation = command(bot_process, "invite", "wealth_manager").strip().rpartition("start=")[2]
    members = [await sandbox.new_person(row["name"], phone=row["phone"].replace(" ", "")) for row in contacts]
    with bot_process:
        await manager.starts(USERNAME, invitation)
        await manager.sees("理财经理")
        group = await sandbox.new_group(GROUP, manager)
        await manager.adds_bot(USERNAME, group, parameter="register", rights=RIGHTS)
        pinned = await manager.sees("群公告", group)
        assert (await manager.pinned(group) or pinned)["message_id"] == pinned["message_id"]
        for member in members:
            await member.joins(group)
            await binds(member)
        await members[0].sees("👋 欢迎", group)
        await manager.says("/chain 联名信用卡 3 明天20:00", group)
        await manager.sees("【接龙】联名信用卡", group)
        for place, member in enumerate(members[:3], start=1):
            await member.taps_and_sees("我要接龙", f"第 {place} 位", group)
        await members[3].taps_and_sees("我要接龙", "候补第 1 位", group)
        await manager.says("/offer", USERNAME)
        await manager.taps("确认发放给 4 人", USERNAME)
        await manager.sees("已安排 4 人", USERNAME)
        for letter, member in zip(CLASSES, members, strict=True):
            offer = await member.sees(TITLES[letter], USERNAME)
            others = [title for other, title in TITLES.items() if other != letter]
            assert not any(title in offer["text"] for title in others)
        invested = await members[1].sees("满10万元抵用500元", USERNAME)
        assert "投资须谨慎" in invested["text"]
        assert "有效期" in invested["text"]
        await sandbox.turn_clock(timedelta(days=1, hours=8, minutes=5).total_seconds())
        await members[0].sees("⏰ 接龙「联名信用卡」", group)
        await sandbox.turn_clock(timedelta(hours=2).total_seconds())
        await members[0].sees("已结束", group)
        await manager.says("/chains", USERNAME)
        await manager.sees(f"1. {members[0].name}", USERNAME)
        await manager.says("/offers", USERNAME)
        await manager.sees("4", USERNAME)
    sent = [call["params"]["text"] for call in await sandbox.calls(method="sendMessage") if call["outcome"] == "ok"]
    assert sum("⏰" in text for text in sent) == 1
    assert sum(text.startswith("【接龙】") for text in sent) == 1
    welcomes = [text for text in sent if "👋 欢迎" in text]  # Those who join together are welcomed together.
    assert sum(text.partition(" 加入")[0].count("、") + 1 for text in welcomes) == len(members)
