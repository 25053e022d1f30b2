"""The task planet in the chat: check-ins that reopen at midnight, tasks paid once, proofs that a person judges."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.points.model import Share
from campaigns.tasks.reading import read_tasks
from sandbox.client import Phone
from storage.points import SqlPointsStore
from tests.driver import Stage

FORM = """tasks:
- {kind: check_in, title_zh: 每日打卡, title_en: Daily, points: 2, bonuses: {3: 5}}
- {kind: read, title_zh: 读一读, title_en: Read, points: 5, body_zh: 防诈骗三问, body_en: Three questions}
- kind: question
  title_zh: 答一答
  title_en: Answer
  points: 3
  body_zh: 谁会要验证码？
  body_en: Who?
  options: [银行, 骗子]
  answer: 2
- {kind: proof, title_zh: 到店打卡, title_en: Visit, points: 8, body_zh: 到店拍一张照片, body_en: A photo at the shop}
"""
ZONE = ZoneInfo("Asia/Shanghai")


async def campaign(stage: Stage, chat: int, budget: int = 1000) -> int:
    """A points campaign of the group, for a year."""
    [(group,)] = await stage.rows("SELECT id FROM groups WHERE chat_id = :chat", chat=chat)
    async with stage.app.database.unit_of_work() as uow:
        partner = await SqlPointsStore(uow).add_partner("幸福里", "merchant")
        ends_at = stage.app.clock.now() + timedelta(days=365)
        points = stage.app.services(uow).points
        return (await points.open("波豆", 100, 30, [Share(partner, 10_000)], budget, ends_at, group)).id


async def tasks(stage: Stage, manager: Phone, group: int, form: str = FORM, budget: int = 1000) -> None:
    """Tasks that the manager published."""
    number = await campaign(stage, group, budget)
    assert "已发布" in await stage.asks(manager, f"/task {number}\n{form}", stage.bot)


async def midnight(stage: Stage, before: timedelta) -> None:
    """Turn the clock to shortly before the bank's next midnight."""
    now = stage.app.clock.now().astimezone(ZONE)
    end = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), ZONE)
    await stage.passes(end.astimezone(UTC) - now - before)


async def test_a_check_in_pays_once_a_day_and_the_next_day_reopens(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await tasks(stage, manager, group)
    await wang.starts(stage.bot)
    await wang.sees("/help", stage.bot)
    await midnight(stage, timedelta(hours=1))
    assert "连续 0 天，再 3 天 +5" in await stage.asks(wang, "/planet", stage.bot)
    await wang.taps("每日打卡", stage.bot)
    await wang.sees("「每日打卡」完成，+2 波豆", stage.bot)
    assert "今天已经打过卡了" in await stage.forges(wang, "task:open:1:0", stage.bot)
    for streak, paid in ((2, 2), (3, 7)):
        await stage.passes(timedelta(days=1))
        await wang.says("我的星球", stage.bot)
        await wang.taps("每日打卡", stage.bot)
        await wang.sees(f"完成，+{paid} 波豆", stage.bot)
        await wang.sees(f"连续 {streak} 天", stage.bot)
    await stage.comes_to("SELECT sum(points) FROM points_movements WHERE reason = 'check_in'", (11,))


async def test_two_sides_of_midnight_are_two_days(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await tasks(stage, manager, group)
    await wang.starts(stage.bot)
    await wang.sees("/help", stage.bot)
    await stage.asks(wang, "/planet", stage.bot)
    await midnight(stage, timedelta(minutes=20))
    await stage.sandbox.turn_clock(rate=1)
    await wang.taps("每日打卡", stage.bot)
    await wang.sees("✅ 每日打卡", stage.bot)
    await stage.passes(timedelta(minutes=21))
    await stage.asks(wang, "/planet", stage.bot)
    await wang.taps("每日打卡", stage.bot)
    await stage.comes_to("SELECT count(*), max(streak), max(period) - min(period) FROM task_steps", (2, 2, 1))


async def test_reading_and_answering_earn_once_and_a_wrong_answer_may_think_again(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await tasks(stage, manager, group)
    await wang.starts(stage.bot)
    await wang.sees("/help", stage.bot)
    await stage.asks(wang, "/planet", stage.bot)
    await wang.taps("读一读", stage.bot)
    await wang.sees("防诈骗三问", stage.bot)
    await wang.taps("我读完了", stage.bot)
    await wang.sees("「读一读」完成，+5 波豆", stage.bot)
    await wang.taps("答一答", stage.bot)
    await wang.taps_and_sees("银行", "再想想", stage.bot)
    await wang.taps("骗子", stage.bot)
    await wang.sees("✅ 答一答", stage.bot)
    assert "这个任务已经完成了" in await stage.forges(wang, "task:do:3:2", stage.bot)
    await stage.comes_to("SELECT sum(points) FROM points_movements WHERE reason = 'task'", (8,))


async def test_a_proof_is_judged_by_the_groups_manager_once_and_nobody_else(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈晨")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await tasks(stage, manager, group)
    await wang.starts(stage.bot)
    await wang.sees("/help", stage.bot)
    await stage.asks(wang, "/planet", stage.bot)
    await wang.taps("到店打卡", stage.bot)
    await wang.sees("请发一张照片或一句话", stage.bot)
    assert "证明已收到" in await stage.asks(wang, "我今天到幸福里签到了", stage.bot)
    assert "没有待审核" in await stage.asks(other, "/proofs", stage.bot)
    assert "不归你审核" in await stage.forges(other, "proof:1:1", stage.bot)
    assert "不对您开放" in await stage.forges(wang, "proof:1:1", stage.bot)
    assert "王芳 的证明" in await stage.asks(manager, "/proofs", stage.bot)
    await manager.taps_and_sees("通过", "已处理", stage.bot)
    await wang.sees("「到店打卡」审核通过，+8 波豆", stage.bot)
    await manager.taps_and_sees("不通过", "已经处理过了", stage.bot)
    await stage.comes_to("SELECT sum(points) FROM points_movements WHERE reason = 'task'", (8,))


async def test_tasks_are_for_the_group_and_stay_with_those_who_left_out(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈晨")
    group = await stage.group(manager)
    stranger = await stage.person("路人")
    await tasks(stage, manager, group)
    await stranger.starts(stage.bot)
    await stranger.sees("/help", stage.bot)
    assert "现在没有任务" in await stage.asks(stranger, "/planet", stage.bot)
    assert "不对您开放" in await stage.forges(stranger, "task:do:1:0", stage.bot)
    assert "不属于你的群" in await stage.asks(other, f"/task 1\n{FORM}", stage.bot)
    assert "tasks.1.kind 要写其中一个" in await stage.asks(manager, "/task 1\ntasks: [{kind: dance}]", stage.bot)
    assert "/task 活动编号" in await stage.asks(manager, "/task", stage.bot)
    assert "不对您开放" in await stage.asks(stranger, f"/task 1\n{FORM}", stage.bot)


async def test_fifty_taps_at_once_are_one_check_in_and_an_empty_budget_says_so(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await tasks(stage, manager, group, budget=2)
    await wang.starts(stage.bot)
    await wang.sees("/help", stage.bot)
    await stage.asks(wang, "/planet", stage.bot)

    async def check_in() -> str:
        async with stage.app.database.unit_of_work() as uow:
            services = stage.app.services(uow)
            member = (await services.people.many([wang.id]))[wang.id]
            return (await services.tasks.do(member, 1)).code

    codes = await asyncio.gather(*(check_in() for _ in range(50)))
    assert (codes.count("done"), codes.count("twice")) == (1, 49)
    await stage.comes_to("SELECT sum(points) FROM points_movements WHERE reason = 'check_in'", (2,))
    await wang.taps("读一读", stage.bot)
    await wang.taps("我读完了", stage.bot)
    await wang.sees("波豆预算已发完", stage.bot)


def test_the_published_form_is_read_as_written() -> None:
    assert [task.points for task in read_tasks(FORM)] == [2, 5, 3, 8]
