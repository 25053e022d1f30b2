"""Chinese words for the commands of staff: a word in private is read as its command, with what follows it."""

import unicodedata
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.enums import ChatType
from aiogram.types import Message, TelegramObject

from campaigns.members.model import Member
from handlers.wording.commands import WORDS


class Aliases(BaseMiddleware):
    """Stands before the filters, so that every feature knows its command alone.

    Only staff are read like this, and only outside of conversations: there a word is an answer.
    """

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Hand the message on, as a command where it begins with the word of one."""
        member: Member | None = data.get("member")
        if isinstance(event, Message) and event.chat.type == ChatType.PRIVATE and member and member.is_staff:
            command = as_command(event.text or "")
            if command and data.get("raw_state") is None:
                event = event.model_copy(update={"text": command})
        return await handler(event, data)


def as_command(text: str) -> str | None:
    """The command that words in private stand for; None where they are no command's word."""
    first, _, rest = unicodedata.normalize("NFKC", text).strip().partition(" ")
    name = WORDS.get(first.rstrip("!。.~,").lower())
    return f"/{name} {rest}".strip() if name else None
