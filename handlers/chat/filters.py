"""Async filters: aiogram runs every other kind in a thread of its own."""

import unicodedata

from aiogram.enums import ChatType
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

GROUPS = {ChatType.GROUP, ChatType.SUPERGROUP}


class InGroup(Filter):
    """The message or button stands in a group."""

    async def __call__(self, event: Message | CallbackQuery) -> bool:
        """Whether it does."""
        message = event if isinstance(event, Message) else event.message
        return message is not None and message.chat.type in GROUPS


class InPrivate(Filter):
    """The message or button stands in a private chat."""

    async def __call__(self, event: Message | CallbackQuery) -> bool:
        """Whether it does."""
        message = event if isinstance(event, Message) else event.message
        return message is not None and message.chat.type == ChatType.PRIVATE


class Words(Filter):
    """The whole text is one of these words, in any width and case."""

    def __init__(self, *words: str) -> None:
        self._words = frozenset(plain(word) for word in words)

    async def __call__(self, message: Message) -> bool:
        """Whether it is."""
        return message.text is not None and plain(message.text) in self._words


class NoCommand(Filter):
    """The text is no command: one that comes in the middle of a conversation is meant as such."""

    async def __call__(self, message: Message) -> bool:
        """Whether it is none."""
        return not (message.text or "").startswith("/")


class HasContact(Filter):
    """A contact was shared."""

    async def __call__(self, message: Message) -> bool:
        """Whether one was."""
        return message.contact is not None


class Service(Filter):
    """A service message that carries this field, such as `new_chat_members`."""

    def __init__(self, field: str) -> None:
        self._field = field

    async def __call__(self, message: Message) -> bool:
        """Whether it does."""
        return bool(getattr(message, self._field))


def plain(text: str) -> str:
    """Full-width forms folded, white space and closing punctuation dropped, lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).rstrip("!。.~,").lower()
