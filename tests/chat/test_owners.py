"""Customers of a manager who is away, or who hands them over: what goes together, and who is told once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from campaigns.followups.model import Source
from storage.private_postgres import PrivatePostgres
from tests.chat.test_briefs import a_customer
from tests.chat.test_followups import opened
from tests.chat.test_workbench import NUMBER, followed
from tests.driver import Stage


@pytest.fixture
def database_url(postgres: PrivatePostgres, classed_bank: str) -> Iterator[str]:
    """A database with customers of two quarters."""
    with followed(postgres, classed_bank) as url:
        yield url


async def test_customers_follow_ups_and_promises_go_together_and_the_customer_is_told_once(stage: Stage) -> None:
    manager, next_one = await stage.staff("李敏"), await stage.staff("陈刚")
    wang = await a_customer(stage, manager)
    await opened(stage, Source.PROMISE, "周五前给利率表")
    today = stage.app.clock.now().date()
    await stage.rows(
        """INSERT INTO staff_absences (member_id, starts_on, ends_on, stand_in_id, made_at)
        VALUES (:away, :first, :last, :stand_in, now()) RETURNING 1""",
        away=manager.id, first=today - timedelta(days=1), last=today + timedelta(days=1), stand_in=next_one.id,
    )  # fmt: skip
    await wang.sees("由陈刚代为跟进您的事项", stage.bot)
    assert "答应客户的事\n周五前给利率表" in await stage.asks(next_one, "/tasks")
    assert NUMBER in await stage.asks(next_one, "/my")
    await stage.rows("DELETE FROM told_absences RETURNING 1")
    await stage.rows("DELETE FROM staff_absences RETURNING 1")
    assert "没有待跟进的事" in await stage.asks(next_one, "/tasks")
    await stage.asks(manager, "交接客户", stage.bot)
    await manager.taps("陈刚", stage.bot)
    await manager.sees("交给 陈刚：1 位客户、1 项跟进（含承诺）。1 位客户会收到一次通知。确认交接？", stage.bot)
    await manager.taps("确认交接", stage.bot)
    await manager.sees("已交接给 陈刚：1 位客户、1 项跟进", stage.bot)
    await wang.sees("今后由理财经理陈刚为您服务", stage.bot)
    await next_one.sees("李敏 把 1 位客户和 1 项跟进交给了您")
    assert "周五前给利率表" in await stage.asks(next_one, "/tasks")
    assert "还没有客户" in await stage.asks(manager, "/my", stage.bot)
    assert "只能交给在职的理财经理" in await stage.forges(manager, f"handover:{wang.id}:1", stage.bot)
    told = "SELECT step, count(*) FROM deliveries WHERE campaign ~ '^(handover|absence)' AND step = 'told' GROUP BY 1"
    await stage.comes_to(told, ("told", 2))
    assert await stage.parked() == 0
