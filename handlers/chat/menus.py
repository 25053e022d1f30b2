"""The command menu of one member of staff: what everybody may ask for, and what the own roles allow."""

from contextlib import suppress

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand, BotCommandScopeChat

from campaigns.members.model import Member
from handlers.wording.commands import menu_of
from handlers.wording.menus import PRIVATE_MENU

MOST = 100


async def show_menu(bot: Bot, member: Member) -> None:
    """Offer staff their commands after a slash in the private chat; a menu that cannot be set is set another time."""
    menu = {**menu_of(member), **PRIVATE_MENU}
    found = [BotCommand(command=name, description=about.say(member.language)) for name, about in menu.items()]
    with suppress(TelegramAPIError):
        await bot.set_my_commands(found[:MOST], scope=BotCommandScopeChat(chat_id=member.id))
