"""Use cases of tastings: the booths where somebody counts them, give, take back what was counted by mistake."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from campaigns.members.model import Member
from campaigns.rallies.model import Booth, Rally, RallyState
from campaigns.redemptions.rules import TO_UNDO
from campaigns.tastings.model import Tasted, TastingCode


class TastingStore(Protocol):
    """What tastings need of the database."""

    async def booths_of(self, member_id: int) -> list[int]:
        """The booths with tastings of running rallies where somebody is on duty, or that somebody runs."""
        ...

    async def give(self, booth_id: int, pieces: int, by: int, now: datetime) -> int | None:
        """Count pieces as given, below 0 as taken back; returns what is left, None where there are not as many."""
        ...

    async def given_since(self, booth_id: int, by: int, since: datetime) -> int:
        """How many pieces somebody counted at a booth since a moment; the booth is locked."""
        ...


class Rallies(Protocol):
    """Where rallies are kept."""

    async def at_booth(self, booth_id: int) -> Rally | None:
        """The rally that a booth belongs to."""
        ...


class TastingService:
    """Tastings inside one unit of work (S-84)."""

    def __init__(self, store: TastingStore, rallies: Rallies, now: Callable[[], datetime]) -> None:
        self._store = store
        self._rallies = rallies
        self._now = now

    async def booths(self, member: Member) -> list[Booth]:
        """The booths where somebody counts tastings now."""
        found = []
        for booth_id in await self._store.booths_of(member.id):
            rally = await self._rallies.at_booth(booth_id)
            found += [booth for booth in rally.booths if booth.id == booth_id] if rally else []
        return found

    async def give(self, booth_id: int, pieces: int, member: Member) -> Tasted:
        """Count pieces as given, as long as there are as many."""
        booth = await self._own(booth_id, member)
        if isinstance(booth, TastingCode):
            return Tasted(booth)
        left = await self._store.give(booth_id, pieces, member.id, self._now())
        if left is None:
            return Tasted(TastingCode.NONE_LEFT, booth)
        return Tasted(TastingCode.GIVEN, replace(booth, tastings_left=left))

    async def take_back(self, booth_id: int, member: Member) -> Tasted:
        """Take one piece back that was counted by mistake: within ten minutes, by who counted it."""
        booth, now = await self._own(booth_id, member), self._now()
        if isinstance(booth, TastingCode):
            return Tasted(booth)
        if await self._store.given_since(booth_id, member.id, now - TO_UNDO) < 1:
            return Tasted(TastingCode.NOTHING_TO_TAKE_BACK, booth)
        left = await self._store.give(booth_id, -1, member.id, now)
        return Tasted(TastingCode.TAKEN_BACK, replace(booth, tastings_left=left))

    async def _own(self, booth_id: int, member: Member) -> Booth | TastingCode:
        if booth_id not in await self._store.booths_of(member.id):
            return TastingCode.NOT_YOURS
        rally = await self._rallies.at_booth(booth_id)
        if rally is None or rally.state is not RallyState.RUNNING:
            return TastingCode.NOT_NOW
        return next(booth for booth in rally.booths if booth.id == booth_id)
