"""The public page of a draw, its JSON, and the script that computes one from the other."""

import re
from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, JSONResponse

from campaigns.draws.hosting import PublicDraw
from handlers.pages.draws.page import asset, draw_json, draw_page

LARGEST_ID = 2**63 - 1
NUMBER = re.compile(r"[0-9]{1,19}")
GUARDS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def draws_router(find: Callable[[int], Awaitable[PublicDraw | None]], zone: ZoneInfo) -> APIRouter:
    """Everybody may look: `find` gives what is public of a draw, None where there is none."""
    router = APIRouter(prefix="/draws")

    @router.get("/check.js")
    async def script() -> Response:
        """What computes the tickets again."""
        return Response(asset("check.js"), media_type="text/javascript", headers=GUARDS)

    @router.get("/draw.css")
    async def style() -> Response:
        """How the page looks."""
        return Response(asset("draw.css"), media_type="text/css", headers=GUARDS)

    @router.get("/{number}.json")
    async def data(number: str) -> Response:
        """All that is public, for programs."""
        found = await _public(number)
        if found is None:
            return JSONResponse({"error": "no such draw"}, status_code=404, headers=GUARDS)
        return JSONResponse(draw_json(found), headers=GUARDS)

    @router.get("/{number}")
    async def page(number: str) -> Response:
        """The page for people."""
        found = await _public(number)
        if found is None:
            return Response("404", status_code=404, media_type="text/plain", headers=GUARDS)
        return HTMLResponse(draw_page(found, zone), headers=GUARDS)

    async def _public(number: str) -> PublicDraw | None:
        return await find(int(number)) if NUMBER.fullmatch(number) and int(number) <= LARGEST_ID else None

    return router
