"""The gift desk in the chat, from the medal to the follow-up; forged, doubled and late taps change nothing."""

import asyncio
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from campaigns.staff.model import Role
from campaigns.suspicions.model import Reason, Sign, Suspicion
from sandbox.client import Phone
from storage.suspicions import SqlSuspicionStore
from tests.chat import points_bank as bank
from tests.chat import rally_desk as desk
from tests.driver import Stage

CODE = re.compile(r"领奖码 (\w{3}) (\w{3})")
HANDED = "SELECT target_code, is_substitute FROM gift_handouts WHERE state = 'handed_out' ORDER BY id"


def code_of(message: dict[str, Any]) -> str:
    """The six characters under the picture."""
    assert message["photo"]
    found = CODE.search(message["caption"])
    assert found is not None
    return "".join(found.groups())


async def visitor(stage: Stage, name: str = "王芳", *, bound: bool = True) -> Phone:
    """Somebody in private with the bot."""
    phone = await stage.person(name)
    await bank.opens(stage, phone, bound=bound)
    return phone.opens(stage.bot)


async def test_from_the_medal_to_the_gift_the_follow_up_and_the_consent(stage: Stage) -> None:
    chief = await stage.staff("李敏")
    rally = await desk.begins(stage, chief)
    wang = await visitor(stage)
    clerk = (await stage.staff("柜员", Role.BRANCH)).opens(stage.bot)
    await owned_by(stage, wang, chief)
    await desk.stamps(stage, rally, wang, "B2")
    await wang.sees("🏅 恭喜获得勋章「集章达人」！\n伴手礼：帆布袋。")
    await wang.taps("出示领奖码")
    code = code_of(await wang.sees("「集章达人」伴手礼：帆布袋"))
    await clerk.says(code.lower())
    await clerk.sees("礼品台 · 集章日\n会员：王*（已实名）\n勋章：集章达人\n发放：帆布袋（含这份还剩 2 份）")
    taps = await asyncio.gather(*(clerk.taps("确认发放") for _ in range(3)))
    await asyncio.gather(*(tap.answer() for tap in taps))
    await clerk.sees("✅ 已发放，跟进已记下。")
    await stage.comes_to(HANDED, ("T1", False))
    await wang.sees("您已领取伴手礼「帆布袋」")
    await wang.sees("客户经理可以联系您吗？")
    await wang.taps_and_sees("可以联系", "会在工作时间联系您")
    followups = "SELECT owner_id, source, opened_by FROM followups"
    await stage.comes_to(followups, (chief.id, "gift_desk", clerk.id))
    await stage.comes_to("SELECT purpose, wording FROM consents WHERE withdrawn_at IS NULL", ("contact", "contact-1"))
    assert "集章日：在礼品台领了「帆布袋」（集章达人）" in await stage.asks(chief, "/tasks", stage.bot)
    assert "🏅 集章达人：帆布袋，已领取" in await stage.asks(wang, "我的礼品")
    assert "这份礼品已经发过了" in await stage.asks(clerk, f"/redeem {code}")
    assert await stage.parked() == 0


async def test_a_scan_by_link_is_taken_back_with_a_reason_and_a_substitute_is_said_before_it_leaves(
    stage: Stage,
) -> None:
    chief = await stage.staff("李敏")
    rally = await desk.begins(stage, chief)
    clerk = (await stage.staff("柜员", Role.BRANCH)).opens(stage.bot)
    wang = await visitor(stage)
    await desk.stamps(stage, rally, wang, "B2")
    async with stage.app.database.unit_of_work() as uow:
        shown = (await stage.app.services(uow).gifts.show_code(rally.id, "T1", wang.id)).shown
    assert shown is not None
    await clerk.starts(stage.bot, f"g_{shown.token}")
    await clerk.sees("发放：帆布袋")
    async with stage.app.database.unit_of_work() as uow:
        await uow.session.execute(
            text("INSERT INTO gift_budgets (rally_id, budget_fen, spent_fen) VALUES (:r, 10000, 9000)"), {"r": rally.id}
        )
    await clerk.taps_and_sees("确认发放", "库存变了，请重新扫码")
    await clerk.starts(stage.bot, f"g_{shown.token}")
    await clerk.sees("发放：钥匙扣（含这份还剩 1 份）\n⚠️ 原礼品发完了，发替代品")
    await clerk.taps("确认发放")
    await clerk.sees("✅ 已发放")
    await chief.sees("「集章达人」的伴手礼发完了，开始发替代品「钥匙扣」", stage.bot)
    late = await visitor(stage, "来晚了")
    await desk.stamps(stage, rally, late, "B2")
    assert "到礼品台问" in await stage.asks(late, "/gifts")
    await late.taps("出示领奖码")
    late_code = code_of(await late.sees("「集章达人」伴手礼：暂时发完了"))
    assert "礼品和替代品都发完了，请会员稍后再来。已通知负责人" in await stage.asks(clerk, f"/redeem {late_code}")
    await chief.sees("「集章达人」的伴手礼和替代品都发不出了", stage.bot)
    await clerk.taps("撤回发放")
    await clerk.taps("客户退回")
    await clerk.sees("已撤回，库存已退回")
    await wang.sees("工作人员撤回了伴手礼的发放（客户退回）")
    await stage.comes_to(HANDED)
    await stage.comes_to("SELECT subject FROM audit_events WHERE action = 'undo_gift'", ("1 returned",))
    await stage.passes(timedelta(minutes=31))
    assert "领奖码过期了" in await stage.asks(clerk, f"/redeem g_{shown.token}")


async def test_where_the_real_name_is_asked_for_the_member_binds_first_and_is_followed_up_then(stage: Stage) -> None:
    chief = await stage.staff("李敏")
    rally = await desk.begins(stage, chief)
    clerk = (await stage.staff("柜员", Role.BRANCH)).opens(stage.bot)
    zhao = await visitor(stage, "赵四", bound=False)
    await desk.stamps(stage, rally, zhao, "B2")
    await zhao.taps("出示领奖码")
    code = code_of(await zhao.sees("「集章达人」伴手礼"))
    await ask_for_names(stage)
    assert "按活动规则需要实名：已提醒会员绑定手机号" in await stage.asks(clerk, f"核销 {code}")
    await zhao.sees("领取「帆布袋」需要实名")
    mark = await zhao.mark()
    await zhao.taps("出示领奖码")
    await zhao.sees("领取「帆布袋」需要实名", since=mark)
    await ask_for_names(stage, answer=False)
    await clerk.says(code)
    await clerk.taps("确认发放")
    await clerk.sees("✅ 已发放。会员还没绑定手机号")
    await zhao.taps_and_sees("可以联系", "请发 /bind 绑定手机号")
    assert await stage.rows("SELECT 1 FROM followups") == []
    await bind(stage, zhao)
    await stage.comes_to("SELECT owner_id, source FROM followups", (clerk.id, "gift_desk"))


async def test_who_wants_nobody_to_be_in_touch_is_not_followed_up(stage: Stage) -> None:
    chief = await stage.staff("李敏")
    rally = await desk.begins(stage, chief)
    wang = await visitor(stage)
    clerk = (await stage.staff("柜员", Role.BRANCH)).opens(stage.bot)
    await owned_by(stage, wang, chief)
    for booth, target in (("B2", "T1"), ("B1", "T2")):
        await desk.stamps(stage, rally, wang, booth)
        async with stage.app.database.unit_of_work() as uow:
            shown = (await stage.app.services(uow).gifts.show_code(rally.id, target, wang.id)).shown
        assert shown is not None
        await clerk.says(shown.short)
        await clerk.taps("确认发放")
        await clerk.sees("✅ 已发放")
    await wang.sees("客户经理可以联系您吗？")
    await wang.taps_and_sees("不用联系", "我们不会主动联系您")
    await chief.sees("不希望被联系，这条跟进已结束", stage.bot)
    await stage.comes_to("SELECT state, closed_by FROM followups", ("refused", wang.id))
    await stage.comes_to("SELECT count(*) FROM deliveries WHERE step = 'ask-contact'", (1,))


async def test_a_visitor_in_doubt_gets_the_gift_once_who_runs_the_event_said_so(stage: Stage) -> None:
    chief = (await stage.staff("李敏")).opens(stage.bot)
    rally = await desk.begins(stage, chief)
    wang = await visitor(stage)
    clerk = (await stage.staff("柜员", Role.BRANCH)).opens(stage.bot)
    await desk.stamps(stage, rally, wang, "B2")
    async with stage.app.database.unit_of_work() as uow:
        doubt = Suspicion(wang.id, 75, (Reason(Sign.TOO_FAST, 75, 3),))
        await SqlSuspicionStore(uow).keep(rally.id, [doubt], stage.app.clock.now())
        shown = (await stage.app.services(uow).gifts.show_code(rally.id, "T1", wang.id)).shown
    assert shown is not None
    asked = await stage.asks(clerk, f"/redeem {shown.short}")
    assert "需要核实：请活动负责人或团队长扫这个码决定" in asked
    assert "疑点" not in asked
    assert "需要核实" in await stage.forges(clerk, f"gift:hand_out:{shown.short}:0")
    assert "疑点：3 次赶到下个摊位快过跑步" in await stage.asks(chief, f"/redeem {shown.short}")
    await chief.taps_and_sees("核实无误，放行", "已放行")
    await clerk.says(shown.short)
    await clerk.taps("确认发放")
    await clerk.sees("✅ 已发放")


async def test_forged_and_foreign_taps_hand_nothing_out(stage: Stage) -> None:
    chief = await stage.staff("李敏")
    rally = await desk.begins(stage, chief)
    wang = await visitor(stage)
    await desk.stamps(stage, rally, wang, "B2")
    async with stage.app.database.unit_of_work() as uow:
        shown = (await stage.app.services(uow).gifts.show_code(rally.id, "T1", wang.id)).shown
    assert shown is not None
    thief = await visitor(stage, "陌生人")
    await thief.starts(stage.bot, f"g_{shown.token}")
    await thief.sees("这是领奖码，请在礼品台出示")
    for data, answer in (
        (f"gift:hand_out:{shown.token}:0", "不对您开放"),
        (f"gift:hand_out:{shown.short}:0", "不对您开放"),
        (f"gift_undo:returned:{shown.token}", "不对您开放"),
        (f"my_gift:{rally.id}:T1", "没有这份礼品"),
        ("my_gift:99999:T1", "没有这份礼品"),
        (f"my_gift:{2**63}:T1", "按钮已失效"),
        ("my_gift:1:<b>", "按钮已失效"),
    ):
        assert answer in await stage.forges(thief, data), data
    clerk = (await stage.staff("柜员", Role.BRANCH)).opens(stage.bot)
    shop = (await desk.clerk(stage)).opens(stage.bot)
    assert "礼品由银行工作人员发放" in await stage.forges(shop, f"gift:hand_out:{shown.token}:0")
    for data, answer in (
        (f"gift:hand_out:{'x' * 24}:0", "没有这个领奖码"),
        (f"gift_undo:returned:{shown.token}", "没有发放，不用撤回"),
        (f"gift:hand_out:{shown.token}:1", "库存变了"),
        ("gift:hand_out:short:0", "按钮已失效"),
    ):
        assert answer in await stage.forges(clerk, data), data
    assert "没有这个领奖码" in await stage.asks(clerk, "/redeem ABC234")
    assert "领奖码" not in await stage.asks(clerk, "ABC234")
    assert await stage.parked() == 0
    await stage.comes_to(HANDED)


async def owned_by(stage: Stage, customer: Phone, owner: Phone) -> None:
    async with stage.app.database.unit_of_work() as uow:
        services = stage.app.services(uow)
        member = await services.people.get(customer.id)
        assert member is not None
        assert member.customer_id is not None
        await services.owners.assign(member.customer_id, owner.id)


async def ask_for_names(stage: Stage, *, answer: bool = True) -> None:
    async with stage.app.database.unit_of_work() as uow:
        change = "UPDATE rallies SET config = jsonb_set(config, '{needs_real_name}', to_jsonb(CAST(:yes AS boolean)))"
        await uow.session.execute(text(change), {"yes": answer})


async def bind(stage: Stage, phone: Phone) -> None:
    async with stage.app.database.unit_of_work() as uow:
        customer = "INSERT INTO customers VALUES (:id, :number, '2026-09-30')"
        row = {"id": uuid4(), "number": str(phone.id)}
        await uow.session.execute(text(customer), row)
        bound = "UPDATE members SET customer_id = :id WHERE id = :member"
        await uow.session.execute(text(bound), {"id": row["id"], "member": phone.id})
