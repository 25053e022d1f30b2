"""停发 in the chat with the real sender: stopped, told, held while reminders go on, lifted by one tap, cancelled."""

import pytest

from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.staff.model import Role
from sandbox.client import Phone
from tests.driver import Stage


async def willing(stage: Stage, name: str) -> Phone:
    phone = await stage.person(name)
    await phone.starts(stage.bot)
    await phone.sees("您好", stage.bot)
    await phone.says("订阅", stage.bot)
    await phone.taps_and_sees("同意接收", "会发到这里", stage.bot)
    return phone


async def sends(stage: Stage, to: Phone, campaign: str, words: str, kind: Kind = Kind.MARKETING) -> None:
    now = stage.app.clock.now()
    async with stage.app.database.unit_of_work() as uow:
        await stage.app.services(uow).outbox.add(Draft(campaign, "v1", to.id, Message(words), kind, now))


@pytest.mark.usefixtures("noon")
async def test_a_stop_of_everything_holds_offers_from_the_next_claim_on_and_lifting_sends_them(stage: Stage) -> None:
    lead, officer = await stage.staff("赵强", Role.TEAM_LEAD), await stage.staff("钱合规", Role.COMPLIANCE)
    manager, wang = await stage.staff("李敏"), await willing(stage, "王芳")
    assert "不对您开放" in await stage.asks(manager, "/stop_all 全部 价格写错", stage.bot)
    assert "没看懂要停什么" in await stage.asks(lead, "/stop_all 这个 价格写错", stage.bot)
    assert "原因：价格写错" in await stage.asks(lead, "/stop_all 全部 价格写错", stage.bot)
    assert "请由发起的人确认" in await stage.forges(officer, "halt:1:confirm", stage.bot)
    await lead.taps("确认停发", stage.bot)
    await lead.sees("已停发 · 第 1 号", stage.bot)
    await officer.sees("赵强：价格写错", stage.bot)
    await sends(stage, wang, "promotion:1", "生活缴费立减5元")
    await sends(stage, wang, "letter:1", "您预约的上门在明天", Kind.SERVICE)
    await wang.sees("您预约的上门在明天", stage.bot)
    await stage.comes_to("SELECT priority FROM deliveries WHERE campaign = 'promotion:1'", (9,))
    assert "第 1 号 · 全部营销消息" in await stage.asks(officer, "/halt", stage.bot)
    await wang.sees_no("生活缴费立减5元", stage.bot)
    await officer.taps("▶️ 恢复 1", stage.bot)
    await officer.sees("已恢复 · 第 1 号", stage.bot)
    await wang.sees("生活缴费立减5元", stage.bot)
    await lead.sees("钱合规 恢复发送", stage.bot)
    assert "没有停发的内容" in await stage.asks(lead, "停发清单", stage.bot)
    told = "SELECT recipient FROM deliveries WHERE campaign = 'halt:1' ORDER BY id"
    await stage.comes_to(told, (officer.id,), (lead.id,))


@pytest.mark.usefixtures("noon")
async def test_a_campaign_is_chosen_by_a_tap_stopped_with_a_reason_and_what_it_holds_is_cancelled(stage: Stage) -> None:
    lead, wang = await stage.staff("赵强", Role.TEAM_LEAD), await willing(stage, "王芳")
    assert "▶️" not in await stage.asks(lead, "/stop_all promotion:2", stage.bot)
    assert "没有停发" in await stage.asks(lead, "取消", stage.bot)
    await stage.asks(lead, "/stop_all promotion:2\n活动改期", stage.bot)
    await lead.taps("确认停发", stage.bot)
    await lead.sees("已停发 · 第 1 号", stage.bot)
    await sends(stage, wang, "promotion:2", "满减活动开始啦")
    await sends(stage, wang, "promotion:3", "生活缴费立减5元")
    await wang.sees("生活缴费立减5元", stage.bot)
    assert "扣下 1 条" in await stage.asks(lead, "/halt", stage.bot)
    await lead.taps("🗑 作废 1 的 1 条", stage.bot)
    await lead.sees("作废后不能恢复", stage.bot)
    await lead.taps("🗑 确认作废", stage.bot)
    await lead.sees("作废了扣下的 1 条", stage.bot)
    await stage.comes_to("SELECT state, reason FROM deliveries WHERE campaign = 'promotion:2'", ("cancelled", "halted"))
    assert "没有扣下的消息" in await stage.forges(lead, "halt_end:1:1", stage.bot)
    for step in ("1", "2"):
        await sends(stage, wang, f"promotion:2:{step}", "满减活动又开始啦")
    assert "现在扣下的比当时多" in await stage.forges(lead, "halt_end:1:1", stage.bot)
    await stage.comes_to(
        "SELECT count(*) FROM deliveries WHERE campaign LIKE 'promotion:2:%' AND state = 'planned'", (2,)
    )
