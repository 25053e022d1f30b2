"""Stamps in the Mini App: a booth's code that its scanner read, and the code that a visitor shows to a clerk."""

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from campaigns.members.model import Member
from campaigns.stamps.model import StampClaim, Stamped, StampOutcome
from handlers.http.codes import drawn
from handlers.http.visits import Hall, Visits, read, refusal, respond
from handlers.wording import stamps as words

GOOD = {StampOutcome.STAMPED, StampOutcome.ALREADY, StampOutcome.GAME}


class Scan(BaseModel):
    """What a booth's screen says, without what stands before it in a link."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")


def stamps_router(visits: Visits, zone: ZoneInfo, bank: str, username: str) -> APIRouter:
    """The time of the request is that of the scan."""
    router = APIRouter(prefix="/app/api")

    @router.post("/stamps")
    async def scan(request: Request) -> Response:
        """The stamp at once, or the word that a game comes first: that is played in the chat."""
        asked = await read(request, Scan)

        async def claim(hall: Hall, member: Member) -> tuple[Stamped, str]:
            made = StampClaim(member.id, member.customer_id, asked.code, visits.now())
            found = (await hall.stamps.decide([made]))[0]
            return found, words.outcome_in_app(found, bank, zone, member.language)

        found, message = await visits.of_member(request, claim)
        if found.outcome not in GOOD:
            raise refusal(409, found.outcome, message)
        return respond({"outcome": found.outcome, "rally": found.rally_id, "message": message})

    @router.post("/member-code")
    async def show(request: Request) -> Response:
        """A fresh code to show to a clerk; the one before is dead."""

        async def make(hall: Hall, member: Member) -> tuple[str, str]:
            code, ends_at = await hall.stamps.member_code(member.id)
            ends = f"{ends_at.astimezone(zone):%H:%M}"
            return code, words.MEMBER_CODE.say(member.language, code=words.spaced(code), ends=ends)

        code, message = await visits.of_member(request, make)
        return respond(await _shown(code, message, username))

    return router


async def _shown(code: str, message: str, username: str) -> dict[str, Any]:
    """The code as a picture and to be said."""
    return {"code": code, "message": message, "picture": await drawn(f"https://t.me/{username}?start=v_{code}")}
