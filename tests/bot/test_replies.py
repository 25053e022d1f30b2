"""Immediate answers keep the pace of a chat: a fourth edit within three seconds waits, so that it is not lost."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import EditMessageText, TelegramMethod

from bot.pacing import Pacer
from bot.replies import Replies

START = datetime(2026, 12, 5, 2, tzinfo=UTC)
WANG, GROUP = 7, -100


class Wire(BaseSession):
    """What would have left; the clock is turned once somebody waits."""

    def __init__(self) -> None:
        super().__init__()
        self.left: list[tuple[datetime, str | None]] = []
        self.now = START

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109 - aiogram's name.
        assert isinstance(method, EditMessageText)
        self.left.append((self.now, method.text))
        return True

    async def stream_content(
        self, url: str, *args: Any, **kwargs: Any
    ) -> AsyncGenerator[bytes, None]:  # pragma: no cover - nothing is loaded.
        yield b""

    async def close(self) -> None:
        """Nothing is open."""


def edit(chat: int, words: str) -> EditMessageText:
    return EditMessageText(chat_id=chat, message_id=1, text=words)


async def test_the_fourth_edit_of_fast_taps_in_private_waits_for_its_place() -> None:
    wire = Wire()
    replies = Replies(Bot(f"700001:{'t' * 35}", session=wire), Pacer(lambda: wire.now))
    for words in ("1", "2", "3"):
        await replies.send(edit(WANG, words), WANG)
    last = asyncio.create_task(replies.send(edit(WANG, "stamp"), WANG))
    await asyncio.wait({last}, timeout=0.05)
    await replies.send(edit(WANG + 1, "another chat"), WANG + 1)
    assert [words for _, words in wire.left] == ["1", "2", "3", "another chat"]
    wire.now += timedelta(seconds=3)
    await last
    assert wire.left[-1] == (START + timedelta(seconds=3), "stamp")


async def test_an_edit_in_a_group_is_not_held_up() -> None:
    wire = Wire()
    replies = Replies(Bot(f"700001:{'t' * 35}", session=wire), Pacer(lambda: wire.now))
    for words in "12345":
        await replies.send(edit(GROUP, words), WANG)
    assert [words for _, words in wire.left] == list("12345")
