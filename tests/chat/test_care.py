"""Group care in the chat: spam out and back, impersonators, what the bot loses, one person in many groups."""

from datetime import timedelta
from typing import Any

from sandbox.client import Phone
from tests.chat.test_groups import posts, told
from tests.driver import GROUP, Stage

RIGHTS = ("can_pin_messages", "can_change_info", "can_delete_messages", "can_invite_users", "can_restrict_members")
SPAM = "兼职刷单，日结 300，详情 www.abc-job.top"


async def cared_for(stage: Stage) -> tuple[Phone, int]:
    """A manager and a group in which the bot has every right."""
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    await manager.sets_bot_rights(stage.bot, RIGHTS, group)
    return manager, group


def buttons_of(message: dict[str, Any]) -> dict[str, str]:
    """The callback data of a message's buttons by label."""
    rows = message["reply_markup"]["inline_keyboard"]
    return {button["text"]: button["callback_data"] for row in rows for button in row}


async def test_spam_is_removed_reported_and_comes_back_at_a_tap(stage: Stage) -> None:
    manager, group = await cared_for(stage)
    [wang] = await stage.members(group, "王芳")
    own = f"免费领红包：{stage.app.world.settings.public_address}/draws/1"
    await wang.says(own)
    await wang.says(SPAM)
    report = await manager.sees("已删除一条可疑消息", stage.bot)
    await wang.sees(own)
    assert "王*" in report["text"]
    assert "王芳" not in report["text"]
    await stage.comes_to("SELECT state FROM deliveries WHERE method = 'deleteMessage'", ("sent",))
    await wang.sees_no(SPAM)
    other = await stage.staff("陈刚")
    assert "另一位理财经理" in await stage.forges(other, buttons_of(report)["恢复"], stage.bot)
    await manager.taps_and_sees("恢复", "已恢复", stage.bot)
    again = await wang.sees(SPAM)
    assert again["text"] == f"王* 说：{SPAM}"
    await manager.taps_and_sees("禁言", "已处理过", stage.bot)
    [zhang] = await stage.members(group, "张小明")
    await zhang.says(SPAM.replace("，", "， "))
    assert "请私聊我" in await stage.asks(zhang, "/bind", group)
    await stage.comes_to("SELECT state FROM care_cases", ("restored",))
    audit = "SELECT actor, action FROM audit_events WHERE action LIKE 'care_%' ORDER BY id"
    await stage.comes_to(audit, (None, "care_removed"), (manager.id, "care_restored"))
    [(words,)] = await stage.rows("SELECT words FROM care_cases")
    assert "刷单".encode() not in bytes(words)


async def test_an_impersonator_is_muted(stage: Stage) -> None:
    manager, group = await cared_for(stage)
    swindler = await stage.person("А银行客服")
    await swindler.joins(group)
    await manager.sees("有人以「А银行客服」的名字进了", stage.bot)
    await swindler.says("您好")
    await manager.sees("冒充银行工作人员", stage.bot)
    await manager.sets_bot_rights(stage.bot, RIGHTS[:4], group)
    await manager.taps_and_sees("禁言", "没有「限制成员」权限", stage.bot)
    await manager.sets_bot_rights(stage.bot, RIGHTS, group)
    await manager.taps_and_sees("禁言", "已禁言", stage.bot)
    await stage.comes_to("SELECT state FROM deliveries WHERE method = 'restrictChatMember'", ("sent",))
    standing = await stage.app.bot.get_chat_member(group, swindler.id)
    assert standing.status == "restricted"


async def test_staff_administrators_and_talk_are_never_touched(stage: Stage) -> None:
    manager, group = await cared_for(stage)
    partner = await stage.person("王芳")
    owned = await stage.sandbox.new_group("A银行&米店商户福利群", partner, [manager])
    await partner.adds_bot(stage.bot, owned, rights=RIGHTS)
    await manager.says("/register", owned)
    await manager.sees("已登记", owned)
    await partner.says(SPAM, owned)
    await manager.says(SPAM, group)
    [wang] = await stage.members(group, "王小芳")
    await wang.says("请问客服电话是多少？")
    said = await wang.says("大家好")
    await wang.sends(edit_of=said["message_id"], text=SPAM)
    await manager.sees("王*芳：「兼职刷单", stage.bot)
    await stage.comes_to("SELECT member_id FROM care_cases", (wang.id,))
    await manager.sees(SPAM, group)
    await manager.sees(SPAM, owned)


async def test_a_member_has_no_say_on_cases(stage: Stage) -> None:
    manager, group = await cared_for(stage)
    [wang] = await stage.members(group, "王芳")
    await wang.says(SPAM)
    report = await manager.sees("已删除一条可疑消息", stage.bot)
    await wang.starts(stage.bot)
    await wang.sees("小助手", stage.bot)
    for data in buttons_of(report).values():
        assert "不对您开放" in await stage.forges(wang, data, stage.bot)
    await stage.comes_to("SELECT state FROM care_cases", ("removed",))


async def test_the_manager_hears_once_what_the_bot_lost(stage: Stage) -> None:
    manager, group = await cared_for(stage)
    await stage.sandbox.set_faults({"kind": "repeat_updates"})
    await manager.sets_bot_rights(stage.bot, RIGHTS[:2], group)
    lost = await manager.sees("失去了权限", stage.bot)
    assert "删除消息、限制成员、邀请成员" in lost["text"]
    [wang] = await stage.members(group, "王芳")
    await wang.says(SPAM)
    await manager.sees("我没有「删除消息」权限", stage.bot)
    await wang.sees(SPAM)
    await manager.removes_bot(stage.bot, group)
    out = await manager.sees("我被移出了", stage.bot)
    assert out["reply_markup"]["inline_keyboard"][0][0]["url"].startswith(
        f"https://t.me/{stage.bot}?startgroup=register"
    )
    await manager.adds_bot(stage.bot, group, parameter="register", rights=RIGHTS)
    await manager.sees("已登记", group)
    assert len(await posts(stage, manager.id, "失去了权限")) == 1
    assert len(await posts(stage, manager.id, "我被移出了")) == 1


async def test_the_manager_hears_of_upgrades_topics_and_anonymous_administrators(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    plain = await stage.sandbox.new_group(GROUP, manager, kind="group")
    await manager.adds_bot(stage.bot, plain, parameter="register", rights=RIGHTS)
    await manager.sees("已登记", plain)
    await stage.sandbox.act("POST", f"/api/groups/{plain}/migrate")
    await manager.sees("已升级为超级群", stage.bot)
    body = {"title": "A银行&米店商户福利群", "owner_id": manager.id, "is_forum": True}
    forum = (await stage.sandbox.act("POST", "/api/groups", body))["id"]
    await manager.adds_bot(stage.bot, forum, parameter="register", rights=RIGHTS)
    await manager.sees("「General」", forum)
    for words in ("/chain 米 3 明天20:00", "接龙"):
        assert await stage.receives("message", told(forum) | {"text": words}) == 200
    await manager.sees("开着匿名发言", stage.bot)
    await stage.comes_to("SELECT count(*) FROM inbox WHERE state <> 'done'", (0,))
    assert len(await posts(stage, manager.id, "开着匿名发言")) == 1
    assert len(await posts(stage, manager.id, "已升级为超级群")) == 1


async def test_an_answer_follows_a_group_that_became_a_supergroup_meanwhile(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    wang = await stage.person("王芳")
    group = await stage.sandbox.new_group(GROUP, manager, [wang], kind="group")
    await manager.adds_bot(stage.bot, group, parameter="register", rights=RIGHTS)
    await manager.sees("📢 群公告", group)
    await stage.comes_to("SELECT state FROM deliveries WHERE method = 'pinChatMessage'", ("sent",))
    await stage.sandbox.set_faults({"kind": "migrated", "method": "sendMessage", "times": 1})
    await wang.says("/bind", group)
    await stage.comes_to("SELECT chat_id < -1000000000000 FROM groups", (True,))
    [(heir,)] = await stage.rows("SELECT chat_id FROM groups")
    await wang.sees("请私聊我完成这一步", heir)


async def test_a_newcomer_is_asked_one_thing_at_a_time_and_reminded_once(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    groups = [await stage.group(manager, f"A银行&{name}商户福利群") for name in ("米店", "面馆", "书店")]
    wang = await stage.person("王芳", phone="+8613800000001")
    for group in groups:
        await wang.joins(group)
        welcome = await wang.sees("👋 欢迎 王*", group)
        start = welcome["reply_markup"]["inline_keyboard"][0][0]["url"].split("?start=")[1]
        await wang.starts(stage.bot, start)
        await wang.sees("请选择语言", stage.bot)
    await wang.taps("English", stage.bot)
    await wang.sees("Before linking, please know", stage.bot)
    reminder = "SELECT step, state FROM deliveries WHERE step = 'bind-reminder'"
    await stage.comes_to(reminder, ("bind-reminder", "planned"))
    await stage.passes(timedelta(days=2))
    await wang.sees("您还没绑定手机号", stage.bot)
    await wang.starts(stage.bot, "hello")
    await stage.passes(timedelta(days=2))
    await stage.asks(wang, "/help", stage.bot)
    assert len(await posts(stage, wang.id, "您还没绑定手机号")) == 1
