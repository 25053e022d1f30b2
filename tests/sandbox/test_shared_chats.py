"""The choose-a-chat button: the person picks or makes a group, the bot comes in with its rights and is told."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import GetUpdates
from aiogram.types import (
    ChatAdministratorRights,
    ChatMemberAdministrator,
    KeyboardButton,
    KeyboardButtonRequestChat,
    ReplyKeyboardMarkup,
)

from sandbox.client import Phone, RefusedError, Sandbox

NONE: dict[str, Any] = dict.fromkeys(
    name for name, field in ChatAdministratorRights.model_fields.items() if field.is_required()
)
PIN = ChatAdministratorRights(**dict.fromkeys(NONE, False) | {"can_pin_messages": True})
BARE = ChatAdministratorRights(**dict.fromkeys(NONE, False))


def keyboard(held: ChatAdministratorRights = PIN) -> ReplyKeyboardMarkup:
    """A keyboard whose one button asks for a group that the person owns."""
    wanted = KeyboardButtonRequestChat(
        request_id=7,
        chat_is_channel=False,
        chat_is_created=True,
        user_administrator_rights=held,
        bot_administrator_rights=PIN,
        request_title=True,
    )
    button = KeyboardButton(text="选择群聊", request_chat=wanted)
    return ReplyKeyboardMarkup(keyboard=[[button]], one_time_keyboard=True)


async def asked(sandbox: Sandbox, bot: Bot) -> Phone:
    """Somebody who sees the button."""
    phone = await sandbox.new_person("李敏")
    await phone.starts((await bot.me()).username or "")
    await bot.send_message(phone.id, "请选择", reply_markup=keyboard())
    return phone


async def test_a_new_group_is_made_and_the_bot_administers_it(sandbox: Sandbox, bot: Bot) -> None:
    phone = await asked(sandbox, bot)
    group = await phone.shares_chat(7, title="新群")
    shared = [update.message.chat_shared for update in await bot(GetUpdates()) if update.message]
    [told] = [chat for chat in shared if chat]
    assert (told.request_id, told.chat_id, told.title) == (7, group, "新群")
    standing = await bot.get_chat_member(group, bot.id)
    assert isinstance(standing, ChatMemberAdministrator)
    assert (standing.can_pin_messages, standing.can_delete_messages) == (True, False)
    assert await phone.keyboard() is None


async def test_only_an_own_group_fits_the_button(sandbox: Sandbox, bot: Bot) -> None:
    phone = await asked(sandbox, bot)
    other = await sandbox.new_person("王芳")
    group = await sandbox.new_group("别人的群", other, [phone])
    with pytest.raises(RefusedError, match="does not own this group"):
        await phone.shares_chat(7, (await bot.me()).username, group=group)
    with pytest.raises(RefusedError, match="No button of this keyboard"):
        await phone.shares_chat(8, (await bot.me()).username, title="新群")
    own = await sandbox.new_group("我的群", phone)
    assert await phone.shares_chat(7, (await bot.me()).username, group=own) == own


async def test_the_button_stands_in_private_and_gives_no_more_than_the_person_has(sandbox: Sandbox, bot: Bot) -> None:
    phone = await asked(sandbox, bot)
    group = await sandbox.new_group("我的群", phone)
    await phone.adds_bot((await bot.me()).username or "", group)
    with pytest.raises(TelegramBadRequest, match="BUTTON_TYPE_INVALID"):
        await bot.send_message(group, "请选择", reply_markup=keyboard())
    with pytest.raises(TelegramBadRequest, match="BUTTON_USER_RIGHTS_INVALID"):
        await bot.send_message(phone.id, "请选择", reply_markup=keyboard(BARE))
