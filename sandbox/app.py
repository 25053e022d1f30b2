"""The web application: the Bot API in front, the person's side and the web chat behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from sandbox.api import chats, groups, live, people, webapps, workshop
from sandbox.api.replies import answer
from sandbox.box import Box
from sandbox.errors import BotApiError, PersonRefused

WEB = Path(__file__).with_name("web")


class Front:
    """Sends `/bot…` and `/file/bot…` straight to the Bot API and all else to the pages."""

    def __init__(self, box: Box) -> None:
        self._bot_api = box.bot_api
        self._pages = pages(box)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "http" and scope["path"].startswith(("/bot", "/file/bot")):
            await self._bot_api(scope, receive, send)
        else:
            await self._pages(scope, receive, send)


class _FreshFiles(StaticFiles):
    """Static files that a browser asks for anew each time; unchanged ones answer 304 by their ETag."""

    def file_response(self, *args: Any, **options: Any) -> Response:
        """Return the file or 304, to be asked for again next time."""
        response = super().file_response(*args, **options)
        response.headers["Cache-Control"] = "no-cache"
        return response


def pages(box: Box) -> FastAPI:
    """Return the person's side, its OpenAPI page at /docs and the web chat at /."""
    app = FastAPI(title="Telegram in a box", summary="The person's side of the sandbox.", lifespan=_lifespan)
    app.state.box = box
    for router in (people.router, groups.router, chats.router, webapps.router, workshop.router, live.router):
        app.include_router(router)
    app.add_exception_handler(PersonRefused, _refuse_person)
    app.add_exception_handler(BotApiError, _refuse_content)
    app.get("/", include_in_schema=False)(_index)
    if WEB.is_dir():
        app.mount("/web", _FreshFiles(directory=WEB), name="web")
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    box: Box = app.state.box
    tasks = [asyncio.create_task(box.webhooks.run())]
    if box.saved is not None:
        tasks.append(asyncio.create_task(box.saved.keep_saved(box.world)))
    yield
    box.world.bells.stop()
    await asyncio.gather(*tasks)


async def _index() -> Response:
    page = WEB / "index.html"
    if page.exists():
        return FileResponse(page, headers={"Cache-Control": "no-cache"})
    return HTMLResponse("The sandbox runs; its person's side is described at <a href='/docs'>/docs</a>.")


async def _refuse_person(_: Request, refusal: Exception) -> Response:
    status = refusal.status if isinstance(refusal, PersonRefused) else 400
    return answer({"detail": str(refusal)}, status)


async def _refuse_content(_: Request, refusal: Exception) -> Response:
    return answer({"detail": str(refusal)}, 422)
