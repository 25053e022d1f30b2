"""Edits that answer fast taps in private keep Telegram's pace, so that the last of them arrives."""

from campaigns.workbench.rules import ANSWERS
from tests.chat import points_bank as bank
from tests.driver import Stage


async def test_five_fast_taps_are_five_edits_and_none_is_refused(stage: Stage) -> None:
    wang = await stage.person("王芳")
    await bank.opens(stage, wang)
    await stage.asks(wang, "我的资料", stage.bot)
    card = await wang.sees("职业", stage.bot)
    await stage.sandbox.turn_clock(rate=1)  # As in life: three edits at once, then one a second.
    before = (await stage.sandbox.wait("/api/calls"))["seq"]
    fields = list(ANSWERS)[:2]
    for turn in range(5):
        await wang.taps(data=f"own_field:{fields[turn % 2]}", chat=stage.bot, message_id=card["message_id"])
    edits = {"method": "editMessageText", "chat_id": wang.id}
    calls = await stage.sandbox.waits_for_calls(5, after=before, **edits)
    assert [call["error_code"] for call in calls] == [None] * 5
