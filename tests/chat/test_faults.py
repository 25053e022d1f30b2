"""A platform that limits, fails, goes silent or moves: what must arrive does, what is in doubt is not repeated."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import replies
from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.members.model import PrivateChat
from campaigns.staff.model import Role
from sandbox.client import Phone
from tests.chat.conftest import HURRY
from tests.driver import GROUP, RIGHTS, Stage

STATES = "SELECT state, reason, attempts, repeats FROM deliveries WHERE campaign = 'test' ORDER BY id"


async def acquainted(stage: Stage, name: str) -> Phone:
    """Somebody who has opened the bot and agreed to offers."""
    phone = await stage.person(name)
    await phone.starts(stage.bot)
    await phone.says("订阅")
    await phone.taps_and_sees("同意接收", "会发到这里")
    return phone


async def plans(
    stage: Stage, recipient: int, words: str, kind: Kind = Kind.SERVICE, origin_chat: int | None = None
) -> None:
    """Put a message into the ledger, as every feature does."""
    async with stage.app.database.unit_of_work() as uow:
        now = stage.app.clock.now()
        draft = Draft("test", words, recipient, Message(words), kind, now, origin_chat=origin_chat)
        await stage.app.services(uow).outbox.add(draft)


async def sent(stage: Stage, chat: int, words: str) -> list[dict[str, Any]]:
    """Every attempt to send these words, by the sandbox's record."""
    calls = await stage.sandbox.calls(method="sendMessage", chat_id=chat, bot=stage.app.bot.id)
    return [call for call in calls if words in call["params"]["text"]]


def outcomes(calls: list[dict[str, Any]]) -> list[str]:
    return [call["outcome"] for call in calls]


def moment(call: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(call["at"])


async def test_an_answer_that_was_limited_comes_after_the_wait(stage: Stage) -> None:
    wang = await acquainted(stage, "王芳")
    limited = {"kind": "too_many_requests", "retry_after": 7, "times": 1}
    await stage.sandbox.set_faults(limited | {"method": "sendMessage", "chat_id": wang.id})
    await wang.says("/help")
    await wang.sees("我能做这些")
    refused, arrived = await sent(stage, wang.id, "我能做这些")
    assert (refused["error_code"], arrived["outcome"]) == (429, "ok")
    assert moment(arrived) - moment(refused) >= timedelta(seconds=7)


async def test_what_was_limited_is_sent_once_after_the_wait(stage: Stage) -> None:
    wang = await acquainted(stage, "王芳")
    limited = {"kind": "too_many_requests", "retry_after": 7, "times": 1}
    await stage.sandbox.set_faults(limited | {"method": "sendMessage", "chat_id": wang.id})
    await plans(stage, wang.id, "提醒")
    await wang.sees("提醒")
    refused, arrived = await sent(stage, wang.id, "提醒")
    assert (refused["error_code"], arrived["outcome"]) == (429, "ok")
    assert moment(arrived) - moment(refused) >= timedelta(seconds=7)
    await stage.comes_to(STATES, ("sent", None, 2, 0))


async def test_a_card_whose_edit_was_limited_ends_right(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await stage.chain(manager, group)
    limited = {"kind": "too_many_requests", "retry_after": 7, "times": 1}
    await stage.sandbox.set_faults(limited | {"method": "editMessageText", "chat_id": group})
    await wang.taps_and_sees("我要接龙", "第 1 位")
    await wang.sees("1. 王*")
    edits = await stage.sandbox.calls(method="editMessageText", chat_id=group, bot=stage.app.bot.id)
    assert [edit["error_code"] for edit in edits] == [429, None]
    assert moment(edits[1]) - moment(edits[0]) >= timedelta(seconds=7)


@pytest.mark.usefixtures("noon")
async def test_an_offer_in_doubt_is_never_sent_again_and_a_person_settles_it(stage: Stage) -> None:
    lead = await stage.staff("赵总", Role.TEAM_LEAD)
    wang, zhang = await acquainted(stage, "王芳"), await acquainted(stage, "张小明")
    stage.app.bot.session.timeout = 0.3
    await stage.sandbox.set_faults(
        {"kind": "server_error", "method": "sendMessage", "chat_id": wang.id, "times": 1},
        {"kind": "time_out_after_delivery", "method": "sendMessage", "chat_id": zhang.id, "times": 1},
    )
    await plans(stage, wang.id, "今日福利", Kind.MARKETING)
    await plans(stage, zhang.id, "今日福利", Kind.MARKETING)
    unknown = ("unknown", "timed_out", 1, 0)
    await stage.comes_to(STATES, unknown, unknown)
    stage.app.bot.session.timeout = 20.0
    await zhang.sees("今日福利")
    await stage.passes(timedelta(hours=1))
    listed = await stage.asks(lead, "/unknown")
    assert listed.count("可能已送达，也可能没有") == 2
    [(first,), (second,)] = await stage.rows("SELECT id FROM deliveries WHERE campaign = 'test' ORDER BY id")
    await lead.taps_and_sees(f"#{first} 未送达", "已记录")
    await lead.taps_and_sees(f"#{second} 已送达", "已记录")
    await lead.taps_and_sees(f"#{second} 未送达", "已经处理过")
    assert await stage.rows("SELECT state, detail FROM deliveries WHERE campaign = 'test' ORDER BY id") == [
        ("failed", f"resolved by {lead.id}"),
        ("sent", f"resolved by {lead.id}"),
    ]
    assert "没有状态不明的消息" in await stage.asks(lead, "/unknown")
    assert outcomes(await sent(stage, wang.id, "今日福利")) == ["error"]
    assert outcomes(await sent(stage, zhang.id, "今日福利")) == ["no_reply"]


async def test_a_service_message_in_doubt_repeats_once_and_says_so(stage: Stage) -> None:
    wang, zhang = await acquainted(stage, "王芳"), await acquainted(stage, "张小明")
    lost = {"kind": "reset_after_delivery", "method": "sendMessage"}
    await stage.sandbox.set_faults(lost | {"chat_id": wang.id, "times": 1}, lost | {"chat_id": zhang.id, "times": 9})
    await plans(stage, wang.id, "提醒")
    await plans(stage, zhang.id, "提醒")
    await stage.comes_to(STATES, ("sent", None, 2, 1), ("unknown", "timed_out", 2, 1))
    await stage.passes(timedelta(hours=1))
    assert outcomes(await sent(stage, wang.id, "提醒")) == ["no_reply", "ok"]
    assert outcomes(await sent(stage, zhang.id, "提醒")) == ["no_reply", "no_reply"]


async def test_a_line_cut_before_the_work_costs_nothing(stage: Stage) -> None:
    wang = await acquainted(stage, "王芳")
    cut = {"kind": "connection_reset", "method": "sendMessage", "chat_id": wang.id, "times": 1}
    await stage.sandbox.set_faults(cut)
    await plans(stage, wang.id, "提醒")
    await stage.comes_to(STATES, ("sent", None, 2, 1))
    assert [message.get("text") for message in await wang.reads()].count("提醒") == 1


async def test_who_blocked_the_bot_is_left_alone_until_they_come_back(stage: Stage) -> None:
    wang = await acquainted(stage, "王芳")
    await stage.sandbox.set_faults({"kind": "blocked", "method": "sendMessage", "chat_id": wang.id, "times": 1})
    await plans(stage, wang.id, "第一条")
    await stage.comes_to(STATES, ("suppressed", "blocked", 1, 0))
    await stage.comes_to("SELECT private_chat FROM members WHERE id = :id", ("blocked",), id=wang.id)
    await plans(stage, wang.id, "第二条")
    await stage.comes_to(STATES, ("suppressed", "blocked", 1, 0), ("suppressed", "blocked", 0, 0))
    assert await sent(stage, wang.id, "第二条") == []
    await wang.blocks(stage.bot)
    await wang.unblocks(stage.bot)
    await stage.comes_to("SELECT private_chat FROM members WHERE id = :id", ("open",), id=wang.id)
    await plans(stage, wang.id, "第三条")
    await wang.sees("第三条")


async def test_strangers_are_asked_once_in_their_group_to_open_the_chat(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang, zhao = await stage.members(group, "王芳", "张小明", "赵四")
    await stage.comes_to("SELECT count(*) FROM group_members", (4,))
    async with stage.app.database.unit_of_work() as uow:
        await stage.app.services(uow).people.set_private_chat(zhao.id, PrivateChat.OPEN)  # As after a restore.
    for phone in (wang, zhang, zhao):
        await plans(stage, phone.id, f"给{phone.name}的消息", origin_chat=group)
    asked = "SELECT recipient, state FROM deliveries WHERE step = 'open-private'"
    await stage.comes_to(asked, (group, "sent"))
    await stage.comes_to("SELECT count(*) FROM deliveries WHERE reason = 'no_private_chat'", (3,))
    invitation = await wang.sees("按「开始」即可接收")
    assert f"{stage.bot}?start=bind" in invitation["reply_markup"]["inline_keyboard"][0][0]["url"]
    assert outcomes(await sent(stage, zhao.id, "给赵四的消息")) == ["error"]
    assert await sent(stage, wang.id, "消息") == []
    assert outcomes(await sent(stage, group, "按「开始」即可接收")) == ["ok"]


async def test_a_group_that_moved_during_a_call_gets_its_messages(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.sandbox.new_group(GROUP, manager, kind="group")
    await manager.adds_bot(stage.bot, group, parameter="register", rights=RIGHTS)
    await stage.comes_to("SELECT state FROM deliveries WHERE method = 'pinChatMessage'", ("sent",))
    await stage.sandbox.set_faults({"kind": "migrated", "method": "sendMessage", "chat_id": group, "times": 1})
    await plans(stage, group, "给群的消息")
    await stage.comes_to("SELECT chat_id < -1000000000000 FROM groups", (True,))
    [(heir,)] = await stage.rows("SELECT chat_id FROM groups")
    await manager.sees("给群的消息", heir)
    assert outcomes(await sent(stage, group, "给群的消息")) == ["error"]
    assert outcomes(await sent(stage, heir, "给群的消息")) == ["ok"]
    await stage.comes_to("SELECT DISTINCT recipient, state FROM deliveries WHERE recipient < 0", (heir, "sent"))


async def test_a_slow_answer_holds_nobody_else_up(stage: Stage) -> None:
    wang, zhang = await acquainted(stage, "王芳"), await acquainted(stage, "张小明")
    await stage.sandbox.set_faults({"kind": "slow", "method": "sendMessage", "chat_id": wang.id, "seconds": 3})
    await plans(stage, wang.id, "慢慢来")
    await stage.comes_to(STATES, ("dispatching", None, 1, 0))
    await plans(stage, zhang.id, "不用等")
    await zhang.sees("不用等")
    await wang.sees_no("慢慢来")
    await wang.sees("慢慢来")
    assert outcomes(await sent(stage, wang.id, "慢慢来")) == ["ok"]


async def test_no_tap_is_lost_while_updates_cannot_be_fetched(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang = await stage.members(group, "王芳", "张小明")
    await stage.chain(manager, group)
    await stage.sandbox.set_faults(
        {"kind": "server_error", "method": "getUpdates", "times": 1},
        {"kind": "connection_reset", "method": "getUpdates", "times": 1},
    )
    taps = [await phone.taps("我要接龙") for phone in (wang, zhang) for _ in range(2)]
    answers = await asyncio.gather(*(tap.answer() for tap in taps))
    assert sorted("已报名，你是" in answer["text"] for answer in answers) == [False, False, True, True]
    failed = [call for call in await stage.sandbox.calls(method="getUpdates", bot=stage.app.bot.id) if call["fault"]]
    assert [call["fault"] for call in failed] == ["server_error", "connection_reset"]


async def test_an_update_that_nobody_can_read_is_parked_and_those_behind_it_are_worked_on(stage: Stage) -> None:
    wang = await acquainted(stage, "王芳")
    person = {"id": wang.id, "is_bot": False, "first_name": "王芳"}
    chat = {"id": wang.id, "type": "private", "first_name": "王芳"}
    whole = {"message_id": 7, "date": 1_800_000_000, "chat": chat, "from": person}
    assert await stage.receives("message", whole | {"date": "yesterday", "text": "/help"}) == 200
    assert await stage.receives("message", whole | {"contact": {"phone_number": 7}}) == 200
    assert await stage.receives("a_kind_of_next_year", whole | {"text": "/help"}) == 200
    assert await stage.receives("message", whole | {"text": "帮助"}) == 200
    await wang.sees("我能做这些")
    await stage.comes_to("SELECT state, count(*) FROM inbox WHERE state <> 'done' GROUP BY state", ("parked", 2))
    kept = "SELECT payload #> '{message,contact}' FROM inbox WHERE state = 'parked'"
    await stage.comes_to(kept, (None,), (None,))
    assert "我能做这些" in await stage.asks(wang, "/help")


async def test_what_a_person_does_next_waits_for_no_answer_that_waits_for_its_place(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "ALONE", 1_000)
    wang = await stage.person("王芳")
    await wang.starts(stage.bot)
    await wang.sees("/help")
    await stage.sandbox.turn_clock(rate=0)  # These three seconds never end: it has room for three answers at most.
    before = len(await sent(stage, wang.id, ""))
    for _ in range(5):
        await wang.says("/help", stage.bot)
    await wang.says("我的进度", stage.bot)
    await stage.comes_to("SELECT count(*) FROM inbox WHERE state <> 'done'", (0,))
    await stage.sandbox.turn_clock(rate=HURRY)
    await wang.sees("您还没有办卡申请")
    answers = [call["params"]["text"] for call in (await sent(stage, wang.id, ""))[before:]]
    heading = answers[0].partition("\n")[0]
    assert "".join(answers).count(heading) == 5
