"""Immediate answers: sent once, after the commit; the only thing that a kill may lose."""

import asyncio
from collections import deque
from datetime import timedelta
from typing import Any, get_args

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramMigrateToChat, TelegramRetryAfter
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    SendMessage,
    SendPhoto,
    SetMessageReaction,
    TelegramMethod,
)
from aiogram.types import ReactionTypeEmoji, ReactionTypeUnion, Update

from bot import metrics
from bot.clock import Clock
from bot.pacing import SMALL_TALK, Pacer

Paced = SendMessage | SendPhoto | EditMessageText | EditMessageCaption | EditMessageMedia | EditMessageReplyMarkup
PACED = get_args(Paced)
PAUSE, SLOWER, LONGEST = 0.3, 1.3, 2.0  # Real seconds between two looks for a place: ever longer in a crowd.
PATIENCE = 7  # Looks for a place in a group, five seconds in all: longer than the shortest window.
ALONE = 35  # Looks in private, where nobody waits behind: a minute.
LONGEST_TEXT = 4_096  # Characters of one message, core.telegram.org/bots/api#sendmessage.

log: structlog.stdlib.BoundLogger = structlog.get_logger("replies")


class Replies:
    """Sends what a handler returned, within the pace of the chat."""

    def __init__(self, bot: Bot, pacer: Pacer, clock: Clock) -> None:
        self._bot = bot
        self._pacer = pacer
        self._clock = clock

    async def send(self, waiting: deque[TelegramMethod[Any]], person: int) -> None:
        """Send the first of a person's answers, with those behind it that can go along; `waiting` is emptied of them.

        In a group that is too busy for small talk the answer goes to the person in private, or is a quiet reaction.
        In private it waits for its place, and what is answered meanwhile joins it: who scans five booths in a crowd
        reads one message of five lines, and where somebody taps fast, the last edit tells how it ended.
        """
        method = waiting.popleft()
        if not isinstance(method, PACED) or await self._has_place(method):
            await self._try(together(method, waiting))
        elif isinstance(method, SendMessage) and not await self._try(SendMessage(chat_id=person, text=method.text)):
            await self._react(method)

    async def _has_place(self, method: Paced) -> bool:
        """Wait for a place in the chat; a group keeps some of its twenty a minute for what must arrive."""
        is_edit = not isinstance(method, SendMessage | SendPhoto)
        if not isinstance(method.chat_id, int) or (is_edit and method.chat_id < 0):
            return True
        spare = SMALL_TALK if method.chat_id < 0 else 0
        for look in range(ALONE if method.chat_id > 0 else PATIENCE):
            if place := self._pacer.take(method.chat_id, method.__api_method__, spare=spare):
                await asyncio.sleep(min(LONGEST, self._clock.real_seconds(place - self._clock.now())))
                return True
            await asyncio.sleep(min(LONGEST, PAUSE * SLOWER**look))
        return method.chat_id > 0

    async def _react(self, method: SendMessage) -> None:
        """Show at least that the words were seen."""
        message = method.reply_parameters and method.reply_parameters.message_id
        if message:
            seen: list[ReactionTypeUnion] = [ReactionTypeEmoji(emoji="👀")]
            await self._try(SetMessageReaction(chat_id=method.chat_id, message_id=message, reaction=seen))

    async def _call(self, method: TelegramMethod[Any]) -> None:
        """Make the call; where the group became a supergroup meanwhile, once more in the new chat."""
        try:
            await self._bot(method)
        except TelegramMigrateToChat as moved:
            there: dict[str, Any] = {"chat_id": moved.migrate_to_chat_id, "reply_parameters": None}
            known = {name: value for name, value in there.items() if name in type(method).model_fields}
            await self._bot(method.model_copy(update=known))

    async def _try(self, method: TelegramMethod[Any], *, once_more: bool = True) -> bool:
        """Make the call; one that is refused for a while was not delivered: in private it waits and is made again."""
        try:
            await self._call(method)
        except (TelegramAPIError, ClientDecodeError) as fault:
            if isinstance(fault, TelegramRetryAfter) and isinstance(method, PACED) and isinstance(method.chat_id, int):
                self._pacer.penalise(method.chat_id, method.__api_method__, timedelta(seconds=fault.retry_after))
                if once_more and method.chat_id > 0 and await self._has_place(method):
                    return await self._try(method, once_more=False)
            metrics.REPLIES_LOST.inc()
            log.info("reply_lost", method=method.__api_method__, fault=str(fault))
            return False
        return True


def together(method: TelegramMethod[Any], behind: deque[TelegramMethod[Any]]) -> TelegramMethod[Any]:
    """One call for an answer and as many of those behind it as can go along; they leave the queue."""
    while behind and (joined := _joined(method, behind[0])):
        method = joined
        behind.popleft()
    return method


def _joined(first: TelegramMethod[Any], second: TelegramMethod[Any]) -> TelegramMethod[Any] | None:
    """Both as one: plain words of a private chat under the second's buttons, or the later edit of one message."""
    match first, second:
        case (SendMessage(chat_id=int(chat)), SendMessage()) if (
            chat > 0
            and first.reply_markup in (None, second.reply_markup)
            and len(first.text) + len(second.text) + 2 <= LONGEST_TEXT
            and _beside_words(first) == _beside_words(second)
        ):
            return second.model_copy(update={"text": f"{first.text}\n\n{second.text}"})
        case (EditMessageText(), EditMessageText()) if (first.chat_id, first.message_id) == (
            second.chat_id,
            second.message_id,
        ):
            return second
    return None


def _beside_words(message: SendMessage) -> dict[str, Any]:
    """What else is asked of a message: where it goes, how it is read, whom it answers."""
    return message.model_dump(exclude={"text", "reply_markup"}, exclude_unset=True)


def answers_to(update: Update, reply: TelegramMethod[Any] | None) -> list[TelegramMethod[Any]]:
    """What goes back at once; every tap is answered, since the button keeps spinning until then."""
    replies = [reply] if reply else []
    if update.callback_query and not isinstance(reply, AnswerCallbackQuery):
        return [AnswerCallbackQuery(callback_query_id=update.callback_query.id), *replies]
    return replies
