"""The command menus, scoped by kind of chat, in both languages."""

from aiogram import Bot
from aiogram.types import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats

from campaigns.members.model import Language
from handlers.wording.menus import GROUP_MENU, PRIVATE_MENU
from handlers.wording.phrase import Phrase


async def publish_menus(bot: Bot) -> None:
    """Set the menus; names are lowercase English, as the platform wants, the words beside them are the reader's."""
    for language, code in ((Language.ZH, None), (Language.EN, "en")):
        await bot.set_my_commands(
            _commands(PRIVATE_MENU, language), scope=BotCommandScopeAllPrivateChats(), language_code=code
        )
        await bot.set_my_commands(
            _commands(GROUP_MENU, language), scope=BotCommandScopeAllGroupChats(), language_code=code
        )


def _commands(menu: dict[str, Phrase], language: Language) -> list[BotCommand]:
    return [BotCommand(command=name, description=words.say(language)) for name, words in menu.items()]
