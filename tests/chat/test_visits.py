"""A door-step visit in the chat: offered, booked, moved, closed with a photo; and the bank's file settled by a tap."""

from datetime import date, timedelta

from campaigns.applications.model import Stage as At
from campaigns.applications.reconciling import CardLine
from sandbox.client import Phone
from tests.chat.test_publicity import photo
from tests.driver import Stage


async def delivered(stage: Stage, manager: Phone) -> None:
    """Carry the only application on by the manager's own taps."""
    await stage.asks(manager, "/applications", stage.bot)
    for label in ("已联系", "已同意", "已申请", "已批准", "已送达"):
        await manager.taps(f"→ {label}", stage.bot)
        await manager.sees(f" · {label} · ", stage.bot)


async def test_a_visit_is_booked_moved_and_closed_with_a_photo(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈晨")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王小芳")
    await stage.chain(manager, group)
    await wang.starts(stage.bot)
    await wang.sees("/help", stage.bot)
    await wang.taps_and_sees("我要接龙", "已报名", group)
    await delivered(stage, manager)
    day = stage.app.clock.now().astimezone(stage.app.zone).date() + timedelta(days=2)
    assert "请这样发：/slots" in await stage.asks(manager, "/slots", stage.bot)
    assert "没看懂时段" in await stage.asks(manager, f"/slots {day}", stage.bot)
    assert "已放出 2 个" in await stage.asks(manager, f"/slots {day} 09:00-12:00 14:00-17:00 1", stage.bot)
    assert "卡片已送达" in await stage.asks(wang, "我的进度", stage.bot)
    await wang.taps("约上门激活", stage.bot)
    await wang.taps("09:00–12:00", stage.bot)
    await wang.sees("请发上门地址", stage.bot)
    assert "地址请写" in await stage.asks(wang, "家", stage.bot)
    assert "地址已记下" in await stage.asks(wang, "幸福里3栋201", stage.bot)
    await manager.sees("王*芳 约了上门", stage.bot)
    await stage.asks(wang, "/progress", stage.bot)
    await wang.taps("改上门时间", stage.bot)
    await wang.taps("14:00–17:00", stage.bot)
    await wang.sees("约好了", stage.bot)
    await manager.sees("把上门从", stage.bot)
    # Forged and another's.
    for data in ("visit_times:1", "visit_book:1:1", "visit_off:1"):
        assert "没有找到这个申请" in await stage.forges(other, data, stage.bot)
    assert "另一位经理" in await stage.forges(other, "visit:2:no_show", stage.bot)
    assert "不对您开放" in await stage.forges(wang, "visit:2:no_show", stage.bot)
    assert "还没到上门时间" in await stage.forges(manager, "visit:2:no_show", stage.bot)
    assert "14:00–17:00 幸福里 · 幸福里3栋201 · 王小芳" in await stage.asks(manager, f"/visits {day}", stage.bot)
    await stage.passes(timedelta(days=3))
    await manager.says(f"/visits {day}", stage.bot)  # What came due in these days is told meanwhile.
    await manager.taps("1. 已激活", stage.bot)
    await manager.sees("请发一张完成照片", stage.bot)
    await manager.sends(stage.bot, photo_base64=photo())
    await manager.sees("已记为激活", stage.bot)
    await manager.says(f"/visits {day}", stage.bot)
    await manager.sees("✅ 已激活", stage.bot)
    await wang.says("/progress", stage.bot)
    await wang.sees("卡片已激活", stage.bot)
    await stage.comes_to(
        "SELECT state, photo IS NOT NULL FROM visits ORDER BY id", ("cancelled", False), ("done", True)
    )
    assert await stage.parked() == 0


async def test_what_the_bank_says_otherwise_is_settled_by_the_owners_tap_alone(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈晨")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王小芳")
    await stage.chain(manager, group)
    await wang.taps_and_sees("我要接龙", "已报名", group)
    async with stage.app.database.unit_of_work() as uow:
        reconciler = stage.app.services(uow).reconciler
        await reconciler.take_in([CardLine(2, "SQ00000001", At.ACTIVATED, date(2026, 11, 2))])
    await manager.sees("银行文件与申请不一致 1 处", stage.bot)
    assert "由另一位经理负责" in await stage.forges(other, "card_event:1:1", stage.bot)
    assert "与申请一致" in await stage.asks(other, "/disagreements", stage.bot)
    await manager.taps("核对", stage.bot)
    await manager.sees("王小芳 · 联名信用卡：银行 已激活", stage.bot)
    await manager.taps_and_sees("王小芳 以银行为准：已激活", "已按银行文件改为「已激活」", stage.bot)
    assert "已经处理过了" in await stage.forges(manager, "card_event:1:0", stage.bot)
    await stage.comes_to("SELECT stage FROM applications", ("activated",))
