"""The public page of a topic: everybody may look; what people told has been read by staff before."""

import re
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from campaigns.topics.model import PublicTopic
from handlers.http.donations import GUARDS
from handlers.pages.topics.page import style, topic_page

CODE = re.compile(r"[a-z][a-z0-9-]{1,23}")
NUMBER = re.compile(r"[0-9]{1,2}")


def topics_router(find: Callable[[str, int], Awaitable[PublicTopic | None]], username: str) -> APIRouter:
    """`find` gives what is public of a topic in an edition, None where there is none."""
    router = APIRouter(prefix="/topics")

    @router.get("/topic.css")
    async def look() -> Response:
        """How the page looks."""
        return Response(style(), media_type="text/css", headers=GUARDS)

    @router.get("/{code}")
    async def page(code: str, edition: str = "") -> Response:
        """The page for people; an edition that is none is the general one."""
        number = int(edition) if NUMBER.fullmatch(edition) else 0
        found = await find(code, number) if CODE.fullmatch(code) else None
        if found is None:
            return Response("404", status_code=404, media_type="text/plain", headers=GUARDS)
        return HTMLResponse(topic_page(found, username), headers=GUARDS)

    return router
