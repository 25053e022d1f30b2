"""Customers of a manager who is away, or who hands them over: what goes together, and who is told once."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from campaigns.followups.model import Source
from storage.private_postgres import PrivatePostgres
from tests.chat.test_briefs import a_customer
from tests.chat.test_followups import opened
from tests.chat.test_visits import delivered
from tests.chat.test_workbench import NUMBER, followed
from tests.driver import Stage


@pytest.fixture
def database_url(postgres: PrivatePostgres, classed_bank: str) -> Iterator[str]:
    """A database with customers of two quarters."""
    with followed(postgres, classed_bank) as url:
        yield url


async def test_everything_goes_together_and_the_customer_is_told_once(stage: Stage, noon: datetime) -> None:
    manager, next_one = await stage.staff("李敏"), await stage.staff("陈刚")
    wang = await a_customer(stage, manager)
    await opened(stage, Source.PROMISE, "周五前给利率表")
    [(group,)] = await stage.rows("SELECT chat_id FROM groups")
    await stage.chain(manager, group)
    await wang.taps_and_sees("我要接龙", "已报名", group)
    await delivered(stage, manager)
    today, day = noon.date(), noon.date() + timedelta(days=1)
    for phone in (manager, next_one):
        await stage.asks(phone, f"/slots {day} 09:00-12:00 1", stage.bot)
    await stage.asks(wang, "我的进度", stage.bot)
    await wang.taps("约上门激活", stage.bot)
    await wang.taps("09:00–12:00", stage.bot)
    await wang.sees("请发上门地址", stage.bot)
    await stage.asks(wang, "幸福里3栋201", stage.bot)
    await wang.says("我的快递单号是多少", stage.bot)
    await wang.sees("已转给您的理财经理", stage.bot)
    # Away for a day: the stand-in sees follow-ups, customers, groups and visits.
    await stage.rows(
        """INSERT INTO staff_absences (member_id, starts_on, ends_on, stand_in_id, made_at)
        VALUES (:away, :day, :day, :stand_in, now()) RETURNING 1""",
        away=manager.id, day=today, stand_in=next_one.id,
    )  # fmt: skip
    await wang.sees("由陈刚代为跟进您的事项", stage.bot)
    assert "答应客户的事\n周五前给利率表" in await stage.asks(next_one, "/tasks")
    assert NUMBER in await stage.asks(next_one, "/my")
    assert "幸福里商户福利群（代 李敏）" in await stage.asks(next_one, "/groups")
    assert "幸福里3栋201" in await stage.asks(next_one, f"/visits {day}")
    await stage.rows("DELETE FROM told_absences RETURNING 1")
    await stage.rows("DELETE FROM staff_absences RETURNING 1")
    assert "没有待跟进的事" in await stage.asks(next_one, "/tasks")
    assert "您还没有群" in await stage.asks(next_one, "/groups")
    # For good: all of it goes, and with the visit its room.
    await stage.asks(manager, "交接客户", stage.bot)
    await manager.taps("陈刚", stage.bot)
    what = "1 位客户、1 项跟进（含承诺）、1 个群、1 个办卡申请、1 次上门、1 个提问"
    await manager.sees(f"交给 陈刚：{what}。1 位客户会收到一次通知。确认交接？", stage.bot)
    await manager.taps("确认交接", stage.bot)
    await manager.sees(f"已交接给 陈刚：{what}", stage.bot)
    await wang.sees("今后由理财经理陈刚为您服务", stage.bot)
    await next_one.sees(f"李敏 交给您：{what}")
    assert "周五前给利率表" in await stage.asks(next_one, "/tasks")
    assert "我的群 · 1 个" in await stage.asks(next_one, "/groups")
    assert "幸福里3栋201" in await stage.asks(next_one, f"/visits {day}")
    assert "王小芳 · 联名信用卡" in await stage.asks(next_one, "/applications")
    assert "待答复 1 个" in await stage.asks(next_one, "/questions")
    assert "1. 王小芳" in await stage.asks(next_one, "/chains")
    await stage.comes_to("SELECT leader_id FROM chains", (next_one.id,))
    for words, nothing in (("/my", "还没有客户"), ("/groups", "您还没有群"), (f"/visits {day}", "没有上门")):
        assert nothing in await stage.asks(manager, words, stage.bot)
    await stage.comes_to("SELECT places FROM visit_slots WHERE manager_id = :id", (2,), id=next_one.id)
    assert "只能交给在职的理财经理" in await stage.forges(manager, f"handover:{wang.id}:1", stage.bot)
    told = "SELECT step, count(*) FROM deliveries WHERE campaign ~ '^(handover|absence)' AND step = 'told' GROUP BY 1"
    await stage.comes_to(told, ("told", 2))
    assert await stage.parked() == 0
