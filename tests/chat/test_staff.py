"""Staff in the chat: invitations, forged and stale buttons, who sees which names, whose chain it is."""

import asyncio
import re
from datetime import timedelta

import pytest

from campaigns.staff.model import Role
from sandbox.client import Phone
from tests.driver import Stage

BIG = 2**63
FORGED = (
    "chain:join:1", "chain:leave:1", "chain:join:0", "chain:join:-1", f"chain:join:{BIG}", "chain:join:1e3",
    "chain:win:1", "chain:join", "chain:join:1:1", "chain_close:1", f"chain_close:{BIG}", "opening:-1001",
    f"opening:{-BIG}", "opening:x", "bind:ask", "bind:maybe", "bind:", "language:fr", "offer:1", f"offer:{BIG}",
    "consent:binding:1", "consent:marketing:maybe", "consent:theft:1", "resolve:1:1", f"resolve:{BIG}:1", "resolve:1:x",
    "why_me", "why_me:1", "old_version:7", "x" * 64, "♞", "chain:join:\x00", "chain:join:１", " ", ":",
)  # fmt: skip
STATE = (
    "SELECT (SELECT count(*) FROM chain_entries), (SELECT count(*) FROM chains WHERE state = 'open'),"
    " (SELECT count(*) FROM consents), (SELECT count(*) FROM offer_campaigns), (SELECT count(*) FROM staff_roles)"
)


async def invitation(administrator: Phone, role: str) -> str:
    """The token of a link that an administrator asked the bot for."""
    said = await administrator.says(f"/invite {role}")
    link = await administrator.sees("start=staff_", since=said["seq"])
    found = re.search(r"start=(staff_[\w-]+)", link["text"])
    assert found is not None
    return found[1]


async def test_an_invitation_gives_its_role_to_one_person_once_and_in_time(stage: Stage) -> None:
    chief = await stage.staff("周严", Role.ADMINISTRATOR)
    assert "角色有：wealth_manager" in await stage.asks(chief, "/invite 老板")
    link = await invitation(chief, "wealth_manager")
    pair = [await stage.person(name) for name in ("李敏", "陈刚")]
    await asyncio.gather(*(phone.starts(stage.bot, link) for phone in pair))
    answers = [(await phone.sees("。"))["text"] for phone in pair]
    assert sorted("您的身份：理财经理" in answer for answer in answers) == [False, True]
    assert sorted("邀请链接已被使用" in answer for answer in answers) == [False, True]
    [winner] = [phone.id for phone, answer in zip(pair, answers, strict=True) if "您的身份：理财经理" in answer]
    menus = [str(call["params"]) for call in await stage.sandbox.calls(method="setMyCommands", bot=stage.app.bot.id)]
    [menu] = [each for each in menus if any(str(phone.id) in each for phone in pair)]
    assert str(winner) in menu
    assert "我的客户" in menu
    managers = "SELECT count(*) FROM staff_roles WHERE role = 'wealth_manager'"
    await stage.comes_to(managers, (1,))
    late = await stage.person("赵晚")
    forgotten = await invitation(chief, "compliance")
    await late.starts(stage.bot, "staff_nobody-made-this-one")
    await late.sees("邀请链接无效")
    await stage.passes(timedelta(days=7))
    await late.starts(stage.bot, forgotten)
    await late.sees("邀请链接已过期")
    assert await stage.rows("SELECT 1 FROM staff_roles WHERE member_id = :id", id=late.id) == []
    trail = "SELECT subject FROM audit_events WHERE actor = :id AND action = 'accept_invitation' ORDER BY id"
    await stage.comes_to(trail, ("unknown",), ("expired",), id=late.id)


async def test_forged_buttons_of_a_stranger_are_answered_and_do_nothing(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    await stage.chain(manager, group)
    stranger = await stage.person("陌生人")
    await stranger.starts(stage.bot)
    greeting = await stranger.sees("您好")
    before = await stage.rows(STATE)
    for data in FORGED:
        tap = await stranger.taps(message_id=greeting["message_id"], data=data)
        assert (await tap.answer())["url"] is None, data
    assert await stage.rows(STATE) == before
    assert await stage.parked() == 0
    trail = "SELECT DISTINCT subject FROM audit_events WHERE actor = :id AND action = 'refused' ORDER BY subject"
    refused = [("close_chain",), ("open_chain",), ("resolve_unknown",), ("send_offers",)]
    assert await stage.rows(trail, id=stranger.id) == refused


async def test_a_button_of_another_version_says_so(stage: Stage) -> None:
    wang = await stage.person("王芳")
    await wang.starts(stage.bot)
    await wang.sees("您好")
    assert "这个按钮已失效" in await stage.forges(wang, "chain_v2:join:1")


async def test_the_manager_reads_full_names_in_private_and_the_group_masked_ones(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang = await stage.members(group, "王芳", "张小明")
    await stage.chain(manager, group)
    await wang.taps_and_sees("我要接龙", "第 1 位")
    await zhang.taps_and_sees("我要接龙", "第 2 位")
    names = await stage.asks(manager, "/chains", stage.bot)
    assert "1. 王芳\n2. 张小明" in names
    card = await wang.sees("2. 张*明")
    for screen in [card, *await wang.reads(group)]:
        assert screen["from"]["is_bot"] is False or "张小明" not in screen.get("text", "")


async def test_only_its_leader_closes_a_chain_and_only_in_the_own_group_is_one_opened(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈刚")
    group = await stage.group(manager)
    await stage.chain(manager, group)
    await stage.asks(manager, "/chains", stage.bot)
    assert "只有开接龙的经理可以结束它" in await stage.forges(other, "chain_close:1", stage.bot)
    await (await other.taps(chat=stage.bot, message_id=2, data=f"opening:{group}")).answer()
    await other.sees("接龙的产品叫什么", stage.bot)
    assert "多少个名额" in await stage.asks(other, "冒名卡", stage.bot)
    assert "福利群" in await stage.asks(other, "/newgroup", stage.bot)
    assert "什么时候截止" in await stage.asks(other, "5", stage.bot)
    assert "（还没有选群）" in await stage.asks(other, "3天", stage.bot)
    await other.taps("开始", stage.bot)
    await other.sees("由另一位理财经理管理", stage.bot)
    await stage.comes_to("SELECT product, state FROM chains", ("联名信用卡", "open"))
    await manager.taps_and_sees("结束「联名信用卡」", "已结束，共 0 人", stage.bot)
    assert "已经结束" in await stage.forges(manager, "chain_close:1", stage.bot)


@pytest.mark.parametrize("word", ["取消", "/cancel", "Cancel"])
async def test_an_opening_can_be_broken_off(stage: Stage, word: str) -> None:
    manager = await stage.staff("李敏")
    await stage.group(manager)
    assert "接龙的产品叫什么" in await stage.asks(manager, "/chain", stage.bot)
    assert "没有开接龙" in await stage.asks(manager, word, stage.bot)
    assert "没看懂" in await stage.asks(manager, "亲子卡", stage.bot)
