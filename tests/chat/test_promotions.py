"""营销活动 in the chat: checklist, schedule, send, why me, stop on what is queued, pause and resume, close."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from campaigns.promotions.model import Version
from campaigns.staff.model import Role
from sandbox.client import Phone
from tests.chat.promotion_bank import WORDS, customer, load
from tests.driver import Stage

CONCLUDED = """INSERT INTO promotion_results VALUES (1, 1, :now, '分析师王', '{"evaluation"\\: null, "aims"\\: [
    {"measure"\\: "participation", "target"\\: 0.2, "value"\\: 0.5, "interval"\\: [0.1, 0.9]}]}')"""
# Twenty more promotions whose codes come before.
OTHERS = (
    "INSERT INTO promotions (code, made_at) SELECT 'another-' || n, now() FROM generate_series(10, 29) n",
    """INSERT INTO promotion_versions SELECT (jsonb_populate_record(v, jsonb_build_object('promotion_id', p.id))).*
    FROM promotion_versions v, promotions p WHERE p.code LIKE 'another-%'""",
)
REQUIRED = ("客群和文案", "客户经理已培训", "产品和额度", "权益奖品", "链接和页面", "客服口径")


async def reviewed(stage: Stage, author: Phone, reviewer: Phone) -> Version:
    """A promotion that a second person approved."""
    version = await load(stage, author)
    async with stage.app.database.unit_of_work() as uow:
        promotions = stage.app.services(uow).promotions
        await promotions.check("spring")
        await promotions.submit("spring", author.id)
        approved = await promotions.approve("spring", version.digest, reviewer.id)
    assert isinstance(approved, Version)
    return approved


async def taps(phone: Phone, button: str, seen: str, bot: str) -> str:
    """Tap, and read what the message became."""
    mark = await phone.mark()
    await phone.taps(button, bot)
    return str((await phone.sees(seen, bot, since=mark))["text"])


@pytest.mark.usefixtures("noon")
async def test_departments_make_ready_it_is_scheduled_sent_explained_and_closed(stage: Stage) -> None:
    manager, lead = await stage.staff("李敏"), await stage.staff("赵强", Role.TEAM_LEAD)
    wang, zhou = await customer(stage, "王芳"), await customer(stage, "周周", "B")
    await reviewed(stage, manager, lead)
    assert "✅ 已审核 春日便民季（spring v1）" in await stage.asks(manager, "营销活动", stage.bot)
    await taps(manager, "春日便民季 · v1", "spring 第 1 版 · ✅ 已审核", stage.bot)
    refused = await (await manager.taps("🗓 排期", stage.bot)).answer()
    assert "必做项没完成：客群和文案已确认、客户经理已培训" in refused["text"]
    assert "必做项没完成" in await stage.forges(manager, "promo_do:spring:1:schedule:1", stage.bot)
    await taps(manager, "🧰 筹备清单 0/8", "卡中心\n⬜ 产品和额度已开放", stage.bot)
    for item in REQUIRED:
        await taps(manager, f"⬜ {item}", f"✅ {item}", stage.bot)
    listed = await taps(manager, "⬜ 发送量", "✅ 发送量和时段已评估（选做）（李敏", stage.bot)
    assert "⬜ 投诉处理已排班（选做）" in listed
    await taps(manager, "‹ 返回", "🧰 筹备清单 7/8", stage.bot)
    await taps(manager, "🗓 排期", "确认排期？", stage.bot)
    await taps(manager, "确认：🗓 排期", "🗓 已排期", stage.bot)
    assert "清单不再改动" in await stage.forges(manager, "promo_item:spring:1:links", stage.bot)
    await stage.passes(timedelta(hours=2))
    await wang.sees(WORDS, stage.bot)
    await zhou.sees(WORDS, stage.bot)
    await wang.taps("为什么给我", stage.bot)
    why = (await wang.sees("您收到「春日便民季」", stage.bot))["text"]
    assert "条件看的是：与我行的往来情况" in why
    assert "正在成长、常用线上服务的客户" in why
    assert "A" not in why.replace("APP", "")
    await stage.comes_to("SELECT state, count(*) FROM deliveries WHERE kind = 'marketing' GROUP BY 1", ("sent", 2))
    await stage.asks(manager, "/promotion", stage.bot)
    card = await taps(manager, "春日便民季 · v1", "计划 2 = 送达 2", stage.bot)
    assert "· A 类 → 私信 1 人" in card
    assert "目前参与：0 人" in card
    await taps(manager, "🏁 结束", "账平才能结束", stage.bot)
    await taps(manager, "确认：🏁 结束", "🏁 已结束", stage.bot)
    assert "已失效" in await stage.forges(manager, "promo:spring:res", stage.bot)
    async with stage.app.database.unit_of_work() as uow:
        await uow.session.execute(text(CONCLUDED), {"now": stage.app.clock.now()})
    await stage.asks(manager, "/promotion", stage.bot)
    await taps(manager, "春日便民季 · v1", "spring 第 1 版", stage.bot)
    figures = await taps(manager, "📊 效果 v1", "分析师王 定稿于", stage.bot)
    assert "· 参与率：50.0%（95% 区间 10.0% 至 90.0%），目标 20.0%，达标：是" in figures
    assert "没有可比的对照组" in figures
    await taps(manager, "‹ 返回", "🧰 筹备清单 7/8", stage.bot)
    async with stage.app.database.unit_of_work() as uow:
        for statement in OTHERS:
            await uow.session.execute(text(statement))
    assert "spring" not in await stage.asks(manager, "/promotion", stage.bot)
    await taps(manager, "下一页", "（spring v1）", stage.bot)
    await taps(manager, "‹ 上一页", "（another-10 v1）", stage.bot)
    assert "已失效" in await stage.forges(manager, "promo_page:9", stage.bot)
    assert await stage.parked() == 0


@pytest.mark.usefixtures("noon")
async def test_a_leads_word_lets_it_start_and_a_pause_holds_what_a_stop_then_takes_for_good(stage: Stage) -> None:
    manager, lead = await stage.staff("李敏"), await stage.staff("赵强", Role.TEAM_LEAD)
    wang, zhou = await customer(stage, "王芳"), await customer(stage, "周周")
    await reviewed(stage, manager, lead)
    await stage.asks(lead, "/promotion", stage.bot)
    await taps(lead, "春日便民季 · v1", "spring 第 1 版", stage.bot)
    await taps(lead, "🧰 筹备清单", "⬜ 客户经理已培训", stage.bot)
    await taps(lead, "⚠️ 说明原因", "还有 6 项没完成", stage.bot)
    assert "赵强" in await stage.asks(lead, "总行要求今天上线", stage.bot)
    await taps(lead, "‹ 返回", "🧰 筹备清单 0/8", stage.bot)
    await taps(lead, "🗓 排期", "确认排期？", stage.bot)
    await taps(lead, "确认：🗓 排期", "🗓 已排期", stage.bot)
    assert "不对您开放" in await stage.forges(wang, "promo_do:spring:1:pause:1", stage.bot)
    await stage.asks(lead, "/stop_all promotion:1 先别发", stage.bot)
    await lead.taps("🛑 确认停发", stage.bot)
    await lead.sees("已停发", stage.bot)
    await stage.passes(timedelta(hours=2))
    await stage.comes_to("SELECT count(*) FROM deliveries WHERE campaign = 'promotion:1' AND state = 'planned'", (2,))
    await zhou.says("退订", stage.bot)
    await zhou.sees("还没发出的福利也不会再发", stage.bot)
    await stage.asks(lead, "/promotion", stage.bot)
    assert "🛑 停发中（第 1 号：先别发）" in await taps(lead, "春日便民季 · v1", "▶️ 进行中", stage.bot)
    await taps(lead, "⏸ 暂停", "未发的扣下", stage.bot)
    await taps(lead, "确认：⏸ 暂停", "⏸ 已暂停", stage.bot)
    await taps(lead, "▶️ 恢复", "从停下的地方接着发", stage.bot)
    await taps(lead, "确认：▶️ 恢复", "▶️ 进行中", stage.bot)
    await stage.asks(lead, "/halt", stage.bot)
    await lead.taps("▶️ 恢复 1", stage.bot)
    await wang.sees(WORDS, stage.bot)
    await stage.comes_to(
        "SELECT state, reason FROM deliveries WHERE campaign = 'promotion:1' AND recipient = :zhou",
        ("suppressed", "opted_out"),
        zhou=zhou.id,
    )
    await zhou.sees_no(WORDS, stage.bot)
