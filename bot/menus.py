"""The command menus, scoped by kind of chat, in both languages."""

from aiogram import Bot
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    MenuButtonCommands,
    MenuButtonWebApp,
    WebAppInfo,
)

from campaigns.members.model import Language
from handlers.wording.menus import GROUP_MENU, PRIVATE_MENU
from handlers.wording.miniapp import MENU_BUTTON
from handlers.wording.phrase import Phrase


async def publish_menus(bot: Bot, mini_app: str | None) -> None:
    """Set the menus; names are lowercase English, as the platform wants, the words beside them are the reader's.

    The button left of the input line opens the Mini App where there is one; commands are offered after a slash.
    """
    await bot.set_chat_menu_button(menu_button=_menu_button(mini_app))
    for language, code in ((Language.ZH, None), (Language.EN, "en")):
        await bot.set_my_commands(
            _commands(PRIVATE_MENU, language), scope=BotCommandScopeAllPrivateChats(), language_code=code
        )
        await bot.set_my_commands(
            _commands(GROUP_MENU, language), scope=BotCommandScopeAllGroupChats(), language_code=code
        )


def _menu_button(mini_app: str | None) -> MenuButtonCommands | MenuButtonWebApp:
    if mini_app is None:
        return MenuButtonCommands()
    return MenuButtonWebApp(text=MENU_BUTTON.zh, web_app=WebAppInfo(url=mini_app))


def _commands(menu: dict[str, Phrase], language: Language) -> list[BotCommand]:
    return [BotCommand(command=name, description=words.say(language)) for name, words in menu.items()]
