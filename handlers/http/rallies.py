"""Stamp rallies in the Mini App: the own card live, the map with its queues, numbers, rules, gifts and coupons."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from campaigns.coupons.model import CouponState, Held
from campaigns.gifts.model import Gift
from campaigns.members.model import Language, Member
from campaigns.members.rules import masked
from campaigns.rallies.model import Booth, Rally, RallyState
from campaigns.rallies.rules import open_booths
from campaigns.redemptions.codes import ShownCode
from campaigns.stamp_cards.model import StampCard
from campaigns.stamp_cards.rules import goals, next_booth
from campaigns.waits.model import Queue, WaitCode, Waited
from handlers.gathering import Gathering
from handlers.http.codes import drawn
from handlers.http.visits import Hall, Visits, not_found, possible, read, refusal, respond, unknown
from handlers.http.watching import CardWatch, Place
from handlers.wording import coupons as coupon_words
from handlers.wording import gifts as gift_words
from handlers.wording import rally_maps as map_words
from handlers.wording import stamp_cards as words
from handlers.wording import waits as wait_words
from handlers.wording.miniapp import app_words
from handlers.wording.rally_pages import of_both, rule_page

PATIENCE, SLICE = 20, 1.0  # A page that waits asks again after so many real seconds; who has gone is noticed after one.
FRESH = timedelta(seconds=2)
LATELY = timedelta(days=3)
NO_NUMBER = Waited(WaitCode.NONE)
CODE = re.compile(r"[A-Za-z0-9]{1,8}")


class Choice(BaseModel):
    """The language that somebody reads from now on."""

    model_config = ConfigDict(extra="forbid")

    language: Language


class Wish(BaseModel):
    """A booth by its code."""

    model_config = ConfigDict(extra="forbid")

    booth: str = Field(pattern=f"^{CODE.pattern}$")


@dataclass
class Ground:
    """An event with its queues as everybody sees them, read anew after two seconds at the earliest."""

    rally: Rally
    queues: dict[str, Queue]
    read_at: datetime


@dataclass(frozen=True)
class Sight:
    """What one member sees of an event."""

    ground: Ground
    card: StampCard
    number: Waited
    gifts: list[Gift]
    coupons: list[Held]


def rallies_router(visits: Visits, watch: CardWatch, zone: ZoneInfo, username: str) -> APIRouter:
    """Everything that a visitor does with the page of an event."""
    router = APIRouter(prefix="/app/api")
    pages = RallyPages(visits, zone, username)
    router.put("/language")(pages.speak)
    router.get("/rallies")(pages.all)
    router.get("/rallies/{number}")(LivePage(pages, watch, Gathering(pages.see)).look)
    router.get("/rallies/{number}/rules")(pages.rules)
    router.post("/rallies/{number}/number")(pages.take)
    router.delete("/rallies/{number}/number")(pages.leave)
    router.post("/rallies/{number}/gifts/{target}/code")(pages.show_gift)
    router.post("/coupons/{number}/code")(pages.show_coupon)
    return router


@dataclass(frozen=True)
class RallyPages:
    """The answers, each from one transaction."""

    visits: Visits
    zone: ZoneInfo
    username: str
    grounds: dict[int, Ground] = field(default_factory=dict)

    async def speak(self, request: Request) -> Response:
        """Speak another language from now on, here and in the chat; returns the page's words in it."""
        choice = await read(request, Choice)

        async def choose(hall: Hall, member: Member) -> dict[str, Any]:
            await hall.members.choose_language(member, choice.language)
            return {"language": choice.language, "words": app_words(choice.language)}

        return respond(await self.visits.of_member(request, choose))

    async def all(self, request: Request) -> Response:
        """The events that the member takes part in or took part in lately; else those that run."""

        async def find(hall: Hall, member: Member) -> dict[str, Any]:
            found = await hall.stamp_cards.rallies_of(member, self.visits.now() - LATELY)
            return {
                "empty": map_words.NO_RALLY.say(member.language),
                "rallies": [self._row(rally, member.language) for rally in found],
            }

        return respond(await self.visits.of_member(request, find))

    async def rules(self, number: str, request: Request) -> Response:
        """The whole rule page, out of the configuration by which the event decides."""

        async def find(hall: Hall, member: Member) -> dict[str, Any]:
            rally = (await self._ground(hall, possible(number))).rally
            return {"text": rule_page(rally.plan, self.zone, member.language)}

        return respond(await self.visits.of_member(request, find))

    async def take(self, number: str, request: Request) -> Response:
        """Take a number at a booth."""
        wish = await read(request, Wish)

        async def ask(hall: Hall, member: Member) -> tuple[Waited, Language]:
            rally = (await self._ground(hall, possible(number))).rally
            booth = rally.booth(wish.booth)
            if booth is None:
                raise not_found()
            if rally.state is not RallyState.RUNNING:
                return Waited(WaitCode.CLOSED), member.language
            return await hall.waits.take(rally, booth, member), member.language

        return self._waited(*await self.visits.of_member(request, ask))

    async def leave(self, number: str, request: Request) -> Response:
        """Give the own number back."""

        async def ask(hall: Hall, member: Member) -> tuple[Waited, Language]:
            rally = (await self._ground(hall, possible(number))).rally
            return await hall.waits.leave(rally, member), member.language

        return self._waited(*await self.visits.of_member(request, ask))

    async def show_gift(self, number: str, target: str, request: Request) -> Response:
        """A fresh code for the own gift; the old one is dead."""
        if not CODE.fullmatch(target):
            raise not_found()

        async def ask(hall: Hall, member: Member) -> tuple[ShownCode, dict[str, Any]]:
            shown = await hall.gifts.show_code(possible(number), target, member.id)
            if shown.shown is None or shown.gift is None:
                raise refusal(409, shown.code, gift_words.show_refusal(shown.code, member.language))
            return shown.shown, {
                "title": gift_words.gift_of(shown.gift, member.language),
                "message": gift_words.ready(shown.gift, shown.shown, member.language),
            }

        code, told = await self.visits.of_member(request, ask)
        return respond(told | await self._code("g", code))

    async def show_coupon(self, number: str, request: Request) -> Response:
        """A fresh code for the own coupon; the old one is dead."""

        async def ask(hall: Hall, member: Member) -> tuple[ShownCode, dict[str, Any]]:
            found = await hall.coupons.show_code(possible(number), member.id)
            if found.shown is None or found.held is None:
                raise refusal(409, found.code, coupon_words.desk_outcome(found.code, member.language))
            return found.shown, {
                "title": coupon_words.title_of(found.held, member.language),
                "message": coupon_words.ready(found.held, found.shown, member.language),
            }

        code, told = await self.visits.of_member(request, ask)
        return respond(told | await self._code("c", code))

    async def _code(self, kind: str, code: ShownCode) -> dict[str, Any]:
        """The code as a picture and to be said."""
        picture = await drawn(f"https://t.me/{self.username}?start={kind}_{code.token}")
        return {"code": code.short, "picture": picture}

    async def _ground(self, hall: Hall, rally_id: int) -> Ground:
        """An event that is published, with its queues."""
        found = await self._published(hall, rally_id)
        if found is None:
            raise not_found()
        return found

    async def _published(self, hall: Hall, rally_id: int) -> Ground | None:
        now, known = self.visits.now(), self.grounds.get(rally_id)
        if known is None or not known.read_at <= now < known.read_at + FRESH:
            rally = await hall.stamp_cards.rally(rally_id)
            if rally is None or rally.state is RallyState.DRAFT:
                return None
            known = self.grounds[rally_id] = Ground(rally, dict(await hall.waits.queues(rally)), now)
        return known

    async def see(self, places: Sequence[Place]) -> list[Sight | None]:
        """Events as these members may see them; None for what is not published, or whoever nobody knows."""

        async def find(hall: Hall) -> dict[Place, Sight]:
            found: dict[Place, Sight] = {}
            for number in sorted({rally_id for rally_id, _ in places}):
                ground = await self._published(hall, number)
                if ground is not None:
                    found |= await _sights(hall, ground, {member for rally_id, member in places if rally_id == number})
            return found

        found = await self.visits.turn(find)
        return [found.get(place) for place in places]

    def shown(self, sight: Sight) -> dict[str, Any]:
        """An event as one member sees it."""
        language = sight.card.holder.language
        return rally_json(sight.card, sight.ground, sight.number, self.visits.now(), self.zone) | {
            "version": sight.card.version,
            "gifts": [gift_json(gift, language) for gift in sight.gifts] if sight.card.medals else [],
            "coupons": [self._coupon(held, language) for held in sight.coupons],
        }

    def _coupon(self, held: Held, language: Language) -> dict[str, Any]:
        return {
            "id": held.coupon.id,
            "title": coupon_words.title_of(held, language),
            "partner": held.plan.partner,
            "is_open": held.coupon.state is CouponState.ISSUED,
            "state_words": map_words.coupon_state(held, self.zone, language),
        }

    def _row(self, rally: Rally, language: Language) -> dict[str, Any]:
        return {
            "id": rally.id,
            "title": words.title_of(rally, language),
            "moment": words.moment_words(rally, self.zone, language),
            "state_words": map_words.STATES[rally.state].say(language),
        }

    def _waited(self, waited: Waited, language: Language) -> Response:
        message = wait_words.outcome(waited, language)
        if waited.code in {WaitCode.TAKEN, WaitCode.ALREADY, WaitCode.LEFT, WaitCode.NONE}:
            return respond({"message": message})
        raise refusal(409, waited.code, message)


@dataclass(frozen=True)
class LivePage:
    """The page of an event that asks again and again; those that are woken together are answered from one look."""

    pages: RallyPages
    watch: CardWatch
    sights: Gathering[Place, Sight | None]

    async def look(self, number: str, request: Request, seen: str = "") -> Response:
        """An event as this member may see it; with the version that was `seen`, once it is another or after a while."""
        place = possible(number), self.pages.visits.member_of(request)
        waited = 0.0
        while seen and waited < PATIENCE and not await request.is_disconnected():
            if await self.watch.changed(place, seen[:64], SLICE) != seen:
                break
            waited += SLICE
        sight = await self.sights.ask(place)
        if sight is None:
            raise unknown() if place[0] in self.pages.grounds else not_found()
        return respond(self.pages.shown(sight))


async def _sights(hall: Hall, ground: Ground, member_ids: Collection[int]) -> dict[Place, Sight]:
    """One event as these members see it, by few statements whatever their number."""
    rally = ground.rally
    cards = await hall.stamp_cards.filled(rally, member_ids)
    numbers = await hall.waits.own(rally, member_ids)
    gifts, coupons = defaultdict[int, list[Gift]](list), defaultdict[int, list[Held]](list)
    for gift in await hall.gifts.of_rally(rally, [card.holder.id for card in cards if card.medals]):
        gifts[gift.hand_out.member_id].append(gift)
    for held in await hall.coupons.of_rally(rally, member_ids, rally.starts_at):
        coupons[held.coupon.member_id].append(held)
    return {
        (rally.id, who): Sight(ground, card, numbers.get(who, NO_NUMBER), gifts[who], coupons[who])
        for card in cards
        for who in (card.holder.id,)
    }


def rally_json(card: StampCard, ground: Ground, number: Waited, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The event with the own card: progress, medals, booths with their states and queues, where to go next."""
    rally, language = ground.rally, card.holder.language
    waits = {code: queue.minutes for code, queue in ground.queues.items()}
    open_now = open_booths(rally, now)
    suggested = next_booth(card, open_now, waits)
    own = rally_number(rally, number)
    return {
        "id": rally.id,
        "title": words.title_of(rally, language),
        "moment": words.moment_words(rally, zone, language),
        "state": rally.state,
        "state_words": map_words.STATES[rally.state].say(language),
        "owner": words.OWNER.say(language, name=masked(card.holder.name)),
        "count": words.COUNT.say(language, stamped=card.stamped, booths=len(rally.booths)),
        "stamped": card.stamped,
        "medals": [
            {
                "title": words.medal_of(goal.target, language),
                "words": words.goal_words(rally, goal, language),
                "is_reached": goal.is_reached,
            }
            for goal in goals(card)
        ],
        "booths": [_booth_json(booth, card, ground, booth in open_now, now, zone) for booth in rally.booths],
        "next": suggested
        and {
            "booth": suggested.booth.code,
            "title": map_words.NEXT.say(language, booth=words.name_of(suggested.booth, language)),
            "why": map_words.suggestion(suggested, language),
        },
        "number": own and {"booth": own.code, "words": wait_words.own_words(number, language)},
    }


def rally_number(rally: Rally, number: Waited) -> Booth | None:
    """The booth at which somebody has a number."""
    held = number.number
    return next((booth for booth in rally.booths if held and booth.id == held.booth_id), None)


def _booth_json(
    booth: Booth, card: StampCard, ground: Ground, is_open: bool, now: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    language = card.holder.language
    stamped = card.stamps.get(booth.code)
    state = map_words.state_of(ground.rally, booth, now)
    queue = ground.queues[booth.code]
    return {
        "code": booth.code,
        "name": words.name_of(booth, language),
        "zone": of_both(booth.zone, language),
        "x": booth.x,
        "y": booth.y,
        "seal": words.seal_of(booth),
        "stamped": stamped and f"{stamped.astimezone(zone):%H:%M}",
        "state": state,
        "state_words": map_words.booth_state(booth, state, zone, language),
        "hours": map_words.hours(booth, zone),
        "game": map_words.game(booth, language),
        "minutes": queue.minutes if is_open else None,
        "queue": wait_words.queue_words(queue, language) if is_open else None,
        "gives_numbers": is_open and stamped is None,
    }


def gift_json(gift: Gift, language: Language) -> dict[str, Any]:
    """A gift in words, and whether its code can be shown."""
    return {
        "target": gift.target.code,
        "title": gift_words.gift_of(gift, language),
        "state_words": map_words.gift_state(gift, language),
        "is_open": gift.stock is not None and not gift.hand_out.is_handed_out,
    }
