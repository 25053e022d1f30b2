"""Draws in the chat: published after a preview, one ticket each, shown whole and checked by anybody."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
from aiogram.types import BufferedInputFile
from sqlalchemy import text

from bot.web import build_web
from campaigns.members.model import Introduction, Language
from campaigns.points.model import Share
from campaigns.points.service import PointsService
from campaigns.staff.model import Role
from sandbox.client import Phone
from storage.members import SqlMemberStore
from storage.points import SqlPointsStore
from tests.driver import GROUP, Stage

PLAN = """kind: {kind}
title: 入群抽波豆 | Join draw
prizes:
  - {{name: 一等奖 | First, points: 88, odds: 20%, stock: 2}}
  - {{name: 二等奖 | Second, points: 8, odds: 50%, stock: 40}}
  - {{name: 谢谢参与 | Thank you, odds: 30%}}
closes: 3天
terms:
  conditions: 无其他条件 | No other condition
  organiser: A银行幸福里支行 | Bank A
  complaints: 拨打 95500 | Call 95500
"""


async def funds(stage: Stage, group: int, budget: int = 1000) -> int:
    """An open points campaign that pays what the group's draws give; returns its number."""
    app = stage.app
    async with app.database.unit_of_work() as uow:
        store = SqlPointsStore(uow)
        [[number]] = (
            await uow.session.execute(text("SELECT id FROM groups WHERE chat_id = :chat"), {"chat": group})
        ).all()
        partner = await store.add_partner(f"商户{group}", "merchant")
        points = PointsService(store, app.clock.now, app.zone)
        ends = app.clock.now() + timedelta(days=30)
        return (await points.open("波豆", 100, 90, [Share(partner, 10_000)], budget, ends, number)).id


async def bind(stage: Stage, *phones: Phone) -> None:
    """Make these people customers of the bank who have linked their number."""
    async with stage.app.database.unit_of_work() as uow:
        for phone in phones:
            customer = uuid4()
            await uow.session.execute(
                text("INSERT INTO customers (id, number, first_as_of) VALUES (:id, :number, '2026-01-01')"),
                {"id": customer, "number": customer.hex},
            )
            store = SqlMemberStore(uow, stage.app.world.vault)
            await store.meet(Introduction(phone.id, phone.name, Language.ZH, is_private=False), stage.app.clock.now())
            await store.bind(phone.id, customer, f"+861{phone.id:010}"[:14], stage.app.clock.now())


async def publish(stage: Stage, manager: Phone, kind: str = "join") -> int:
    """A draw published by the manager's tap on its preview; returns its number."""
    manager.opens(stage.bot)
    await manager.says(f"/newdraw {PLAN.format(kind=kind)}", stage.bot)
    await manager.sees("发布后不可修改", stage.bot)
    await manager.taps_and_sees("发布", "已发布", stage.bot)
    [[number]] = await stage.rows("SELECT max(id) FROM draws")
    return int(number)


async def answers(taps: Sequence[Any]) -> list[str]:
    return [str((await tap.answer())["text"]) for tap in taps]


async def page(stage: Stage, path: str) -> httpx.Response:
    door = httpx.ASGITransport(app=build_web(stage.app))
    async with httpx.AsyncClient(transport=door, base_url="http://bot") as client:
        return await client.get(path)


async def test_a_welcome_names_the_running_draw_and_its_end_takes_card_and_rules_off_the_pins(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    await funds(stage, group)
    number = await publish(stage, manager)
    await manager.sees("活动规则", group)
    (wang,) = await stage.members(group, "王芳")
    welcome = await wang.sees("👋 欢迎 王*", group)
    assert welcome["text"].endswith(f"🎁 进行中：「入群抽波豆」，规则 http://127.0.0.1:8080/draws/{number}")
    pinned = "SELECT count(*) FROM deliveries WHERE campaign = :draw AND method = :method AND state = 'sent'"
    for method in ("pinChatMessage", "unpinChatMessage"):
        await stage.comes_to(pinned, (2,), draw=f"draw:{number}", method=method)
        await stage.passes(timedelta(days=4))
    left = await wang.pinned(group)
    assert left is not None
    assert left["text"].startswith("📢 群公告")
    (late,) = await stage.members(group, "张小明")
    assert "进行中" not in (await late.sees("👋 欢迎 张*明", group))["text"]


async def test_what_the_preview_shows_is_published_and_each_draws_once(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    await funds(stage, group)
    wang, zhang = await stage.members(group, "王芳", "张小明")
    await bind(stage, wang)
    manager.opens(stage.bot)
    await manager.says(f"/newdraw {PLAN.format(kind='join')}", stage.bot)
    preview = (await manager.sees("发布后不可修改", stage.bot))["text"].partition("\n\n")[2]
    for told in (
        "一等奖：88 波豆，概率 20%，数量 2",
        "不限量",
        "上限 50,000 元，本活动最高 0.88 元",
        "拨打 95500",
        "90 天",
    ):
        assert told in preview
    await manager.taps_and_sees("发布", "第 1 号抽奖已发布", stage.bot)
    announcement = await wang.sees("📢 《入群抽波豆》活动规则", group)
    assert announcement["text"].startswith(f"📢 {preview}\n公平承诺（开奖口令的 SHA-256）：")
    await wang.sees("0 人已参与", group)

    tap = await wang.taps("抽波豆", group)
    [first] = await answers([tap])
    assert first.startswith("🎁 第 1 号：")
    assert len(first) <= 200
    assert len(first.rpartition("凭证 ")[2]) == 8
    await wang.sees("1 人已参与", group)
    [again] = await answers([await wang.taps("抽波豆", group)])
    assert "每位客户限一次。您是第 1 号" in again
    assert again.rpartition("凭证 ")[2] == first.rpartition("凭证 ")[2]
    await wang.says("抽奖", group)
    await wang.sees("您是第 1 号", group)
    [stranger] = await answers([await zhang.taps("抽波豆", group)])
    assert "/bind" in stranger
    await stage.comes_to("SELECT drawn FROM draws", (1,))


async def test_sixty_who_tap_together_get_sixty_tickets_and_no_prize_too_many(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    campaign = await funds(stage, group)
    phones = await stage.sandbox.new_people([f"客户{at}" for at in range(60)])
    for phone in phones:
        await phone.joins(group)
    await stage.comes_to("SELECT count(*) FROM group_members", (61,))
    await bind(stage, *phones)
    number = await publish(stage, manager)
    card = await manager.sees("0 人已参与", group)
    told = await stage.sandbox.tap_together(phones, "抽波豆", group, card["message_id"])
    assert all(words and words.startswith("🎁 第 ") for words in told)
    assert len(set(told)) == 60
    await manager.sees("60 人已参与", group)
    won = dict(await stage.rows("SELECT prize, count(*) FROM draw_tickets GROUP BY prize"))
    assert won.get(0, 0) <= 2
    paid = 88 * won.get(0, 0) + 8 * won.get(1, 0)
    held = "SELECT coalesce(sum(balance), 0) FROM points_accounts WHERE kind = 'member' AND campaign_id = :campaign"
    await stage.comes_to(held, (paid,), campaign=campaign)

    await stage.passes(timedelta(days=3, minutes=1))
    revealed = await manager.sees("🔓「入群抽波豆」已结束，60 人参与", group)
    await manager.sees("已结束", group)
    [[secret_sealed, drawn]] = await stage.rows("SELECT secret, drawn FROM draws")
    assert drawn == 60
    assert secret_sealed.hex() not in revealed["text"]
    left = "SELECT balance FROM points_accounts WHERE kind = 'budget' AND campaign_id = :campaign ORDER BY owner"
    await stage.comes_to(left, (1000 - paid,), (0,), campaign=campaign)
    late, newcomer = phones[0], (await stage.members(group, "迟到"))[0]
    await bind(stage, newcomer)
    for phone, told_late in ((late, "您是第"), (newcomer, "不在活动时间内")):
        tap = await phone.taps(chat=group, message_id=card["message_id"], data=f"draw:{number}")
        assert told_late in str((await tap.answer())["text"])
    checked = await stage.asks(newcomer, f"/verify {number}", group)
    assert checked.count("✓ 一致") == 3
    assert "全部一致" in checked
    data = (await page(stage, f"/draws/{number}.json")).json()
    assert (len(data["tickets"]), data["secret"] in revealed["text"]) == (60, True)


async def test_a_button_of_another_group_or_of_nothing_draws_nothing(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    await funds(stage, group)
    number = await publish(stage, manager)
    rival = await stage.staff("赵强")
    other = await stage.group(rival, "A银行&老王面馆商户福利群")
    [stranger] = await stage.members(other, "王芳")
    await bind(stage, stranger)
    await stranger.starts(stage.bot)
    for data, chat in ((f"draw:{number}", other), (f"draw:{number}", stage.bot), ("draw:999", other)):
        assert "没有找到这个抽奖" in await stage.forges(stranger, data, chat)
    for data in ("draw:0", "draw:-1", "draw:99999999999999999999", "draw:x"):
        assert "按钮已失效" in await stage.forges(stranger, data, other)
    assert "不对您开放" in await stage.forges(stranger, "draw_publish:1", stage.bot)
    assert "没有待发布的抽奖" in await stage.forges(rival, "draw_publish:1", stage.bot)
    assert await stage.rows("SELECT drawn FROM draws") == [(0,)]


async def test_a_manager_publishes_in_the_own_group_only_and_is_told_what_is_wrong(stage: Stage) -> None:
    manager, rival = await stage.staff("李敏"), await stage.staff("赵强")
    group = await stage.group(manager)
    branch = await stage.staff("孙经理", Role.BRANCH)
    plan = PLAN.format(kind="join")
    assert "不对您开放" in await stage.asks(branch, f"/newdraw {plan}", stage.bot)
    assert "还没有登记商户福利群" in await stage.asks(rival, f"/newdraw {plan}", stage.bot)
    assert "还没有进行中的波豆活动" in await stage.asks(manager, f"/newdraw {plan}", stage.bot)
    await funds(stage, group, budget=400)
    for changed, told in (
        (plan.replace("20%", "10%"), "正好 100%"),
        (plan.replace("points: 88", "points: 5000001"), "50,000 元"),
        (plan.replace("无其他条件 | No other condition", "''"), "都要写明"),
        (plan.replace("无其他条件", "最终解释权归本行"), "广告里不能说：解释权归本行"),
        (plan.replace("terms:", "secret_condition: 只给老客户\nterms:"), "secret_condition"),
        (plan.replace("3天", "60天"), "波豆活动结束之前"),
        (plan.replace("3天", "2020-01-01 10:00"), "已经过去"),
        ("{", "the file"),
    ):
        assert told in await stage.asks(manager, f"/newdraw {changed}", stage.bot), told
    await manager.says(f"/newdraw {plan}", stage.bot)
    await manager.sees("发布后不可修改", stage.bot)
    await manager.taps_and_sees("发布", "波豆预算不够", stage.bot)
    assert await stage.rows("SELECT id FROM draws") == []


async def test_a_draw_is_asked_step_by_step_and_a_wheel_spins_by_word(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    await funds(stage, group)
    [wang] = await stage.members(group, "王芳")
    await bind(stage, wang)
    assert "发布哪一种" in await stage.asks(manager, "/newdraw", stage.bot)
    await manager.taps("幸运转盘", stage.bot)
    await manager.sees("活动叫什么", stage.bot)
    assert "奖品一行一个" in await stage.asks(manager, "周末转盘 | Weekend wheel", stage.bot)
    assert "看不懂这里" in await stage.asks(manager, "一等奖\n谢谢参与", stage.bot)
    assert "什么时候结束" in await stage.asks(manager, "一等奖 88 10% 2\n谢谢参与", stage.bot)
    assert "什么时候结束" in await stage.asks(manager, "很快", stage.bot)
    assert "什么参加条件" in await stage.asks(manager, "2小时", stage.bot)
    assert "投诉与咨询找谁" in await stage.asks(manager, "无其他条件", stage.bot)
    preview = await stage.asks(manager, "95500", stage.bot)
    assert "谢谢参与：无波豆，概率 90%，数量 不限量" in preview
    await manager.taps_and_sees("发布", "已发布", stage.bot)
    await wang.sees("【幸运转盘】周末转盘 · 进行中", group)
    assert "🎡 转盘停在：" in await stage.asks(wang, "转盘", group)
    await stage.passes(timedelta(minutes=61))
    await wang.sees("【幸运转盘】周末转盘 · 即将结束", group)
    assert "本群现在没有进行中" not in await stage.asks(wang, "/draw", group)


async def test_a_plan_as_a_file_is_previewed(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    await funds(stage, group)
    sent = await stage.app.bot.send_document(
        manager.id, BufferedInputFile(PLAN.format(kind="join").encode(), "plan.yaml")
    )
    assert sent.document is not None
    user = {"id": manager.id, "is_bot": False, "first_name": "李敏"}
    document = {"file_id": sent.document.file_id, "file_unique_id": "u", "file_name": "Plan.YAML", "file_size": 500}
    chat = {"id": manager.id, "type": "private", "first_name": "李敏"}
    message = {"message_id": 9_000, "date": 1, "chat": chat, "from": user, "document": document}
    assert await stage.receives("message", message) == 200
    shown = await manager.sees("发布后不可修改", stage.bot)
    assert GROUP in shown["text"]


async def test_a_bound_newcomer_is_told_once_and_draws_in_private(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    await funds(stage, group)
    [early] = await stage.members(group, "王芳")
    await stage.comes_to("SELECT count(*) FROM group_members", (2,))
    await publish(stage, manager)
    [late] = await stage.members(group, "张小明")
    for phone in (early, late):
        await phone.starts(stage.bot)
    await bind(stage, early, late)
    await stage.passes(timedelta(minutes=2))
    await late.sees("您可以参加「入群抽波豆」", stage.bot)
    [told] = await answers([await late.taps("抽波豆", stage.bot)])
    assert told.startswith("🎁 第 1 号")
    await stage.comes_to("SELECT recipient FROM deliveries WHERE step = 'invitation'", (late.id,))


async def test_the_page_says_the_rules_before_and_everything_after(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    await funds(stage, group)
    number = await publish(stage, manager)
    before = await page(stage, f"/draws/{number}")
    data = (await page(stage, f"/draws/{number}.json")).json()
    assert "secret" not in data
    assert data["commitment"] in before.text
    assert "拨打 95500" in before.text
    assert "connect-src 'self'" in before.headers["content-security-policy"]
    assert (await stage.asks(manager, f"/verify {number}", stage.bot)).endswith(data["commitment"])
    assert "没有第 77 号抽奖" in await stage.asks(manager, "/verify 77", stage.bot)
    assert "请写抽奖的编号" in await stage.asks(manager, "/verify ?", stage.bot)
    for path in ("/draws/77", "/draws/77.json", "/draws/0", "/draws/x", f"/draws/{10**30}"):
        assert (await page(stage, path)).status_code == 404
    await stage.passes(timedelta(days=3, minutes=1))
    await manager.sees("🔓「入群抽波豆」已结束", group)
    assert "没有人参加" in (await page(stage, f"/draws/{number}")).text
