"""Small worlds that tests start from."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiogram import Bot
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.client import Phone, Sandbox

ALL_RIGHTS = ("can_pin_messages", "can_delete_messages", "can_restrict_members", "can_invite_users", "can_change_info")


@dataclass
class Group:
    """A group of a manager and a member with a bot in it."""

    id: int
    manager: Phone
    member: Phone


async def group_with(
    sandbox: Sandbox, bot: Bot, rights: Sequence[str] | None = None, kind: str = "supergroup"
) -> Group:
    """Return a group to which the manager added the bot, with these administrator rights or as a plain member."""
    manager = await sandbox.new_person("经理")
    member = await sandbox.new_person("会员")
    group = await sandbox.new_group("A银行&江南小馆商户福利群", manager, [member], kind)
    await manager.adds_bot(bot.id, rights=rights)
    return Group(group, manager, member)


async def friend_of(sandbox: Sandbox, bot: Bot, name: str = "小林") -> Phone:
    """Return a person who has started the bot."""
    phone = await sandbox.new_person(name)
    await phone.starts(bot.id)
    return phone


def button(text: str = "我要接龙", data: str = "join") -> InlineKeyboardMarkup:
    """Return a keyboard of one callback button."""
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=data)]])


async def drain(bot: Bot) -> list[str]:
    """Confirm all waiting updates and return their kinds."""
    kinds = []
    offset = None
    while updates := await bot.get_updates(offset=offset):
        kinds += [update.event_type for update in updates]
        offset = updates[-1].update_id + 1
    return kinds
