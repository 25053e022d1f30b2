"""Use cases of loan requests: written, handed in, moved on by their manager, followed and deleted by their writer."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.applications.model import Candidate, Entrant
from campaigns.applications.rules import assign
from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.followups.model import CloseReason, FollowUpRefusal, Source
from campaigns.loans.model import (
    Asked,
    DeclineReason,
    Firm,
    LoanFile,
    LoanMove,
    LoanRefusal,
    LoanRequest,
    LoanState,
    LoanWish,
)
from campaigns.loans.rules import OPEN, move, submit, tell
from campaigns.members.model import Language, Member

LATEST = 5
AT_ONCE = 20
ENQUIRY_WORDING = "loan-enquiry-1"


class LoanStore(Protocol):
    """What loan requests need of the database."""

    async def draft(self, member_id: int, customer_id: UUID, wish: LoanWish, now: datetime) -> LoanRequest:
        """Keep a person's draft, in place of an earlier one."""
        ...

    async def lock(self, loan_id: int) -> LoanRequest | None:
        """One request, locked."""
        ...

    async def save(self, request: LoanRequest) -> None:
        """Keep what changed."""
        ...

    async def hand_in(self, request: LoanRequest, wording: str) -> LoanRefusal | None:
        """Turn a draft into a request with its consent, unless the person or the firm has an open one."""
        ...

    async def add_move(self, loan_id: int, moved: LoanMove) -> None:
        """Append to the history."""
        ...

    async def moves(self, loan_id: int) -> list[LoanMove]:
        """The history, the oldest first."""
        ...

    async def of_member(self, member_id: int, limit: int) -> list[LoanRequest]:
        """A person's own requests without drafts, the newest first."""
        ...

    async def of_owners(self, owners: Sequence[int], limit: int) -> list[LoanRequest]:
        """Open requests of these managers, the oldest first."""
        ...

    async def entrant(self, member_id: int) -> Entrant | None:
        """A member as somebody who needs an owner."""
        ...

    async def candidates(self, member_id: int) -> list[Candidate]:
        """Managers of the person's groups, all where there is none, with what they have to do."""
        ...

    async def erase(self, request: LoanRequest, now: datetime) -> None:
        """Delete what identifies, for good, and the consent with it."""
        ...


class People(Protocol):
    """Who is who."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class Owners(Protocol):
    """Whose customers somebody looks after."""

    async def acting_for(self, manager_id: int) -> list[int]:
        """The manager and those of whom the manager stands in for today."""
        ...


class FollowUps(Protocol):
    """The service clock behind every state: late ones reach the team lead."""

    async def open(
        self,
        customer_id: UUID,
        source: Source,
        why: str,
        *,
        owner: int | None = None,
        ref: str | None = None,
    ) -> datetime | FollowUpRefusal:
        """Something is to be done; returns until when."""
        ...

    async def settle(
        self, customer_id: UUID, source: Source, ref: str, by: Member, reason: CloseReason | None = None
    ) -> None:
        """It is done."""
        ...


class Trail(Protocol):
    """Where it is kept who did what."""

    async def note(self, actor: int, action: str, subject: str) -> None:
        """Append to the audit trail."""
        ...

    async def away(self, day: date) -> dict[int, int]:
        """The stand-in of everybody who is away on a day."""
        ...


class LoanWording(Protocol):
    """The sentences that loan requests put into the ledger and beside follow-ups."""

    def asked(self, request: LoanRequest, name: str, language: Language) -> Message:
        """What the manager reads of a new request."""
        ...

    def moved(self, request: LoanRequest, language: Language) -> Message:
        """What the person reads of a move."""
        ...

    def withdrawn(self, request: LoanRequest, name: str, language: Language) -> Message:
        """What the manager reads of a request that was taken back."""
        ...

    def why(self, request: LoanRequest) -> str:
        """What is to be done in a state."""
        ...


class LoanService:
    """Loan requests inside one unit of work."""

    def __init__(
        self,
        store: LoanStore,
        people: People,
        owners: Owners,
        followups: FollowUps,
        trail: Trail,
        outbox: Outbox,
        wording: LoanWording,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._people = people
        self._owners = owners
        self._followups = followups
        self._trail = trail
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._zone = zone

    async def begin(self, firm: Firm, member: Member) -> LoanRequest | LoanRefusal:
        """Keep a draft of a customer who has no open request."""
        if refusal := await self.barrier(member):
            return refusal
        assert member.customer_id is not None
        return await self._store.draft(member.id, member.customer_id, LoanWish(firm), self._now())

    async def barrier(self, member: Member) -> LoanRefusal | None:
        """Why this person cannot ask now."""
        if member.customer_id is None:
            return LoanRefusal.NOT_BOUND
        there = await self._store.of_member(member.id, LATEST)
        return LoanRefusal.OPEN_ALREADY if any(each.state in OPEN for each in there) else None

    async def tell(self, loan_id: int, member: Member, **told: Any) -> LoanRequest | LoanRefusal:
        """Fill in one more thing of the own draft: use, turnover, contact or enquiry."""
        found = await self._store.lock(loan_id)
        if found is None or found.wish is None:
            return LoanRefusal.NO_REQUEST
        outcome = tell(found, member.id, replace(found.wish, **told))
        if isinstance(outcome, LoanRequest):
            await self._store.save(outcome)
        return outcome

    async def submit(self, loan_id: int, member: Member) -> Asked | LoanRefusal:
        """Hand in the own draft: it goes to the customer's own manager, else to the one with the least to do."""
        owner = await self._owner_for(member.id)
        if owner is None:
            return LoanRefusal.NOBODY
        outcome = submit(await self._store.lock(loan_id), member.id, owner, self._now())
        if isinstance(outcome, LoanRefusal):
            return outcome
        if refusal := await self._store.hand_in(outcome, ENQUIRY_WORDING):
            return refusal
        await self._store.add_move(outcome.id, LoanMove(1, self._now(), member.id, outcome.state))
        due = await self._clock(outcome)
        manager = (await self._people.many([owner]))[owner]
        words = self._wording.asked(outcome, member.name, manager.language)
        await self._outbox.tell(_campaign(outcome), "asked", owner, words)
        return Asked(outcome, manager, due)

    async def ask(self, wish: LoanWish, member: Member) -> Asked | LoanRefusal:
        """The same in one step, as the Mini App does."""
        begun = await self.begin(wish.firm, member)
        if isinstance(begun, LoanRefusal):
            return begun
        told = {name: getattr(wish, name) for name in ("use", "turnover", "contact", "enquiry")}
        outcome = await self.tell(begun.id, member, **told)
        return outcome if isinstance(outcome, LoanRefusal) else await self.submit(outcome.id, member)

    async def mine(self, member: Member) -> list[LoanRequest]:
        """The own requests, the newest first."""
        return await self._store.of_member(member.id, LATEST)

    async def withdraw(self, loan_id: int, version: int, member: Member) -> LoanRequest | LoanRefusal:
        """Take the own request back; the manager hears of it."""
        found = await self._own(loan_id, member)
        if found is None:
            return LoanRefusal.NO_REQUEST
        outcome = await self._moved(found, version, LoanState.WITHDRAWN, None, member)
        if isinstance(outcome, LoanRequest) and outcome.owner_id is not None:
            people = await self._people.many([outcome.owner_id])
            words = self._wording.withdrawn(outcome, member.name, people[outcome.owner_id].language)
            await self._outbox.tell(_campaign(outcome), "withdrawn", outcome.owner_id, words)
        return outcome

    async def erase(self, loan_id: int, member: Member) -> LoanRequest | LoanRefusal:
        """Delete what identifies in an own request that has ended, for good (PIPL art. 47)."""
        found = await self._own(loan_id, member)
        if found is None:
            return LoanRefusal.NO_REQUEST
        if found.state in OPEN:
            return LoanRefusal.STILL_OPEN
        await self._store.erase(found, self._now())
        await self._trail.note(member.id, "erase_loan", found.number)
        return replace(found, wish=None)

    async def desk(self, member: Member) -> list[LoanRequest]:
        """The open requests of a manager and of those for whom they stand in; the look is recorded."""
        found = await self._store.of_owners(await self._owners.acting_for(member.id), AT_ONCE)
        if found:
            await self._trail.note(member.id, "see_loans", " ".join(each.number for each in found))
        return found

    async def file(self, loan_id: int, member: Member) -> LoanFile | LoanRefusal:
        """One request with its history, for who acts on it; the look is recorded."""
        found = await self._held(loan_id, member)
        if isinstance(found, LoanRefusal):
            return found
        await self._trail.note(member.id, "see_loan", found.number)
        moves = await self._store.moves(found.id)
        people = await self._people.many(sorted({found.member_id, *(each.by for each in moves)}))
        return LoanFile(found, tuple(moves), {each.id: each.name for each in people.values()})

    async def move(
        self, loan_id: int, version: int, to: LoanState, reason: DeclineReason | None, by: Member
    ) -> LoanRequest | LoanRefusal:
        """Move on by the manager's tap; the person is told."""
        found = await self._held(loan_id, by)
        if isinstance(found, LoanRefusal):
            return found
        if to is LoanState.WITHDRAWN:  # Taking back is the customer's own act.
            return LoanRefusal.JUMP
        outcome = await self._moved(found, version, to, reason, by)
        if isinstance(outcome, LoanRequest):
            people = await self._people.many([outcome.member_id])
            words = self._wording.moved(outcome, people[outcome.member_id].language)
            await self._outbox.tell(_campaign(outcome), f"state:{outcome.version}", outcome.member_id, words)
        return outcome

    async def _moved(
        self, found: LoanRequest, version: int, to: LoanState, reason: DeclineReason | None, by: Member
    ) -> LoanRequest | LoanRefusal:
        outcome = move(found, version, to, reason, self._now())
        if isinstance(outcome, LoanRefusal):
            return outcome
        await self._store.save(outcome)
        await self._store.add_move(found.id, LoanMove(outcome.version, self._now(), by.id, to, reason))
        closed = CloseReason.NOT_NEEDED if to is LoanState.WITHDRAWN else None
        await self._followups.settle(found.customer_id, Source.LOAN, _occasion(found), by, closed)
        if to in OPEN:
            await self._clock(outcome)
        return outcome

    async def _clock(self, request: LoanRequest) -> datetime | None:
        """What is to be done now has a day by the service clock; what is late reaches the team lead."""
        due = await self._followups.open(
            request.customer_id,
            Source.LOAN,
            self._wording.why(request),
            owner=request.owner_id,
            ref=_occasion(request),
        )
        return None if isinstance(due, FollowUpRefusal) else due

    async def _held(self, loan_id: int, member: Member) -> LoanRequest | LoanRefusal:
        found = await self._store.lock(loan_id)
        if found is None or found.state is LoanState.DRAFT:
            return LoanRefusal.NO_REQUEST
        return found if found.owner_id in await self._owners.acting_for(member.id) else LoanRefusal.NOT_YOURS

    async def _own(self, loan_id: int, member: Member) -> LoanRequest | None:
        """A request of this very member, locked."""
        found = await self._store.lock(loan_id)
        return found if found is not None and found.member_id == member.id else None

    async def _owner_for(self, member_id: int) -> int | None:
        """Who had the customer before, else of those at work the same language, then the least to do (S-106)."""
        entrant, candidates = await self._store.entrant(member_id), await self._store.candidates(member_id)
        if entrant is None or not (candidates or entrant.known_owner):
            return None
        away = await self._trail.away(self._now().astimezone(self._zone).date())
        present = [replace(each, is_absent=each.member_id in away) for each in candidates]
        return assign([entrant], present)[0].owner_id


def _campaign(request: LoanRequest) -> str:
    return f"loan:{request.id}"


def _occasion(request: LoanRequest) -> str:
    return f"loan:{request.id}:{request.state}"
