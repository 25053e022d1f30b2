"""The shelf and a member's redemptions in the Mini App: look, redeem once, show the code, give up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from campaigns.members.model import Language, Member
from campaigns.redemptions.model import Asker, ConfirmCode, RedeemCode, Redeemed, Redemption, ShelfItem
from handlers.http.codes import drawn
from handlers.http.visits import LARGEST_ID, Hall, Visits, possible, read, refusal, respond
from handlers.wording import redemptions as words
from handlers.wording.points import day_words, yuan
from handlers.wording.times import when

Names = Mapping[int, str]


class Wish(BaseModel):
    """An item at the price that was shown; `key` is the page's own word for this one question."""

    model_config = ConfigDict(extra="forbid")

    item: int = Field(ge=1, le=LARGEST_ID)
    points: int = Field(ge=1, le=LARGEST_ID)
    key: str = Field(pattern=r"^[A-Za-z0-9-]{8,64}$")


def redemptions_router(visits: Visits, zone: ZoneInfo, username: str) -> APIRouter:
    """Everything a member does with the shelf; staff hand out in the chat, where the code leads."""
    router = APIRouter(prefix="/app/api")
    pages = RedemptionPages(visits, zone, username)
    router.get("/shelf")(pages.shelf)
    router.get("/redemptions")(pages.to_fetch)
    router.post("/redemptions")(pages.redeem)
    router.post("/redemptions/{number}/code")(pages.renew)
    router.delete("/redemptions/{number}")(pages.give_up)
    return router


@dataclass(frozen=True)
class RedemptionPages:
    """The answers, each from one transaction."""

    visits: Visits
    zone: ZoneInfo
    username: str

    async def shelf(self, request: Request) -> Response:
        """What can be had today, the own points, and whether the real name is known."""

        async def look(hall: Hall, member: Member) -> dict[str, Any]:
            names = await _names(hall)
            return {
                "spendable": (await hall.points.statement(member.id)).spendable,
                "is_bound": member.customer_id is not None,
                "empty": words.EMPTY.say(member.language),
                "items": [item_json(item, names, member.language) for item in await hall.redemptions.shelf()],
            }

        return respond(await self.visits.of_member(request, look))

    async def to_fetch(self, request: Request) -> Response:
        """What the member has still to fetch."""

        async def look(hall: Hall, member: Member) -> dict[str, Any]:
            names, found = await _names(hall), await hall.redemptions.to_fetch(member.id)
            return {
                "empty": words.NOTHING_TO_FETCH.say(member.language),
                "redemptions": [redemption_json(each, names, self.zone, member.language) for each in found],
            }

        return respond(await self.visits.of_member(request, look))

    async def redeem(self, request: Request) -> Response:
        """Set item and points aside, once for each key: a repeated request says so and changes nothing."""
        wish = await read(request, Wish)

        async def ask(hall: Hall, member: Member) -> tuple[Redeemed, Member, Names]:
            asker = Asker(member.id, member.customer_id)
            outcome = await hall.redemptions.redeem(asker, wish.item, wish.points, f"{member.id}:app:{wish.key}")
            return outcome, member, await _names(hall)

        return respond(await self._with_code(*await self.visits.of_member(request, ask)), 201)

    async def renew(self, number: str, request: Request) -> Response:
        """Another code for what is still to be fetched; the old one is dead."""

        async def ask(hall: Hall, member: Member) -> tuple[Redeemed, Member, Names]:
            return await hall.redemptions.renew(possible(number), member.id), member, await _names(hall)

        outcome, member, names = await self.visits.of_member(request, ask)
        if outcome.redemption is None:
            raise refusal(409, "over", words.NOT_OPEN.say(member.language))
        return respond(await self._with_code(outcome, member, names))

    async def give_up(self, number: str, request: Request) -> Response:
        """Give the member's own redemption up; its points are back."""

        async def ask(hall: Hall, member: Member) -> tuple[bool, str]:
            outcome = await hall.redemptions.cancel(possible(number), member.id)
            return outcome.code is ConfirmCode.CANCELLED, words.given_up(outcome, member.language)

        is_given_up, message = await self.visits.of_member(request, ask)
        if not is_given_up:
            raise refusal(409, "over", message)
        return respond({"message": message})

    async def _with_code(self, outcome: Redeemed, member: Member, names: Names) -> dict[str, Any]:
        """A redemption with its code; drawn when the transaction is over, so that nobody waits for a picture."""
        if outcome.redemption is None or outcome.token is None:
            raise _refused(outcome, member.language)
        code = f"r_{outcome.token}"
        picture = await drawn(f"https://t.me/{self.username}?start={code}")
        shown = redemption_json(outcome.redemption, names, self.zone, member.language)
        return shown | {"code": code, "picture": picture}


def _refused(outcome: Redeemed, language: Language) -> HTTPException:
    status = 404 if outcome.code is RedeemCode.UNKNOWN_ITEM else 409
    return refusal(status, outcome.code, words.redeem_refusal(outcome, language))


async def _names(hall: Hall) -> Names:
    return {partner.id: partner.name for partner in await hall.partners.all()}


def item_json(item: ShelfItem, names: Names, language: Language) -> dict[str, Any]:
    """Something on the shelf, with its last day in words; `offset` is in yuan."""
    return {
        "id": item.id,
        "title": words.title_of(item, language),
        "points": item.points,
        "stock": item.stock,
        "offset": yuan(item.offset_fen).removesuffix(".00") if item.offset_fen is not None else None,
        "partner": names[item.partner_id],
        "until": day_words(item.ends_on, language),
    }


def redemption_json(found: Redemption, names: Names, zone: ZoneInfo, language: Language) -> dict[str, Any]:
    """A redemption at its own price, with its last moment in words."""
    return {
        "id": found.id,
        "title": words.title_of(found.item, language),
        "points": found.points,
        "partner": names[found.item.partner_id],
        "until": when(found.lapses_at, zone, language),
    }
