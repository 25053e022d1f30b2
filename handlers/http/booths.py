"""A booth's screen over HTTP: paired once, known by its key, a new code every 15 s, clerks' stamps, slips handed in."""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from campaigns.members.model import Language
from campaigns.rallies.model import Booth, Rally
from campaigns.slips.codes import claimed
from campaigns.slips.model import FINE, Giver, SlipResult, SlipUse
from campaigns.stamps.devices import LONGEST_NAME, Device, Screen
from campaigns.stamps.model import StampOutcome
from handlers.http.visits import GUARDS, Hall, Visits, read, refusal, respond
from handlers.pages.booths.page import assets, booth_page, version, worker
from handlers.pages.miniapp.page import Asset
from handlers.wording import booths as words
from handlers.wording import stamps as stamp_words
from handlers.wording.rally_pages import of

SLIPS_PER_SCREEN = 150
SLIPS_AT_ONCE = 60
LARGEST_TIME = 4_102_444_800_000  # The year 2100 in milliseconds.
KEPT_FOR_EVER = "public, max-age=31536000, immutable"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
T = TypeVar("T")


class Pairing(BaseModel):
    """The one-time link's token, and what the screen is called."""

    model_config = ConfigDict(extra="forbid")

    token: str = Field(min_length=16, max_length=64)
    name: str = Field(max_length=LONGEST_NAME)


class MemberCode(BaseModel):
    """What a clerk typed of a visitor's code, or a scanner of its link."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=200)
    language: Language


class UsedSlip(BaseModel):
    """A slip that the page bound to what a clerk typed; `at` in milliseconds since 1970 by the server's clock."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=64)
    said: str = Field(max_length=32)
    at: int = Field(ge=0, le=LARGEST_TIME)


class UsedSlips(BaseModel):
    """Some of what waits on a screen to be sent."""

    model_config = ConfigDict(extra="forbid")

    uses: list[UsedSlip] = Field(max_length=SLIPS_AT_ONCE)


def booths_router(visits: Visits, username: str, zone: ZoneInfo) -> APIRouter:
    """The page for everybody, everything else for a paired screen."""
    router = APIRouter(prefix="/booth")
    pages = BoothPages(visits, username, zone)
    router.get("")(page)
    router.get("/worker.js")(service_worker)
    router.get("/files/{edition}/{name}")(file)
    router.post("/api/pairing")(pages.pair)
    router.get("/api/screen")(pages.screen)
    router.post("/api/stamps")(pages.stamp)
    router.get("/api/slips")(pages.slips)
    router.post("/api/slips")(pages.hand_in)
    return router


async def page() -> Response:
    """The one page; it works on without network once it was opened."""
    return HTMLResponse(booth_page(), headers=GUARDS | {"Content-Security-Policy": POLICY})


async def service_worker() -> Response:
    """What keeps the page on the device; it never answers for the API."""
    return Response(worker(), media_type="text/javascript", headers=GUARDS | {"Service-Worker-Allowed": "/booth"})


async def file(edition: str, name: str) -> Response:
    """A script or a style; its address changes with the content of any of them."""
    found: Asset | None = assets().get(name)
    if found is None or edition != version():
        return Response("404", status_code=404, media_type="text/plain", headers=GUARDS)
    headers = {"Cache-Control": KEPT_FOR_EVER, "X-Content-Type-Options": "nosniff"}
    return Response(found.content, media_type=found.media_type, headers=headers)


@dataclass(frozen=True)
class BoothPages:
    """The answers, each from one transaction."""

    visits: Visits
    username: str
    zone: ZoneInfo

    async def pair(self, request: Request) -> Response:
        """A key for the first who opens the link; 401 for everybody after."""
        asked = await read(request, Pairing)

        async def ask(hall: Hall) -> tuple[str, Device] | None:
            return await hall.screens.pair(asked.token, asked.name)

        found = await self.visits.turn(ask)
        if found is None:
            raise refusal(401, "pairing", words.both(words.BAD_PAIRING))
        return respond({"key": found[0], "name": found[1].name}, 201)

    async def screen(self, request: Request) -> Response:
        """The code of this moment as a picture, or why there is none."""

        async def look(hall: Hall, device: Device) -> Screen:
            found = await hall.screens.show(device)
            if found is None:
                raise _unpaired()
            return found

        found = await self._of_screen(request, look)
        link = f"https://t.me/{self.username}?start=k_{found.code}" if found.code else None
        picture = await asyncio.to_thread(_draw, link) if link else None
        return respond(screen_json(found, self.zone) | {"link": link, "picture": picture})

    async def stamp(self, request: Request) -> Response:
        """A clerk's word for the visitor whose code was typed."""
        asked = await read(request, MemberCode)
        typed = asked.code.rpartition("v_")[2]

        async def ask(hall: Hall, device: Device) -> dict[str, Any]:
            rally, booth = await _place(hall, device)
            found = await hall.clerks.confirm(rally, booth, typed, device.id, device.paired_by)
            is_given = found.outcome in {StampOutcome.STAMPED, StampOutcome.ALREADY}
            return {
                "outcome": found.outcome,
                "is_given": is_given,
                "message": stamp_words.at_booth(found, asked.language),
            }

        return respond(await self._of_screen(request, ask))

    async def slips(self, request: Request) -> Response:
        """The slips that this screen may use without network, made up to what a busy hour takes."""

        async def ask(hall: Hall, device: Device) -> list[str]:
            rally, booth = await _place(hall, device)
            return await hall.slips.refill(rally, booth, device.id, SLIPS_PER_SCREEN, device.paired_by)

        return respond({"slips": await self._of_screen(request, ask)})

    async def hand_in(self, request: Request) -> Response:
        """What a screen did without network, in any order and however often sent."""
        asked = await read(request, UsedSlips)
        uses = [SlipUse(each.code, each.said, datetime.fromtimestamp(each.at / 1000, UTC)) for each in asked.uses]

        async def ask(hall: Hall, device: Device) -> list[SlipResult]:
            rally, booth = await _place(hall, device)
            return await hall.slips.sync(rally, booth, Giver(device.id, device.paired_by), uses)

        return respond({"results": [result_json(each) for each in await self._of_screen(request, ask)]})

    async def _of_screen(self, request: Request, work: Callable[[Hall, Device], Awaitable[T]]) -> T:
        """Work for the screen whose key comes with the request.

        Raises:
            HTTPException: 401 without one, or with one that was stopped.
        """
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")

        async def known(hall: Hall) -> T:
            device = await hall.screens.known(key) if scheme == "Bearer" else None
            if device is None:
                raise _unpaired()
            return await work(hall, device)

        return await self.visits.turn(known)


async def _place(hall: Hall, device: Device) -> tuple[Rally, Booth]:
    found = await hall.screens.find(device.booth_id)
    if found is None:
        raise _unpaired()
    return found


def _unpaired() -> HTTPException:
    return refusal(401, "unpaired", words.both(words.NO_SCREEN))


def screen_json(found: Screen, zone: ZoneInfo) -> dict[str, Any]:
    """What a screen shows but its code; moments in milliseconds since 1970."""
    return {
        "now": _milliseconds(found.now),
        "next": _milliseconds(found.next_at),
        "stamps": found.stamps,
        "booth": {"code": found.booth.code} | _named(found.booth, "name"),
        "rally": _named(found.rally, "title"),
        "sign": found.outcome and {str(each): words.sign(found, zone, each) for each in Language},
    }


def result_json(found: SlipResult) -> dict[str, Any]:
    """What came of one slip, with the number that stands on it."""
    told = claimed(found.code)
    is_fine = found.outcome in FINE
    return {"code": found.code, "serial": told[1] if told else 0, "outcome": found.outcome, "is_fine": is_fine}


def _named(thing: Rally | Booth, name: str) -> dict[str, str]:
    return {str(language): of(thing, name, language) for language in Language}


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _draw(link: str) -> str:
    from handlers.pictures.codes import code_svg

    return f"data:image/svg+xml;base64,{b64encode(code_svg(link)).decode()}"
