"""Two processes of one bot: one leads, the other takes over when the leader dies."""

import pytest

from sandbox.client import Phone, Sandbox
from tests.bot_process import BotProcess
from tests.e2e.conftest import USERNAME

pytestmark = pytest.mark.e2e


async def test_a_standby_takes_over_when_the_leader_is_killed(
    sandbox: Sandbox, bot_process: BotProcess, manager: Phone
) -> None:
    standby = bot_process.twin()
    with bot_process:
        await manager.starts(USERNAME)
        await manager.sees("小助手")
        with standby:
            assert "standing_by" in standby.says("standing_by")
            bot_process.kill()
            mark = await manager.mark()
            await manager.says("/help")
            await manager.sees("我能做这些", within=20, since=mark)
    answers = [call for call in await sandbox.calls(method="sendMessage") if "我能做这些" in call["params"]["text"]]
    assert len(answers) == 1
