"""Asks the one place that knows before a handler runs: a refusal is polite and recorded."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.dispatcher.flags import get_flag
from aiogram.types import CallbackQuery, Message, TelegramObject

from campaigns.members.model import Member
from campaigns.staff.model import Action
from campaigns.staff.service import StaffService
from handlers.wording import members as words


class Permissions(BaseMiddleware):
    """A handler names its action as a flag; one without a flag is open to everybody."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Run the handler, or answer politely."""
        action: Action = get_flag(data, "action", default=Action.CHAT)
        member: Member = data["member"]
        staff: StaffService = data["staff"]
        if await staff.allows(member, action):
            return await handler(event, data)
        sentence = words.NOT_ALLOWED.say(member.language)
        if isinstance(event, CallbackQuery):
            return event.answer(sentence, show_alert=True)
        return event.reply(sentence) if isinstance(event, Message) else None
