"""Medals: a stamp that reaches a target writes its medal in the same transaction, told once (S-85)."""

from collections.abc import Callable, Collection, Sequence
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

    async def to_regrade(self) -> list[int]:
        """Rallies whose targets may have become easier since medals were given."""
        ...

    async def lock(self, rally_id: int) -> Rally | None:
        """One rally, its row locked until the transaction ends."""
        ...

    async def stamped_by_all(self, rally_id: int) -> dict[int, frozenset[str]]:
        """What everybody has, by member; void stamps do not count."""
        ...

    async def mark_regraded(self, rally_id: int) -> None:
        """Remember that everybody has what they reached."""
        ...


class Follower(Protocol):
    """Whoever acts on a new medal as on a new stamp: gifts, coupons, cards."""

    async def stamped(self, rally: Rally, member_id: int, booth: Booth) -> None:
        """Somebody has more than before."""
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
        followers: Sequence[Follower] = (),
    ) -> None:
        self._store = store
        self._people = people
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._followers = followers

    async def stamped(self, rally: Rally, member_id: int, booth: Booth) -> None:
        """Write the medals that a new stamp reaches; a target that was reached stays reached.

        A medal that is worth a gift is told of together with it; each of the others is told once here.
        """
        await self._give(rally, member_id, await self._store.stamped(rally.id, member_id))

    async def tick(self) -> int:
        """After a target became easier: whoever has reached it meanwhile gets the medal, without another stamp."""
        waiting = await self._store.to_regrade()
        for rally_id in waiting:
            rally = await self._store.lock(rally_id)
            assert rally is not None
            for member_id, stamped in (await self._store.stamped_by_all(rally_id)).items():
                if await self._give(rally, member_id, stamped):
                    await self._follow(rally, member_id, stamped)
            await self._store.mark_regraded(rally_id)
        return len(waiting)

    async def _give(self, rally: Rally, member_id: int, stamped: Collection[str]) -> bool:
        """Write what is reached; says whether any of it is new."""
        earned = reached_of(rally.targets, stamped)
        new = await self._store.give_medals(rally.id, member_id, earned, self._now())
        with_gift = {gift.target for gift in rally.plan.gifts}
        for target in rally.targets:
            if target.code in new and target.code not in with_gift:
                await self._tell(rally, member_id, target)
        return bool(new)

    async def _follow(self, rally: Rally, member_id: int, stamped: Collection[str]) -> None:
        booth = next(booth for booth in rally.booths if booth.code in stamped)
        for follower in self._followers:
            await follower.stamped(rally, member_id, booth)

    async def _tell(self, rally: Rally, member_id: int, target: Target) -> None:
        found = await self._people.many([member_id])
        words = self._wording.medal(rally, target, found[member_id].language)
        await self._outbox.tell(campaign(rally), f"medal:{target.code}", member_id, words)
