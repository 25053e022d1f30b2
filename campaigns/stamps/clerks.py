"""A clerk's word at a booth: the visitor's stamp, and the sentence by which the visitor hears of it (S-83)."""

from typing import Protocol

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language, Member
from campaigns.rallies.medals import campaign
from campaigns.rallies.model import Booth, Rally
from campaigns.stamps.model import Stamped, StampOutcome
from campaigns.stamps.service import StampService


class People(Protocol):
    """Who is who."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class ClerkWording(Protocol):
    """The sentence that a clerk's word puts into the ledger."""

    def confirmed(self, found: Stamped, language: Language) -> Message:
        """What the visitor reads whom a clerk has given a stamp."""
        ...


class ClerkService:
    """Use cases of a clerk who looks at a visitor's code, inside one unit of work."""

    def __init__(self, stamps: StampService, people: People, outbox: Outbox, wording: ClerkWording) -> None:
        self._stamps = stamps
        self._people = people
        self._outbox = outbox
        self._wording = wording

    async def confirm(self, rally: Rally, booth: Booth, text: str, device_id: int | None, clerk_id: int) -> Stamped:
        """The stamp for whoever's code this is; a new one is told to the visitor, whose phone shows the code."""
        found = await self._stamps.confirm(rally, booth, text, device_id, clerk_id)
        if found.outcome is StampOutcome.STAMPED:
            visitor = (await self._people.many([found.member_id]))[found.member_id]
            words = self._wording.confirmed(found, visitor.language)
            await self._outbox.tell(campaign(rally), f"confirmed:{booth.code}", visitor.id, words)
        return found
