"""The FastAPI factory: which doors this process opens."""

from typing import Any

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.app import App
from campaigns.draws.hosting import PublicDraw
from handlers.http.draws import draws_router
from handlers.http.health import health_router
from handlers.http.telegram import telegram_router
from storage.inbox import SqlInbox


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

    async def keep(raw: dict[str, Any]) -> None:
        async with app.database.unit_of_work() as uow:
            await SqlInbox(uow, app.bot.id).store([raw], app.clock.now())
        app.inbox.wake()

    async def find_draw(number: int) -> PublicDraw | None:
        async with app.database.unit_of_work() as uow:
            return await app.services(uow).draws.public(number)

    web.include_router(health_router(is_ready))
    web.include_router(draws_router(find_draw, app.zone))
    settings = app.world.settings
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    if settings.webhook_url or secret:
        web.include_router(telegram_router(app.bot.id, secret, keep))
    return web
