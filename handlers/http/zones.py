"""Zones in the Mini App: cards with free times, booking a place, giving it back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from campaigns.members.model import Member
from campaigns.zones.model import BookingRefusal, ZoneCard
from handlers.http.visits import Hall, Visits, possible, read, refusal, respond
from handlers.wording import zones as words

LAST_SECOND = 32_503_680_000  # The year 3000.


class Wanted(BaseModel):
    """A free time as the page showed it, in seconds since 1970."""

    model_config = ConfigDict(extra="forbid")

    at: int = Field(ge=0, le=LAST_SECOND)


class GivenBack(BaseModel):
    """Nothing but the wish."""

    model_config = ConfigDict(extra="forbid")


def zones_router(visits: Visits, zone: ZoneInfo) -> APIRouter:
    """What can be booked and the own bookings."""
    router = APIRouter(prefix="/app/api/zones")
    pages = ZonePages(visits, zone)
    router.get("")(pages.look)
    router.post("/bookings/{number}/cancellation")(pages.cancel)
    router.post("/{code}")(pages.book)
    return router


@dataclass(frozen=True)
class ZonePages:
    """The answers, each from one transaction."""

    visits: Visits
    zone: ZoneInfo

    async def look(self, request: Request) -> Response:
        """Every zone as a card, with its free times and the own bookings."""
        return respond(await self.visits.of_member(request, self._shown))

    async def book(self, code: str, request: Request) -> Response:
        """Book one place (S-22, S-185)."""
        self.visits.member_of(request)
        wanted = await read(request, Wanted)

        async def take(hall: Hall, member: Member) -> dict[str, Any]:
            outcome = await hall.zones.book(code, datetime.fromtimestamp(wanted.at, UTC), member)
            if isinstance(outcome, BookingRefusal):
                raise refusal(409, outcome, words.REFUSALS[outcome].say(member.language))
            message = words.booked(*outcome, self.zone, member.language)
            return {"message": message, **await self._shown(hall, member)}

        return respond(await self.visits.of_member(request, take))

    async def cancel(self, number: str, request: Request) -> Response:
        """Give an own place back."""
        self.visits.member_of(request)
        await read(request, GivenBack)

        async def give_back(hall: Hall, member: Member) -> dict[str, Any]:
            outcome = await hall.zones.cancel(possible(number), member)
            if outcome is not None:
                raise refusal(409, outcome, words.REFUSALS[outcome].say(member.language))
            return {"message": words.CANCELLED.say(member.language), **await self._shown(hall, member)}

        return respond(await self.visits.of_member(request, give_back))

    async def _shown(self, hall: Hall, member: Member) -> dict[str, Any]:
        cards = [await hall.zones.card(each.code, member) for each in await hall.zones.zones()]
        return {"zones": [self._card(each, member) for each in cards if isinstance(each, ZoneCard)]}

    def _card(self, found: ZoneCard, member: Member) -> dict[str, Any]:
        language = member.language
        return {
            "code": found.zone.code,
            "title": words.zone_label(found.zone, language),
            "lines": words.card(found, self.zone, language).split("\n")[1:],
            "slots": [
                {"at": int(each.starts_at.timestamp()), "words": words.slot_label(each, self.zone, language)}
                for each in found.slots
            ],
            "booked": [
                {"id": each.id, "words": words.cancel_label(each, self.zone, language)} for each in found.booked
            ],
        }
