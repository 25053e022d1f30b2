"""Requests of the Mini App: who asks, what is asked, and one transaction for each."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from fastapi import HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError

from campaigns.boards.service import BoardService
from campaigns.chains.service import ChainService
from campaigns.coupons.service import CouponService
from campaigns.gifts.service import GiftService
from campaigns.groupbuys.service import GroupbuyService
from campaigns.loans.service import LoanService
from campaigns.members.model import Introduction, Member
from campaigns.members.service import MemberService
from campaigns.partners.service import PartnerService
from campaigns.points.service import PointsService
from campaigns.redemptions.service import RedemptionService
from campaigns.slips.service import SlipService
from campaigns.stamp_cards.service import StampCardService
from campaigns.stamps.clerks import ClerkService
from campaigns.stamps.devices import DeviceService
from campaigns.stamps.service import StampService
from campaigns.waits.service import WaitService
from campaigns.zones.service import ZoneService
from handlers.http.sessions import Sessions
from handlers.wording import miniapp as words
from handlers.wording.phrase import Phrase

LARGEST_BODY = 16_384
NUMBER = re.compile(r"[0-9]{1,19}")
LARGEST_ID = 2**63 - 1
GUARDS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
T = TypeVar("T")
Asked = TypeVar("Asked", bound=BaseModel)


class People(Protocol):
    """Who the members are."""

    async def meet(self, who: Introduction, now: datetime) -> Member:
        """Know somebody: made on first sight."""
        ...

    async def get(self, member_id: int) -> Member | None:
        """A member by platform id."""
        ...


class Hall(Protocol):
    """The use cases behind the pages, on one unit of work."""

    @property
    def people(self) -> People:
        """Members."""
        ...

    @property
    def points(self) -> PointsService:
        """Balance and statement."""
        ...

    @property
    def redemptions(self) -> RedemptionService:
        """Shelf and redemptions."""
        ...

    @property
    def partners(self) -> PartnerService:
        """Where things are fetched."""
        ...

    @property
    def screens(self) -> DeviceService:
        """Paired screens of booths."""
        ...

    @property
    def stamps(self) -> StampService:
        """Stamps by scan and by a clerk's word."""
        ...

    @property
    def clerks(self) -> ClerkService:
        """A clerk's word for a visitor."""
        ...

    @property
    def slips(self) -> SlipService:
        """Slips of screens without network."""
        ...

    @property
    def chains(self) -> ChainService:
        """The lists behind group-buys."""
        ...

    @property
    def groupbuys(self) -> GroupbuyService:
        """Group-buys: look, sign up, leave, invite."""
        ...

    @property
    def loans(self) -> LoanService:
        """Loan requests."""
        ...

    @property
    def members(self) -> MemberService:
        """What members choose for themselves."""
        ...

    @property
    def stamp_cards(self) -> StampCardService:
        """Stamp cards."""
        ...

    @property
    def waits(self) -> WaitService:
        """Waiting numbers at booths."""
        ...

    @property
    def gifts(self) -> GiftService:
        """Gifts of medals."""
        ...

    @property
    def coupons(self) -> CouponService:
        """Merchants' coupons."""
        ...

    @property
    def zones(self) -> ZoneService:
        """Places of zones."""
        ...

    @property
    def boards(self) -> BoardService:
        """Live boards of events."""
        ...


class Turn(Protocol):
    """Runs work in a transaction of its own, which commits when the work ends well."""

    async def __call__(self, work: Callable[[Hall], Awaitable[T]]) -> T:
        """The work's result, once it is committed."""
        ...


@dataclass(frozen=True)
class Visits:
    """How requests come in; `now` is the domain's clock."""

    turn: Turn
    sessions: Sessions
    now: Callable[[], datetime]

    def member_of(self, request: Request) -> int:
        """Whose session comes with the request, by its signature alone.

        Raises:
            HTTPException: 401 without one.
        """
        scheme, _, session = request.headers.get("Authorization", "").partition(" ")
        member_id = self.sessions.read(session, self.now()) if scheme == "Bearer" else None
        if member_id is None:
            raise unknown()
        return member_id

    async def of_member(self, request: Request, work: Callable[[Hall, Member], Awaitable[T]]) -> T:
        """Work for whoever's session comes with the request.

        Raises:
            HTTPException: 401 without one.
        """
        member_id = self.member_of(request)

        async def known(hall: Hall) -> T:
            member = await hall.people.get(member_id)
            if member is None:
                raise unknown()
            return await work(hall, member)

        return await self.turn(known)


def respond(content: Mapping[str, Any], status: int = 200) -> JSONResponse:
    """An answer that nobody keeps."""
    return JSONResponse(content, status, GUARDS)


def refusal(status: int, code: str, message: str) -> HTTPException:
    """A refusal as every answer tells it: a code for the page, a sentence for the person."""
    return HTTPException(status, {"error": code, "message": message}, GUARDS)


def unknown() -> HTTPException:
    """401: nobody whom we know."""
    return _both(401, "reopen", words.REOPEN)


def not_found() -> HTTPException:
    """404: nothing of this kind, or not this person's."""
    return _both(404, "not_found", words.NOT_FOUND)


def possible(number: str) -> int:
    """A row's number out of an address; 404 for what can be none."""
    if not NUMBER.fullmatch(number) or int(number) > LARGEST_ID:
        raise not_found()
    return int(number)


def _both(status: int, code: str, phrase: Phrase) -> HTTPException:
    return refusal(status, code, words.both(phrase))


async def read(request: Request, form: type[Asked]) -> Asked:
    """What a request's body asks for.

    Raises:
        HTTPException: 413 for more than anybody asks, 400 for anything that is not of this form.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise _both(413, "too_large", words.TOO_LARGE)
    try:
        return form.model_validate_json(bytes(body), strict=True)
    except ValidationError:
        raise _both(400, "not_understood", words.NOT_UNDERSTOOD) from None
