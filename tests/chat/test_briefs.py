"""A manager's day in the chat: the brief at its hour, one tap per customer, the reminder, the week's picture."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest

from campaigns.bankdays.rules import works
from sandbox.client import Phone
from storage.private_postgres import PrivatePostgres
from tests.chat.test_customers import bound
from tests.chat.test_followups import tapped
from tests.chat.test_workbench import NUMBER, followed, own
from tests.driver import Stage

ZONE = ZoneInfo("Asia/Shanghai")
PNG = b"\x89PNG"


@pytest.fixture
def database_url(postgres: PrivatePostgres, classed_bank: str) -> Iterator[str]:
    """A database with customers of two quarters, of whom three have something that pays."""
    with followed(postgres, classed_bank) as url:
        with psycopg.connect(url) as connection:
            connection.execute(
                """UPDATE customer_actions SET action = 'idle_cash', product = 'funds', channel = 'call',
                    expected_value_fen = greatest(expected_value_fen, 100)"""
            )
        yield url


async def comes(stage: Stage, hour: time, *, today: bool = True) -> None:
    """Turn the clock to the hour of a bank day: the next time it comes, or not before tomorrow."""
    now = stage.app.clock.now().astimezone(ZONE)
    then = datetime.combine(now.date(), hour, tzinfo=ZONE) + timedelta(days=not today)
    while then <= now or not works(then.date()):
        then += timedelta(days=1)
    await stage.passes(then - now)


async def a_customer(stage: Stage, manager: Phone) -> Phone:
    """A member of the manager's group who is the grown customer and has agreed to offers."""
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王小芳")
    await bound(stage, wang)
    await wang.starts(stage.bot)
    await wang.sees("您的手机号已绑定", stage.bot)
    return wang


async def test_a_day_from_the_brief_to_the_reminder_and_the_week(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    wang = await a_customer(stage, manager)
    await own(stage, manager, "王小芳", "曾小明", "张三")
    await comes(stage, time(8, 31), today=False)  # Who became a manager today has no brief before tomorrow.
    brief = await manager.sees("☀️ 早安，今天值得联系的 3 位客户", stage.bot)
    assert f"1. {NUMBER} · B\n🎯 活期 9,000,000 元建议转入基金（理财经理电话），预期 " in brief["text"]
    assert "📨 文案：活期打理建议" in brief["text"]
    assert "王" not in brief["text"]
    there = {"chat": stage.bot, "message_id": brief["message_id"]}
    await manager.taps("1 📨", **there)
    await manager.sees(f"已记录（{NUMBER}）。结果怎样", stage.bot)
    await comes(stage, time(9, 30))  # The gate lets offers through after the quiet hours.
    text = await wang.sees("您好，我是理财经理李敏。您有一笔活期资金，想了解基金", stage.bot)
    assert "理财非存款" in text["text"]
    tap = await wang.taps("我感兴趣", stage.bot)
    assert "前会联系您" in (await tap.answer())["text"]
    await manager.sees(f"客户 {NUMBER} 回复：感兴趣", stage.bot)
    assert "客户回应\n客户点了「我感兴趣」" in await stage.asks(manager, "/tasks", stage.bot)
    assert "已经处理过" in await stage.forges(manager, "brief:1:call", stage.bot)
    assert "不是您今天的名单" in await stage.forges(manager, "brief:99:call", stage.bot)
    await manager.taps("2 📞", **there)
    result = await manager.sees("结果怎样", stage.bot, since=(await manager.sees("客户回应", stage.bot))["seq"])
    await manager.taps("❌ 没成", stage.bot, message_id=result["message_id"])
    await manager.sees("为什么没成", stage.bot)
    await manager.taps("他行已办", stage.bot)
    await stage.comes_to("SELECT succeeded FROM action_outcomes", (False,))
    await manager.taps("3 ⏭", **there)
    await manager.sees("跳过 3（", stage.bot)
    await manager.taps("不合适", stage.bot)
    await manager.sees("已跳过：不合适", stage.bot)
    assert "今天的都联系过了" in await stage.asks(manager, "早报", stage.bot)
    await manager.says("/week", stage.bot)
    week = await manager.sees("联系 2 次：文案 1、电话 1、面谈 0", stage.bot)
    assert "早报：推荐 3 位，已联系 2，跳过 1" in week["caption"]
    async with httpx.AsyncClient() as client:
        picture = await client.get(f"{stage.sandbox.url}/api/files/{week['photo'][-1]['file_id']}")
    assert picture.content.startswith(PNG)
    assert await stage.parked() == 0


async def test_the_hour_is_the_managers_own_and_what_is_left_is_told_once_in_the_afternoon(stage: Stage) -> None:
    manager, off = await stage.staff("李敏"), await stage.staff("陈刚")
    await own(stage, manager, "王小芳")
    assert "时间请写 6:00 到 12:00" in await stage.asks(manager, "/brief 23:00")
    assert "工作日 07:15 发早报" in await stage.asks(manager, "早报 7:15")
    assert "不再发早报" in await stage.asks(off, "早报 关")
    await comes(stage, time(7, 16), today=False)
    brief = await manager.sees("今天值得联系的 1 位客户")
    assert "1 📨" not in str(brief["reply_markup"])
    assert "只能电话、面谈" in brief["text"]
    await comes(stage, time(16, 31))
    await manager.sees("今日名单还剩 1 位没联系")
    await tapped(manager, "看今日名单", "今天值得联系的 1 位客户")
    sent = "SELECT step, count(*) FROM deliveries WHERE campaign LIKE 'brief%' GROUP BY 1 ORDER BY 1"
    await stage.comes_to(sent, ("afternoon", 1), ("morning", 1))
