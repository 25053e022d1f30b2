"""Long polling of our own: raw updates are stored and committed before Telegram is told that we have them."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, ClassVar

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramConflictError, TelegramUnauthorizedError
from aiogram.methods import DeleteWebhook, TelegramMethod
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from storage.database import Database
from storage.inbox import Seals, SqlInbox

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member", "chat_member"]
LONG_POLL = 25
PAUSE_AFTER_FAULT = 1.0
TOO_SOON = 0.5

log: structlog.stdlib.BoundLogger = structlog.get_logger("poller")


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates with the updates left as they came: one that cannot be parsed must not block the others."""

    __returning__: ClassVar[type] = list[dict[str, Any]]
    __api_method__: ClassVar[str] = "getUpdates"

    offset: int
    timeout: int
    limit: int = 100
    allowed_updates: list[str]


class Poller:
    """Asks for updates and keeps them; the first poll names no offset, since update ids may start anew."""

    def __init__(self, database: Database, bot: Bot, clock: Clock, seals: Seals, arrived: Callable[[], None]) -> None:
        self._database = database
        self._seals = seals
        self._bot = bot
        self._clock = clock
        self._arrived = arrived
        self._offset = 0

    async def run(self) -> None:
        """Poll until cancelled; a fault is logged and tried again.

        Raises:
            TelegramUnauthorizedError: the token is wrong; nothing will mend that but a person.
        """
        await self._drop_webhook()
        while True:
            try:
                await self._poll()
            except TelegramUnauthorizedError:
                raise
            except (TelegramAPIError, ClientDecodeError, SQLAlchemyError) as fault:
                event = "another_poller" if isinstance(fault, TelegramConflictError) else "poll_failed"
                log.warning(event, fault=str(fault))
                await asyncio.sleep(PAUSE_AFTER_FAULT)

    async def _drop_webhook(self) -> None:
        """Long polling is refused while a webhook is set."""
        try:
            await self._bot(DeleteWebhook())
        except (TelegramAPIError, ClientDecodeError) as fault:
            log.warning("webhook_not_dropped", fault=str(fault))

    async def _poll(self) -> None:
        asked = time.monotonic()
        question = GetRawUpdates(offset=self._offset, timeout=LONG_POLL, allowed_updates=ALLOWED_UPDATES)
        updates = await self._bot(question, request_timeout=LONG_POLL + 10)
        if updates:
            async with self._database.unit_of_work() as uow:
                await SqlInbox(uow, self._bot.id, self._seals).store(updates, self._clock.now())
            self._offset = max(raw["update_id"] for raw in updates) + 1
            self._arrived()
        elif time.monotonic() - asked < TOO_SOON:
            await asyncio.sleep(TOO_SOON)  # A server that knows no long polling must not be asked without pause.
