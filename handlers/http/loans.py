"""A loan for a shop in the Mini App: the form, the own requests, taking one back."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from campaigns.loans.model import ContactTime, LoanFault, LoanRefusal, LoanRequest, LoanUse, LoanWish, Turnover
from campaigns.loans.rules import OPEN, check_firm
from campaigns.members.model import Language, Member
from handlers.http.visits import Hall, Visits, possible, read, refusal, respond
from handlers.wording import loans as words


class LoanForm(BaseModel):
    """What the form asks; the consent to an enquiry is a plain yes or no."""

    model_config = ConfigDict(extra="forbid")

    firm: str = Field(max_length=200)
    registration: str = Field(max_length=40)
    amount_yuan: int = Field(ge=0, le=1_000_000_000)
    months: int = Field(ge=0, le=1_000)
    use: LoanUse = Field(strict=False)
    turnover: Turnover = Field(strict=False)
    contact: ContactTime = Field(strict=False)
    enquiry: bool


class TakeBack(BaseModel):
    """The request as the page showed it."""

    model_config = ConfigDict(extra="forbid")

    version: int


def loans_router(visits: Visits, zone: ZoneInfo) -> APIRouter:
    """The form and what became of it."""
    router = APIRouter(prefix="/app/api/loans")
    pages = LoanPages(visits, zone)
    router.get("")(pages.look)
    router.post("")(pages.ask)
    router.post("/{number}/withdrawal")(pages.withdraw)
    return router


@dataclass(frozen=True)
class LoanPages:
    """The answers, each from one transaction."""

    visits: Visits
    zone: ZoneInfo

    async def look(self, request: Request) -> Response:
        """The form's words, what stands in the way of a request, and the own ones."""
        return respond(await self.visits.of_member(request, _shown))

    async def ask(self, request: Request) -> Response:
        """Hand a request in; what is wrong is said in a sentence."""
        self.visits.member_of(request)
        form = await read(request, LoanForm)

        async def hand_in(hall: Hall, member: Member) -> dict[str, Any]:
            language = member.language
            firm = check_firm(form.firm, form.registration, form.amount_yuan, form.months)
            if isinstance(firm, LoanFault):
                raise refusal(400, firm, words.fault(firm, language))
            wish = LoanWish(firm, form.use, form.turnover, form.contact, form.enquiry)
            outcome = await hall.loans.ask(wish, member)
            if isinstance(outcome, LoanRefusal):
                raise refusal(409, outcome, words.refusal(outcome, language))
            return {"message": words.handed_in(outcome, self.zone, language), **await _shown(hall, member)}

        return respond(await self.visits.of_member(request, hand_in))

    async def withdraw(self, number: str, request: Request) -> Response:
        """Take an own request back."""
        self.visits.member_of(request)
        asked = await read(request, TakeBack)

        async def take_back(hall: Hall, member: Member) -> dict[str, Any]:
            outcome = await hall.loans.withdraw(possible(number), asked.version, member)
            if isinstance(outcome, LoanRefusal):
                raise refusal(409, outcome, words.refusal(outcome, member.language))
            return {"message": words.taken_back(outcome, member.language), **await _shown(hall, member)}

        return respond(await self.visits.of_member(request, take_back))


async def _shown(hall: Hall, member: Member) -> dict[str, Any]:
    barrier = await hall.loans.barrier(member)
    return {
        "form": words.form_words(member.language),
        "barrier": words.refusal(barrier, member.language) if barrier else None,
        "needs_binding": barrier is LoanRefusal.NOT_BOUND,
        "own": [loan_json(each, member.language) for each in await hall.loans.mine(member)],
    }


def loan_json(found: LoanRequest, language: Language) -> dict[str, Any]:
    """An own request in words."""
    return {
        "id": found.id,
        "version": found.version,
        "number": found.number,
        "is_open": found.state in OPEN,
        "state": found.state,
        "words": words.own_lines(found, language),
    }
