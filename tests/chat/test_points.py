"""Points in the chat: balance and movements, check-in, newcomers paid, reminders, a manager's budgets and closing."""

import asyncio
from datetime import timedelta

from campaigns.earnings.model import EarnEvent, EarnLimit
from campaigns.staff.model import Role
from tests.chat import points_bank as bank
from tests.driver import Stage


async def test_a_member_reads_balance_what_ends_next_and_the_movements_in_words(stage: Stage) -> None:
    campaign = await bank.campaign(stage, valid_days=30)
    wang = await bank.customer(stage, "王芳", 50, campaign)
    await bank.pays(stage, campaign, wang, 8)
    for words in ("/points", "我的波豆", "我的積分", "積分", "My Points", "我的 波豆！"):
        text = await stage.asks(wang, words)
        assert text.startswith("您有 58 波豆。\n其中 58 个有效至 ")
        assert "+8 完成任务\n" in text
        assert "+50 完成任务" in text
    nobody = await stage.person("赵四")
    await bank.opens(stage, nobody, bound=False)
    assert "您还没有波豆" in await stage.asks(nobody, "/points", stage.bot)


async def test_an_english_member_reads_english(stage: Stage) -> None:
    campaign = await bank.campaign(stage)
    await bank.item(stage)
    anna = await stage.person("Anna", language_code="en")
    await anna.starts(stage.bot)
    await anna.sees("Hello", stage.bot)
    await bank.pays(stage, campaign, anna, 9)
    assert "You have 9 points." in await stage.asks(anna, "/points", stage.bot)
    assert "1. Car wash\n20 points · 5 left\n幸福里 · until " in await stage.asks(anna, "redeem", stage.bot)
    assert "You have nothing to fetch." in await stage.asks(anna, "to fetch", stage.bot)


async def test_a_group_learns_nothing_of_anybodys_points(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    await bank.campaign(stage, group)
    for command in ("/points", "/shelf", "/budget", "/settlement 1", "/redeem x"):
        await stage.passes(timedelta(minutes=1))
        assert "请私聊我" in await stage.asks(manager, command, group)
    said = await manager.says("我的波豆", group)
    await manager.says("/points", group)
    answer = await manager.sees("请私聊我", group, since=said["seq"])
    assert answer["reply_to_message"]["message_id"] != said["message_id"]


async def test_a_check_in_pays_once_a_day_and_the_next_day_again(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    (wang,) = await stage.members(group, "王芳")
    await bank.opens(stage, wang)
    assert "没有签到活动" in await stage.asks(wang, "签到", stage.bot)
    assert "现在没有可赚波豆的规则" in await stage.asks(wang, "怎么赚", stage.bot)
    campaign = await bank.campaign(stage, group)
    await bank.rule(stage, campaign, EarnEvent.CHECK_IN, EarnLimit.DAILY, 2)
    await wang.sees("《入群有礼》活动规则 · 赚波豆", group)
    assert "· 入群有礼：2 波豆" in await stage.asks(wang, "/earn", stage.bot)
    await wang.taps("入群有礼", stage.bot)
    await wang.sees("每位客户每天一次、发完即止；发「签到」", stage.bot)
    said = await asyncio.gather(*(wang.says("签到", stage.bot) for _ in range(5)))
    await wang.sees("签到成功，+2 波豆", stage.bot, since=min(message["seq"] for message in said) - 1)
    assert "今天已经签到过了" in await stage.asks(wang, "簽到", group)
    await stage.passes(timedelta(days=1))
    assert "签到成功，+2 波豆" in await stage.asks(wang, "/checkin", group)
    movements = "SELECT sum(points) FROM points_movements WHERE reason = 'check_in'"
    await stage.comes_to(movements, (4,))


async def test_a_newcomer_is_paid_for_joining_and_for_linking_the_number(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    campaign = await bank.campaign(stage, group)
    await bank.rule(stage, campaign, EarnEvent.JOIN, EarnLimit.ONCE, 10)
    await bank.rule(stage, campaign, EarnEvent.BIND, EarnLimit.ONCE, 7)
    wang = await stage.person("王芳")
    await bank.opens(stage, wang, bound=False)
    await wang.joins(group)
    await wang.sees("入群有礼：+10 波豆", stage.bot)
    await bank.opens(stage, wang)
    await wang.sees("入群有礼：+7 波豆", stage.bot)
    await wang.leaves(group)
    await wang.joins(group)
    await stage.comes_to("SELECT count(*), sum(points) FROM points_movements WHERE reason = 'join'", (2, 17))


async def test_a_member_is_reminded_once_three_days_before_points_end_and_then_they_end(stage: Stage) -> None:
    campaign = await bank.campaign(stage, valid_days=5)
    wang = await bank.customer(stage, "王芳", 20, campaign)
    other = await bank.campaign(stage, valid_days=5)
    await bank.pays(stage, other, wang, 5)
    await stage.passes(timedelta(days=1))
    await wang.sees_no("到期")
    await stage.passes(timedelta(days=1))
    await wang.sees("您有 25 波豆")
    await stage.passes(timedelta(days=1))
    await stage.passes(timedelta(days=3))
    await stage.comes_to("SELECT coalesce(sum(balance), 0) FROM points_accounts WHERE kind = 'expired'", (25,))
    await stage.comes_to("SELECT count(*) FROM deliveries WHERE campaign = 'points:ending'", (1,))
    assert "-20 过期" in await stage.asks(wang, "/points")


async def test_a_manager_sees_the_own_budgets_and_closes_what_balances(stage: Stage) -> None:
    manager, stranger, lead = (
        await stage.staff("李敏"),
        await stage.staff("陈刚"),
        await stage.staff("王总", Role.TEAM_LEAD),
    )
    group = await stage.group(manager)
    campaign = await bank.campaign(stage, group, valid_days=2)
    wang = await bank.customer(stage, "王芳", 50, campaign)
    assert "没有波豆活动" in await stage.asks(stranger, "/budget", stage.bot)
    equation = "发行 1,000\n= 剩余 950\n+ 流通 50\n+ 占用 0\n+ 核销 0\n+ 过期 0\n+ 作废 0\n账平"
    for phone in (manager, lead):
        assert equation in await stage.asks(phone, "/budget", stage.bot)
    sheet = await stage.asks(manager, f"/settlement {campaign}", stage.bot)
    assert "幸福里（分摊 40%）\n核销 0\n应付 0.00 元，应收 0.00 元" in sheet
    for phone, words in ((stranger, f"/settlement {campaign}"), (manager, "/settlement 999")):
        assert "没有这个活动，或不归您管" in await stage.asks(phone, words, stage.bot)
    assert "请这样发" in await stage.asks(manager, "/settlement 全部", stage.bot)
    assert "没有这个活动，或不归您管" in await stage.forges(stranger, f"budget_close:{campaign}", stage.bot)
    assert "不对您开放" in await stage.forges(wang, f"budget_close:{campaign}")
    assert "不对您开放" in await stage.forges(wang, f"settlement:{campaign}")
    await manager.says("/budget", stage.bot)
    await manager.taps_and_sees(f"关账 #{campaign}", "活动还在进行", stage.bot)
    await stage.passes(timedelta(days=11))
    await stage.comes_to("SELECT sum(balance) FROM points_accounts WHERE kind = 'expired'", (50,))
    assert "已结束，待关账" in await stage.asks(manager, "/budget", stage.bot)
    await manager.taps(f"关账 #{campaign}", stage.bot)
    await manager.sees("关账后不能再打开", stage.bot)
    assert "没有这个活动，或不归您管" in await stage.forges(stranger, f"budget_sure:{campaign}", stage.bot)
    await manager.taps_and_sees(f"确认关账 #{campaign}", "已关账，剩余 950 已退回", stage.bot)
    await manager.taps_and_sees(f"确认关账 #{campaign}", "这个活动已经关账", stage.bot)
    assert "已关账" in await stage.asks(manager, "/budget", stage.bot)
    assert await stage.parked() == 0
