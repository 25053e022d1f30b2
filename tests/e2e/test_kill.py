"""kill -9 at random moments: no tap is lost, nothing is repeated, what was in flight is known to be in doubt."""

import asyncio
import random
from collections import Counter

import psycopg
import pytest

from sandbox.client import Phone, Sandbox, Tap
from tests.bot_process import BotProcess
from tests.driver import GROUP, RIGHTS
from tests.e2e.conftest import USERNAME

pytestmark = pytest.mark.e2e
KILLS, TAPPING, JOINING = 2, 16, 5


async def test_killed_at_any_moment_the_bot_loses_no_tap_and_repeats_nothing(
    sandbox: Sandbox, bot_process: BotProcess, manager: Phone, invitation: str, database_url: str
) -> None:
    moments = random.Random(20261121)
    await sandbox.set_faults(limits=False)
    members = await asyncio.gather(*(sandbox.new_person(f"客户{at}") for at in range(KILLS * TAPPING)))
    newcomers = await asyncio.gather(*(sandbox.new_person(f"新人{at}") for at in range(KILLS * JOINING)))
    group = await sandbox.new_group(GROUP, manager, members)
    with bot_process:
        await manager.starts(USERNAME, invitation)
        await manager.sees("/help")
        await manager.adds_bot(USERNAME, group, parameter="register", rights=RIGHTS)
        await manager.sees("群公告", group)
        await manager.says("/chain 联名信用卡 200 3天", group)
        card = (await manager.sees("【接龙】联名信用卡", group))["message_id"]
        for kill in range(KILLS):
            tapping = members[kill * TAPPING : (kill + 1) * TAPPING]
            joining = newcomers[kill * JOINING : (kill + 1) * JOINING]
            await asyncio.gather(*(tap(one, group, card) for one in tapping), *(one.joins(group) for one in joining))
            await asyncio.sleep(moments.uniform(0, 0.4))  # The moment of the kill is the point of the test.
            bot_process.kill()
            bot_process.start()
        await manager.sees(f"已报名 {len(members)}/200", group, within=60)
        await settled(database_url)
    with psycopg.connect(database_url) as connection:
        places = connection.execute("SELECT member_id FROM chain_entries WHERE left_at IS NULL").fetchall()
        unfinished = connection.execute("SELECT count(*) FROM inbox WHERE state <> 'done'").fetchone()
        ledger = connection.execute(
            "SELECT payload ->> 'text', count(*) FROM deliveries WHERE method = 'sendMessage' GROUP BY 1"
        ).fetchall()
        doubtful = connection.execute("SELECT payload ->> 'text' FROM deliveries WHERE state = 'unknown'").fetchall()
    assert Counter(member for (member,) in places) == Counter(member.id for member in members)
    assert unfinished == (0,)
    planned: Counter[str] = Counter(dict(ledger))
    sent = Counter(call["params"]["text"] for call in await sandbox.calls(method="sendMessage"))
    welcomes = {text for text in planned if "欢迎 新" in text}
    in_doubt = Counter(text for (text,) in doubtful)
    for text in welcomes:
        assert planned[text] - in_doubt[text] <= sent[text] <= planned[text]


async def tap(member: Phone, group: int, card: int) -> Tap:
    """One tap on the card; nobody waits for the answer."""
    return await member.taps("我要接龙", group, message_id=card)


async def settled(database_url: str) -> None:
    """Wait until the ledger has nothing under way."""
    connection = await psycopg.AsyncConnection.connect(database_url, autocommit=True)
    async with connection:
        query = "SELECT count(*) FROM deliveries WHERE state IN ('planned', 'retry', 'dispatching') AND due_at < now()"
        while (await (await connection.execute(query)).fetchone()) != (0,):
            await asyncio.sleep(0.1)
