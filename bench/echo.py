"""A bot that answers taps and does nothing else: the floor beside which the product's latency is measured.

    BOT_TOKEN=… BOT_API_URL=… python bench/echo.py

`/echo` posts its button. It stands behind the product's own router tree, so that a tap is held against the same
filters, and polls as the product does when it has no webhook.
"""

import asyncio
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from aiogram import Bot, F, Router  # noqa: E402
from aiogram.client.session.aiohttp import AiohttpSession  # noqa: E402
from aiogram.client.telegram import TelegramAPIServer  # noqa: E402
from aiogram.filters import Command  # noqa: E402
from aiogram.fsm.storage.memory import MemoryStorage  # noqa: E402
from aiogram.methods import AnswerCallbackQuery, SendMessage  # noqa: E402
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message  # noqa: E402

from bot.routers import router_tree  # noqa: E402
from campaigns.members.model import Language, Member  # noqa: E402

WORD, CARD, BUTTON = "echo", "回声", "我要接龙"
cards, taps = Router(name="cards"), Router(name="taps")


@cards.message(Command("echo"))
async def show(message: Message) -> SendMessage:
    """Post a message with the button."""
    button = InlineKeyboardButton(text=BUTTON, callback_data=WORD)
    return message.answer(CARD, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))


@taps.callback_query(F.data == WORD)
async def echo(query: CallbackQuery) -> AnswerCallbackQuery:
    """Answer at once."""
    return query.answer("好的")


async def main() -> None:
    """Poll until stopped."""
    server = TelegramAPIServer.from_base(os.environ["BOT_API_URL"])
    bot = Bot(os.environ["BOT_TOKEN"], session=AiohttpSession(api=server))
    tree = router_tree()
    tree.fsm.storage = MemoryStorage()  # Conversations, as permissions, are read from a database.
    for observer in (tree.message, tree.callback_query):
        for middleware in tuple(observer.middleware):
            observer.middleware.unregister(middleware)
    tree.include_routers(cards, taps)
    tree.sub_routers.insert(-2, tree.sub_routers.pop())  # Before the strays, which take what is left.
    tree.sub_routers.insert(0, tree.sub_routers.pop())
    await tree.start_polling(bot, member=Member(id=0, name="", language=Language.ZH))


if __name__ == "__main__":
    asyncio.run(main())
