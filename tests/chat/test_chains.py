"""Chains in the chat: taps, words, full chains, deadlines."""

from datetime import timedelta

from tests.chat.points_bank import opens
from tests.driver import Stage


async def test_a_member_joins_by_button_and_by_word_and_the_card_is_edited_in_place(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang = await stage.members(group, "王芳", "张小明")
    await stage.chain(manager, group)
    await wang.taps_and_sees("我要接龙", "第 1 位")
    await zhang.says("接龙")
    await zhang.sees("已报名，你是第 2 位")
    card = await manager.sees("2. 张*明", group)
    assert "1. 王*" in card["text"]
    assert card["edited_count"] >= 1
    await wang.taps_and_sees("我要接龙", "每人一个名额")


async def test_a_place_given_back_goes_to_who_waits_and_is_confirmed_by_word(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang = await stage.members(group, "王芳", "张小明")
    await stage.chain(manager, group, places=1)
    await wang.taps_and_sees("我要接龙", "第 1 位")
    await zhang.taps_and_sees("我要接龙", "候补第 1 位")
    await wang.says("-1")
    await wang.sees("已退出接龙")
    await wang.sees("1. 张*明（待确认）")
    asked = await wang.sees("张*明，接龙有空位轮到您了")
    assert "start=my_chains" in str(asked["reply_markup"])
    await zhang.says("＋１")
    await zhang.sees("名额已确认，你是第 1 位")


async def test_a_chain_reminds_before_its_deadline_and_then_ends(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await manager.says("/chain 联名信用卡 10 3天", group)
    await wang.taps_and_sees("我要接龙", "第 1 位")
    await stage.passes(timedelta(days=2, hours=22, minutes=5))
    await wang.sees("⏰ 接龙「联名信用卡」还有 1小时")
    await wang.sees("【接龙】联名信用卡 · 即将结束")
    await stage.passes(timedelta(hours=2))
    await wang.sees("【接龙】联名信用卡 · 已结束")
    await manager.sees("发 /chains 看完整名单", stage.bot)
    await manager.says("/chains", stage.bot)
    await manager.sees("1. 王芳", stage.bot)
    await manager.taps("更多「联名信用卡」", stage.bot)
    await manager.taps_and_sees("延长 1 天", "延长到", stage.bot)
    await wang.sees("【接龙】联名信用卡 · 进行中", group)
    await stage.passes(timedelta(hours=23))
    await wang.sees("【接龙】联名信用卡 · 即将结束", group)
    await stage.passes(timedelta(hours=2))
    await wang.sees("【接龙】联名信用卡 · 已结束", group)
    steps = "SELECT count(*), count(DISTINCT step) FROM deliveries WHERE step LIKE 'ended:%' OR step LIKE 'reminder:%'"
    await stage.comes_to(steps, (4, 4))


async def test_only_a_manager_opens_a_chain_and_a_bad_line_is_explained(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await wang.says("/chain 联名信用卡 10 明天20:00")
    await wang.sees("这个功能不对您开放")
    await manager.says("/chain 联名信用卡 很多 明天", group)
    await manager.sees("名额请写 1 到 500 的数字", group)


async def test_a_manager_is_asked_step_by_step_in_private(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    manager.opens(stage.bot)
    await manager.says("/chain")
    await manager.sees("接龙的产品叫什么")
    await manager.says("亲子卡")
    await manager.sees("多少个名额")
    await manager.says("两百万")
    await manager.sees("名额请写 1 到 500 的数字")
    await manager.says("20")
    await manager.sees("什么时候截止")
    await manager.says("3天")
    await manager.sees("不加就是普通接龙")
    await manager.taps("开始")
    await manager.sees("接龙「亲子卡」已开始")
    await manager.sees("【接龙】亲子卡", group)


async def test_with_two_chains_a_word_joins_neither_and_leaves_the_right_one(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await stage.chain(manager, group, "联名信用卡")
    await stage.chain(manager, group, "亲子卡")
    await wang.says("接龙")
    await wang.sees("请点卡片上的按钮")
    await wang.says("大家好")
    card = await wang.sees("【接龙】联名信用卡")
    tap = await wang.taps("我要接龙", message_id=card["message_id"])
    assert "第 1 位" in (await tap.answer())["text"]
    await wang.says("退出接龙")
    await wang.sees("已退出接龙")


async def test_in_a_busy_group_the_answer_comes_in_private_or_as_a_glance(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang = await stage.members(group, "王芳", "张小明")
    await wang.starts(stage.bot)
    await stage.chain(manager, group, places=9)
    await stage.sandbox.turn_clock(rate=1)  # A busy minute lasts longer than the patience of an answer.
    await stage.sandbox.turn_clock(rate=0)
    while stage.app.pacer.take(group, "sendMessage", spare=8):
        await stage.passes(timedelta(seconds=2))
    await wang.says("接龙", group)
    await wang.sees("已报名，你是第 1 位", stage.bot)
    await zhang.says("接龙", group)
    await stage.sandbox.waits_for_calls(bot=stage.app.bot.id, method="setMessageReaction")


async def test_words_are_understood_or_asked_back_and_small_talk_gets_no_answer(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang = await stage.members(group, "王芳", "张小明")
    await manager.says("/chain 水果 9 明天20:00 每人4份 品种：苹果、香蕉", group)
    await wang.sees("【接龙】水果", group)
    assert "第 1 位" in await stage.asks(wang, "苹果 2箱", group)
    assert "要哪一种" in await stage.asks(zhang, "+2", group)
    answered = await wang.taps("香蕉 ×2", group)
    assert "这是问别人的" in (await answered.answer())["text"]
    await zhang.taps("香蕉 ×2", group)
    await wang.sees("2. 张*明 香蕉 ×2", group)
    assert "已帮 李*姨 报名，第 3 位" in await stage.asks(zhang, "帮李阿姨报A1", group)
    assert "第 1 位，共 2 份" in await stage.asks(wang, "接龙 A1", group)
    await wang.says("大家晚上好", group)
    assert "已改好，现在共 3 份" in await stage.asks(wang, "改成3份", group)
    assert "已撤销，现在共 2 份" in await stage.asks(wang, "撤銷", group)
    await wang.sees("A. 苹果 3 · B. 香蕉 2", group)
    assert not [text for text in (message.get("text", "") for message in await wang.reads(group)) if "没看懂" in text]


async def test_a_manager_takes_a_list_of_wechat_over_and_sees_who_is_missing(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang = await stage.members(group, "王芳", "张小明")
    await manager.says("/chain 水果 5 明天20:00 每人3份", group)
    await wang.sees("【接龙】水果", group)
    await wang.taps_and_sees("我要接龙", "第 1 位", group)
    await manager.says("#接龙 水果\n1. 王芳 2份\n2. 李阿姨 3份\n3. 赵六 两份\n4. 301 孙姐 1份", stage.bot)
    preview = await manager.sees("录入到「水果」，读到 2 条", stage.bot)
    assert "名单上已经有，不再录入：王芳" in preview["text"]
    assert "✗ 4. 301 孙姐 1份" in preview["text"]
    await manager.taps("录入 2 条", stage.bot)
    await manager.sees("已录入 1 条，候补 1 条，没录入 0 条", stage.bot)
    await wang.sees("2. 李*姨 ×3（李* 代报）", group)
    await zhang.says("接龙列表", group)
    assert "李阿姨" not in (await zhang.sees("#接龙", group))["text"]
    await manager.says("/chains", stage.bot)
    await manager.sees("2. 李阿姨 ×3", stage.bot)
    await manager.sees("代报 2 位没有本人的账号，不会生成办卡申请", stage.bot)
    await manager.taps("更多「水果」", stage.bot)
    await manager.taps("谁还没接", stage.bot)
    assert (await manager.sees("还没接龙 1 人", stage.bot))["text"].endswith("张小明")
    await opens(stage, wang)
    await manager.taps("导出 CSV", stage.bot)
    await manager.sees("接龙「水果」共 3 条", stage.bot)
    await stage.comes_to("SELECT occasion, member_id FROM customer_lookups", ("export", manager.id))
    await manager.taps("延长 1 天", stage.bot)
    await manager.sees("进行中", group)


async def test_who_is_promoted_is_told_in_private_and_who_sleeps_loses_the_place(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang, zhao = await stage.members(group, "王芳", "张小明", "赵六")
    await zhang.starts(stage.bot)
    await zhao.starts(stage.bot)
    await manager.says("/chain 水果 1 3天 确认6小时", group)
    await wang.sees("【接龙】水果", group)
    await wang.taps_and_sees("我要接龙", "第 1 位", group)
    await zhang.taps_and_sees("我要接龙", "候补第 1 位", group)
    await zhao.taps_and_sees("我要接龙", "候补第 2 位", group)
    await wang.taps_and_sees("退出接龙", "已退出接龙", group)
    await zhang.sees("接龙「水果」有空位了，轮到你（1 份）", stage.bot)
    await stage.passes(timedelta(hours=6, minutes=1))
    await zhang.sees("没有及时确认", stage.bot)
    await zhao.sees("轮到你（1 份）", stage.bot)
    await zhao.taps_and_sees("确认名额", "名额已确认，你是第 1 位", stage.bot)
    await zhao.sees("1. 赵*", group)


async def test_forged_buttons_of_lists_open_nothing(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("赵经理")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await wang.starts(stage.bot)
    await wang.sees("您好", stage.bot)
    await stage.chain(manager, group)
    for data in ("chain_deed:1:csv", "chain_deed:1:days"):
        assert "没有找到这个接龙" in await stage.forges(other, data, stage.bot)
        assert "不对您开放" in await stage.forges(wang, data, stage.bot)
    assert "已经过时" in await stage.forges(other, "chain_take:1:1", stage.bot)
    assert "没有找到这个接龙" in await stage.forges(wang, "chain_item:1:1", stage.bot)
    assert "没有找到这个接龙" in await stage.forges(wang, "chain:join:1", stage.bot)
    assert "请说明要哪一种" in await stage.forges(wang, "chain_item:1:1", group)
    assert "已经过时" in await stage.forges(wang, "chain_entry:1:0", group)
    assert await stage.rows("SELECT count(*) FROM chain_entries") == [(0,)]
