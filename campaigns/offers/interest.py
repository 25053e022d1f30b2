"""A customer who wants to hear more of an offer: the own manager has it among the follow-ups, and a day."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.followups.model import FollowUpRefusal, Source
from campaigns.members.model import Member


class OfferLog(Protocol):
    """Where it stands which offers reached whom."""

    async def last_campaign(self, member_id: int) -> str | None:
        """The ledger's name of the campaign whose offer reached a person last."""
        ...


class FollowUps(Protocol):
    """What offers ask of follow-ups."""

    async def open(
        self, customer_id: UUID, source: Source, why: str, *, ref: str | None = None
    ) -> datetime | FollowUpRefusal:
        """Something is to be done for a customer."""
        ...


class InterestWording(Protocol):
    """Why a follow-up is opened."""

    def answered(self) -> str:
        """A customer answered an offer."""
        ...


class OfferInterest:
    """Answers to offers inside one unit of work (S-212)."""

    def __init__(self, log: OfferLog, followups: FollowUps, wording: InterestWording) -> None:
        self._log = log
        self._followups = followups
        self._wording = wording

    async def respond(self, member: Member) -> datetime | None:
        """The customer wants to hear more of the last offer; until when somebody is in touch, None where nobody is."""
        campaign = await self._log.last_campaign(member.id) if member.customer_id else None
        if member.customer_id is None or campaign is None:
            return None
        due = await self._followups.open(
            member.customer_id, Source.OFFER_ANSWERED, self._wording.answered(), ref=campaign
        )
        return None if isinstance(due, FollowUpRefusal) else due
