"""Use cases of suspicions: score running events now and then, show the cases, let a person decide."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from campaigns.members.model import Member
from campaigns.rallies.model import Rally
from campaigns.stamps.ports import Trail
from campaigns.suspicions.model import Case, Remaining, Seen, Spot, Suspicion, SuspicionState
from campaigns.suspicions.rules import held, score, unearned

EVERY = timedelta(minutes=2)


class SuspicionStore(Protocol):
    """Uses of codes and cases in one transaction."""

    async def take_due(self, now: datetime, before: datetime) -> list[int]:
        """Events that run, or ended lately, and were not looked at since; marked as looked at."""
        ...

    async def seen(self, rally_id: int) -> Sequence[Seen]:
        """Every use of a code in an event."""
        ...

    async def remaining(self, rally_id: int) -> Mapping[int, Remaining]:
        """What those have, by member, of whom a stamp was taken back."""
        ...

    async def keep(self, rally_id: int, found: Sequence[Suspicion], now: datetime) -> None:
        """Store suspicions over the bar; what a person has decided stays decided."""
        ...

    async def cases(self, rally_id: int) -> list[Case]:
        """All cases of an event: those that wait first, then by their score."""
        ...

    async def decide(self, rally_id: int, member_id: int, state: SuspicionState, by: int, now: datetime) -> bool:
        """Close a case that is held; False where there is none."""
        ...


class Rallies(Protocol):
    """The events, as their own store knows them."""

    async def find(self, rally_id: int) -> Rally | None:
        """One event with its booths."""
        ...


class People(Protocol):
    """Who is who."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class SuspicionService:
    """Suspicions inside one unit of work."""

    def __init__(
        self, store: SuspicionStore, rallies: Rallies, people: People, trail: Trail, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._rallies = rallies
        self._people = people
        self._trail = trail
        self._now = now

    async def tick(self) -> int:
        """Look again at every event that is due; returns how many were."""
        due = await self._store.take_due(self._now(), self._now() - EVERY)
        for rally_id in due:
            rally = await self._rallies.find(rally_id)
            if rally is not None:
                await self.look(rally)
        return len(due)

    async def look(self, rally: Rally) -> list[Suspicion]:
        """Score everybody of an event and keep who is over the bar."""
        counts = {member: len(codes) for member, codes in (await self.unearned(rally)).items()}
        found = held(score(await self._store.seen(rally.id), spots_of(rally), counts))
        await self._store.keep(rally.id, found, self._now())
        return found

    async def unearned(self, rally: Rally) -> Mapping[int, frozenset[str]]:
        """The medals, by member, that are not reached any more since stamps were taken back."""
        left = await self._store.remaining(rally.id)
        return {member: unearned(rally.targets, each) for member, each in left.items()}

    async def cases(self, rally_id: int) -> list[Case]:
        """All cases of an event: those that wait first."""
        return await self._store.cases(rally_id)

    async def people(self, cases: Sequence[Case]) -> Mapping[int, Member]:
        """Whom these cases are about."""
        return await self._people.many([each.suspicion.member_id for each in cases])

    async def decide(self, rally: Rally, member_id: int, state: SuspicionState, by: int) -> bool:
        """A person's word: the gift may be handed out, or not; who decided is kept."""
        done = await self._store.decide(rally.id, member_id, state, by, self._now())
        if done:
            await self._trail.note(by, "decide_suspicion", f"{rally.code} {member_id} {state}")
        return done


def spots_of(rally: Rally) -> Mapping[int, Spot]:
    """Where an event's booths stand, in metres; the map's 100 units are `map_metres` wide."""
    metres = rally.plan.map_metres / 100
    return {booth.id: Spot(booth.x * metres, booth.y * metres) for booth in rally.booths}
