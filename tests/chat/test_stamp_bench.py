"""The storm of scans of the bench in small: every stamp is on its page, and the chat's cards follow by few pictures."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import uvicorn

from bench.stamps import Event, secret_of, storm
from bot.app import App
from bot.web import build_web
from tests.driver import Stage
from tests.rally_visits import running_rally


@asynccontextmanager
async def door_of(app: App) -> AsyncIterator[aiohttp.ClientSession]:
    """The product's door on a port of its own."""
    server = uvicorn.Server(uvicorn.Config(build_web(app), port=0, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as door:
        yield door
    server.should_exit = True
    await serving


async def test_every_stamp_of_many_scans_at_once_is_on_its_page_and_in_one_card_of_the_chat(stage: Stage) -> None:
    rally = await running_rally(stage.app)
    phones = await stage.sandbox.new_people(f"访客{number}" for number in range(4))
    for phone in phones:
        await phone.starts(stage.bot)
        await phone.sees("/help")
    app = stage.app
    people = [phone.id for phone in phones]
    event = Event(rally, await secret_of(app, rally), people, app.clock.now)
    async with door_of(app) as door:
        found = await storm(door, event, app.bot.token, app.bot.id, 40, 0.8)
    assert (len(found.scanned), found.missing) == (32, 0)
    for phone in phones:
        await phone.sees("已集 8/8 枚印章。")
        calls = await stage.sandbox.calls(chat_id=phone.id, bot=app.bot.id)
        posted = Counter(call["method"] for call in calls)
        assert posted["sendPhoto"] == 1
        assert posted["editMessageMedia"] < 8
