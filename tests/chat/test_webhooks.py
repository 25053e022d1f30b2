"""Updates by webhook: in order, once, from the platform alone; whatever else comes is confirmed and dropped."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from bot.app import App
from bot.settings import Settings
from bot.web import build_web
from handlers.http.telegram import SECRET_HEADER
from sandbox.client import Sandbox
from tests.chat.conftest import TOKENS, running_bot
from tests.driver import Stage

SECRET = "s3cret_-"
QUEUED = "SELECT count(*) FROM inbox"


@asynccontextmanager
async def open_door(app: App) -> AsyncIterator[None]:
    """The product's HTTP door, on the port of its settings."""
    config = uvicorn.Config(
        build_web(app), port=app.world.settings.port, log_config=None, lifespan="off", ws="none", access_log=False
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await serving


@pytest.fixture
async def stage(database_url: str, sandbox: Sandbox, sandbox_clock: Path, tmp_path: Path) -> AsyncIterator[Stage]:
    """A bot that is told of its updates instead of asking."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(
        _env_file=None,
        var_dir=tmp_path,
        bot_token=f"{next(TOKENS)}:{'t' * 35}",
        bot_api_url=sandbox.url,
        clock_file=sandbox_clock,
        pool_size=8,
        port=port,
        webhook_url=f"http://127.0.0.1:{port}",
        webhook_secret=SECRET,
    )
    async with running_bot(settings, database_url) as app, open_door(app):
        yield Stage(sandbox, app)


async def posts(stage: Stage, content: Any, secret: bytes = SECRET.encode()) -> int:
    """Post something to the webhook's address, as anybody can."""
    url = f"{stage.app.world.settings.webhook_url}/telegram/{stage.app.bot.id}"
    async with httpx.AsyncClient(trust_env=False) as client:
        body = {"content": content} if isinstance(content, bytes) else {"json": content}
        return (await client.post(url, headers={SECRET_HEADER.encode(): secret}, **body)).status_code


async def test_the_thread_runs_by_webhook_in_order_and_repeats_change_nothing(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await stage.chain(manager, group)
    await wang.taps_and_sees("我要接龙", "第 1 位")
    await stage.sandbox.set_faults({"kind": "repeat_updates", "times": 4})
    for words in ("-1", "+1", "-1", "+1", "-1"):
        await wang.says(words)
    await stage.comes_to("SELECT count(*), count(left_at) FROM chain_entries", (3, 3))
    assert "已报名，你是第 1 位" in await stage.asks(wang, "接龙")
    updates = await stage.sandbox.updates(stage.app.bot.id)
    assert sum(update["delivered"] - 1 for update in updates) == 4
    assert all(update["confirmed"] for update in updates)
    assert await stage.sandbox.calls(method="getUpdates", bot=stage.app.bot.id) == []
    await stage.comes_to("SELECT state FROM inbox WHERE state <> 'done'")


async def test_only_the_platform_is_let_in(stage: Stage) -> None:
    wang = await stage.person("王芳")
    await wang.starts(stage.bot)
    await wang.sees("您好")
    person = {"id": wang.id, "is_bot": False, "first_name": "王芳"}
    chat = {"id": wang.id, "type": "private", "first_name": "王芳"}
    said = {"message_id": 7, "date": 1_800_000_000, "chat": chat, "from": person, "text": "帮助"}
    before = await stage.rows(QUEUED)
    for secret in (b"", b"wrong", SECRET.encode() + b"x", "密".encode(), b"\xff\xfe"):
        assert await posts(stage, {"update_id": 1, "message": said}, secret) == 401
    for nonsense in (
        b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"update_id": "1"}', b'{"update_id": true}',
        b'{"update_id": 1e3}', b'{"update_id": %d}' % 10**30, b'{"update_id": 1, "message": "%s"}' % (b"x" * 1_000_000),
    ):  # fmt: skip
        assert await posts(stage, nonsense) == 200
    assert await stage.rows(QUEUED) == before
    mark = await wang.mark()
    for _ in range(3):
        assert await posts(stage, {"update_id": 2, "message": said}) == 200
    await wang.sees("我能做这些", since=mark)
    assert "不客气" in await stage.asks(wang, "嗯")
    helps = [message for message in await wang.reads() if "我能做这些" in message.get("text", "")]
    assert len(helps) == 1
    assert await stage.parked() == 0


async def test_half_characters_and_nulls_do_not_close_the_door(stage: Stage) -> None:
    wang = await stage.person("王芳")
    await wang.starts(stage.bot)
    await wang.sees("您好")
    person = b'{"id": %d, "is_bot": false, "first_name": "\\ud800\\u0000"}' % wang.id
    chat = b'{"id": %d, "type": "private"}' % wang.id
    body = b'{"update_id": 3, "message": {"message_id": 7, "date": 1, "chat": %s, "from": %s, "text": "\\u0000NaN"}}'
    assert await posts(stage, body % (chat, person)) == 200
    await wang.sees("没看懂")
    assert await stage.parked() == 0
