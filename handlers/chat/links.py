"""Deep links whose start parameter begins with a word of ours."""

from aiogram import Bot
from aiogram.filters import CommandStart
from aiogram.types import Message


class LinkTo(CommandStart):
    """`/start <prefix><token>`: hands over the token."""

    def __init__(self, prefix: str) -> None:
        super().__init__(deep_link=True)
        self._prefix = prefix

    async def __call__(self, message: Message, bot: Bot) -> bool | dict[str, str]:
        """The token, when the link has this prefix."""
        found = await super().__call__(message, bot)
        if not isinstance(found, dict):
            return False
        args = found["command"].args or ""
        return {"token": args.removeprefix(self._prefix)} if args.startswith(self._prefix) else False
