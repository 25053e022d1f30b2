"""One running sandbox, a real bot and phones for it."""

import itertools
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from sandbox.client import Sandbox
from tests.sandbox_process import running_sandbox

SECRET = "A" * 35
numbers = itertools.count(1001)


def new_bot(url: str, token: str) -> Bot:
    """Return a real aiogram bot that talks to this server."""
    return Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))


@pytest.fixture(scope="session")
def shared_url() -> Iterator[str]:
    """The address of one sandbox process without rate limits that many tests share."""
    with running_sandbox("--no-limits") as url:
        yield url


@pytest.fixture
async def url(shared_url: str) -> AsyncIterator[str]:
    """The shared sandbox; what a test turned is turned back after it."""
    yield shared_url
    async with Sandbox(shared_url) as client:
        await client.set_faults(limits=False)
        await client.turn_clock(now=datetime.now(UTC).isoformat(), rate=1)


@pytest.fixture
async def sandbox(url: str) -> AsyncIterator[Sandbox]:
    """The person's side of the running sandbox."""
    async with Sandbox(url) as client:
        yield client


@pytest.fixture
def token() -> str:
    """A token nobody used before."""
    return f"{next(numbers)}:{SECRET}"


@pytest.fixture
async def bot(url: str, token: str) -> AsyncIterator[Bot]:
    """A real bot that has said hello once, so that the sandbox knows it."""
    bot = new_bot(url, token)
    await bot.me()
    yield bot
    await bot.session.close()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """A plain HTTP client."""
    async with httpx.AsyncClient(timeout=20, trust_env=False, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)) as client:
        yield client


Ask = Callable[..., Any]


@pytest.fixture
def ask(url: str, token: str, http: httpx.AsyncClient) -> Ask:
    """Call a Bot API method with JSON and return the answer's body."""

    async def call(method: str, **params: Any) -> dict[str, Any]:
        body: dict[str, Any] = (await http.post(f"{url}/bot{token}/{method}", json=params)).json()
        return body

    return call
