"""An event's live board in the browser: a link from the chat opens it once, a session keeps it open for the day."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from campaigns.boards.model import BOARD_LIVES, BoardRefusal, NoticeKind
from campaigns.boards.service import Visit
from campaigns.members.model import Language
from campaigns.rallies.model import BoothState
from handlers.http.visits import Hall, Visits, possible, read, refusal, respond
from handlers.pages.boards.page import asset, board_json, labels_json, preview_json
from handlers.wording import boards as words

COOKIE = "board"
GUARDS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
T = TypeVar("T")
Lang = Annotated[Language, Query()]


class Word(BaseModel):
    """The word of a link."""

    model_config = ConfigDict(extra="forbid")

    word: str = Field(max_length=64)


class Turned(BaseModel):
    """A booth's new state."""

    model_config = ConfigDict(extra="forbid", strict=False)

    state: BoothState
    reason: str | None = Field(default=None, max_length=60)


class Told(BaseModel):
    """A notice to preview or to send."""

    model_config = ConfigDict(extra="forbid", strict=False)

    kind: NoticeKind
    booth: str | None = Field(default=None, max_length=16)


def boards_router(visits: Visits, zone: ZoneInfo, *, is_secure: bool) -> APIRouter:
    """The page, its files and its requests; the cookie is sent over TLS alone where the address is secure."""
    router = APIRouter(prefix="/boards")
    pages = BoardPages(visits, zone, is_secure)
    router.get("")(pages.page)
    for name, kind in (("board.js", "text/javascript"), ("board.css", "text/css")):
        router.get(f"/{name}")(_file(name, kind))
    router.get("/api/words")(pages.words)
    router.post("/api/session")(pages.enter)
    router.get("/api/figures")(pages.figures)
    router.post("/api/booths/{code}")(pages.turn_booth)
    router.post("/api/notices/preview")(pages.preview)
    router.post("/api/notices")(pages.tell)
    router.delete("/api/notices/{number}")(pages.take_back)
    return router


def _file(name: str, kind: str) -> Callable[[], Awaitable[Response]]:
    async def found() -> Response:
        return Response(asset(name), media_type=kind, headers=GUARDS)

    return found


@dataclass(frozen=True)
class BoardPages:
    """The answers, each from one transaction; who changes something must be our own page (X-Board)."""

    visits: Visits
    zone: ZoneInfo
    is_secure: bool

    async def page(self) -> Response:
        """The page, which knows nothing yet."""
        return HTMLResponse(asset("board.html"), headers=GUARDS)

    async def words(self, lang: Lang = Language.ZH) -> Response:
        """Every word of the page."""
        return respond(labels_json(lang))

    async def enter(self, request: Request) -> Response:
        """Use a link up and open a session, in a cookie that no script reads and no other site sends."""
        asked = await read(request, Word)

        async def work(hall: Hall) -> tuple[str | BoardRefusal, Visit | BoardRefusal]:
            session = await hall.boards.open(asked.word)
            return session, session if isinstance(session, BoardRefusal) else await hall.boards.who(session)

        session, visit = await self.visits.turn(work)
        if isinstance(session, BoardRefusal) or isinstance(visit, BoardRefusal):
            raise _refused(BoardRefusal.CLOSED, Language.ZH, 401)
        answer = respond({"language": visit.member.language})
        age = int(BOARD_LIVES.total_seconds())
        answer.set_cookie(
            COOKIE, session, max_age=age, path="/boards", secure=self.is_secure, httponly=True, samesite="strict"
        )
        return answer

    async def figures(self, request: Request, lang: Lang = Language.ZH) -> Response:
        """The event now; 304 where nothing changed that the page has not."""

        async def work(hall: Hall, visit: Visit) -> dict[str, Any]:
            return board_json(await hall.boards.look(visit.rally), self.zone, lang)

        told = await self._in(request, lang, work)
        tag = f'"{hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]}"'
        if request.headers.get("If-None-Match") == tag:
            return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-store"})
        answer = respond(told)
        answer.headers["ETag"] = tag
        return answer

    async def turn_booth(self, code: str, request: Request, lang: Lang = Language.ZH) -> Response:
        """Pause a booth for a reason, or open it again."""
        asked = await read(request, Turned)

        async def work(hall: Hall, visit: Visit) -> dict[str, Any]:
            found = await hall.boards.turn_booth(visit.rally, code, asked.state, asked.reason, visit.member)
            if isinstance(found, BoardRefusal):
                raise _refused(found, lang)
            return {"state": found.state}

        return respond(await self._by_our_page(request, lang, work))

    async def preview(self, request: Request, lang: Lang = Language.ZH) -> Response:
        """What a notice would say, and to how many."""
        asked = await read(request, Told)

        async def work(hall: Hall, visit: Visit) -> dict[str, Any]:
            found = await hall.boards.preview(visit.rally, asked.kind, asked.booth)
            if isinstance(found, BoardRefusal):
                raise _refused(found, lang)
            return preview_json(found)

        return respond(await self._by_our_page(request, lang, work))

    async def tell(self, request: Request, lang: Lang = Language.ZH) -> Response:
        """Let a notice leave in a minute."""
        asked = await read(request, Told)

        async def work(hall: Hall, visit: Visit) -> dict[str, Any]:
            found = await hall.boards.tell(visit.rally, asked.kind, asked.booth, visit.member)
            if isinstance(found, BoardRefusal):
                raise _refused(found, lang)
            return {"id": found.id, "heads": found.heads}

        return respond(await self._by_our_page(request, lang, work))

    async def take_back(self, number: str, request: Request, lang: Lang = Language.ZH) -> Response:
        """Take a notice back within its minute."""

        async def work(hall: Hall, visit: Visit) -> dict[str, Any]:
            found = await hall.boards.take_back(visit.rally, possible(number))
            if isinstance(found, BoardRefusal):
                raise _refused(found, lang)
            return {"cancelled": found}

        return respond(await self._by_our_page(request, lang, work))

    async def _by_our_page(self, request: Request, lang: Language, work: Callable[[Hall, Visit], Awaitable[T]]) -> T:
        """Work that changes something: a form of another site can send a cookie, but no header of its own."""
        if request.headers.get("X-Board") != "1":
            raise _refused(BoardRefusal.FORBIDDEN, lang, 403)
        return await self._in(request, lang, work)

    async def _in(self, request: Request, lang: Language, work: Callable[[Hall, Visit], Awaitable[T]]) -> T:
        session = request.cookies.get(COOKIE, "")

        async def known(hall: Hall) -> T:
            visit = await hall.boards.who(session)
            if isinstance(visit, BoardRefusal):
                raise _refused(visit, lang, 401)
            return await work(hall, visit)

        return await self.visits.turn(known)


def _refused(found: BoardRefusal, language: Language, status: int = 409) -> Exception:
    return refusal(status, found, words.REFUSALS[found].say(language))
