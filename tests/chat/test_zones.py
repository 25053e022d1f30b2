"""预约 and the money game in the chat: a place is booked by taps, staff see who comes, a group's link is counted."""

from datetime import datetime, timedelta

from campaigns.staff.model import Role
from tests.chat.test_catalogue import EXAMPLE
from tests.driver import Stage


async def load(stage: Stage) -> None:
    """The example is the catalogue."""
    async with stage.app.database.unit_of_work() as uow:
        await stage.app.services(uow).catalogue.load(EXAMPLE, "王", "首次")


async def test_a_visitor_books_a_place_is_reminded_and_gives_it_back(stage: Stage, noon: datetime) -> None:
    await load(stage)
    visitor, branch = await stage.person("王芳"), await stage.staff("赵行长", Role.BRANCH)
    assert "可以预约的地方" in await stage.asks(visitor, "挂号", stage.bot)
    await visitor.taps("🏘 社区服务日", stage.bot)
    card = (await visitor.sees("每周三上午", stage.bot))["text"]
    assert "社保卡激活：带身份证和社保卡" in card
    assert "防诈宣传：现场讲案例" in card
    await visitor.taps("‹ 全部", stage.bot)
    await visitor.sees("可以预约的地方", stage.bot)
    await visitor.taps("🏥 医院挂号（内科）", stage.bot)
    times = await visitor.sees("市第一医院", stage.bot)
    free = times["reply_markup"]["inline_keyboard"][0][0]
    assert free["text"].endswith("（3）")
    await visitor.taps(free["text"], stage.bot)
    await visitor.sees("约好了：医院挂号（内科）", stage.bot)
    again = "同一天同一处只能约一次。"
    assert await stage.forges(visitor, free["callback_data"], stage.bot) == again
    [(starts_at,)] = await stage.rows("SELECT starts_at FROM zone_bookings")
    assert starts_at > noon
    eve = starts_at.astimezone(noon.tzinfo).replace(hour=12, minute=0) - timedelta(days=1)
    await stage.sandbox.turn_clock(now=eve.isoformat())
    await visitor.sees("⏰ 明天：医院挂号（内科）", stage.bot)
    await stage.sandbox.turn_clock(now=(starts_at - timedelta(hours=1)).isoformat())
    await stage.asks(branch, "预约", stage.bot)
    await branch.taps("📋 今天谁来", stage.bot)
    assert "医院挂号（内科） · 王*" in (await branch.sees("今天的预约：1", stage.bot))["text"]
    assert "不对您开放" in await stage.forges(visitor, "zones_today", stage.bot)
    assert "约好了" in await stage.asks(visitor, "/zones", stage.bot)
    screen = (await visitor.reads(stage.bot))[-1]
    label = next(row[0]["text"] for row in screen["reply_markup"]["inline_keyboard"] if "取消" in row[0]["text"])
    await visitor.taps(label, stage.bot)
    await visitor.sees("已取消", stage.bot)
    await stage.comes_to("SELECT state, reminded FROM zone_bookings", ("cancelled", True))


async def test_a_groups_link_to_the_game_is_counted_for_the_group_that_came_first(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    first = await stage.group(manager)
    second = await stage.group(manager, "A银行&米店商户福利群")
    hook = await stage.asks(manager, "小游戏", first)
    assert "零花钱大作战" in hook
    links = await stage.rows("SELECT id FROM groups ORDER BY id")
    player, other = await stage.person("王芳"), await stage.person("张三")
    await player.starts(stage.bot, f"mg_{links[0][0]}")
    await player.sees("零花钱大作战 1/5", stage.bot)
    assert "零花钱大作战 1/5" in await stage.asks(player, f"/start mg_{links[1][0]}", stage.bot)
    for at in range(1, 6):
        screen = await player.sees(f"零花钱大作战 {at}/5", stage.bot)
        option = screen["reply_markup"]["inline_keyboard"][1][0]
        tap = await player.taps(option["text"], stage.bot, message_id=screen["message_id"])
        await tap.answer()
    await player.sees("玩完了，答对 3/5", stage.bot)
    assert await stage.forges(player, "mg:5:1", stage.bot) == "这一题答过了。"
    await other.starts(stage.bot, "mg_99999999999")
    await other.sees("零花钱大作战 1/5", stage.bot)
    told = await stage.asks(manager, "小游戏结果", stage.bot)
    assert "1 人开始，1 人玩完，1 人第一次打开机器人，0 人已绑定" in told
    assert "不是从群里来：1 人开始，0 人玩完" in told
    assert "米店" not in told
    assert second != first
