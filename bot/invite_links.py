"""The platform's invite links as publicity asks for them."""

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

log: structlog.stdlib.BoundLogger = structlog.get_logger("invite_links")


class BotInviteLinks:
    """Implements `campaigns.publicity.ports.InviteLinks`."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def make(self, chat_id: int, name: str, *, once: bool) -> str | None:
        """A link whose name is the code (at most 32 characters), so that who joins by it is known; None: refused."""
        try:
            made = await self._bot.create_chat_invite_link(chat_id, name=name, member_limit=1 if once else None)
        except TelegramAPIError as fault:
            log.info("no_invite_link", chat=chat_id, fault=str(fault))
            return None
        return made.invite_link
