"""Offers in the chat: preview, one confirmation, each class its own words, stopping and asking why."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from campaigns.customers.model import Letter
from campaigns.staff.model import Role
from sandbox.client import Phone
from storage.members import SqlMemberStore
from tests.driver import Stage


async def bound(stage: Stage, phone: Phone, letter: Letter) -> None:
    """A customer of this class who has opened the bot and linked a number."""
    await phone.starts(stage.bot)
    await phone.sees("您好", stage.bot)
    customer, run, now = uuid4(), uuid4(), stage.app.clock.now()
    statements = (
        "INSERT INTO segmentation_policies VALUES (1, '{}', 'default', :now) ON CONFLICT DO NOTHING",
        "INSERT INTO segmentation_runs VALUES (:run, '2025-09-30', 'lines-1', 1, :digest, :now, '[]')",
        "INSERT INTO customers VALUES (:customer, :digest, '2025-09-30')",
        "INSERT INTO customer_classes VALUES (:run, :customer, :letter, 1, 1, '[]', 1, '{}')",
    )
    facts = {"now": now, "run": run, "customer": customer, "digest": run.hex * 2, "letter": letter}
    async with stage.app.database.unit_of_work() as uow:
        for statement in statements:
            await uow.session.execute(text(statement), {k: v for k, v in facts.items() if f":{k}" in statement})
        members = SqlMemberStore(uow, stage.app.world.vault)
        await members.bind(phone.id, customer, f"+86138{phone.id % 10**8:08}", now)


async def subscribed(stage: Stage, phone: Phone) -> None:
    """Agreed to offers by the chat's own question."""
    await phone.says("订阅", stage.bot)
    await phone.taps_and_sees("同意接收", "会发到这里", stage.bot)


@pytest.mark.usefixtures("noon")
async def test_each_class_reads_its_own_offer_and_the_books_close(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang, zhao = await stage.members(group, "王芳", "张小明", "赵四")
    for phone, letter in ((wang, Letter.B), (zhang, Letter.D)):
        await bound(stage, phone, letter)
        await subscribed(stage, phone)
    await manager.says("/offer", stage.bot)
    preview = await manager.sees("B 类 1 人：满10万元抵用500元", stage.bot)
    assert "未绑定手机号 1 人" in preview["text"]
    await manager.taps("确认发放给 2 人", stage.bot)
    await manager.sees("已安排 2 人", stage.bot)
    offer = await wang.sees("满10万元抵用500元", stage.bot)
    assert "理财非存款、产品有风险、投资须谨慎" in offer["text"]
    await zhang.sees("信用卡与自助服务", stage.bot)
    await zhang.sees_no("抵用", stage.bot)
    again = await manager.taps(chat=stage.bot, message_id=preview["message_id"], data="offer:1")
    assert "不会重复发放" in (await again.answer())["text"]
    await manager.says("/offers", stage.bot)
    await manager.sees("计划 2 = 送达 2 + 失败 0", stage.bot)
    await manager.sees("已结清", stage.bot)
    assert not await stage.sandbox.calls(bot=stage.app.bot.id, chat_id=zhao.id)


@pytest.mark.usefixtures("noon")
async def test_an_offer_of_the_night_arrives_in_the_morning_unless_stopped(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang = await stage.members(group, "王芳", "张小明")
    for phone in (wang, zhang):
        await bound(stage, phone, Letter.A)
        await subscribed(stage, phone)
    await stage.passes(timedelta(hours=10))
    await manager.says("发福利", stage.bot)
    await manager.taps("确认发放给 2 人", stage.bot)
    await manager.sees("已安排 2 人", stage.bot)
    await zhang.says("退订", stage.bot)
    await zhang.sees("还没发出的福利也不会再发", stage.bot)
    await wang.sees_no("生活缴费立减", stage.bot)
    await stage.passes(timedelta(hours=11, minutes=5))
    await wang.sees("生活缴费立减", stage.bot)
    await zhang.sees_no("生活缴费立减", stage.bot)
    await manager.says("/offers", stage.bot)
    await manager.sees("拦截 1", stage.bot)


@pytest.mark.usefixtures("noon")
async def test_a_customer_asks_why_and_stops_by_the_buttons_of_the_offer(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await bound(stage, wang, Letter.D)
    await wang.says("/why_me", stage.bot)
    await wang.sees("还没有收到过", stage.bot)
    await subscribed(stage, wang)
    await manager.says("/offer", stage.bot)
    await manager.taps("确认发放给 1 人", stage.bot)
    await manager.sees("已安排 1 人", stage.bot)
    await wang.taps_and_sees("我感兴趣", "前会联系您", stage.bot)
    await wang.taps_and_sees("我感兴趣", "前会联系您", stage.bot)
    assert "客户回应\n客户对福利点了「我感兴趣」" in await stage.asks(manager, "/tasks", stage.bot)
    await stage.comes_to("SELECT source, ref FROM followups", ("offer_answered", "offer:1"))
    await wang.taps("为什么给我", stage.bot)
    await wang.sees("因为您是我行的客户", stage.bot)
    await wang.taps_and_sees("退订", "已退订", stage.bot)
    await wang.says("/stop", stage.bot)
    await wang.sees("您没有订阅", stage.bot)


@pytest.mark.usefixtures("noon")
async def test_nobody_else_previews_or_confirms(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈刚")
    compliance = await stage.staff("周严", Role.COMPLIANCE)
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await bound(stage, wang, Letter.A)
    await subscribed(stage, wang)
    for phone in (wang, compliance):
        await phone.says("/offer", stage.bot)
        await phone.sees("不对您开放", stage.bot)
    await stage.passes(timedelta(minutes=1))  # The group's welcome goes before small talk.
    await manager.says("/offer", group)
    await manager.sees("请私聊我发 /offer", group)
    await other.says("/offer", stage.bot)
    await other.sees("还没有登记商户福利群", stage.bot)
    await manager.says("/offer", stage.bot)
    data = (await manager.sees("A 类 1 人", stage.bot))["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    for phone, refusal in ((other, "只有发起的理财经理"), (wang, "不对您开放")):
        greeting = (await phone.reads(stage.bot))[-1]["message_id"]
        answer = await (await phone.taps(chat=stage.bot, message_id=greeting, data=data)).answer()
        assert refusal in answer["text"]
    await wang.sees_no("生活缴费立减", stage.bot)
