"""Calls to Telegram by aiogram's session, with the types of their answers kept."""

from typing import ClassVar

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType


class Session(AiohttpSession):
    """aiogram asks for the type of an answer at each call, and pydantic forgets one that nobody holds.

    To build `Response[Message]` anew costs more than the call.
    """

    _kept: ClassVar[set[type[object]]] = set()

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """aiogram's own check."""
        self._kept.add(Response[method.__returning__])  # type: ignore[name-defined]
        return super().check_response(bot, method, status_code, content)
