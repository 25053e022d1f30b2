"""Group-buys in the chat: terms tapped together, who may enter, the leader, extending, inviting, the end."""

from datetime import timedelta

import pytest

from tests.driver import Stage

pytestmark = pytest.mark.usefixtures("noon")  # What is missing is not told at night.
LINE = "/groupbuy 联名信用卡 20 2天 | 2人=首年免年费 | 3人=洗车券"


async def test_a_manager_taps_the_terms_and_who_does_not_meet_them_is_told_alone(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    manager.opens(stage.bot)
    for said, seen in (("/chain", "产品叫什么"), ("亲子卡", "多少个名额"), ("20", "什么时候截止")):
        await manager.says(said)
        await manager.sees(seen)
    await manager.says("3天")
    await manager.sees("报名条件：无")
    await manager.taps("3 人成团")
    await manager.sees("3 人解锁什么")
    await manager.says("首年免年费")
    await manager.sees("拼团档位：3 人 首年免年费")
    await manager.taps("已绑定")
    await manager.sees("已绑定手机号的客户")
    await manager.taps("B 类")
    await manager.sees("B 类，群里不显示类别")
    await manager.taps("开始")
    await manager.sees("拼团「亲子卡」已在 1 个群开始")
    card = await wang.sees("【拼团】亲子卡 · 拼团中", group)
    assert "⬜ 3 人：首年免年费（还差 3 人）" in card["text"]
    assert "本行邀请的客户" in card["text"]
    assert "B 类" not in card["text"]
    await wang.taps_and_sees("我要接龙", "发 /bind 绑定")
    await wang.says("接龙", group)
    await wang.sees("原因只有您自己看得到", group)


async def test_the_next_in_order_leads_extends_once_and_the_group_hears_how_it_ended(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang, zhao = await stage.members(group, "王芳", "张小明", "赵强")
    await zhang.starts(stage.bot)
    await manager.says(LINE, group)
    await manager.sees("拼团「联名信用卡」已在 1 个群开始", group)
    wang.opens(group)
    zhang.opens(group)
    await wang.sees("【拼团】联名信用卡")
    await wang.taps_and_sees("我要接龙", "第 1 位")
    await wang.sees("还差 1 位成团")
    await zhang.says("+1")
    await zhang.sees("已报名，你是第 2 位")
    await zhang.sees("✅ 2 人：首年免年费")
    await wang.says("-1")
    await zhang.sees("现在由您当团长", stage.bot)
    zhang.opens(stage.bot)
    await zhang.says("我的拼团")
    await zhang.sees("您是团长")
    await zhang.taps_and_sees("延期 1 天", "已延期")
    await wang.sees("📣 拼团「联名信用卡」延期到")
    assert "延期过一次" in await stage.forges(zhang, "groupbuy_extend:1:1")
    await zhao.starts(stage.bot)
    await zhao.sees("小助手", stage.bot)
    assert "只有团长或理财经理" in await stage.forges(zhao, "groupbuy_extend:1:1", stage.bot)
    assert "第 2 位" in await stage.asks(zhao, "+1", group)
    await stage.passes(timedelta(days=3, minutes=5))
    await wang.sees("成团了：2 人")
    await wang.sees("【拼团】联名信用卡 · 已成团")
    await zhao.says("我的拼团", stage.bot)
    await zhao.sees("已为您记下：首年免年费", stage.bot)


async def test_an_invitation_leads_into_the_group_and_members_sign_up_in_private(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang = await stage.members(group, "王芳", "张小明")
    stranger = await stage.person("陌生人")
    await manager.says(LINE, group)
    await wang.sees("【拼团】联名信用卡", group)
    await wang.says("+1", group)
    await wang.sees("第 1 位", group)
    await wang.starts(stage.bot)
    wang.opens(stage.bot)
    await wang.says("邀请")
    await wang.sees("您已报名，第 1 位")
    await wang.taps("邀请好友「联名信用卡」")
    text = (await wang.sees("一起来吧"))["text"]
    parameter = str(text).rpartition("start=")[2]
    await stranger.starts(stage.bot, parameter)
    await stranger.sees("拉您进群", stage.bot)
    await zhang.starts(stage.bot, parameter)
    zhang.opens(stage.bot)
    await zhang.sees("已有 1 人")
    await zhang.taps_and_sees("我要报名", "第 2 位")
    assert "没有找到这个接龙" in await stage.forges(stranger, "groupbuy:sign_up:1", stage.bot)
