"""Group-buys in the Mini App: product, stages and terms, the own state, signing up, leaving, inviting a friend."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from campaigns.chains.eligibility import ConditionKind
from campaigns.chains.entry_reading import LONGEST_NOTE
from campaigns.chains.model import Chain, ClaimCode, ClaimOutcome, Order
from campaigns.groupbuys.model import GroupbuyView
from campaigns.members.model import Language, Member
from handlers.http.visits import Hall, Visits, not_found, possible, read, refusal, respond
from handlers.wording import chains as chain_words
from handlers.wording import groupbuys as words
from handlers.wording import miniapp as app_words
from handlers.wording.times import when

GOOD = {ClaimCode.JOINED, ClaimCode.WAITLISTED, ClaimCode.CONFIRMED, ClaimCode.EDITED, ClaimCode.LEFT}


class Wanted(BaseModel):
    """What somebody signs up for; items count from 1, 0 where there is no choice."""

    model_config = ConfigDict(extra="forbid")

    quantity: int = Field(default=1, ge=1, le=999)
    item: int = Field(default=0, ge=0, le=99)
    note: str = Field(default="", max_length=LONGEST_NOTE)

    @property
    def order(self) -> Order:
        """The same as a chain takes it."""
        return Order(self.quantity, self.item)


def groupbuys_router(visits: Visits, zone: ZoneInfo) -> APIRouter:
    """What the group's card leads to; the group's own rules decide."""
    router = APIRouter(prefix="/app/api/groupbuys")
    pages = GroupbuyPages(visits, zone)
    router.get("")(pages.running)
    router.get("/{number}")(pages.look)
    router.post("/{number}/entry")(pages.sign_up)
    router.patch("/{number}/entry")(pages.change)
    router.delete("/{number}/entry")(pages.leave)
    router.post("/{number}/confirmation")(pages.confirm)
    router.get("/{number}/invitation")(pages.invite)
    return router


@dataclass(frozen=True)
class GroupbuyPages:
    """The answers, each from one transaction."""

    visits: Visits
    zone: ZoneInfo

    async def running(self, request: Request) -> Response:
        """The running group-buys that the member takes part in or opened."""

        async def look(hall: Hall, member: Member) -> dict[str, Any]:
            found = await hall.groupbuys.running(member)
            return {
                "empty": app_words.NOTHING_RUNNING.say(member.language),
                "groupbuys": [await self._shown(hall, member, chain.id) for chain in found],
            }

        return respond(await self.visits.of_member(request, look))

    async def look(self, number: str, request: Request) -> Response:
        """One group-buy as this member may see it."""

        async def find(hall: Hall, member: Member) -> dict[str, Any]:
            return await self._shown(hall, member, possible(number))

        return respond(await self.visits.of_member(request, find))

    async def sign_up(self, number: str, request: Request) -> Response:
        """Take a place, or one on the waitlist; who is in already stays there once."""
        wanted = await read(request, Wanted)

        async def claim(hall: Hall, member: Member) -> dict[str, Any]:
            outcome = await hall.groupbuys.sign_up(possible(number), member, (wanted.order,), wanted.note.strip())
            return await self._claimed(hall, member, number, outcome)

        return respond(await self.visits.of_member(request, claim))

    async def change(self, number: str, request: Request) -> Response:
        """Change how many; the place in the list stays."""
        wanted = await read(request, Wanted)

        async def claim(hall: Hall, member: Member) -> dict[str, Any]:
            outcome = await hall.groupbuys.change(possible(number), member, wanted.order, wanted.note.strip())
            return await self._claimed(hall, member, number, outcome)

        return respond(await self.visits.of_member(request, claim))

    async def leave(self, number: str, request: Request) -> Response:
        """Give the place back."""

        async def claim(hall: Hall, member: Member) -> dict[str, Any]:
            outcome = await hall.groupbuys.leave(possible(number), member)
            return await self._claimed(hall, member, number, outcome)

        return respond(await self.visits.of_member(request, claim))

    async def confirm(self, number: str, request: Request) -> Response:
        """Take the place that was offered from the waitlist."""

        async def claim(hall: Hall, member: Member) -> dict[str, Any]:
            outcome = await hall.groupbuys.confirm(possible(number), member)
            return await self._claimed(hall, member, number, outcome)

        return respond(await self.visits.of_member(request, claim))

    async def invite(self, number: str, request: Request) -> Response:
        """The text with the link that somebody forwards to a friend."""

        async def find(hall: Hall, member: Member) -> dict[str, Any]:
            text = await hall.groupbuys.invitation(possible(number), member)
            if text is None:
                raise not_found()
            return {"text": text}

        return respond(await self.visits.of_member(request, find))

    async def _claimed(self, hall: Hall, member: Member, number: str, outcome: ClaimOutcome) -> dict[str, Any]:
        """What came of a claim, and the group-buy as it is now."""
        message = chain_words.claim(outcome, member.language)
        if outcome.code is ClaimCode.NO_CHAIN:
            raise refusal(409, "group_first", app_words.GROUP_FIRST.say(member.language))
        if outcome.code not in GOOD:
            raise refusal(409, outcome.code, message)
        return {"message": message, "groupbuy": await self._shown(hall, member, possible(number))}

    async def _shown(self, hall: Hall, member: Member, chain_id: int) -> dict[str, Any]:
        view, chain = await hall.groupbuys.view(chain_id, member), await hall.chains.find(chain_id)
        if view is None or chain is None:
            raise not_found()
        return groupbuy_json(view, chain, member, self.zone)


def groupbuy_json(view: GroupbuyView, chain: Chain, member: Member, zone: ZoneInfo) -> dict[str, Any]:
    """A group-buy in words: public progress without names, the terms, and the member's own entries."""
    language = member.language
    return {
        "id": view.chain_id,
        "product": view.product,
        "state": view.state,
        "state_words": words.STATES[view.state].say(language),
        "is_open": view.is_open,
        "people": view.people,
        "free": view.free,
        "places": view.places,
        "deadline": when(view.deadline, zone, language),
        "stages": [{"size": each.size, "benefit": each.benefit, "missing": each.missing} for each in view.stages],
        "terms": [words.condition(each, language) for each in view.conditions]
        + app_words.groupbuy_rules(view, language),
        "risk": words.RISK_NOTICE.say(language) if view.needs_risk_notice else None,
        "items": list(chain.items),
        "limit": chain.limit,
        "own": _own_json(view, chain, member.id, language),
    }


def _own_json(view: GroupbuyView, chain: Chain, member_id: int, language: Language) -> dict[str, Any]:
    unmet = words.unmet(view.unmet, view.elsewhere, language) if view.unmet else None
    mine = [each for each in chain.of(member_id) if each.proxy is None]
    return {
        "state": view.own,
        "place": view.place,
        "is_leader": view.is_leader,
        "benefits": list(view.benefits),
        "unmet": unmet,
        "needs_binding": view.unmet is not None and view.unmet.kind is ConditionKind.BOUND,
        "entries": [{"item": each.item, "quantity": each.quantity, "note": each.note} for each in mine],
    }
