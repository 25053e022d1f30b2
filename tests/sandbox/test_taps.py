"""A tap travels to the bot and its answer back, for 150 seconds."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.client import NotSeenError, RefusedError, Sandbox, all_of
from tests.sandbox.scenes import button, drain, friend_of, group_with

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


async def test_a_tap_is_answered_once(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await bot.send_message(friend.id, "接龙", reply_markup=button())
    await drain(bot)
    tap = await friend.taps("我要接龙")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "join"
    assert update.callback_query.message is not None
    await update.callback_query.answer("已报名", show_alert=True)
    assert await tap.answer() == {"text": "已报名", "show_alert": True, "url": None}
    with pytest.raises(TelegramBadRequest, match=TOO_OLD):
        await update.callback_query.answer("再答")


async def test_an_answer_after_150_seconds_is_too_late(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await bot.send_message(friend.id, "接龙", reply_markup=button())
    await drain(bot)
    tap = await friend.taps("我要接龙")
    (update,) = await bot.get_updates()
    await sandbox.turn_clock(151)
    assert update.callback_query is not None
    with pytest.raises(TelegramBadRequest, match=TOO_OLD):
        await update.callback_query.answer("已报名")
    with pytest.raises(NotSeenError):
        await tap.answer(within=0)


async def test_a_fast_clock_leaves_the_bot_its_time_to_answer(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await bot.send_message(friend.id, "接龙", reply_markup=button())
    await drain(bot)
    await sandbox.turn_clock(rate=100_000)
    tap = await friend.taps("我要接龙")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    await update.callback_query.answer("已报名")
    assert (await tap.answer())["text"] == "已报名"


async def test_an_answer_over_200_characters_is_refused(sandbox: Sandbox, bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="MESSAGE_TOO_LONG"):
        await bot.answer_callback_query("1", "长" * 201)


async def test_a_forged_press_reaches_the_bot_as_in_telegram(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    sent = await bot.send_message(friend.id, "接龙", reply_markup=button())
    await drain(bot)
    await friend.taps(data="prize:1", message_id=sent.message_id)
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "prize:1"


async def test_a_stale_press_names_a_deleted_message(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    sent = await bot.send_message(friend.id, "接龙", reply_markup=button())
    await sent.delete()
    await drain(bot)
    await friend.taps(data="join", message_id=sent.message_id)
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.message is not None
    assert update.callback_query.message.date == 0


async def test_only_those_who_see_the_message_can_tap_it(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    sent = await bot.send_message(group.id, "接龙", reply_markup=button())
    stranger = await sandbox.new_person("路人")
    with pytest.raises(RefusedError, match="not in this group"):
        await stranger.taps("我要接龙", group.id, message_id=sent.message_id)
    with pytest.raises(RefusedError, match="no button"):
        await group.member.taps("没有", message_id=sent.message_id)


async def test_a_link_button_opens_without_the_bot(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    link = InlineKeyboardButton(text="查看", url="https://t.me/welfare?start=x")
    await bot.send_message(friend.id, "看", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[link]]))
    tap = await friend.taps("查看")
    assert tap.id is None
    assert (await tap.answer())["url"] == "https://t.me/welfare?start=x"


async def answer_all(bot: Bot, count: int) -> list[int]:
    """Answer this many presses in the order in which they came; returns who pressed."""
    pressed: list[int] = []
    offset = None
    while len(pressed) < count:
        updates = await bot.get_updates(offset=offset, timeout=5)
        offset = updates[-1].update_id + 1
        queries = [update.callback_query for update in updates if update.callback_query]
        first = len(pressed) + 1
        await all_of(*(bot.answer_callback_query(query.id, f"第{n}位") for n, query in enumerate(queries, first)))
        pressed += [query.from_user.id for query in queries]
    return pressed


async def test_a_thousand_people_tap_at_once_and_all_get_their_answer(sandbox: Sandbox, bot: Bot) -> None:
    manager, *people = await sandbox.new_people(f"会员{n}" for n in range(1001))
    group = await sandbox.new_group("大群", manager, people)
    await manager.adds_bot(bot.id)
    sent = await bot.send_message(group, "接龙", reply_markup=button())
    await drain(bot)
    answers, pressed = await all_of(
        sandbox.tap_together(people, "我要接龙", group, sent.message_id), answer_all(bot, 1000)
    )
    assert pressed == [phone.id for phone in people]
    assert answers == [f"第{n}位" for n in range(1, 1001)]


async def test_fifty_phones_tap_each_over_a_line_of_its_own(sandbox: Sandbox, bot: Bot) -> None:
    manager, *people = await sandbox.new_people(f"会员{n}" for n in range(51))
    group = await sandbox.new_group("群", manager, people)
    await manager.adds_bot(bot.id)
    sent = await bot.send_message(group, "接龙", reply_markup=button())
    await drain(bot)
    taps = await all_of(*(phone.taps("我要接龙", message_id=sent.message_id) for phone in people))
    await answer_all(bot, 50)
    assert {(await tap.answer())["text"] for tap in taps} == {f"第{n}位" for n in range(1, 51)}
