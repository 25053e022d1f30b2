"""Scheduled reminders in the chat: one line or step by step, previewed, confirmed, sent, and muted by a reader."""

from datetime import datetime, timedelta
from pathlib import Path

from bot.settings import Settings
from sandbox.client import Sandbox
from tests.chat.conftest import TOKENS, running_bot
from tests.driver import Stage

MANY = (
    """INSERT INTO reminders (owner_id, state, version, since, next_at, made_at)
        SELECT owner_id, state, version, since, next_at, made_at FROM reminders, generate_series(2, 45) RETURNING id""",
    """INSERT INTO reminder_versions SELECT r.id, v.version, timing, groups, line, member_id, words, is_marketing,
            useful_minutes, made_by, v.made_at FROM reminder_versions v, reminders r WHERE r.id > 1 RETURNING 1""",
)


async def test_a_line_in_a_group_is_previewed_in_private_and_comes_once_confirmed(stage: Stage, noon: datetime) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    assert "预览已私聊" in await stage.asks(manager, "/remind 今天 15:00 本群 接龙今晚截止", group)
    preview = await manager.sees("【预览】", stage.bot)
    assert "约 2 人会看到" in preview["text"]
    assert f"接下来：{noon.month}月{noon.day}日" in preview["text"]
    manager.opens(stage.bot)
    await manager.taps("确认启用")
    await manager.sees("已启用", stage.bot)
    await stage.passes(timedelta(hours=3))
    await wang.sees("⏰ 接龙今晚截止")
    await stage.comes_to("SELECT state, next_at FROM reminders", ("ended", None))
    assert "没看懂时间" in await stage.asks(manager, "/remind 很快 接龙今晚截止", group)
    assert "这个功能不对您开放" in await stage.asks(wang, "/remind 今天 18:00 本群 大家好", group)


async def test_step_by_step_to_a_customer_who_then_wants_no_more(stage: Stage, noon: datetime) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await wang.starts(stage.bot)
    await wang.sees("/help", stage.bot)
    manager.opens(stage.bot)
    assert "你还没有提醒" in await stage.asks(manager, "定时提醒")
    await manager.taps("＋ 新提醒")
    await manager.sees("提醒谁？")
    await manager.taps("客户或客群")
    await manager.sees("客户:姓名")
    assert "什么时候？" in await stage.asks(manager, "客户:王芳")
    assert "没看懂时间" in await stage.asks(manager, "很快")
    assert "写什么？" in await stage.asks(manager, "每天 15:00")
    assert "保本" in await stage.asks(manager, "本产品保本保收益")
    assert "【预览】约 1 人会看到" in await stage.asks(manager, "请带身份证来网点领卡")
    await manager.taps("确认启用")
    await manager.sees("已启用")
    await stage.passes(timedelta(hours=3))
    await wang.sees("⏰ 请带身份证来网点领卡", stage.bot)
    wang.opens(stage.bot)
    await wang.taps_and_sees("不再提醒", "不再发「每周例行」提醒")
    assert "您收到的提醒" in await stage.asks(wang, "提醒")
    await wang.taps("🔔 波豆快到期")
    await stage.comes_to("SELECT kind FROM reminder_mutes WHERE ended_at IS NULL ORDER BY id", ("weekly",), ("points",))
    await stage.passes(timedelta(days=1))
    await stage.comes_to(
        "SELECT state, reason FROM deliveries WHERE step LIKE 'weekly:%' ORDER BY id",
        ("sent", None),
        ("suppressed", "muted"),
    )
    manager.opens(stage.bot)
    await stage.asks(manager, "/remind")
    await manager.taps("#1")
    await manager.sees("未发（静音、退订等） 1")


async def test_a_bot_that_was_away_for_two_days_sends_what_is_of_use_once_and_drops_the_rest(
    database_url: str, sandbox: Sandbox, sandbox_clock: Path, tmp_path: Path
) -> None:
    settings = Settings(
        _env_file=None,
        var_dir=tmp_path,
        bot_token=f"{next(TOKENS)}:{'t' * 35}",
        bot_api_url=sandbox.url,
        clock_file=sandbox_clock,
        pool_size=8,
    )
    async with running_bot(settings, database_url) as app:
        stage = Stage(sandbox, app)
        noon = (app.clock.now().astimezone(app.zone) + timedelta(days=1)).replace(hour=12, minute=0)
        await sandbox.turn_clock(now=noon.isoformat())
        manager = await stage.staff("李敏")
        group = await stage.group(manager)
        manager.opens(stage.bot)
        for line in ("/remind 每天 11:00 补发3天 领券", "/remind 每天 11:00 过时不发 值班表"):
            assert "【预览】" in await stage.asks(manager, line)
            await manager.taps("确认启用")
            await manager.sees("已启用")
    await stage.passes(timedelta(days=2))
    outcomes = "SELECT reminder_id, outcome FROM reminder_occurrences ORDER BY reminder_id, due_at"
    for _ in "ab":
        async with running_bot(settings, database_url) as app:
            stage = Stage(sandbox, app)
            await stage.comes_to(outcomes, (1, "superseded"), (1, "planned"), (2, "missed"), (2, "missed"))
            await manager.sees("⏰ 领券", group)
            await stage.comes_to("SELECT state FROM deliveries WHERE campaign LIKE 'reminder:_'", ("sent",))
            told = [said["text"] for said in await manager.reads(group) if said.get("text", "").startswith("⏰")]
            assert told == ["⏰ 领券"]


async def test_more_reminders_than_a_page_holds_are_turned_through(stage: Stage, noon: datetime) -> None:
    manager = await stage.staff("李敏")
    manager.opens(stage.bot)
    assert "【预览】" in await stage.asks(manager, "/remind 每天 11:00 我 看早报")
    await manager.taps("确认启用")
    await manager.sees("已启用")
    for statement in MANY:
        await stage.rows(statement)
    first = await stage.asks(manager, "/remind")
    assert "（共 45，第 1/3 页）" in first
    assert ("#20 " in first, "#21 " in first) == (True, False)
    await manager.taps("▶")
    assert "#21 " in (await manager.sees("第 2/3 页"))["text"]
    await manager.taps("▶")
    assert "#45 " in (await manager.sees("第 3/3 页"))["text"]
    await manager.taps("#45")
    await manager.sees("看早报", since=0)
