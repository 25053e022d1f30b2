"""Group to-dos in the chat: made, ticked off once each, reminded of, ended, and seen by who may see them."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from sandbox.client import Phone
from tests.driver import Stage


async def forge(phone: Phone, group: int, data: str) -> str:
    """Press a button of the group's newest card with data that it never had."""
    return str((await (await phone.taps(chat=group, data=data)).answer())["text"])


async def test_a_todo_counts_those_who_did_it_and_ends_by_itself(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang = await stage.members(group, "王芳", "张小明")
    await manager.says("/todo 填写活动报名表 3天", group)
    card = await wang.sees("【群待办】填写活动报名表 · 进行中")
    pinned = await stage.sandbox.waits_for_calls(bot=stage.app.bot.id, method="pinChatMessage")
    assert pinned
    await wang.taps_and_sees("我已完成", "1 人已完成")
    await wang.taps_and_sees("我已完成", "不用再点")
    assert (await wang.sees("1 人已完成"))["message_id"] == card["message_id"]
    await stage.passes(timedelta(days=2, hours=22, minutes=5))
    await zhang.sees("⏰ 待办「填写活动报名表」还有 1小时")
    await zhang.sees("即将结束")
    late = await stage.members(group, "赵晓")
    await late[0].taps_and_sees("我已完成", "2 人已完成")
    await manager.says("/todos", stage.bot)
    seen = await manager.sees("未完成：", stage.bot)
    assert "张小明" in seen["text"]
    assert "王芳" not in seen["text"]
    await stage.passes(timedelta(hours=2))
    await zhang.sees("【群待办】填写活动报名表 · 已结束")
    await manager.sees("发 /todos 看谁还没完成", stage.bot)
    await stage.sandbox.waits_for_calls(bot=stage.app.bot.id, method="unpinChatMessage")
    assert "已结束" in await forge(zhang, group, "todo:1")
    await stage.comes_to("SELECT count(*) FROM deliveries WHERE campaign = 'todo:1' AND step = 'reminder'", (1,))


async def test_fifty_taps_at_once_count_once_each(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    people = await stage.sandbox.new_people([f"客户{n}" for n in range(25)])
    group = await stage.sandbox.new_group("A银行&幸福里商户福利群", manager, people)
    await manager.adds_bot(stage.bot, group, parameter="register", rights=["can_pin_messages"])
    await manager.sees("已登记", group)
    await manager.says("/todo 看公告 3天", group)
    card = await manager.sees("【群待办】看公告", group)
    answers = await stage.sandbox.tap_together([*people, *people], "我已完成", group, card["message_id"])
    assert len(answers) == 50
    assert sum("你已完成" in (answer or "") for answer in answers) == 25
    assert sum("不用再点" in (answer or "") for answer in answers) == 25
    await manager.sees("25 人已完成", group)
    await stage.comes_to("SELECT count(*) FROM todo_done", (25,))
    with pytest.raises(DBAPIError, match="never taken back"):
        await stage.rows("DELETE FROM todo_done")


async def test_a_todo_for_somebody_is_made_by_reply_and_is_for_nobody_else(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang = await stage.members(group, "王芳", "张小明")
    said = await wang.says("我来负责签到")
    await manager.says("/todo 准备签到表 3天", group, reply_to=said["message_id"])
    await zhang.sees("指定成员 1 位")
    await zhang.taps_and_sees("我已完成", "给指定成员")
    await wang.taps_and_sees("我已完成", "1 人已完成")
    assert "认不出 @nobody" in await stage.asks(manager, "/todo @nobody 准备签到表 3天", group)


async def test_only_a_manager_makes_and_ends_todos_and_each_group_has_its_own(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈晨")
    group = await stage.group(manager)
    elsewhere = await stage.group(other, "A银行&阳光城商户福利群")
    [wang] = await stage.members(group, "王芳")
    [zhang] = await stage.members(elsewhere, "张小明")
    await wang.says("/todo 看公告 3天")
    await wang.sees("这个功能不对您开放")
    await manager.says("/todo 看公告 3天", group)
    await wang.sees("【群待办】看公告")
    assert "没有找到这个待办" in await forge(zhang, elsewhere, "todo:1")
    assert "没有找到这个待办" in await forge(zhang, elsewhere, "todo:77")
    assert "按钮已失效" in await forge(zhang, elsewhere, "todo:-1")
    assert "只有发待办的经理" in await stage.forges(other, "todo_end:1", stage.bot)
    await stage.comes_to("SELECT closed_at FROM todos", (None,))
    manager.opens(stage.bot)
    await manager.says("/todos")
    await manager.taps_and_sees("结束「看公告」", "0 人已完成")
    await wang.sees("【群待办】看公告 · 已结束")


async def test_a_manager_is_asked_step_by_step_and_bad_lines_are_explained(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    assert "没看懂截止时间" in await stage.asks(manager, "/todo 看公告 很快", group)
    assert "例如：/todo" in await stage.asks(manager, "/todo", group)
    manager.opens(stage.bot)
    assert "要大家做什么" in await stage.asks(manager, "/todo")
    assert "最多 120 字" in await stage.asks(manager, "长" * 121)
    assert "什么时候截止" in await stage.asks(manager, "看公告")
    assert "没看懂截止时间" in await stage.asks(manager, "很快")
    assert "已发到群里" in await stage.asks(manager, "3天")
    await manager.sees("【群待办】看公告", group)
