"""Journeys in the chat: a second person releases, the customer hears and asks why, staff see how it goes."""

from sqlalchemy import text

from campaigns.events.model import Event, EventKind
from campaigns.members.model import Purpose
from campaigns.staff.model import Role
from storage.events import SqlEventStore
from storage.members import SqlMemberStore
from tests.driver import Stage

PLAN = """
journey: rainy-day
title: 定投暂停提醒 | Paused plan
why: 您的定投计划暂停了 | your plan is paused
trigger: {event: fund_plan_paused}
goal: fund_plan_resumed
hold_out: 0
steps:
  - id: hello
    send: {kind: marketing, text: "需要帮忙吗？ | Can we help?"}
  - id: rest
    wait: {until: fund_plan_resumed, days: 14}
"""


async def test_a_journey_is_released_by_a_second_person_and_the_customer_learns_why(stage: Stage, noon: object) -> None:
    lead, author = await stage.staff("赵队", Role.TEAM_LEAD), await stage.staff("李敏")
    assert "还没有旅程" in await stage.asks(author, "/journeys")
    customer = await stage.person("小美")
    await customer.starts(stage.bot)
    await customer.sees("您好")
    now = stage.app.clock.now()
    async with stage.app.database.unit_of_work() as uow:
        await stage.app.services(uow).journeys.load(PLAN, f"李敏 ({author.id})", "首次")
        await SqlMemberStore(uow, stage.app.world.vault).give_consent(
            customer.id, Purpose.MARKETING, "marketing-1", now
        )
        await uow.session.execute(text("INSERT INTO global_controls VALUES (2, 'none', 0, 'test', now())"))
    waiting = await stage.asks(author, "旅程")
    assert "📝 待放行 定投暂停提醒" in waiting
    assert "不对您开放" in await stage.forges(author, "journey_do:release:1:rainy-day", stage.bot)
    await stage.asks(lead, "旅程")
    await lead.taps("放行 定投暂停提醒", stage.bot)
    await lead.sees("▶️ 运行中", stage.bot)
    event = Event(EventKind.FUND_PLAN_PAUSED, now, "file", "file:1", member_id=customer.id)
    async with stage.app.database.unit_of_work() as uow:
        await SqlEventStore(uow, "Asia/Shanghai").add([event], now)
    await customer.sees("需要帮忙吗？", stage.bot)
    await customer.taps("为什么给我", stage.bot)
    answer = (await customer.sees("您收到「定投暂停提醒」", stage.bot))["text"]
    assert "您的定投计划暂停了" in answer
    assert "缘由：定投计划暂停" in answer
    shown = await stage.asks(lead, "旅程")
    assert "进入 1 人" in shown
    assert "在途：rest 1 人" in shown
    await lead.taps("⏸ 暂停 定投暂停提醒", stage.bot)
    await lead.sees("⏸ 已暂停", stage.bot)
    done = await stage.rows("SELECT change, made_by FROM journey_changes ORDER BY id")
    assert done == [
        ("load", f"李敏 ({author.id})"),
        ("release", f"赵队 ({lead.id})"),
        ("pause", f"赵队 ({lead.id})"),
    ]
