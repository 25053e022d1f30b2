"""A member's points in the Mini App: the same statement as in the chat."""

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from campaigns.members.model import Language, Member
from campaigns.points.model import Statement
from handlers.http.visits import Hall, Visits, respond
from handlers.wording import points as words


def points_router(visits: Visits, zone: ZoneInfo) -> APIRouter:
    """Balance and latest movements of whoever asks."""
    router = APIRouter(prefix="/app/api")

    @router.get("/points")
    async def statement(request: Request) -> Response:
        """What can be spent, what is set aside, what ends next, the latest movements."""

        async def look(hall: Hall, member: Member) -> dict[str, Any]:
            return statement_json(await hall.points.statement(member.id), zone, member.language)

        return respond(await visits.of_member(request, look))

    return router


def statement_json(found: Statement, zone: ZoneInfo, language: Language) -> dict[str, Any]:
    """A statement with its days and reasons in words."""
    return {
        "spendable": found.spendable,
        "held": found.held,
        "ending": found.ending,
        "ends_on": words.day_words(found.ends_on, language) if found.ends_on else None,
        "empty": words.NO_POINTS.say(language),
        "lines": [
            {
                "at": f"{line.made_at.astimezone(zone):%Y-%m-%d %H:%M}",
                "points": line.points,
                "reason": words.REASONS[line.reason].say(language),
                "campaign": line.campaign,
            }
            for line in found.lines
        ],
    }
