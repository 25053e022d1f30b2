"""渠道 in the chat: what is in doubt outside of it is told at once and settled by a person."""

import pytest

from campaigns.staff.model import Role
from tests.driver import Stage

LEFT = """INSERT INTO channel_messages (campaign, step, channel, title, text, kind, touch, state, cost_fen, due_at,
        attempts, repeats, owner, planned_at)
    SELECT 'promotion:7', 'v' || n, 'staff_group', '', '今天开始。', 'service', 'call', 'dispatching', 0, now(),
        1, 0, 'a former worker', now() FROM generate_series(1, 2) n RETURNING id"""


@pytest.mark.usefixtures("noon")
async def test_what_comes_into_doubt_on_another_channel_is_told_at_once_and_settled_once(stage: Stage) -> None:
    lead = await stage.staff("赵总", Role.TEAM_LEAD)
    [(first,), (second,)] = await stage.rows(LEFT)
    assert await stage.app.channel_worker.recover() == 2
    await lead.sees("2 条消息状态不明")
    listed = await stage.asks(lead, "/unknown")
    assert f"渠道#{first} promotion:7 · v1，员工群" in listed
    await lead.taps_and_sees(f"渠道#{first} 未送达", "已记录")
    await lead.taps_and_sees(f"渠道#{second} 已送达", "已记录")
    await lead.taps_and_sees(f"渠道#{second} 未送达", "已经处理过")
    by = f"resolved by {lead.id}"
    assert await stage.rows("SELECT state, detail FROM channel_messages ORDER BY id") == [("failed", by), ("sent", by)]
    assert "没有状态不明的消息" in await stage.asks(lead, "/unknown")
