"""Follow-ups in the chat: from a card, one tap each, over to a colleague and back, overdue to the team lead."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from campaigns.followups.model import Source
from campaigns.staff.model import Role
from sandbox.client import Phone
from storage.private_postgres import PrivatePostgres
from tests.chat.test_workbench import NUMBER, followed, own
from tests.driver import Stage

OUTCOMES = "SELECT succeeded FROM action_outcomes"


@pytest.fixture
def database_url(postgres: PrivatePostgres, classed_bank: str) -> Iterator[str]:
    """A database with customers of two quarters."""
    with followed(postgres, classed_bank) as url:
        yield url


async def opened(stage: Stage, source: Source, why: str, ref: str | None = None) -> UUID:
    """A follow-up for the grown customer, as another feature opens it."""
    [(customer,)] = await stage.rows("SELECT id FROM customers WHERE number = :number", number=NUMBER)
    async with stage.app.database.unit_of_work() as uow:
        await stage.app.services(uow).followups.open(customer, source, why, ref=ref)
    return UUID(str(customer))


async def tapped(phone: Phone, label: str, seen: str) -> str:
    """Tap, and wait for what comes of it."""
    mark = await phone.mark()
    await phone.taps(label)
    return str((await phone.sees(seen, since=mark))["text"])


async def test_a_follow_up_is_made_in_two_taps_put_off_and_done(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    await own(stage, manager, "王小芳")
    assert "没有待跟进的事" in await stage.asks(manager, "/tasks")
    await stage.asks(manager, f"客户 {NUMBER}")
    await tapped(manager, "⏰ 跟进", "跟进什么")
    await tapped(manager, "回电话", "已记下：回电话，截止 ")
    await tapped(manager, "客户卡", "⏰ 待跟进：回电话（客户卡，")
    await tapped(manager, "⏰ 跟进", "跟进什么")
    await tapped(manager, "🤝 答应的事…", "您答应了客户什么")
    assert "已记下：周五前给利率表" in await stage.asks(manager, "周五前给利率表")
    listed = await stage.asks(manager, "跟进")
    assert "我的跟进 · 2 项" in listed
    assert f"1. {NUMBER} 王*芳 · 客户卡\n回电话\n截止 " in listed
    assert "· ⏰2" in await stage.asks(manager, "/my")
    await stage.asks(manager, "/tasks")
    await tapped(manager, "1 🕓 稍后", "改到 ")
    await tapped(manager, "1 ✅ 完成", "已完成。\n\n⏰ 我的跟进 · 1 项")
    assert await stage.rows(OUTCOMES) == []
    forged = [await stage.forges(manager, data) for data in ("follow:2:done", "follow:99:done", "follow:x:done")]
    assert ["已经了结" in forged[0], "没有这一项" in forged[1], "已失效" in forged[2]] == [True] * 3
    assert await stage.parked() == 0


async def test_an_overdue_one_is_told_to_the_lead_once_and_what_came_of_a_next_action_is_kept(stage: Stage) -> None:
    manager, lead = await stage.staff("李敏"), await stage.staff("赵强", Role.TEAM_LEAD)
    await own(stage, manager, "王小芳")
    await opened(stage, Source.NEXT_ACTION, "推荐理财", "run:1")
    await opened(stage, Source.NEXT_ACTION, "推荐理财", "run:1")
    await stage.comes_to("SELECT count(*) FROM followups", (1,))
    await stage.passes(timedelta(days=8))
    told = await lead.sees("🔴 逾期未跟进", stage.bot)
    assert f"{NUMBER} 王*芳 · 下一步行动\n负责人 李敏" in told["text"]
    assert "🔴 已逾期" in await stage.asks(manager, "/tasks")
    assert "不归您" in await stage.forges(lead, "follow:1:done")
    await tapped(manager, "1 ❌ 没成", "为什么没成")
    await tapped(manager, "不感兴趣", "客户拒绝")
    await stage.comes_to(OUTCOMES, (False,))
    await stage.comes_to("SELECT count(*) FROM deliveries WHERE step = :step", (1,), step="1:late")


async def test_a_request_goes_to_another_department_and_is_seen_to_close(stage: Stage) -> None:
    manager, desk = await stage.staff("李敏"), await stage.staff("孙网点", Role.BRANCH)
    await own(stage, manager, "王小芳")
    await opened(stage, Source.COMPLAINT, "取号等太久")
    await stage.asks(manager, "/tasks")
    await tapped(manager, "1 ↪️ 转给", "转给谁")
    await tapped(manager, "孙网点（", "已转给 孙网点")
    await desk.sees(f"李敏 请您跟进：{NUMBER} 王*芳 · 投诉", stage.bot)
    assert "没有待跟进的事" in await stage.asks(manager, "/tasks")
    await tapped(desk, "看我的跟进", "同事交办")
    await tapped(desk, "1 ✅ 完成", "已完成")
    assert await stage.rows("SELECT 1 FROM deliveries WHERE strpos(payload::text, '取号') > 0") == []
    await manager.sees(f"孙网点 办结了您交办的事：{NUMBER} 王*芳 · 投诉\n结果：完成", stage.bot)


async def test_a_change_of_class_is_followed_up_once_per_run(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    await own(stage, manager, "王小芳")
    await stage.rows("DELETE FROM followed_runs RETURNING 1")
    await stage.comes_to("SELECT count(*) FROM followups", (1,))
    said = await stage.asks(manager, "/tasks")
    assert "类别变动\n从A 成长期变为B 培育期" in said
    assert "我的跟进 · 1 项" in said
