"""Groups in the chat: registering, the announcement, welcomes, names, migration, the bot's own coming and going."""

from typing import Any

from tests.driver import GROUP, RIGHTS, Stage

WELCOME = "👋 欢迎"
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


async def posts(stage: Stage, group: int, words: str) -> list[dict[str, Any]]:
    """What the bot posted into the group with these words, by the sandbox's record."""
    calls = await stage.sandbox.calls(method="sendMessage", chat_id=group, bot=stage.app.bot.id)
    return [call for call in calls if words in call["params"]["text"] and call["outcome"] == "ok"]


def told(group: int, title: str = GROUP) -> dict[str, Any]:
    """A service message of a group, as an administrator who stays anonymous causes it."""
    chat = {"id": group, "type": "supergroup", "title": title}
    return {"message_id": 900, "date": 1_800_000_000, "chat": chat, "from": ANONYMOUS, "sender_chat": chat}


async def test_a_group_is_registered_under_the_right_name_and_with_the_right_to_pin(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.sandbox.new_group("幸福里福利群", manager)
    await manager.adds_bot(stage.bot, group, parameter="register")
    await manager.sees("群名要写成「A银行&XX商户福利群」", group)
    await manager.renames(GROUP, group)
    assert "允许「置顶消息」" in await stage.asks(manager, "/register", group)
    assert await stage.rows("SELECT chat_id FROM groups") == []
    await manager.sets_bot_rights(stage.bot, RIGHTS, group)
    assert f"「{GROUP}」已登记" in await stage.asks(manager, "/register", group)
    await stage.comes_to("SELECT state FROM deliveries WHERE method = 'pinChatMessage'", ("sent",))
    assert "群公告" in ((await manager.pinned(group)) or {})["text"]
    assert f"「{GROUP}」已登记" in await stage.asks(manager, "登记本群", group)
    registered = "SELECT chat_id, title, merchant, manager_id FROM groups"
    await stage.comes_to(registered, (group, GROUP, "幸福里", manager.id))
    assert len(await posts(stage, group, "群公告")) == 1
    assert "请在要登记的群里发" in await stage.asks(manager, "/register", stage.bot)


async def test_a_newcomer_is_welcomed_once_even_when_the_platform_says_it_twice(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    await stage.sandbox.set_faults({"kind": "repeat_updates"})
    [wang] = await stage.members(group, "王芳")
    welcome = await wang.sees(WELCOME)
    assert "王*" in welcome["text"]
    assert "王芳" not in welcome["text"]
    await wang.leaves(group)
    await stage.comes_to("SELECT left_at IS NULL FROM group_members WHERE member_id = :id", (False,), id=wang.id)
    await wang.joins(group)
    await stage.comes_to("SELECT left_at IS NULL FROM group_members WHERE member_id = :id", (True,), id=wang.id)
    kinds = [update["kind"] for update in await stage.sandbox.updates(stage.app.bot.id)]
    assert kinds.count("chat_member") == 3
    await stage.chain(manager, group)
    assert len(await posts(stage, group, WELCOME + " 王")) == 1
    twice = [update for update in await stage.sandbox.updates(stage.app.bot.id) if update["delivered"] > 1]
    assert twice


async def test_repeated_taps_and_words_change_nothing(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await stage.sandbox.set_faults({"kind": "repeat_updates"})
    await stage.chain(manager, group)
    await wang.taps_and_sees("我要接龙", "第 1 位")
    await wang.says("-1")
    await wang.sees("已退出接龙")
    await wang.says("接龙")
    await wang.sees("已报名，你是第 1 位")
    await manager.sees("1. 王*", group)
    history = "SELECT sequence, left_at IS NULL FROM chain_entries ORDER BY sequence"
    await stage.comes_to(history, (1, False), (2, True))
    assert len(await posts(stage, group, "【接龙】")) == 1
    assert len(await posts(stage, group, "已退出接龙")) == 1
    assert len(await posts(stage, group, "已报名，你是")) == 1


async def test_another_manager_cannot_take_a_group(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈刚")
    group = await stage.group(manager)
    await other.joins(group)
    assert "已由另一位理财经理登记" in await stage.asks(other, "/register", group)
    await stage.comes_to("SELECT manager_id FROM groups", (manager.id,))


async def test_a_wrong_new_name_is_pointed_out_and_a_right_one_is_followed(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    await manager.renames("老友群", group)
    await manager.sees("群名要写成「A银行&XX商户福利群」", group)
    await stage.comes_to("SELECT title FROM groups", (GROUP,))
    await manager.renames("A银行＆阳光里 商户福利群", group)
    await stage.comes_to("SELECT merchant FROM groups", ("阳光里",))


async def test_card_and_registration_follow_a_group_that_becomes_a_supergroup(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    wang = await stage.person("王芳")
    group = await stage.sandbox.new_group(GROUP, manager, [wang], kind="group")
    await manager.adds_bot(stage.bot, group, parameter="register", rights=RIGHTS)
    await stage.chain(manager, group)
    await wang.opens(group).sees("【接龙】联名信用卡")
    await stage.sandbox.act("POST", f"/api/groups/{group}/migrate")
    await stage.comes_to("SELECT chat_id < -1000000000000 FROM groups", (True,))
    [(heir,)] = await stage.rows("SELECT chat_id FROM groups")
    wang.opens(heir)
    await wang.taps_and_sees("我要接龙", "第 1 位")
    await wang.sees("1. 王*")
    assert [len(await posts(stage, chat, "【接龙】")) for chat in (group, heir)] == [1, 1]
    await stage.comes_to("SELECT step FROM deliveries WHERE recipient = :group OR state = 'failed'", group=group)
    assert "【接龙】" in ((await wang.pinned()) or {})["text"]
    assert "已登记" in await stage.asks(manager, "/register", heir)
    await stage.comes_to("SELECT count(*) FROM groups", (1,))


async def test_an_anonymous_administrator_breaks_nothing(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    for content in (
        {"text": "/register", "entities": [{"type": "bot_command", "offset": 0, "length": 9}]},
        {"text": "接龙"},
        {"new_chat_title": "老友群"},
    ):
        assert await stage.receives("message", told(group) | content) == 200
    await stage.comes_to("SELECT count(*) FROM inbox WHERE state <> 'done'", (0,))
    await stage.comes_to("SELECT title FROM groups", (GROUP,))
    await manager.sees("群名要写成", group)
    newcomer = {"id": 987654321, "is_bot": False, "first_name": "王芳"}
    assert await stage.receives("message", told(group) | {"new_chat_members": [newcomer]}) == 200
    await manager.sees("👋 欢迎 王*", group)
    assert "已登记" in await stage.asks(manager, "/register", group)


async def test_a_bot_that_was_removed_and_added_again_goes_on(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang = await stage.members(group, "王芳", "张小明")
    await stage.chain(manager, group)
    await wang.taps_and_sees("我要接龙", "第 1 位")
    await manager.sees("1. 王*", group)
    await manager.removes_bot(stage.bot, group)
    await zhang.taps("我要接龙")
    edits = "SELECT state, reason FROM deliveries WHERE step LIKE 'edit:%' ORDER BY id"
    await stage.comes_to(edits, ("sent", None), ("suppressed", "bot_removed"))
    await manager.adds_bot(stage.bot, group, parameter="register", rights=RIGHTS)
    back = await manager.mark(group)
    await manager.sees("已登记", group, since=back)
    await wang.says("-1")
    await wang.sees("已退出接龙")
    await manager.sees("1. 张*明", group)
    assert len(await posts(stage, group, "【接龙】")) == 1
    assert await stage.parked() == 0
