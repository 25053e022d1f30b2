"""What nobody expected: a kind answer in private, silence in groups, and never a parked update."""

from typing import Any

import pytest

from sandbox.client import Phone
from tests.driver import Stage

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
CONTACT = {"phone_number": "+8610099990003", "first_name": "友"}
CONTENTS: list[dict[str, Any]] = [
    {"sticker": "😀"},
    {"poll": {"question": "去哪儿？", "options": ["东", "西"]}},
    {"photo_base64": PIXEL},
    {"photo_base64": PIXEL, "caption": "接龙"},
    {"text": "长" * 4096},
    {"text": "😀" * 2048},
    {"text": "/nosuchcommand and words"},
    {"text": "/"},
    {"text": "/join@another_bot"},
    {"text": "\u202e右到左\u202c \u200fمرحبا"},
]
CHAIN_WORDS = {"接龙": "没有参加接龙", "接龙吗？": "没有参加接龙", "+1": "报名在群里进行"}
NAMES = [
    ("👩‍👩‍👧", ""),
    ("\u202e芳王", ""),
    ("\u200b\u200c", ""),
    ("ﷺ", "\u200fمحمد"),
    ("长" * 64, "名" * 64),
    ("<b>&amp;</b>", "{name}"),
    ("%s", "\\u0000'; DROP TABLE members; --"),
]


async def acquainted(stage: Stage, name: str) -> Phone:
    """Somebody who has opened the bot."""
    phone = await stage.person(name)
    await phone.starts(stage.bot)
    await phone.sees("您好")
    return phone


async def test_strange_things_get_a_kind_answer_in_private(stage: Stage) -> None:
    wang = await acquainted(stage, "王芳")
    for content in CONTENTS:
        sent = await wang.sends(**content)
        await wang.sees("发 /help 看我能做什么", since=sent["seq"])
    for words, answer in CHAIN_WORDS.items():
        assert answer in await stage.asks(wang, words)
    sent = await wang.says("/join")
    await wang.sees("发 /help 看我能做什么", since=sent["seq"])
    forwarded = await wang.sends(forward_from={"chat": stage.bot, "message_id": sent["message_id"]})
    await wang.sees("没看懂", since=forwarded["seq"])
    contact = await wang.sends(contact=CONTACT | {"phone_number": "9999"})
    await wang.sees("无法识别", since=contact["seq"])
    edited = await wang.sends(edit_of=sent["message_id"], text="/bind")
    await wang.sees_no("同意", stage.bot)
    assert edited["edited_count"] == 1
    assert "我能做这些" in await stage.asks(wang, "/help")
    assert await stage.parked() == 0


async def test_strange_things_get_silence_in_a_group(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await wang.sees("👋 欢迎 王*")
    before = len(await stage.sandbox.calls(bot=stage.app.bot.id, chat_id=group))
    for content in [*CONTENTS, *({"text": words} for words in CHAIN_WORDS), {"text": "退团"}]:
        await wang.sends(group, **content)
    sent = await wang.sends(group, contact=CONTACT)
    await wang.sends(group, forward_from={"chat": group, "message_id": sent["message_id"]})
    await wang.sends(group, edit_of=(await wang.says("先", group))["message_id"], text="接龙")
    assert "请私聊我完成这一步" in await stage.asks(wang, "/unbind", group)
    after = await stage.sandbox.calls(bot=stage.app.bot.id, chat_id=group)
    assert [call["method"] for call in after[before:]] == ["sendMessage"]
    assert await stage.parked() == 0


@pytest.mark.parametrize(("first", "last"), NAMES)
async def test_a_person_of_any_name_is_welcomed_and_joins(stage: Stage, first: str, last: str) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    fields = {"last_name": last} if last else {}
    odd = await stage.person(first, **fields)
    await odd.joins(group)
    await stage.chain(manager, group)
    await odd.taps_and_sees("我要接龙", "第 1 位")
    card = await odd.sees("已报名 1/3")
    [line] = [line for line in card["text"].splitlines() if line.startswith("1. ")]
    assert "*" in line
    assert line.isprintable()
    assert "1. " in await stage.asks(manager, "/chains", stage.bot)
    assert await stage.parked() == 0
