"""Use case of taking a stamp back: it counts no more, the card shows it, and a medal without its stamps is a case."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.gifts.model import Gift, HandOutState
from campaigns.members.model import Member
from campaigns.rallies.model import Booth, Rally, RallyMember, RallyState
from campaigns.slips.codes import heard
from campaigns.suspicions.model import Case, Suspicion
from campaigns.voids.model import Voided, VoidRefusal

LONGEST_REASON = 100


class Stamps(Protocol):
    """Where stamps are kept; voiding one notes who did it and why."""

    async def void(self, rally: Rally, booth: Booth, member_id: int, reason: str, actor_id: int) -> bool:
        """Let a stamp count no more; False where there is none that counts."""
        ...


class Visitors(Protocol):
    """Who takes part."""

    async def member_numbered(self, rally_id: int, number: int) -> RallyMember | None:
        """Who has this number."""
        ...


class People(Protocol):
    """Who is who."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class Cards(Protocol):
    """The cards in the chats."""

    async def note_changes(self, rally_id: int, member_ids: Collection[int], now: datetime) -> None:
        """Remember that these people's cards are not shown as they are."""
        ...


class Doubts(Protocol):
    """Scoring and its cases."""

    async def look(self, rally: Rally) -> list[Suspicion]:
        """Score everybody of an event and keep who is over the bar."""
        ...

    async def unearned(self, rally: Rally) -> Mapping[int, frozenset[str]]:
        """The medals, by member, that are not reached any more since stamps were taken back."""
        ...

    async def cases(self, rally_id: int) -> list[Case]:
        """All cases of an event."""
        ...


class Gifts(Protocol):
    """Gifts of medals."""

    async def mine(self, member_id: int) -> Sequence[Gift]:
        """Somebody's gifts."""
        ...


class VoidService:
    """Stamps that are taken back, inside one unit of work."""

    def __init__(
        self,
        stamps: Stamps,
        visitors: Visitors,
        people: People,
        cards: Cards,
        doubts: Doubts,
        gifts: Gifts,
        now: Callable[[], datetime],
    ) -> None:
        self._stamps = stamps
        self._visitors = visitors
        self._people = people
        self._cards = cards
        self._doubts = doubts
        self._gifts = gifts
        self._now = now

    async def void(self, rally: Rally, booth: str, number: str, reason: str, by: int) -> Voided | VoidRefusal:
        """Take back the stamp that a visitor's number has from a booth (requirement S-202).

        A medal that was won stays: what stamps still reach is not asked of it, and a gift that is gone is gone. Where
        the remaining stamps do not reach it, it is a case over the bar: a gift not handed out yet waits for a person.
        """
        words, place = " ".join(reason.split()), rally.booth(booth.upper())
        if rally.state is RallyState.SETTLED:
            return VoidRefusal.SETTLED
        if not 0 < len(words) <= LONGEST_REASON:
            return VoidRefusal.NO_REASON
        if place is None:
            return VoidRefusal.NO_BOOTH
        known = heard(number)
        visitor = await self._visitors.member_numbered(rally.id, known) if known else None
        if visitor is None:
            return VoidRefusal.NO_VISITOR
        if not await self._stamps.void(rally, place, visitor.member_id, words, by):
            return VoidRefusal.NO_STAMP
        await self._cards.note_changes(rally.id, [visitor.member_id], self._now())
        return await self._told(rally, place, visitor.member_id)

    async def _told(self, rally: Rally, booth: Booth, member_id: int) -> Voided:
        member = (await self._people.many([member_id]))[member_id]
        codes = (await self._doubts.unearned(rally))[member_id]
        if not codes:
            return Voided(rally, booth, member)
        await self._doubts.look(rally)
        state = {case.suspicion.member_id: case.state for case in await self._doubts.cases(rally.id)}[member_id]
        gone = {
            gift.target.code
            for gift in await self._gifts.mine(member_id)
            if gift.rally.id == rally.id and gift.hand_out.state is HandOutState.HANDED_OUT
        }
        medals = tuple(target for target in rally.targets if target.code in codes)
        return Voided(rally, booth, member, medals, frozenset(gone & codes), state)
