"""撤回 in the chat: what was sent is deleted, edited or corrected, once; what waits is cancelled; doubts are told."""

from datetime import timedelta

import pytest

from campaigns.deliveries.model import Kind
from campaigns.staff.model import Role
from handlers.wording.recalls import CORRECTION
from tests.chat.test_faults import acquainted, plans, sent
from tests.driver import Stage

STATES = "SELECT way, state FROM recalled_deliveries ORDER BY delivery_id"
CORRECTED = CORRECTION.zh[:12]


@pytest.mark.usefixtures("noon")
async def test_a_campaign_is_taken_back_once_as_far_as_the_platform_allows(stage: Stage) -> None:
    lead = await stage.staff("赵总", Role.TEAM_LEAD)
    wang, zhang, zhao = [await acquainted(stage, name) for name in ("王芳", "张小明", "赵四")]
    for phone in (zhang, zhao):
        await plans(stage, phone.id, f"{phone.name}的福利", Kind.MARKETING)
    gone = await zhao.sees("赵四的福利")
    await stage.app.bot.delete_message(zhao.id, gone["message_id"])
    await zhang.sees("张小明的福利")
    await stage.comes_to("SELECT DISTINCT state FROM deliveries WHERE campaign = 'test'", ("sent",))
    await stage.passes(timedelta(days=3))
    await plans(stage, wang.id, "王芳的福利", Kind.MARKETING)
    await wang.sees("王芳的福利")
    await stage.comes_to("SELECT DISTINCT state FROM deliveries WHERE campaign = 'test'", ("sent",))
    assert "请写明原因" in await stage.asks(lead, "/recall test")
    assert "没有可撤回的消息" in await stage.asks(lead, "/recall nothing 写错了")
    checked = await stage.asks(lead, "/recall test 利率写错了")
    assert "已送达 3 条" in checked
    await lead.taps("撤回 3 条")
    await lead.sees("撤回已开始")
    await stage.comes_to(STATES, ("edit", "corrected"), ("correct", "corrected"), ("delete", "recalled"))
    await zhang.sees(CORRECTED)
    await zhao.sees(CORRECTED)
    assert "王芳的福利" not in str(await wang.reads())
    assert "张小明的福利" not in str(await zhang.reads())
    assert "没有可撤回的消息" in await stage.asks(lead, "/recall test 再来一次")
    assert "已撤回 1，已更正 2，失败 0" in await stage.asks(lead, "/recall")
    assert len(await sent(stage, zhao.id, CORRECTED)) == 1


@pytest.mark.usefixtures("noon")
async def test_who_unsubscribes_gets_nothing_of_what_is_queued(stage: Stage) -> None:
    wang = await acquainted(stage, "王芳")
    await stage.sandbox.set_faults(
        {"kind": "too_many_requests", "retry_after": 30, "method": "sendMessage", "times": 1}
    )
    await plans(stage, wang.id, "排队的福利", Kind.MARKETING)
    await stage.comes_to("SELECT state FROM deliveries WHERE campaign = 'test'", ("retry",))
    await stage.asks(wang, "退订")
    await stage.passes(timedelta(seconds=31))
    await stage.comes_to("SELECT state, reason FROM deliveries WHERE campaign = 'test'", ("suppressed", "opted_out"))
    assert [call["outcome"] for call in await sent(stage, wang.id, "排队的福利")] == ["error"]


@pytest.mark.usefixtures("noon")
async def test_what_comes_into_doubt_is_told_at_once_to_those_who_may_settle_it(stage: Stage) -> None:
    lead = await stage.staff("赵总", Role.TEAM_LEAD)
    wang = await acquainted(stage, "王芳")
    await stage.sandbox.set_faults({"kind": "reset_after_delivery", "method": "sendMessage", "chat_id": wang.id})
    await plans(stage, wang.id, "今日福利", Kind.MARKETING)
    await lead.sees("1 条消息状态不明")
    await plans(stage, wang.id, "明日福利", Kind.MARKETING)
    await stage.passes(timedelta(hours=24))
    await lead.sees("2 条消息状态不明")
