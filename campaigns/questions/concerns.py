"""What a question means for its customer's follow-ups: a complaint, or an answer that nobody gave in time."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.followups.model import CloseReason, FollowUpRefusal, Source
from campaigns.members.model import Member
from campaigns.questions.model import Question

SOURCES = (Source.COMPLAINT, Source.QUESTION)


class FollowUps(Protocol):
    """What questions ask of follow-ups."""

    async def open(
        self, customer_id: UUID, source: Source, why: str, *, owner: int | None = None, ref: str | None = None
    ) -> datetime | FollowUpRefusal:
        """Something is to be done for a customer."""
        ...

    async def settle(
        self, customer_id: UUID, source: Source, ref: str, by: Member, reason: CloseReason | None = None
    ) -> None:
        """It was done by another way."""
        ...


class ConcernWording(Protocol):
    """Why a follow-up is opened; none of the sentences holds a customer's words."""

    def complains(self, question: Question) -> str:
        """A customer complains."""
        ...

    def waits(self, question: Question) -> str:
        """A customer waits for an answer past its time."""
        ...


class Concerns:
    """Opens follow-ups for customers who complain or wait too long, and ends them with the answer (S-205, S-212)."""

    def __init__(self, followups: FollowUps, wording: ConcernWording) -> None:
        self._followups = followups
        self._wording = wording

    async def complained(self, question: Question, who: Member) -> None:
        """A bound customer complains: the owner has a bank day."""
        await self._open(Source.COMPLAINT, self._wording.complains(question), question, who)

    async def late(self, question: Question, who: Member) -> None:
        """Nobody answered a bound customer in time."""
        await self._open(Source.QUESTION, self._wording.waits(question), question, who)

    async def answered(self, question: Question, who: Member, by: Member) -> None:
        """The answer is on its way: nobody waits any more; a complaint stays until somebody says what came of it."""
        if who.customer_id is not None:
            await self._followups.settle(who.customer_id, Source.QUESTION, ref_of(question), by)

    async def taken_back(self, question: Question, who: Member) -> None:
        """The customer took the question back: nothing is left to do."""
        if who.customer_id is not None:
            for source in SOURCES:
                await self._followups.settle(
                    who.customer_id, source, ref_of(question), who, reason=CloseReason.NOT_NEEDED
                )

    async def _open(self, source: Source, why: str, question: Question, who: Member) -> None:
        if who.customer_id is not None:
            await self._followups.open(who.customer_id, source, why, owner=question.owner_id, ref=ref_of(question))


def ref_of(question: Question) -> str:
    """The occasion of a question's follow-ups: each round of it is one."""
    return f"question:{question.id}:{question.round}"
