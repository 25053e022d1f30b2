"""The sandbox allows a bot no more than Telegram does."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    WebAppInfo,
)

from sandbox.client import RefusedError, Sandbox
from tests.sandbox.scenes import ALL_RIGHTS, drain, friend_of, group_with


async def test_a_bot_cannot_write_first(sandbox: Sandbox, bot: Bot) -> None:
    stranger = await sandbox.new_person("陌生人")
    with pytest.raises(TelegramForbiddenError, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "您好")


async def test_a_bot_cannot_write_to_nobody(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(77, "您好")


async def test_a_bot_cannot_write_to_a_bot(bot: Bot) -> None:
    with pytest.raises(TelegramForbiddenError, match="bots can't send messages to bots"):
        await bot.send_message(bot.id, "您好")


async def test_start_opens_the_chat_and_carries_the_parameter(sandbox: Sandbox, bot: Bot) -> None:
    phone = await sandbox.new_person("小林")
    await phone.starts(bot.id, "card-7")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "/start card-7"
    await bot.send_message(phone.id, "欢迎")
    await phone.sees("欢迎")


async def test_a_blocked_bot_is_refused_until_it_is_unblocked(sandbox: Sandbox, bot: Bot) -> None:
    phone = await friend_of(sandbox, bot)
    await phone.blocks(bot.id)
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(phone.id, "还在吗")
    with pytest.raises(RefusedError, match="has blocked this bot"):
        await phone.says("在")
    await phone.unblocks(bot.id)
    await bot.send_message(phone.id, "还在吗")
    assert await drain(bot) == ["message", "my_chat_member", "my_chat_member"]


async def test_a_bot_in_no_group_cannot_find_it(sandbox: Sandbox, bot: Bot) -> None:
    group = await sandbox.new_group("别人的群", await sandbox.new_person("群主"))
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(group, "您好")


async def test_a_removed_bot_is_told_it_was_kicked(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    await group.manager.removes_bot(bot.id)
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group.id, "您好")


async def test_startgroup_adds_the_bot_and_delivers_the_parameter(sandbox: Sandbox, bot: Bot) -> None:
    manager = await sandbox.new_person("经理")
    await sandbox.new_group("新群", manager)
    await manager.adds_bot(bot.id, parameter="m-42", rights=["can_pin_messages"])
    added, joined, started = await bot.get_updates()
    assert added.my_chat_member is not None
    assert added.my_chat_member.new_chat_member.status == "administrator"
    assert joined.message is not None
    assert joined.message.new_chat_members is not None
    assert started.message is not None
    assert started.message.text == f"/start@{(await bot.me()).username} m-42"


async def test_a_plain_member_cannot_add_an_administrator(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    with pytest.raises(RefusedError, match="may not"):
        await group.member.adds_bot(bot.id, rights=["can_pin_messages"])


async def test_privacy_mode_hides_plain_group_talk(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    await drain(bot)
    await group.member.says("接龙")
    await group.member.says("/join")
    await group.member.says("/join@some_other_bot")
    asked = await bot.send_message(group.id, "几份?")
    await group.member.says("两份", reply_to=asked.message_id)
    texts = [update.message.text for update in await bot.get_updates() if update.message]
    assert texts == ["/join", "两份"]


@pytest.mark.parametrize("how", ["privacy off", "administrator"])
async def test_without_privacy_mode_or_as_administrator_the_bot_hears_all(sandbox: Sandbox, bot: Bot, how: str) -> None:
    group = await group_with(sandbox, bot)
    if how == "administrator":
        await group.manager.sets_bot_rights(bot.id, ["can_pin_messages"])
    else:
        await sandbox.set_privacy_mode(bot.id, on=False)
    await drain(bot)
    await group.member.says("接龙")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "接龙"


async def test_service_messages_pass_privacy_mode(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    await drain(bot)
    guest = await sandbox.new_person("新人")
    await guest.joins(group.id)
    await guest.leaves()
    await group.manager.renames("新名字")
    seen = [update.message for update in await bot.get_updates() if update.message]
    assert [message.content_type for message in seen] == ["new_chat_members", "left_chat_member", "new_chat_title"]


async def test_member_changes_come_on_request_and_to_administrators_only(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot, ALL_RIGHTS)
    await drain(bot)
    await (await sandbox.new_person("甲")).joins(group.id)
    assert await drain(bot) == ["message"]
    await bot.get_updates(allowed_updates=["message", "chat_member"])
    await (await sandbox.new_person("乙")).joins(group.id)
    assert await drain(bot) == ["chat_member", "message"]
    await group.manager.sets_bot_rights(bot.id, None)
    await (await sandbox.new_person("丙")).joins(group.id)
    assert await drain(bot) == ["message"]


async def test_contact_buttons_are_refused_in_groups(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    keyboard = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="分享手机号", request_contact=True)]])
    with pytest.raises(TelegramBadRequest, match="phone number can be requested in private chats only"):
        await bot.send_message(group.id, "请分享", reply_markup=keyboard)
    friend = await friend_of(sandbox, bot)
    await bot.send_message(friend.id, "请分享", reply_markup=keyboard)
    assert await friend.keyboard() is not None


async def test_web_app_buttons_are_refused_in_groups(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    web_app = InlineKeyboardButton(text="打开", web_app=WebAppInfo(url="https://bank.example/app"))
    with pytest.raises(TelegramBadRequest, match="BUTTON_TYPE_INVALID"):
        await bot.send_message(group.id, "看", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[web_app]]))


async def test_the_own_contact_names_its_sender_and_a_forwarded_one_does_not(sandbox: Sandbox, bot: Bot) -> None:
    phone = await friend_of(sandbox, bot)
    other = await sandbox.new_person("别人", phone="+8610123456789")
    await drain(bot)
    await phone.shares_contact()
    await phone.shares_contact(of=other)
    own, foreign = [update.message for update in await bot.get_updates()]
    assert own is not None
    assert own.contact is not None
    assert own.contact.user_id == phone.id
    assert foreign is not None
    assert foreign.contact is not None
    assert foreign.contact.user_id == other.id
    assert foreign.contact.phone_number == "+8610123456789"


async def test_pinning_needs_the_right(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    card = await bot.send_message(group.id, "公告")
    with pytest.raises(TelegramBadRequest, match="not enough rights to manage pinned messages in the chat"):
        await card.pin()
    await group.manager.sets_bot_rights(bot.id, ["can_pin_messages"])
    await card.pin()
    pinned = await group.member.pinned()
    assert pinned is not None
    assert pinned["text"] == "公告"
    await bot.unpin_all_chat_messages(group.id)
    assert await group.member.pinned() is None


async def test_deleting_others_messages_needs_the_right(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    spam = await group.member.says("广告")
    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await bot.delete_message(group.id, spam["message_id"])
    await group.manager.sets_bot_rights(bot.id, ["can_delete_messages"])
    await bot.delete_message(group.id, spam["message_id"])
    await group.member.sees_no("广告")
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await bot.delete_message(group.id, spam["message_id"])


async def test_an_own_message_older_than_two_days_stays(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    old = await bot.send_message(group.id, "旧")
    await sandbox.turn_clock("2d1m")
    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await old.delete()


async def test_banning_needs_the_right_and_spares_the_staff(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    with pytest.raises(TelegramBadRequest, match="not enough rights to restrict/unrestrict chat member"):
        await bot.ban_chat_member(group.id, group.member.id)
    await group.manager.sets_bot_rights(bot.id, ["can_restrict_members"])
    with pytest.raises(TelegramBadRequest, match="can't remove chat owner"):
        await bot.ban_chat_member(group.id, group.manager.id)
    await bot.ban_chat_member(group.id, group.member.id)
    with pytest.raises(RefusedError, match="is banned"):
        await group.member.joins(group.id)
    await bot.unban_chat_member(group.id, group.member.id, only_if_banned=True)
    await group.member.joins(group.id)


async def test_a_restricted_member_cannot_write(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot, ALL_RIGHTS)
    await bot.restrict_chat_member(group.id, group.member.id, {"can_send_messages": False})  # type: ignore[arg-type]
    with pytest.raises(RefusedError, match="may not write"):
        await group.member.says("喂")


async def test_invite_links_need_the_right_and_keep_their_limit(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    with pytest.raises(TelegramBadRequest, match="not enough rights to manage chat invite link"):
        await bot.create_chat_invite_link(group.id)
    await group.manager.sets_bot_rights(bot.id, ["can_invite_users"])
    link = await bot.create_chat_invite_link(group.id, name="柜台", member_limit=1)
    first, second = await sandbox.new_person("甲"), await sandbox.new_person("乙")
    await first.joins(group.id, link.invite_link)
    with pytest.raises(RefusedError, match="used up"):
        await second.joins(group.id, link.invite_link)
    await bot.revoke_chat_invite_link(group.id, link.invite_link)
    with pytest.raises(RefusedError, match="revoked"):
        await second.joins(group.id, link.invite_link)


async def test_a_migrated_group_names_its_supergroup(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot, kind="group")
    await drain(bot)
    heir = await sandbox.act("POST", f"/api/groups/{group.id}/migrate")
    with pytest.raises(TelegramMigrateToChat) as refusal:
        await bot.send_message(group.id, "您好")
    assert refusal.value.migrate_to_chat_id == heir["id"]
    await bot.send_message(heir["id"], "您好")
    moved = [update.message for update in await bot.get_updates() if update.message]
    assert [message.content_type for message in moved] == ["migrate_to_chat_id", "migrate_from_chat_id"]
