"""The public page of a pledge and its JSON: everybody may look, nobody is named."""

import re
from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, JSONResponse

from campaigns.donations.model import Standing
from handlers.pages.donations.page import donation_json, donation_page, style

CODE = re.compile(r"[a-z][a-z0-9-]{1,23}")
GUARDS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def donations_router(find: Callable[[str], Awaitable[Standing | None]], zone: ZoneInfo) -> APIRouter:
    """`find` gives how a pledge stands, None where there is none."""
    router = APIRouter(prefix="/donations")

    @router.get("/donation.css")
    async def look() -> Response:
        """How the page looks."""
        return Response(style(), media_type="text/css", headers=GUARDS)

    @router.get("/{code}.json")
    async def data(code: str) -> Response:
        """All that is public, for programs."""
        found = await _public(code)
        if found is None:
            return JSONResponse({"error": "no such pledge"}, status_code=404, headers=GUARDS)
        return JSONResponse(donation_json(found), headers=GUARDS)

    @router.get("/{code}")
    async def page(code: str) -> Response:
        """The page for people."""
        found = await _public(code)
        if found is None:
            return Response("404", status_code=404, media_type="text/plain", headers=GUARDS)
        return HTMLResponse(donation_page(found, zone), headers=GUARDS)

    async def _public(code: str) -> Standing | None:
        return await find(code) if CODE.fullmatch(code) else None

    return router
