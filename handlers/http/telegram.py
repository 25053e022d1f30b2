"""The webhook: a raw update is kept first and confirmed then; what cannot be one is confirmed and dropped."""

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, not the secret.
LARGEST_UPDATE = 1_000_000
LARGEST_ID = 2**63 - 1

log: structlog.stdlib.BoundLogger = structlog.get_logger("webhook")


def telegram_router(bot_id: int, secret: str, keep: Callable[[dict[str, Any]], Awaitable[None]]) -> APIRouter:
    """The platform's door for one bot; an empty secret is for loopback only, which `serve` sees to."""
    router = APIRouter()

    @router.post(f"/telegram/{bot_id}")
    async def webhook(request: Request) -> Response:
        """401 for a stranger, 200 for everything else that was kept or can never be."""
        if not _knows(secret, request.headers.get(SECRET_HEADER, "")):
            return Response(status_code=401)
        raw = read_update(await request.body())
        if raw is not None:
            await keep(raw)
        return Response(status_code=200)

    return router


def _knows(secret: str, given: str) -> bool:
    """Compared as bytes: the header may hold anything."""
    return not secret or hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())


def read_update(body: bytes) -> dict[str, Any] | None:
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
