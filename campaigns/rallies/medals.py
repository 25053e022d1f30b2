"""Medals: a stamp that reaches a target writes its medal in the same transaction, told once (S-85)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language, Member
from campaigns.rallies.model import Rally, Target, Visit
from campaigns.rallies.targets import reached_of
from campaigns.setbacks.ports import Setbacks


class MedalStore(Protocol):
    """What medals need of the database."""

    async def stamped_by(self, rally_id: int, member_ids: Collection[int]) -> dict[int, frozenset[str]]:
        """What each of these has, by member; void stamps do not count, and who has none is missing."""
        ...

    async def give_medals(
        self, rally_id: int, medals: Collection[tuple[int, str]], now: datetime
    ) -> set[tuple[int, str]]:
        """Write medals, each a member and a target's code; returns those that are new."""
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
    """Whoever acts on new medals as on new stamps: gifts, coupons, cards."""

    async def stamped(self, rally: Rally, visits: Sequence[Visit]) -> None:
        """These people have more than before."""
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

    async def stamped(self, rally: Rally, visits: Sequence[Visit]) -> None:
        """Write the medals that new stamps reach; a target that was reached stays reached.

        A medal that is worth a gift is told of together with it; each of the others is told once here.
        """
        await self._give(rally, await self._store.stamped_by(rally.id, {visit.member_id for visit in visits}))

    async def tick(self, setbacks: Setbacks) -> int:
        """After a target became easier: whoever has reached it meanwhile gets the medal, without another stamp."""
        waiting = await self._store.to_regrade()
        await setbacks.apart("medals", waiting, self._regrade)
        return len(waiting)

    async def _regrade(self, waiting: Sequence[int]) -> None:
        for rally_id in waiting:
            rally = await self._store.lock(rally_id)
            assert rally is not None
            stamped = await self._store.stamped_by_all(rally_id)
            if winners := await self._give(rally, stamped):
                await self._follow(rally, {member_id: stamped[member_id] for member_id in winners})
            await self._store.mark_regraded(rally_id)

    async def _give(self, rally: Rally, stamped: Mapping[int, Collection[str]]) -> list[int]:
        """Write what is reached; returns to whom any of it is new, in one order for all."""
        earned = [(member, code) for member, held in stamped.items() for code in reached_of(rally.targets, held)]
        new = await self._store.give_medals(rally.id, earned, self._now())
        with_gift = {gift.target for gift in rally.plan.gifts}
        told = [target for target in rally.targets if target.code not in with_gift]
        await self._tell(
            rally, [(member, target) for member, code in sorted(new) for target in told if target.code == code]
        )
        return sorted({member for member, _ in new})

    async def _follow(self, rally: Rally, stamped: Mapping[int, Collection[str]]) -> None:
        booths = {booth.code: booth for booth in rally.booths}
        visits = [Visit(member, booths[min(held)]) for member, held in stamped.items()]
        for follower in self._followers:
            await follower.stamped(rally, visits)

    async def _tell(self, rally: Rally, medals: Sequence[tuple[int, Target]]) -> None:
        people = await self._people.many(sorted({member for member, _ in medals}))
        words = {
            (member, target.code): self._wording.medal(rally, target, people[member].language)
            for member, target in medals
        }
        name = campaign(rally)
        await self._outbox.tell_all([(name, f"medal:{code}", member, said) for (member, code), said in words.items()])
