"""Redemptions in the chat: from the shelf to the desk, once; forged, stale and doubled taps change nothing."""

import asyncio
import re
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from campaigns.staff.model import Role
from sandbox.client import Phone
from tests.chat import points_bank as bank
from tests.driver import Stage

STATES = "SELECT state, count(*) FROM redemptions GROUP BY 1 ORDER BY 1"
CODE = re.compile(r"r_([\w-]{24})")


async def redeemed(stage: Stage, phone: Phone, title: str = "洗车券") -> str:
    """Tap through the shelf; returns the code's token."""
    await phone.says("兑换")
    await phone.taps(f"{title} · 20 波豆")
    await phone.sees(f"用 20 波豆兑换「{title}」")
    await phone.taps("确认兑换")
    return token_of(await phone.sees(f"已为您留好「{title}」"))


def token_of(message: dict[str, Any]) -> str:
    """The code that stands under the picture."""
    assert message["photo"]
    found = CODE.search(message["caption"])
    assert found is not None
    return found[1]


async def balance(stage: Stage, phone: Phone) -> str:
    """The first line of a member's points."""
    return (await stage.asks(phone, "我的波豆")).splitlines()[0]


async def test_from_the_shelf_to_the_desk_and_into_the_settlement(stage: Stage) -> None:
    campaign, wang = await set_up(stage)
    clerk = await stage.staff("柜员", Role.BRANCH)
    shelf = await stage.asks(wang, "兌換")
    assert "兑换架（您有 50 波豆）" in shelf
    assert "1. 洗车券\n20 波豆 · 剩 5 件\n幸福里 · 至 " in shelf
    token = await redeemed(stage, wang)
    assert await balance(stage, wang) == "您有 30 波豆，另有 20 已留作兑换。"
    await stage.passes(timedelta(minutes=3))
    await clerk.starts(stage.bot, f"r_{token}")
    seen = await clerk.sees("核销\n成员：王*\n商品：洗车券 · 20 波豆\n地点：幸福里\n", stage.bot)
    assert "分钟前兑换" in seen["text"]
    await clerk.taps("确认发放", stage.bot)
    await clerk.sees("已发放", stage.bot)
    await wang.sees("您的「洗车券」已领取，用去 20 波豆")
    await clerk.starts(stage.bot, f"r_{token}")
    again = await clerk.sees("这个码已经用过：「洗车券」", stage.bot)
    assert "由您发放" in again["text"]
    assert again["reply_markup"]["inline_keyboard"][0][0]["text"].startswith("撤回发放")
    assert "已领取" not in await stage.asks(wang, "待领取")
    async with stage.app.database.unit_of_work() as uow:
        sheet = await stage.app.services(uow).points.settlement(campaign)
    assert sheet is not None
    assert (sheet.totals.outstanding, sum(sheet.totals.claimed.values()), sheet.totals.is_balanced) == (30, 20, True)


async def set_up(stage: Stage, per_person: int = 1) -> tuple[int, Phone]:
    """A campaign, a shelf with one item, and a bound member with 50 points."""
    campaign = await bank.campaign(stage)
    await bank.item(stage, per_person=per_person)
    return campaign, await bank.customer(stage, "王芳", 50, campaign)


async def test_many_scans_at_once_hand_out_one(stage: Stage) -> None:
    _, wang = await set_up(stage)
    token = await redeemed(stage, wang)
    clerks = [await stage.staff(f"柜员{at}", Role.BRANCH) for at in range(3)]
    for clerk in clerks:
        assert "核销" in await stage.asks(clerk, f"/redeem r_{token}", stage.bot)
    taps = await asyncio.gather(*(clerk.taps("确认发放", stage.bot) for clerk in clerks for _ in range(2)))
    await asyncio.gather(*(tap.answer() for tap in taps))
    await stage.comes_to(STATES, ("handed_over", 1))
    await stage.comes_to("SELECT count(*), sum(points) FROM points_movements WHERE reason = 'claim'", (1, 20))
    await stage.comes_to("SELECT count(*) FROM deliveries WHERE step = 'handed:0'", (1,))
    assert await stage.parked() == 0


async def test_a_double_tap_on_one_question_redeems_once(stage: Stage) -> None:
    _, wang = await set_up(stage, per_person=2)
    await wang.says("/shelf")
    await wang.taps("洗车券 · 20 波豆")
    question = await wang.sees("用 20 波豆兑换")
    taps = await asyncio.gather(*(wang.taps("确认兑换", message_id=question["message_id"]) for _ in range(4)))
    answers = [(await tap.answer())["text"] or "" for tap in taps]
    assert sum("这次已经兑换过了" in answer for answer in answers) == 3
    await stage.comes_to(STATES, ("held", 1))
    await stage.comes_to("SELECT stock FROM shelf_items", (4,))


async def test_giving_up_gives_back_and_kills_the_code(stage: Stage) -> None:
    _, wang = await set_up(stage)
    token = await redeemed(stage, wang)
    clerk = await stage.staff("柜员", Role.BRANCH)
    await clerk.starts(stage.bot, f"r_{token}")
    await clerk.sees("确认发放", stage.bot)
    assert "洗车券 · 20 波豆\n幸福里 · " in await stage.asks(wang, "待領取")
    await wang.taps_and_sees("取消 洗车券", "已取消，20 波豆已退回")
    await wang.taps_and_sees("取消兑换", "已经结束或不是您的")
    await clerk.taps_and_sees("确认发放", "这个码已经用过、取消或过期", stage.bot)
    assert "客户已取消这个兑换" in await stage.asks(clerk, f"/redeem {token}", stage.bot)
    assert await balance(stage, wang) == "您有 50 波豆。"
    assert "没有待领取" in await stage.asks(wang, "待领取")


async def test_a_new_code_replaces_a_lost_one(stage: Stage) -> None:
    _, wang = await set_up(stage)
    old = await redeemed(stage, wang)
    await wang.says("待领取")
    mark = await wang.mark()
    await wang.taps("洗车券 重新出码")
    new = token_of(await wang.sees("已为您留好「洗车券」", since=mark))
    clerk = await stage.staff("柜员", Role.BRANCH)
    assert "没有这个兑换码" in await stage.asks(clerk, f"/redeem {old}", stage.bot)
    assert "成员：王*" in await stage.asks(clerk, f"/核销 https://t.me/{stage.bot}?start=r_{new}", stage.bot)


async def test_who_is_not_bound_is_asked_to_bind_and_who_is_short_hears_how_many(stage: Stage) -> None:
    campaign = await bank.campaign(stage)
    await bank.item(stage)
    zhao = await stage.person("赵四")
    await bank.opens(stage, zhao, bound=False)
    await bank.pays(stage, campaign, zhao, 50)
    await zhao.says("兑换", stage.bot)
    await zhao.taps("洗车券 · 20 波豆", stage.bot)
    await zhao.sees("兑换前需要实名", stage.bot)
    await zhao.taps("绑定手机号", stage.bot)
    await zhao.sees("绑定之前，请您知道", stage.bot)
    poor = await bank.customer(stage, "李贫", 15, campaign)
    await poor.says("兑换")
    await poor.taps_and_sees("洗车券 · 20 波豆", "波豆不够，还差 5 个")
    assert "波豆不够，还差 5 个" in await stage.forges(poor, "redeem:1:20")
    assert await stage.rows(STATES) == []


async def test_forged_taps_reach_nobody_elses_redemption_and_no_unknown_item(stage: Stage) -> None:
    _, wang = await set_up(stage)
    token = await redeemed(stage, wang)
    number = (await stage.rows("SELECT id FROM redemptions"))[0][0]
    thief = await stage.person("陌生人")
    await bank.opens(stage, thief)
    await thief.starts(stage.bot, f"r_{token}")
    await thief.sees("这是兑换码，请在柜台出示", stage.bot)
    for data, answer in (
        (f"fetch:cancel:{number}", "已经结束或不是您的"),
        (f"fetch:renew:{number}", "已经结束或不是您的"),
        (f"desk:hand_out:{token}", "不对您开放"),
        (f"desk:undo:{token}", "不对您开放"),
        (f"undo:returned:{token}", "不对您开放"),
        ("redeem:1:20", "波豆不够"),
        ("redeem:1:1", "价格已变"),
        ("redeem:99999:20", "已经没有了"),
        (f"redeem:{2**63}:20", "按钮已失效"),
        ("redeem:1:0", "按钮已失效"),
        ("item:99999", "按钮已失效"),
        ("item:-1", "按钮已失效"),
        ("fetch:steal:1", "按钮已失效"),
        ("desk:hand_out:short", "按钮已失效"),
    ):
        assert answer in await stage.forges(thief, data, stage.bot), data
    clerk = await stage.staff("柜员", Role.BRANCH)
    for data, answer in (
        (f"desk:hand_out:{'x' * 24}", "没有这个兑换码"),
        (f"undo:returned:{token}", "这个码已经用过"),
        (f"desk:hand_out:{number}", "按钮已失效"),
    ):
        assert answer in await stage.forges(clerk, data, stage.bot), data
    await stage.comes_to(STATES, ("held", 1))
    assert await stage.parked() == 0


async def test_a_clerk_hands_nothing_out_to_themselves(stage: Stage) -> None:
    campaign = await bank.campaign(stage)
    await bank.item(stage)
    clerk = (await stage.staff("柜员", Role.BRANCH)).opens(stage.bot)
    await bank.opens(stage, clerk)
    await bank.pays(stage, campaign, clerk, 20)
    token = await redeemed(stage, clerk)
    assert "不能给自己发放" in await stage.asks(clerk, f"/redeem {token}")
    assert "不能给自己发放" in await stage.forges(clerk, f"desk:hand_out:{token}")


async def test_a_partners_staff_serve_at_their_own_partner_alone(stage: Stage) -> None:
    _, wang = await set_up(stage)
    chief = await stage.staff("周严", Role.ADMINISTRATOR)
    assert "已有：A银行、幸福里" in await stage.asks(chief, "/partner 没有的店", stage.bot)
    clerks, link = [], ""
    for name in ("A银行", "幸福里"):
        clerk = await stage.person("店员")
        link = (await stage.asks(chief, f"/partner {name}", stage.bot)).split("start=")[1]
        await clerk.starts(stage.bot, link)
        await clerk.sees(f"您现在可以为 {name} 核销", stage.bot)
        clerks.append(clerk)
    second = await stage.person("另一人")
    await second.starts(stage.bot, link)
    await second.sees("邀请链接已被使用", stage.bot)
    unlinked = await stage.staff("旧店员", Role.PARTNER)
    token = await redeemed(stage, wang)
    for other in (clerks[0], unlinked):
        assert "不在您的商户领取" in await stage.asks(other, f"/redeem {token}", stage.bot)
        assert "不在您的商户领取" in await stage.forges(other, f"desk:hand_out:{token}", stage.bot)
    await clerks[1].starts(stage.bot, f"r_{token}")
    await clerks[1].taps("确认发放", stage.bot)
    await clerks[1].sees("已发放", stage.bot)


async def test_a_mistake_is_taken_back_within_ten_minutes_with_a_reason(stage: Stage) -> None:
    _, wang = await set_up(stage)
    clerk = (await stage.staff("柜员", Role.BRANCH)).opens(stage.bot)
    other = await stage.staff("旁人", Role.BRANCH)
    token = await redeemed(stage, wang)
    for turn in range(2):
        await clerk.starts(stage.bot, f"r_{token}")
        await clerk.taps("确认发放")
        await clerk.sees("已发放")
        assert "只有发放的人或团队长" in await stage.forges(other, f"undo:returned:{token}", stage.bot)
        if turn == 0:
            await clerk.taps("撤回发放")
            await clerk.taps("扫错码")
            await clerk.sees("已撤回，码重新有效")
            await wang.sees("工作人员撤回了「洗车券」的发放（扫错码）")
    await stage.passes(timedelta(minutes=10))
    assert "超过 10 分钟" in await stage.forges(clerk, f"undo:returned:{token}")
    trail = "SELECT actor, subject FROM audit_events WHERE action = 'undo_redemption'"
    number = (await stage.rows("SELECT id FROM redemptions"))[0][0]
    await stage.comes_to(trail, (clerk.id, f"{number} wrong_code"))
    assert await stage.rows("SELECT kind, balance FROM points_accounts WHERE kind IN ('claimed', 'held')") == [
        ("held", 0),
        ("claimed", 20),
    ]


async def test_what_nobody_fetches_is_given_back_and_the_member_hears_of_it_once(stage: Stage) -> None:
    _, wang = await set_up(stage)
    token = await redeemed(stage, wang)
    await stage.passes(timedelta(days=7, minutes=1))
    await wang.sees("「洗车券」没有在期限内领取，20 波豆已退回")
    clerk = await stage.staff("柜员", Role.BRANCH)
    assert "这个码已过期，波豆已退回" in await stage.asks(clerk, f"/redeem {token}", stage.bot)
    assert await balance(stage, wang) == "您有 50 波豆。"
    told = "SELECT count(*) FROM deliveries WHERE step LIKE 'lapsed:%'"
    await stage.comes_to(told, (1,))


async def test_old_buttons_meet_the_price_of_today_and_an_empty_shelf(stage: Stage) -> None:
    _, wang = await set_up(stage)
    await wang.says("兑换")
    await wang.taps("洗车券 · 20 波豆")
    await wang.sees("用 20 波豆兑换")
    async with stage.app.database.unit_of_work() as uow:
        await uow.session.execute(text("UPDATE shelf_items SET points = 30"))
    await wang.taps_and_sees("确认兑换", "价格已变")
    async with stage.app.database.unit_of_work() as uow:
        await uow.session.execute(text("UPDATE shelf_items SET points = 20, stock = 0"))
    await wang.taps_and_sees("确认兑换", "已兑完")
    assert "兑换架现在是空的" in await stage.asks(wang, "兑换")
    assert await balance(stage, wang) == "您有 50 波豆。"


async def test_the_shelf_is_found_by_many_words_and_shows_money_off(stage: Stage) -> None:
    campaign = await bank.campaign(stage)
    await bank.item(stage, "加油卡", offset_fen=1_050)
    wang = await bank.customer(stage, "王芳", 20, campaign)
    for words in ("/shelf", "兌換", "积分兑换", "積分兌換", "ＲＥＤＥＥＭ", "兑 换！"):
        assert "20 波豆（抵 10.50 元） · 剩 5 件" in await stage.asks(wang, words, stage.bot)
    await wang.taps("加油卡 · 20 波豆", stage.bot)
    await wang.sees("用 20 波豆兑换「加油卡」（抵 10.50 元）？", stage.bot)
