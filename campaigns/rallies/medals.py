"""Medals: a stamp that reaches a target writes its medal in the same transaction, told once (S-85)."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language, Member
from campaigns.rallies.model import Booth, Medal, Rally, Target
from campaigns.rallies.targets import reached_of


class MedalStore(Protocol):
    """What medals need of the database."""

    async def stamped(self, rally_id: int, member_id: int) -> frozenset[str]:
        """The codes of the booths whose stamps somebody has; void ones do not count."""
        ...

    async def medals(self, rally_id: int, member_id: int) -> list[Medal]:
        """Somebody's medals of a rally."""
        ...

    async def give_medals(self, rally_id: int, member_id: int, targets: Collection[str], now: datetime) -> list[str]:
        """Write medals; returns the codes of those that are new."""
        ...


class People(Protocol):
    """Who is who."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class MedalWording(Protocol):
    """How a medal is told."""

    def medal(self, rally: Rally, target: Target, language: Language) -> Message:
        """What its owner reads."""
        ...


def campaign(rally: Rally) -> str:
    """The name of a rally in the delivery ledger, and the subject of its announcement."""
    return f"rally:{rally.code}"


class MedalService:
    """Medals inside one unit of work; the first to follow a new stamp."""

    def __init__(
        self,
        store: MedalStore,
        people: People,
        outbox: Outbox,
        wording: MedalWording,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._people = people
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def stamped(self, rally: Rally, member_id: int, booth: Booth) -> None:
        """Write the medals that a new stamp reaches; a target that was reached stays reached.

        A medal that is worth a gift is told of together with it; each of the others is told once here.
        """
        stamped = await self._store.stamped(rally.id, member_id)
        earned = reached_of(rally.targets, stamped)
        new = await self._store.give_medals(rally.id, member_id, earned, self._now())
        with_gift = {gift.target for gift in rally.plan.gifts}
        for target in rally.targets:
            if target.code in new and target.code not in with_gift:
                await self._tell(rally, member_id, target)

    async def _tell(self, rally: Rally, member_id: int, target: Target) -> None:
        found = await self._people.many([member_id])
        words = self._wording.medal(rally, target, found[member_id].language)
        await self._outbox.tell(campaign(rally), f"medal:{target.code}", member_id, words)
