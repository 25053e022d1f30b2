"""The FastAPI factory: which doors this process opens."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.app import App
from campaigns.donations.model import Standing
from campaigns.draws.hosting import PublicDraw
from campaigns.topics.model import PublicTopic
from handlers.gathering import Gathering
from handlers.http.boards import boards_router
from handlers.http.booths import booths_router
from handlers.http.donations import donations_router
from handlers.http.draws import draws_router
from handlers.http.groupbuys import groupbuys_router
from handlers.http.health import health_router
from handlers.http.loans import loans_router
from handlers.http.miniapp import miniapp_router
from handlers.http.points import points_router
from handlers.http.rallies import rallies_router
from handlers.http.redemptions import redemptions_router
from handlers.http.sessions import Sessions
from handlers.http.stamps import stamps_router
from handlers.http.telegram import telegram_router
from handlers.http.topics import topics_router
from handlers.http.visits import Hall, Visits
from handlers.http.watching import CardWatch, Place
from handlers.http.zones import zones_router
from storage.inbox import SqlInbox
from storage.stamp_cards import SqlStampCardStore

TRIES = 3
T = TypeVar("T")


def build_web(app: App) -> FastAPI:
    """The product's HTTP door; the webhook's is shut while the bot polls and no secret guards it."""
    web = FastAPI(title="Merchant welfare groups", docs_url=None, redoc_url=None, openapi_url=None)

    async def is_ready() -> bool:
        try:
            async with app.database.unit_of_work() as uow:
                await uow.session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    async def keep(updates: Sequence[dict[str, Any]]) -> list[None]:
        async with app.database.unit_of_work() as uow:
            await SqlInbox(uow, app.bot.id, app.seals).store(updates, app.clock.now())
        app.inbox.wake()
        return [None for _ in updates]

    async def find_draw(number: int) -> PublicDraw | None:
        async with app.database.unit_of_work() as uow:
            return await app.services(uow).draws.public(number)

    async def find_pledge(code: str) -> Standing | None:
        async with app.database.unit_of_work() as uow:
            return await app.services(uow).donations.standing(code)

    async def find_topic(code: str, edition: int) -> PublicTopic | None:
        async with app.database.unit_of_work() as uow:
            return await app.services(uow).topics.public(code, edition)

    async def card_versions(places: Collection[Place]) -> Mapping[Place, str]:
        async with app.database.unit_of_work() as uow:
            return await SqlStampCardStore(uow).versions(places)

    web.include_router(health_router(is_ready))
    web.include_router(draws_router(find_draw, app.zone))
    web.include_router(donations_router(find_pledge, app.zone))
    web.include_router(topics_router(find_topic, app.world.username))
    settings = app.world.settings
    visits = Visits(Turns(app), Sessions(app.bot.token), app.clock.now)
    web.include_router(miniapp_router(visits, app.bot.token, app.world.username, is_local=settings.is_sandboxed))
    web.include_router(points_router(visits, app.zone))
    web.include_router(redemptions_router(visits, app.zone, app.world.username))
    web.include_router(groupbuys_router(visits, app.zone))
    web.include_router(loans_router(visits, app.zone))
    web.include_router(zones_router(visits, app.zone))
    web.include_router(booths_router(visits, app.world.username, app.zone))
    is_secure = settings.public_address.startswith("https://")
    web.include_router(boards_router(visits, app.zone, is_secure=is_secure))
    web.include_router(stamps_router(visits, app.zone, settings.bank_name, app.world.username))
    web.include_router(rallies_router(visits, CardWatch(card_versions), app.zone, app.world.username))
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    if settings.webhook_url or secret:
        web.include_router(telegram_router(app.bot.id, secret, Gathering(keep).ask))
    return web


class Turns:
    """Runs each piece of work on the app's services in a transaction; a database conflict is tried three times."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, work: Callable[[Hall], Awaitable[T]]) -> T:
        """The work's result, once it is committed."""
        for _ in range(TRIES - 1):
            try:
                return await self._once(work)
            except DBAPIError:
                continue
        return await self._once(work)

    async def _once(self, work: Callable[[Hall], Awaitable[T]]) -> T:
        async with self._app.database.unit_of_work() as uow:
            return await work(self._app.services(uow))
