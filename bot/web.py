"""The FastAPI factory: health, readiness, metrics and the webhook."""

import hmac
import json
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.app import App
from storage.inbox import SqlInbox

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, not the secret.
LARGEST_UPDATE = 1_000_000
LARGEST_ID = 2**63 - 1

log: structlog.stdlib.BoundLogger = structlog.get_logger("web")


def build_web(app: App) -> FastAPI:
    """The product's HTTP door."""
    web = FastAPI(title="Merchant welfare groups", docs_url=None, redoc_url=None, openapi_url=None)

    @web.get("/health")
    async def health() -> dict[str, str]:
        """The process is alive."""
        return {"status": "alive"}

    @web.get("/ready")
    async def ready(response: Response) -> dict[str, str]:
        """The process can work: its database answers."""
        try:
            async with app.database.unit_of_work() as uow:
                await uow.session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            response.status_code = 503
            return {"status": "no database"}
        return {"status": "ready"}

    @web.get("/metrics")
    async def metrics() -> Response:
        """Prometheus' text format."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @web.post(f"/telegram/{app.bot.id}")
    async def webhook(request: Request) -> Response:
        """Keep one raw update, then confirm it; what cannot be an update is confirmed and dropped."""
        if not _knows_secret(request, app):
            return Response(status_code=401)
        raw = _read_update(await request.body())
        if raw is not None:
            async with app.database.unit_of_work() as uow:
                await SqlInbox(uow, app.bot.id).store([raw], app.clock.now())
            app.inbox.wake()
        return Response(status_code=200)

    return web


def _knows_secret(request: Request, app: App) -> bool:
    """Compared as bytes: the header may hold anything."""
    secret = app.world.settings.webhook_secret
    if secret is None or not secret.get_secret_value():
        return True
    given = request.headers.get(SECRET_HEADER, "")
    return hmac.compare_digest(given.encode("utf-8", "replace"), secret.get_secret_value().encode())


def _read_update(body: bytes) -> dict[str, Any] | None:
    """The update in a request's body; None for anything else."""
    if len(body) > LARGEST_UPDATE:
        log.warning("update_too_large", size=len(body))
        return None
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        log.warning("update_unreadable", size=len(body))
        return None
    number = found.get("update_id") if isinstance(found, dict) else None
    is_update = type(number) is int and 0 <= number <= LARGEST_ID
    if not is_update:
        log.warning("not_an_update", size=len(body))
    return found if is_update else None
