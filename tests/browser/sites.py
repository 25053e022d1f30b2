"""The product's HTTP door for browser tests: on a port of its own, opened as Telegram opens a Mini App."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import uvicorn
from aiogram import Bot
from playwright.sync_api import Browser, Page

from bot.app import App
from bot.clock import Clock
from bot.services import Surroundings
from bot.settings import Settings
from bot.web import build_web
from storage.database import Database
from storage.private_postgres import PrivatePostgres
from storage.vault import Keyring, Vault
from tests.browser.scripted_bot import TOKEN, USERNAME
from tests.databases import fresh_database
from tests.miniapp import init_data

T = TypeVar("T")
OpenApp = Callable[..., Page]


@dataclass
class Site:
    """The product's HTTP door on a port of its own."""

    address: str
    app: App
    url: str

    def does(self, work: Callable[[App], Awaitable[T]]) -> T:
        """Work in a loop of its own, beside that of the browser."""

        async def with_database() -> T:
            async with app_on(self.app.world.settings, self.url) as app:
                return await work(app)

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: asyncio.run(with_database())).result()

    def redemptions_of(self, person: int) -> int:
        """How many the database knows, now."""

        async def count(app: App) -> int:
            async with app.database.unit_of_work() as uow:
                return len(await app.services(uow).redemptions.to_fetch(person))

        return self.does(count)


@asynccontextmanager
async def app_on(settings: Settings, url: str) -> AsyncIterator[App]:
    """The product on a database, without a sender."""
    database = Database(url, pool_size=4)
    vault = Vault(Keyring.open(settings.keyring_file))
    bot = Bot(TOKEN)
    try:
        yield App(Surroundings(settings, database, vault, Clock(settings.effective_clock_file), bot, USERNAME))
    finally:
        await database.close()
        await bot.session.close()


@contextmanager
def running_site(
    postgres: PrivatePostgres, folder: Path, prepare: Callable[[App], Awaitable[object]]
) -> Iterator[Site]:
    """A door on a database of its own that `prepare` has filled."""
    settings = Settings(_env_file=None, var_dir=folder, bot_token=TOKEN, bot_api_url="http://127.0.0.1:1")
    with fresh_database(postgres) as url:
        started: list[tuple[uvicorn.Server, App]] = []

        async def run() -> None:
            async with app_on(settings, url) as app:
                await prepare(app)
                web = uvicorn.Config(build_web(app), host="127.0.0.1", port=0, log_config=None, lifespan="off")
                started.append((uvicorn.Server(web), app))
                await started[0][0].serve()

        thread = threading.Thread(target=lambda: asyncio.run(run()))
        thread.start()
        while thread.is_alive() and not (started and started[0][0].started):
            thread.join(0.02)
        server, app = started[0]
        yield Site(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", app, url)
        server.should_exit = True
        thread.join()


@contextmanager
def opening(browser: Browser, site: Site) -> Iterator[OpenApp]:
    """Opens the page as Telegram does; a complaint, or a request to anywhere else, fails the test."""
    contexts, wrong = [], list[str]()

    def open_one(person: int, view: str = "points", *, width: int = 360, token: str = TOKEN, **more: Any) -> Page:
        at = datetime.now(UTC) - more.pop("age", timedelta(0))
        data = init_data(token, person, at, more.pop("language", "zh"), more.pop("start", None))
        context = browser.new_context(viewport={"width": width, "height": 740}, locale="zh-CN", **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
        page.on(
            "request", lambda asked: None if asked.url.startswith((site.address, "data:")) else wrong.append(asked.url)
        )
        page.goto(f"{site.address}/app?view={view}#{httpx.QueryParams(tgWebAppData=data)}")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert wrong == []


def beyond_the_edge(page: Page) -> list[str]:
    """What is cut off at a side, or makes the page scroll there."""
    script = """all => all.filter(e => { const box = e.getBoundingClientRect(); return box.width && (
        box.left < 0 || box.right > innerWidth); }).map(e => e.tagName + " " + e.className)"""
    return list(page.locator("body *").evaluate_all(script))


def small_targets(page: Page) -> list[str]:
    """Buttons in sight that a thumb would miss."""
    script = (
        "all => all.filter(b => b.offsetParent && (b.offsetHeight < 44 || b.offsetWidth < 44)).map(b => b.textContent)"
    )
    return list(page.locator("button").evaluate_all(script))
