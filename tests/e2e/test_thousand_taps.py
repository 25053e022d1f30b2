"""A thousand members tap on a hundred places at the same moment."""

import asyncio

import psycopg
import pytest

from sandbox.client import Phone, Sandbox, Tap
from tests.bot_process import BotProcess
from tests.driver import GROUP, RIGHTS
from tests.e2e.conftest import USERNAME

pytestmark = pytest.mark.e2e
MEMBERS, PLACES = 1000, 100


async def test_a_thousand_taps_on_a_hundred_places_give_exactly_a_hundred_entries(
    sandbox: Sandbox, bot_process: BotProcess, manager: Phone, invitation: str, database_url: str
) -> None:
    members = await asyncio.gather(*(sandbox.new_person(f"客户{number}") for number in range(MEMBERS)))
    group = await sandbox.new_group(GROUP, manager, members)
    with bot_process:
        await manager.starts(USERNAME, invitation)
        await manager.sees("/help")
        await manager.adds_bot(USERNAME, group, parameter="register", rights=RIGHTS)
        await manager.sees("群公告", group)
        await manager.says(f"/chain 联名信用卡 {PLACES} 3天", group)
        card = await manager.sees("【接龙】联名信用卡", group)
        taps = await asyncio.gather(*(tap(member, group, card["message_id"]) for member in members))
        answers = await asyncio.gather(*(one.answer(within=60) for one in taps))
        await manager.sees("已报名 100/100", group, within=30)
        shown = await manager.sees("已满员", group, within=30)
    texts = [answer["text"] for answer in answers]
    assert sum("已报名，你是第" in text for text in texts) == PLACES
    assert sum("名额已满" in text for text in texts) == MEMBERS - PLACES
    assert f"{PLACES}. 客" in shown["text"]
    with psycopg.connect(database_url) as connection:
        sequences = connection.execute("SELECT sequence FROM chain_entries WHERE NOT waits ORDER BY 1").fetchall()
        waiting = connection.execute("SELECT sequence FROM chain_entries WHERE waits ORDER BY 1").fetchall()
        parked = connection.execute("SELECT count(*) FROM inbox WHERE state <> 'done'").fetchone()
    assert [sequence for (sequence,) in sequences] == list(range(1, PLACES + 1))
    assert [sequence for (sequence,) in waiting] == list(range(PLACES + 1, MEMBERS + 1))
    assert parked == (0,)
    refused = [call for call in await sandbox.calls() if call["error_code"] is not None]
    assert refused == []


async def tap(member: Phone, group: int, card: int) -> Tap:
    """One tap on the card."""
    return await member.taps("我要接龙", group, message_id=card)
