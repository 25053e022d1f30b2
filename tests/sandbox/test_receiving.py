"""Updates come by long polling or webhook, in order, until they are confirmed."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.client import Sandbox, all_of
from tests.sandbox.scenes import button, drain, friend_of, group_with


async def test_an_update_is_repeated_until_it_is_confirmed(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    (first,) = await bot.get_updates()
    (again,) = await bot.get_updates()
    assert again.update_id == first.update_id
    await friend.says("还有")
    (second,) = await bot.get_updates(offset=first.update_id + 1)
    assert second.update_id == first.update_id + 1
    marks = [(row["delivered"], row["confirmed"]) for row in await sandbox.updates(bot.id)]
    assert marks == [(2, True), (1, False)]


async def test_a_negative_offset_forgets_all_but_the_last(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    for text in ("一", "二", "三"):
        await friend.says(text)
    (last,) = await bot.get_updates(offset=-1)
    assert last.message is not None
    assert last.message.text == "三"
    assert len(await bot.get_updates()) == 1


async def test_the_limit_bounds_a_batch(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await friend.says("再")
    assert len(await bot.get_updates(limit=1)) == 1
    assert len(await bot.get_updates(limit=1000)) == 2


async def test_a_long_poll_ends_with_the_first_update(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await drain(bot)
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await friend.says("来了")
    (update,) = await polling
    assert update.message is not None
    assert update.message.text == "来了"


async def test_of_two_pollers_the_older_gets_the_conflict(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await drain(bot)
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await sandbox.waits_for_calls(method="getUpdates", bot=bot.id)
    newer = asyncio.create_task(bot.get_updates(timeout=29))
    done, _ = await asyncio.wait({older, newer}, return_when=asyncio.FIRST_COMPLETED)
    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
        await done.pop()
    await friend.says("来了")
    (survivor,) = (
        [poll for poll in (older, newer) if poll.exception() is None]
        if older.done() and newer.done()
        else [newer if older.done() else older]
    )
    assert len(await survivor) == 1


async def test_an_update_lives_a_day(sandbox: Sandbox, bot: Bot) -> None:
    await friend_of(sandbox, bot)
    await sandbox.turn_clock("24h1m")
    assert await bot.get_updates() == []


@dataclass
class Hook:
    """A webhook receiver that keeps what it gets and answers as told."""

    got: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    answer: Callable[[dict[str, Any]], Response] = field(default=lambda _: Response())
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one update."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        update = await request.json()
        self.got.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.arrived.set()
        await self.answer(update)(scope, receive, send)

    async def gets(self, count: int) -> list[dict[str, Any]]:
        """Wait until this many deliveries were made."""
        async with asyncio.timeout(20):
            while len(self.got) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return self.got

    def texts(self) -> list[str]:
        """Return the texts of the messages in the order in which they came."""
        return [update["message"]["text"] for update in self.got if "message" in update]


@asynccontextmanager
async def hooked() -> AsyncIterator[Hook]:
    """Listen for webhook deliveries on a free port."""
    hook = Hook()
    server = uvicorn.Server(uvicorn.Config(hook, port=0, log_level="warning", lifespan="off", ws="none"))
    config = server.config
    listener = config.bind_socket()
    hook.url = f"http://127.0.0.1:{listener.getsockname()[1]}/hook"
    task = asyncio.create_task(server.serve([listener]))
    try:
        yield hook
    finally:
        server.should_exit = True
        await task


async def test_a_webhook_gets_updates_with_its_secret_in_order(sandbox: Sandbox, bot: Bot) -> None:
    async with hooked() as hook:
        await bot.set_webhook(hook.url, secret_token="s-e_cret1")
        friend = await friend_of(sandbox, bot)
        for number in range(10):
            await friend.says(f"{number}")
        await hook.gets(11)
        assert hook.texts() == ["/start", *(str(number) for number in range(10))]
        assert set(hook.secrets) == {"s-e_cret1"}
        ids = [update["update_id"] for update in hook.got]
        assert ids == sorted(set(ids))
        with pytest.raises(TelegramConflictError, match="webhook is active"):
            await bot.get_updates()
        await bot.delete_webhook()
        assert await bot.get_updates() == []


async def test_a_failing_webhook_is_repeated_and_blocks_its_own_chat_only(sandbox: Sandbox, bot: Bot) -> None:
    async with hooked() as hook:
        stuck = await friend_of(sandbox, bot, "卡住")
        free = await friend_of(sandbox, bot, "畅通")
        await drain(bot)
        failures = iter([500, 302, 500])

        def answer(update: dict[str, Any]) -> Response:
            mine = update["message"]["from"]["id"] == stuck.id
            return Response(status_code=next(failures, 200) if mine else 200)

        hook.answer = answer
        await bot.set_webhook(hook.url)
        await stuck.says("甲")
        await stuck.says("乙")
        await hook.gets(2)
        await free.says("丙")
        await hook.gets(3)
        info = await bot.get_webhook_info()
        assert info.last_error_message is not None
        assert "Wrong response from the webhook" in info.last_error_message
        await sandbox.turn_clock("2m")
        await hook.gets(6)
        mine = [update["message"]["text"] for update in hook.got if update["message"]["from"]["id"] == stuck.id]
        assert mine == ["甲", "甲", "甲", "甲", "乙"]
        await bot.delete_webhook()


async def test_a_method_in_the_answer_is_carried_out(sandbox: Sandbox, bot: Bot) -> None:
    async with hooked() as hook:
        friend = await friend_of(sandbox, bot)
        await drain(bot)

        def answer(update: dict[str, Any]) -> Response:
            call = {"method": "sendMessage", "chat_id": update["message"]["chat"]["id"], "text": "收到"}
            return Response(json.dumps(call), media_type="application/json")

        hook.answer = answer
        await bot.set_webhook(hook.url)
        await friend.says("在吗")
        await friend.sees("收到")
        (call,) = await sandbox.calls(method="sendMessage", bot=bot.id)
        assert call["via"] == "webhook"
        await bot.delete_webhook()


async def test_taps_of_different_people_are_delivered_side_by_side(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot)
    sent = await bot.send_message(group.id, "接龙", reply_markup=button())
    await drain(bot)
    async with hooked() as hook:
        await bot.set_webhook(hook.url, allowed_updates=["callback_query"])
        await all_of(*(phone.taps("我要接龙", message_id=sent.message_id) for phone in (group.manager, group.member)))
        got = await hook.gets(2)
        assert {update["callback_query"]["from"]["id"] for update in got} == {group.manager.id, group.member.id}
        await bot.delete_webhook()


async def test_what_is_no_address_is_no_webhook(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="bad webhook"):
        await bot.set_webhook("not-an-address")
    assert (await bot.get_webhook_info()).url == ""
