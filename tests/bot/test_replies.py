"""Immediate answers keep the pace of a chat: what finds no place waits, and goes along with what follows it."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import EditMessageText, SendMessage, TelegramMethod
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.clock import Clock
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
        assert isinstance(method, EditMessageText | SendMessage)
        self.left.append((self.now, method.text))
        return True

    async def stream_content(
        self, url: str, *args: Any, **kwargs: Any
    ) -> AsyncGenerator[bytes, None]:  # pragma: no cover - nothing is loaded.
        yield b""

    async def close(self) -> None:
        """Nothing is open."""


def edit(chat: int, text: str) -> EditMessageText:
    return EditMessageText(chat_id=chat, message_id=1, text=text)


def words(text: str, button: str = "", chat: int = WANG) -> SendMessage:
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=button, callback_data="-")]])
    return SendMessage(chat_id=chat, text=text, reply_markup=keyboard if button else None)


class Turned(Clock):
    """The clock of a wire."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    def now(self) -> datetime:
        return self._wire.now


def answers(wire: Wire) -> Replies:
    return Replies(Bot(f"700001:{'t' * 35}", session=wire), Pacer(lambda: wire.now), Turned(wire))


async def follow(replies: Replies, *methods: TelegramMethod[Any]) -> None:
    """Send one person's answers until none waits."""
    waiting = deque(methods)
    while waiting:
        await replies.send(waiting, WANG)


async def crowded(wire: Wire, *behind: SendMessage | EditMessageText) -> list[str | None]:
    """What leaves of the answers that wait behind three of their kind in these three seconds."""
    replies = answers(wire)
    for text in ("1", "2", "3"):
        await follow(replies, behind[0].model_copy(update={"text": text}))
    last = asyncio.create_task(follow(replies, *behind))
    await asyncio.wait({last}, timeout=0.05)
    assert [text for _, text in wire.left] == ["1", "2", "3"]
    wire.now += timedelta(seconds=3)
    await last
    return [text for _, text in wire.left[3:]]


async def test_the_fourth_edit_of_fast_taps_in_private_waits_for_its_place() -> None:
    wire = Wire()
    replies = answers(wire)
    for text in ("1", "2", "3"):
        await follow(replies, edit(WANG, text))
    last = asyncio.create_task(follow(replies, edit(WANG, "stamp")))
    await asyncio.wait({last}, timeout=0.05)
    await follow(replies, edit(WANG + 1, "another chat"))
    assert [text for _, text in wire.left] == ["1", "2", "3", "another chat"]
    wire.now += timedelta(seconds=3)
    await last
    assert wire.left[-1] == (START + timedelta(seconds=3), "stamp")


async def test_an_edit_in_a_group_is_not_held_up() -> None:
    wire = Wire()
    for text in "12345":
        await follow(answers(wire), edit(GROUP, text))
    assert [text for _, text in wire.left] == list("12345")


async def test_what_waits_in_a_crowd_goes_along_with_the_answer_before_it() -> None:
    together = await crowded(Wire(), words("four"), words("five", "my stamps"), words("six", "my stamps"))
    assert together == ["four\n\nfive\n\nsix"]


async def test_no_button_is_lost_and_no_message_grows_too_long() -> None:
    assert await crowded(Wire(), words("four", "yes?"), words("five")) == ["four", "five"]
    assert await crowded(Wire(), words("4" * 3_000), words("5" * 1_095)) == ["4" * 3_000, "5" * 1_095]


async def test_of_edits_that_wait_for_one_message_the_last_one_leaves() -> None:
    assert await crowded(Wire(), edit(WANG, "a"), edit(WANG, "b"), edit(WANG, "c")) == ["c"]


async def test_answers_in_a_group_stay_apart() -> None:
    wire = Wire()
    await follow(answers(wire), words("one", chat=GROUP), words("two", chat=GROUP))
    assert [text for _, text in wire.left] == ["one", "two"]
