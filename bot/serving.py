"""`serve`: the bot's process, from its first connection to its last settled call."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar
from urllib.parse import urlsplit

import structlog
import uvicorn
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramUnauthorizedError
from aiogram.methods import TelegramMethod
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import logs
from bot.app import App
from bot.clock import Clock
from bot.leadership import Leadership
from bot.menus import publish_menus
from bot.poller import ALLOWED_UPDATES, Poller
from bot.ports import check_port
from bot.services import Surroundings
from bot.session import Session
from bot.settings import Settings, is_loopback
from bot.web import build_web
from storage import keys
from storage.database import Database
from storage.vault import Keyring, Vault

TICK_SECONDS = 1
TIDY_SECONDS = 600
CALL_TIMEOUT = 20.0
LAST_WORDS = 3  # Real seconds for pages that wait for news when the process ends.

log: structlog.stdlib.BoundLogger = structlog.get_logger("serving")


class ServingError(RuntimeError):
    """The bot cannot start; the message says what to set."""


@asynccontextmanager
async def opened(settings: Settings, url: str) -> AsyncIterator[App]:
    """An app on its outside world, closed again at the end.

    Raises:
        ServingError: no token, keys that do not fit, or a Bot API server that does not take the token.
    """
    if settings.bot_token is None:
        raise ServingError("BOT_TOKEN is not set: ask @BotFather for one, or use `make run` for the sandbox.")
    server = TelegramAPIServer.from_base(settings.bot_api_url) if settings.bot_api_url else None
    session = Session(api=server, timeout=CALL_TIMEOUT) if server else Session(timeout=CALL_TIMEOUT)
    bot = Bot(settings.bot_token.get_secret_value(), session=session)
    database = Database(url, pool_size=settings.pool_size)
    try:
        await _check_keys(settings, database)
        vault = Vault(Keyring.open(settings.keyring_file))
        logs.name_people_by(vault.index("pseudonyms in logs"))
        username = await _username(bot)
        clock = Clock(settings.effective_clock_file)
        yield App(Surroundings(settings, database, vault, clock, bot, username))
    finally:
        await database.close()
        await bot.session.close()


async def serve(settings: Settings, url: str) -> None:
    """Run the bot until SIGINT or SIGTERM; returns after every update and call in hand is settled."""
    check_port(settings.host, settings.port)
    async with opened(settings, url) as app:
        stop = _stop_event()
        web = asyncio.create_task(_serve_web(app, stop))
        leader = asyncio.create_task(lead(app, url, stop))
        await asyncio.wait({web, leader}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        await asyncio.gather(web, leader)


async def lead(app: App, url: str, stop: asyncio.Event) -> None:
    """Win the bot's lock, then poll, work, send and tick until told to stop."""
    leadership = Leadership(url, app.bot.id)
    winning = asyncio.create_task(leadership.win())
    stopping = asyncio.create_task(stop.wait())
    either: list[asyncio.Task[Any]] = [winning, stopping]
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if winning.done():
            winning.result()
            await _work(app, leadership, stopping)
    finally:
        winning.cancel()
        stopping.cancel()
        await leadership.resign()


async def _work(app: App, leadership: Leadership, stopping: "asyncio.Task[bool]") -> None:
    """The leader's tasks; the first that ends stops the others, the sender last."""
    await _arrive(app)
    polling = app.world.settings.webhook_url is None
    poller = Poller(app.database, app.bot, app.clock, app.seals, app.inbox.wake)
    intake = [asyncio.create_task(poller.run())] if polling else []
    helping = [*intake, asyncio.create_task(leadership.keep()), asyncio.create_task(app.jobs.run())]
    inbox, sender = asyncio.create_task(app.inbox.run()), asyncio.create_task(app.sender.run())
    channels = asyncio.create_task(app.channel_worker.run())
    scheduler = _scheduler(app)
    scheduler.start()
    gc.collect()
    gc.freeze()  # After the imports a full collection takes 200 ms: leave what is there for ever out of it.
    log.info("serving", mode="polling" if polling else "webhook")
    try:
        everything: list[asyncio.Task[Any]] = [*helping, inbox, sender, channels, stopping]
        ended, _ = await asyncio.wait(everything, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _stop_ticking(app, scheduler)
        for task in helping:
            task.cancel()
        await asyncio.gather(*helping, return_exceptions=True)
        app.inbox.stop()
        await inbox
        app.sender.stop()
        app.channel_worker.stop()
        await asyncio.gather(sender, channels)
    for task in ended:
        task.result()


async def _stop_ticking(app: App, scheduler: AsyncIOScheduler) -> None:
    """Let the tick in hand end before the scheduler goes."""
    scheduler.pause()
    async with app.ticking:
        scheduler.shutdown(wait=False)


async def _arrive(app: App) -> None:
    """Tell the platform how to reach us and what the menus say."""
    settings = app.world.settings
    if settings.webhook_url:
        check_webhook(settings)
        secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else None
        address = f"{settings.webhook_url.rstrip('/')}/telegram/{app.bot.id}"
        await app.bot.set_webhook(address, secret_token=secret or None, allowed_updates=ALLOWED_UPDATES)
    try:
        await publish_menus(app.bot, settings.mini_app_address)
    except (TelegramAPIError, ClientDecodeError) as fault:
        log.warning("menus_not_published", fault=str(fault))


def _scheduler(app: App) -> AsyncIOScheduler:
    """A handful of fixed ticks in memory; what is due is a column in the domain's own rows."""
    scheduler = AsyncIOScheduler(job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
    scheduler.add_job(app.tick, "interval", seconds=TICK_SECONDS, id="tick")
    scheduler.add_job(app.tidy, "interval", seconds=TIDY_SECONDS, id="tidy")
    return scheduler


class GetRawMe(TelegramMethod[dict[str, Any]]):
    """getMe with the answer left as it came: of a server's idea of a bot, the username is all that we need."""

    __returning__: ClassVar[type] = dict[str, Any]
    __api_method__: ClassVar[str] = "getMe"


async def _check_keys(settings: Settings, database: Database) -> None:
    """Other keys than the data's would park every update of a known person: rather not start."""
    async with database.unit_of_work() as uow:
        if faults := await keys.faults(uow, settings.keyring_file):
            raise ServingError(f"The keyring does not fit the data. {faults[0]}")


async def _username(bot: Bot) -> str:
    """The bot's username; asking for it also proves that token and server fit."""
    try:
        me = await bot(GetRawMe())
    except TelegramUnauthorizedError as fault:
        raise ServingError("The Bot API server does not know BOT_TOKEN: check the token.") from fault
    except (TelegramAPIError, ClientDecodeError) as fault:
        raise ServingError(
            f"The Bot API server does not answer ({fault}): check BOT_API_URL and the network."
        ) from fault
    return str(me.get("username") or "")


class _QuietServer(uvicorn.Server):
    """uvicorn inside our own loop: signals are ours."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none."""
        yield


async def _serve_web(app: App, stop: asyncio.Event) -> None:
    settings = app.world.settings
    config = uvicorn.Config(
        build_web(app),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=LAST_WORDS,
    )
    server = _QuietServer(config)
    serving = asyncio.create_task(server.serve())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving


def _stop_event() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


def check_webhook(settings: Settings) -> None:
    """A webhook without a secret is for loopback only.

    Raises:
        ServingError: WEBHOOK_SECRET is missing where strangers can reach the address.
    """
    host = urlsplit(settings.webhook_url or "").hostname or ""
    has_secret = settings.webhook_secret is not None and settings.webhook_secret.get_secret_value() != ""
    if not has_secret and not is_loopback(host):
        raise ServingError("WEBHOOK_SECRET is not set: without it anybody could send updates to WEBHOOK_URL.")
