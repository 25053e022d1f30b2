"""What people and testers do besides chatting: lists, unread counts, events, menus, the record."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    MenuButtonCommands,
    ReactionTypeEmoji,
    ReactionTypeUnion,
)

from sandbox.client import NotSeenError, RefusedError, Sandbox
from tests.sandbox.scenes import ALL_RIGHTS, button, drain, friend_of, group_with


async def test_the_chat_list_counts_what_is_unread(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot, ALL_RIGHTS)
    await group.member.starts(bot.id)
    card = await bot.send_message(group.id, "公告")
    await card.pin()
    newest, older = await group.member.chats()
    assert (newest["chat"], older["chat"]) == (group.id, bot.id)
    assert newest["unread"] == 4
    assert newest["pinned_message"]["text"] == "公告"
    assert newest["members_count"] == 3
    await sandbox.act("POST", f"/api/people/{group.member.id}/chats/{group.id}/read")
    await card.edit_text("公告(改)")
    assert (await group.member.chats())[0]["unread"] == 0


async def test_everything_pinned_is_listed_newest_first_as_it_reads_now(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot, ALL_RIGHTS)
    announcement = await bot.send_message(group.id, "公告")
    card = await bot.send_message(group.id, "接龙 0人", reply_markup=button())
    await announcement.pin()
    await card.pin()
    await card.edit_text("接龙 1人", reply_markup=button())
    assert [pinned["text"] for pinned in await group.member.all_pinned()] == ["接龙 1人", "公告"]
    (listed,) = await group.member.chats()
    assert [pinned["text"] for pinned in listed["pinned_messages"]] == ["接龙 1人", "公告"]
    await card.edit_text("接龙 已结束")
    newest, _ = await group.member.all_pinned()
    assert "reply_markup" not in newest
    await card.unpin()
    assert [pinned["text"] for pinned in await group.member.all_pinned()] == ["公告"]
    await announcement.delete()
    assert await group.member.all_pinned() == []


async def test_neither_an_edit_nor_a_press_moves_a_chat_up_the_list(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    card = await bot.send_message(group.id, "接龙 0人", reply_markup=button())
    await group.member.starts(bot.id)
    await card.edit_text("接龙 1人", reply_markup=button())
    await bot.send_chat_action(group.id, "typing")
    assert [chat["chat"] for chat in await group.member.chats()] == [bot.id, group.id]
    await bot.send_message(group.id, "新消息")
    assert [chat["chat"] for chat in await group.member.chats()] == [group.id, bot.id]


async def test_the_world_counts_members_and_the_group_names_them(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    for phone in await sandbox.new_people([f"会员{number}" for number in range(20)]):
        await phone.joins(group.id)
    (summary,) = [found for found in (await sandbox.world())["groups"] if found["id"] == group.id]
    assert (summary["members_count"], len(summary["faces"])) == (23, 9)
    assert "members" not in summary
    whole = await sandbox.act("GET", f"/api/groups/{group.id}")
    assert len(whole["members"]) == 23


async def test_a_stranger_reads_no_group(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    stranger = await sandbox.new_person("路人")
    with pytest.raises(RefusedError, match="not in this group"):
        await stranger.reads(group.id)
    with pytest.raises(RefusedError, match="not in this group"):
        await stranger.says("喂", group.id)


async def test_waiting_in_vain_tells_what_was_seen_instead(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await bot.send_message(friend.id, "别的")
    with pytest.raises(NotSeenError, match="别的"):
        await friend.sees("已报名", within=0)


async def read_events(url: str, query: str, count: int, ready: asyncio.Event) -> list[dict[str, Any]]:
    """Return this many events of the live stream."""
    events: list[dict[str, Any]] = []
    async with httpx.AsyncClient(timeout=20) as http, http.stream("GET", f"{url}/api/events?{query}") as stream:
        async for line in stream.aiter_lines():
            if line.startswith(":"):
                ready.set()
            if line.startswith("data: "):
                events.append(json.loads(line.removeprefix("data: ")))
                if len(events) == count:
                    break
    return events


async def test_the_live_stream_shows_each_person_what_is_theirs(sandbox: Sandbox, bot: Bot, url: str) -> None:
    group = await group_with(sandbox, bot)
    other = await friend_of(sandbox, bot)
    ready = asyncio.Event()
    watching = asyncio.create_task(read_events(url, f"person_id={group.member.id}", 4, ready))
    await ready.wait()
    await bot.send_message(other.id, "私聊")
    card = await bot.send_message(group.id, "接龙", reply_markup=button())
    await card.edit_text("接龙 1人", reply_markup=button())
    tap = await group.member.taps("我要接龙")
    await drain(bot)
    assert tap.id is not None
    await bot.answer_callback_query(tap.id, "已报名")
    await card.delete()
    events = await watching
    assert [event["type"] for event in events] == ["message", "edited", "tap_answered", "deleted"]
    assert {event["chat"] for event in events} == {group.id}
    assert events[1]["message"]["text"] == "接龙 1人"
    assert events[2]["answer"]["text"] == "已报名"
    replayed = await read_events(url, f"person_id={group.member.id}&after={events[0]['seq']}", 3, asyncio.Event())
    assert [event["seq"] for event in replayed] == [event["seq"] for event in events[1:]]


async def test_the_menu_follows_scope_and_language(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    await group.member.starts(bot.id)
    await bot.set_my_commands([BotCommand(command="start", description="Start")])
    await bot.set_my_commands([BotCommand(command="start", description="开始")], language_code="zh")
    await bot.set_my_commands([BotCommand(command="join", description="参团")], scope=BotCommandScopeAllGroupChats())
    mine = BotCommandScopeChat(chat_id=group.member.id)
    menus = {chat["chat"]: chat["bots"][0]["commands"] for chat in await group.member.chats()}
    assert menus == {
        bot.id: [{"command": "start", "description": "开始"}],
        group.id: [{"command": "join", "description": "参团"}],
    }
    await bot.set_my_commands([BotCommand(command="me", description="我的")], scope=mine)
    assert (await bot.get_my_commands(scope=mine))[0].command == "me"
    await bot.delete_my_commands(scope=mine)
    assert await bot.get_my_commands(scope=mine) == []
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())


async def test_a_bot_describes_itself_in_two_languages(bot: Bot) -> None:
    await bot.set_my_description("商户福利群助手")
    await bot.set_my_description("Welfare groups", language_code="en")
    await bot.set_my_short_description("福利")
    await bot.set_my_name("小助手")
    assert (await bot.get_my_description()).description == "商户福利群助手"
    assert (await bot.get_my_description(language_code="en")).description == "Welfare groups"
    assert (await bot.get_my_short_description(language_code="fr")).short_description == "福利"
    assert (await bot.get_me()).first_name == "小助手"


async def test_the_record_proves_what_was_sent_to_whom(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await bot.send_message(friend.id, "一")
    await bot.send_message(friend.id, "二")
    first, second = await sandbox.waits_for_calls(2, method="sendMessage", chat_id=friend.id)
    assert [first["params"]["text"], second["params"]["text"]] == ["一", "二"]
    assert first["outcome"] == "ok"
    assert first["message_id"] < second["message_id"]
    assert second["monotonic"] >= first["monotonic"]
    with pytest.raises(NotSeenError, match="2 came"):
        await sandbox.waits_for_calls(3, method="sendMessage", chat_id=friend.id, within=0)


async def test_a_reaction_reaches_a_bot_that_asked_for_it(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await bot.get_updates(allowed_updates=["message_reaction"])
    await drain(bot)
    sent = await bot.send_message(friend.id, "好")
    path = f"/api/chats/{bot.id}/messages/{sent.message_id}/reactions"
    await sandbox.act("POST", path, {"person_id": friend.id, "emoji": "👍"})
    (update,) = await bot.get_updates()
    assert update.message_reaction is not None
    assert update.message_reaction.new_reaction[0].type == "emoji"


async def test_reactions_of_people_and_bots_are_counted_on_the_message(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    said = await group.member.says("+1", group.id)
    message_id = said["message_id"]
    await bot.set_message_reaction(group.id, message_id, [ReactionTypeEmoji(emoji="👌")])
    await group.manager.reacts("👌", message_id)
    await group.member.reacts("❤", message_id)
    (seen,) = [message for message in await group.member.reads() if message["message_id"] == message_id]
    assert [(row["type"]["emoji"], row["user_ids"]) for row in seen["reactions"]] == [
        ("👌", [bot.id, group.manager.id]),
        ("❤", [group.member.id]),
    ]
    await group.member.reacts(None, message_id)
    await group.manager.reacts("👍", message_id)
    seen = await group.member.sees("+1")
    assert [(row["type"]["emoji"], row["total_count"]) for row in seen["reactions"]] == [("👌", 1), ("👍", 1)]
    assert seen["edited_count"] == 0


async def test_votes_in_a_bots_poll_reach_the_bot_that_asked_for_them(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    await bot.get_updates(allowed_updates=["poll", "poll_answer"])
    await drain(bot)
    sent = await bot.send_poll(group.id, "周末团购选哪一款？", ["草莓", "樱桃"], is_anonymous=False)
    await group.member.votes(sent.message_id, 1)
    poll, answered = await bot.get_updates()
    assert poll.poll is not None
    assert [option.voter_count for option in poll.poll.options] == [0, 1]
    assert answered.poll_answer is not None
    assert answered.poll_answer.user is not None
    assert (answered.poll_answer.user.id, answered.poll_answer.option_ids) == (group.member.id, [1])
    assert await drain(bot) == ["poll", "poll_answer"]
    await group.member.votes(sent.message_id)
    (seen,) = [message for message in await group.member.reads() if "poll" in message]
    assert (seen["poll"]["total_voter_count"], seen.get("voted")) == (0, None)
    closed = await bot.stop_poll(group.id, sent.message_id)
    assert closed.is_closed
    with pytest.raises(RefusedError, match="closed"):
        await group.member.votes(sent.message_id, 0)


async def test_votes_of_an_anonymous_poll_tell_no_names_and_peoples_polls_no_bot(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot, ALL_RIGHTS)
    anonymous = await bot.send_poll(group.id, "满意吗？", ["满意", "一般"])
    own = await group.manager.sends(group.id, poll={"question": "几点？", "options": ["九点", "十点"]})
    await drain(bot)
    await group.member.votes(anonymous.message_id, 0)
    await group.member.votes(own["message_id"], 1)
    assert await drain(bot) == ["poll"]
    for options, words in [((0, 1), "one answer"), ((7,), "options 0 to 1")]:
        with pytest.raises(RefusedError, match=words):
            await group.member.votes(anonymous.message_id, *options)
    with pytest.raises(TelegramBadRequest, match="can't be stopped"):
        await bot.stop_poll(group.id, own["message_id"])


async def test_only_the_emoji_of_telegram_are_reactions_and_a_bot_has_one(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    said = await friend.says("好")
    with pytest.raises(TelegramBadRequest, match="REACTION_INVALID"):
        await bot.set_message_reaction(friend.id, said["message_id"], [ReactionTypeEmoji(emoji="🍜")])
    two: list[ReactionTypeUnion] = [ReactionTypeEmoji(emoji="👌"), ReactionTypeEmoji(emoji="👍")]
    with pytest.raises(TelegramBadRequest, match="REACTIONS_TOO_MANY"):
        await bot.set_message_reaction(friend.id, said["message_id"], two)
    with pytest.raises(RefusedError, match="REACTION_INVALID"):
        await friend.reacts("🍜", said["message_id"])


async def test_the_pages_files_are_asked_for_anew_and_answer_unchanged(url: str, http: httpx.AsyncClient) -> None:
    first = await http.get(f"{url}/web/app.js")
    assert first.headers["Cache-Control"] == "no-cache"
    again = await http.get(f"{url}/web/app.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "no-cache")


async def test_impossible_wishes_get_one_sentence(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    for path, body, words in [
        ("/api/people/1/block", {"bot": bot.id}, "There is no person 1"),
        ("/api/groups/-5/migrate", None, "There is no group -5"),
        ("/api/chats/nobody/messages", {"person_id": friend.id, "text": "x"}, "There is no bot nobody"),
        (f"/api/chats/{bot.id}/messages", {"person_id": friend.id}, "exactly one of"),
        (f"/api/chats/{bot.id}/messages", {"person_id": friend.id, "photo_base64": "%"}, "not base64"),
        (f"/api/chats/{bot.id}/messages", {"person_id": friend.id, "photo_base64": "eA=="}, "IMAGE_PROCESS_FAILED"),
        (f"/api/chats/{bot.id}/messages/1/taps", {"person_id": friend.id, "text": "x"}, "no button"),
        ("/api/bots", {"token": "x"}, "A bot token looks like"),
    ]:
        with pytest.raises(RefusedError, match=words):
            await sandbox.act("POST", path, body)
