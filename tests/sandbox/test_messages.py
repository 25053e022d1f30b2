"""Messages are sent, edited, copied, forwarded and deleted as in Telegram."""

import io
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramServerError
from aiogram.types import (
    BufferedInputFile,
    EphemeralMessageParameters,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from aiogram.types import KeyboardButton as Key
from PIL import Image

from sandbox.client import RefusedError, Sandbox
from tests.sandbox.scenes import button, drain, friend_of, group_with


def picture(width: int = 40, height: int = 30) -> BufferedInputFile:
    """Return a small picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "green").save(buffer, "PNG")
    return BufferedInputFile(buffer.getvalue(), "card.png")


async def test_an_edit_replaces_text_and_buttons(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    card = await bot.send_message(friend.id, "1人", reply_markup=button())
    await card.edit_text("2人")
    seen = await friend.sees("2人")
    assert seen["edited_count"] == 1
    assert "reply_markup" not in seen
    await friend.sees_no("1人")


async def test_an_edit_that_changes_nothing_is_refused(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    card = await bot.send_message(friend.id, "1人", reply_markup=button())
    with pytest.raises(TelegramBadRequest, match="message is not modified: specified new message content"):
        await card.edit_text("1人", reply_markup=button())
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await card.edit_reply_markup(reply_markup=button())
    await card.edit_reply_markup(reply_markup=button("满员"))
    assert (await friend.sees("1人"))["reply_markup"]["inline_keyboard"][0][0]["text"] == "满员"


async def test_only_own_messages_can_be_edited(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    theirs = await friend.says("我的")
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("改", chat_id=friend.id, message_id=theirs["message_id"])
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("改", chat_id=friend.id, message_id=999)


async def test_a_message_with_a_reply_keyboard_cannot_be_edited(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    asked = await bot.send_message(friend.id, "选", reply_markup=ReplyKeyboardMarkup(keyboard=[[Key(text="参团")]]))
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await asked.edit_text("改")
    await bot.send_message(friend.id, "好", reply_markup=ReplyKeyboardRemove())
    assert await friend.keyboard() is None


async def test_a_one_time_keyboard_goes_away_when_used(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    keyboard = ReplyKeyboardMarkup(keyboard=[[Key(text="参团")]], one_time_keyboard=True)
    await bot.send_message(friend.id, "选", reply_markup=keyboard)
    await friend.says("别的")
    assert await friend.keyboard() is not None
    await friend.says("参团")
    assert await friend.keyboard() is None


async def test_a_photo_arrives_and_can_be_sent_again_by_its_id(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    sent = await bot.send_photo(friend.id, picture(), caption="<i>集点卡</i>", parse_mode="HTML")
    assert sent.photo is not None
    assert (sent.photo[0].width, sent.photo[0].height) == (40, 30)
    again = await bot.send_photo(friend.id, sent.photo[0].file_id, caption="再来")
    assert again.photo == sent.photo
    file = await bot.get_file(sent.photo[0].file_id)
    downloaded = await bot.download_file(file.file_path or "")
    assert downloaded is not None
    assert downloaded.read() == picture().data
    seen = await friend.sees("集点卡")
    assert seen["caption_entities"] == [{"type": "italic", "offset": 0, "length": 3}]


async def test_a_picture_can_be_exchanged_in_place(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    sent = await bot.send_photo(friend.id, picture(), caption="1/10")
    await sent.edit_media(InputMediaPhoto(media=picture(50, 50), caption="2/10"))
    seen = await friend.sees("2/10")
    assert seen["photo"][0]["width"] == 50
    await sent.edit_caption(caption="3/10")
    await friend.sees("3/10")


async def test_what_is_no_picture_is_refused(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await bot.send_photo(friend.id, BufferedInputFile(b"text", "a.png"))
    with pytest.raises(TelegramBadRequest, match="PHOTO_INVALID_DIMENSIONS"):
        await bot.send_photo(friend.id, picture(2100, 100))
    with pytest.raises(TelegramBadRequest, match="wrong remote file identifier"):
        await bot.send_photo(friend.id, "AgACnothing")
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await bot.send_photo(friend.id, picture(), caption="长" * 1025)
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await (await bot.send_photo(friend.id, picture())).edit_text("文")


async def test_a_document_keeps_its_name(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    sent = await bot.send_document(friend.id, BufferedInputFile(b"a,b\n", "名单.csv"))
    assert sent.document is not None
    assert sent.document.file_name == "名单.csv"
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await sent.edit_text("x")


async def test_copies_forget_and_forwards_name_the_origin(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    said = await friend.says("原话 #接龙")
    copied = await bot.copy_message(friend.id, friend.id, said["message_id"])
    forwarded = await bot.forward_message(friend.id, friend.id, said["message_id"])
    assert forwarded.forward_origin is not None
    by_id = {message["message_id"]: message for message in await friend.reads()}
    assert "forward_origin" not in by_id[copied.message_id]
    assert by_id[copied.message_id]["text"] == "原话 #接龙"
    with pytest.raises(TelegramBadRequest, match="message to copy not found"):
        await bot.copy_message(friend.id, friend.id, 999)


async def test_a_reply_carries_the_message_it_answers(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    asked = await bot.send_message(friend.id, "几份?")
    await drain(bot)
    await friend.says("两份", reply_to=asked.message_id)
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.text == "几份?"
    with pytest.raises(RefusedError, match="There is no message 999"):
        await friend.says("?", reply_to=999)


async def test_a_persons_edit_reaches_the_bot(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    said = await friend.says("一份")
    await drain(bot)
    await friend.sends(text="两份", edit_of=said["message_id"])
    (update,) = await bot.get_updates()
    assert update.edited_message is not None
    assert update.edited_message.text == "两份"


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": "😀"},
        {"poll": {"question": "几点?", "options": ["早", "晚"]}},
        {"contact": {"phone_number": "+8610000000000", "first_name": "某"}},
    ],
)
async def test_odd_things_arrive_as_telegram_sends_them(sandbox: Sandbox, bot: Bot, content: dict[str, Any]) -> None:
    friend = await friend_of(sandbox, bot)
    await drain(bot)
    await friend.sends(**content)
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.content_type == next(iter(content))


async def test_an_ephemeral_message_is_seen_by_one_person(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    wish = EphemeralMessageParameters(receiver_user_id=group.member.id)
    sent = await bot.send_message(
        group.id, "您是第3位", ephemeral_message_parameters=wish, reply_markup=button("退出", "out")
    )
    assert sent.message_id == 0
    assert sent.ephemeral_message_id == 1
    await group.member.sees("您是第3位")
    await group.manager.sees_no("您是第3位")
    await drain(bot)
    await group.member.taps("退出")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "out"
    await bot.edit_ephemeral_message_text(group.id, group.member.id, 1, text="您已退出")
    await group.member.sees("您已退出")
    await bot.delete_ephemeral_message(group.id, group.member.id, 1)
    await group.member.sees_no("您已退出")


async def test_what_a_call_asks_beyond_the_sandbox_is_named(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    with pytest.raises(TelegramServerError, match="business_connection_id is not implemented"):
        await bot.send_message(friend.id, "x", business_connection_id="b")
    with pytest.raises(TelegramServerError, match="Markdown is not implemented"):
        await bot.send_message(friend.id, "x", parse_mode="Markdown")


async def test_a_disabled_button_cannot_be_tapped(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    full = InlineKeyboardButton.model_validate({"text": "满员", "disabled": {}})
    await bot.send_message(friend.id, "接龙", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[full]]))
    with pytest.raises(RefusedError, match="disabled"):
        await friend.taps("满员")


async def test_rename_and_description_need_the_right(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    with pytest.raises(TelegramBadRequest, match="not enough rights to change chat title"):
        await bot.set_chat_title(group.id, "新")
    await group.manager.sets_bot_rights(bot.id, ["can_change_info"])
    await bot.set_chat_title(group.id, "新名")
    await bot.set_chat_description(group.id, "每周三团购")
    chat = await bot.get_chat(group.id)
    assert (chat.title, chat.description) == ("新名", "每周三团购")
    assert await bot.get_chat_member_count(group.id) == 3
    assert {one.user.id for one in await bot.get_chat_administrators(group.id)} == {group.manager.id, bot.id}


async def test_a_bot_leaves_and_is_no_member(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    assert (await bot.get_chat_member(group.id, group.member.id)).status == "member"
    await bot.leave_chat(group.id)
    with pytest.raises(Exception, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "还在")
