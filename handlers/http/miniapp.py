"""The Mini App's page, its files, and the session that signed initData opens."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict

from campaigns.members.model import Member
from handlers.http.init_data import InitDataRefusal, read_init_data
from handlers.http.visits import GUARDS, Hall, Visits, read, respond, unknown
from handlers.pages.miniapp.page import Asset, app_page, assets, version
from handlers.wording.miniapp import app_words

FRAMES = "https://web.telegram.org https://*.telegram.org"
LOOPBACK_FRAMES = "http://127.0.0.1:* http://localhost:*"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors {frames}"
)
KEPT_FOR_EVER = "public, max-age=31536000, immutable"


class SignIn(BaseModel):
    """What Telegram told the page about who opened it."""

    model_config = ConfigDict(extra="forbid")

    init_data: str


def miniapp_router(visits: Visits, token: str, username: str, *, is_local: bool) -> APIRouter:
    """The page for everybody, the session for whom Telegram signed; `is_local` lets a sandbox show it in a frame."""
    router = APIRouter(prefix="/app")
    frames = f"{FRAMES} {LOOPBACK_FRAMES}" if is_local else FRAMES
    page_headers = GUARDS | {"Content-Security-Policy": POLICY.format(frames=frames)}

    @router.get("")
    async def page() -> Response:
        """The one page; its scripts show what is asked for."""
        return HTMLResponse(app_page(username), headers=page_headers)

    @router.get("/files/{edition}/{name}")
    async def file(edition: str, name: str, request: Request) -> Response:
        """A script, a style or a licence; its address changes with the content of any of them."""
        found = assets().get(name)
        if found is None or edition != version():
            return Response("404", status_code=404, media_type="text/plain", headers=GUARDS)
        return _file(found, zipped="gzip" in request.headers.get("Accept-Encoding", ""))

    @router.post("/api/session")
    async def sign_in(request: Request) -> Response:
        """A session for whoever Telegram says it is; 401 for everybody else."""
        asked = await read(request, SignIn)
        now = visits.now()
        opening = read_init_data(asked.init_data, token, now)
        if isinstance(opening, InitDataRefusal):
            raise unknown()

        async def meet(hall: Hall) -> Member:
            return await hall.people.meet(opening.who, now)

        member = await visits.turn(meet)
        return respond(
            {
                "session": visits.sessions.issue(member.id, now),
                "language": member.language,
                "start": opening.start,
                "words": app_words(member.language),
            }
        )

    return router


def _file(found: Asset, *, zipped: bool) -> Response:
    headers = {"Cache-Control": KEPT_FOR_EVER, "X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding"}
    if not zipped:
        return Response(found.content, media_type=found.media_type, headers=headers)
    return Response(found.zipped, media_type=found.media_type, headers=headers | {"Content-Encoding": "gzip"})
