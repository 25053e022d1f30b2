"""Use cases of waiting numbers: take one, give it back, what the booths' queues are, and whose turn it is."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language, Member
from campaigns.rallies.model import Booth, Rally, Visit
from campaigns.setbacks.ports import Setbacks
from campaigns.waits.model import Number, Queue, WaitCode, Waited, WaitState
from campaigns.waits.rules import NEARLY, RECENT, ahead_of, minutes, seconds_each, steps, why_no_number


class WaitStore(Protocol):
    """Waiting numbers in one transaction."""

    async def lock_booth(self, booth_id: int) -> None:
        """Numbers of one booth are given one after the other."""
        ...

    async def add(self, booth: Booth, member_id: int, now: datetime, *, is_told: bool) -> Number:
        """Give the next number of a booth."""
        ...

    async def open_of(self, rally_id: int, member_id: int) -> Number | None:
        """The only open number that somebody has in a rally."""
        ...

    async def open_among(self, rally_id: int, member_ids: Collection[int]) -> list[Number]:
        """The open numbers that these people have in a rally."""
        ...

    async def queue(self, booth_id: int) -> list[Number]:
        """The open numbers of a booth, the first first."""
        ...

    async def queues(self) -> list[Number]:
        """All open numbers of running rallies."""
        ...

    async def sizes(self, rally_id: int) -> Mapping[int, int]:
        """How many open numbers the booths of a rally have; a booth without is missing."""
        ...

    async def stamped_at(self, rally_id: int, since: datetime) -> Mapping[int, list[datetime]]:
        """When the booths of a rally gave stamps of late."""
        ...

    async def move(self, numbers: Collection[Number], state: WaitState, now: datetime) -> None:
        """Put open numbers into a state."""
        ...

    async def mark_told(self, numbers: Collection[Number], now: datetime) -> None:
        """Remember that these were told."""
        ...

    async def serve(self, places: Collection[tuple[int, int]], now: datetime) -> None:
        """These members have the stamps of these booths: their numbers there end."""
        ...

    async def has_stamp(self, booth_id: int, member_id: int) -> bool:
        """Whether somebody has this booth's stamp already."""
        ...


class Rallies(Protocol):
    """The events, as their own store knows them."""

    async def find(self, rally_id: int) -> Rally | None:
        """One rally with its booths."""
        ...


class People(Protocol):
    """Who the members are."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by platform id."""
        ...


class Words(Protocol):
    """What somebody is told whose turn is near."""

    def nearly(self, booth: Booth, number: int, ahead: int, language: Language) -> Message:
        """It is nearly their turn."""
        ...


class WaitService:
    """Waiting numbers inside one unit of work; follows every new stamp."""

    def __init__(
        self,
        store: WaitStore,
        rallies: Rallies,
        people: People,
        outbox: Outbox,
        words: Words,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._rallies = rallies
        self._people = people
        self._outbox = outbox
        self._words = words
        self._now = now

    async def take(self, rally: Rally, booth: Booth, member: Member) -> Waited:
        """Give somebody the next number of a booth; a number at another booth is given back for it."""
        now = self._now()
        refusal = why_no_number(booth, now)
        if refusal is None and await self._store.has_stamp(booth.id, member.id):
            refusal = WaitCode.STAMPED
        if refusal is not None:
            return Waited(refusal)
        await self._store.lock_booth(booth.id)
        held = await self._store.open_of(rally.id, member.id)
        if held is not None and held.booth_id == booth.id:
            return await self._waited(WaitCode.ALREADY, rally, held)
        if held is not None:
            await self._store.move([held], WaitState.LEFT, now)
        is_near = len(await self._store.queue(booth.id)) <= NEARLY
        number = await self._store.add(booth, member.id, now, is_told=is_near)
        return await self._waited(WaitCode.TAKEN, rally, number)

    async def leave(self, rally: Rally, member: Member) -> Waited:
        """Give the own number back."""
        held = await self._store.open_of(rally.id, member.id)
        if held is None:
            return Waited(WaitCode.NONE)
        await self._store.move([held], WaitState.LEFT, self._now())
        return Waited(WaitCode.LEFT, held)

    async def own(self, rally: Rally, member_ids: Collection[int]) -> Mapping[int, Waited]:
        """The numbers that these people have now, with the minutes until their turns; who has none is missing."""
        held = await self._store.open_among(rally.id, member_ids)
        if not held:
            return {}
        queues = {booth: await self._store.queue(booth) for booth in sorted({each.booth_id for each in held})}
        paces = await self._paces(rally)
        ahead = {each: ahead_of(each, queues[each.booth_id]) for each in held}
        return {
            each.member_id: Waited(WaitCode.ALREADY, each, before, minutes(before, paces[each.booth_id]))
            for each, before in ahead.items()
        }

    async def queues(self, rally: Rally) -> Mapping[str, Queue]:
        """How many wait at every booth and how long that takes, by booth code."""
        sizes = await self._store.sizes(rally.id)
        paces = await self._paces(rally)
        return {
            booth.code: Queue(sizes.get(booth.id, 0), minutes(sizes.get(booth.id, 0), paces[booth.id]))
            for booth in rally.booths
        }

    async def stamped(self, rally: Rally, visits: Sequence[Visit]) -> None:
        """A new stamp ends the visitor's number at its booth; the next ones are called by the tick."""
        await self._store.serve([(visit.booth.id, visit.member_id) for visit in visits], self._now())

    async def tick(self, setbacks: Setbacks) -> None:
        """Call whose turn it is, pass over who did not come, and tell everybody once whose turn is near."""
        numbers = await self._store.queues()
        rallies = sorted({each.rally_id for each in numbers})
        await setbacks.apart("waits", rallies, partial(self._advance_all, numbers))

    async def _advance_all(self, numbers: Sequence[Number], rallies: Sequence[int]) -> None:
        for rally_id in rallies:
            rally = await self._rallies.find(rally_id)
            for booth in rally.booths if rally else ():
                queue = [each for each in numbers if each.booth_id == booth.id]
                if queue:
                    await self._advance(booth, queue)

    async def _advance(self, booth: Booth, queue: Sequence[Number]) -> None:
        now = self._now()
        due = steps(queue, now, is_open=why_no_number(booth, now) is None)
        await self._store.move(due.missed, WaitState.MISSED, now)
        await self._store.move(due.called, WaitState.CALLED, now)
        await self._store.mark_told(due.told, now)
        people = await self._people.many([each.member_id for each in due.told]) if due.told else {}
        rest = [each for each in queue if each not in due.missed]
        for each in due.told:
            said = self._words.nearly(booth, each.number, ahead_of(each, rest), people[each.member_id].language)
            await self._outbox.tell(f"wait:{each.id}", "nearly", each.member_id, said)

    async def _waited(self, code: WaitCode, rally: Rally, number: Number) -> Waited:
        ahead = ahead_of(number, await self._store.queue(number.booth_id))
        return Waited(code, number, ahead, minutes(ahead, (await self._paces(rally))[number.booth_id]))

    async def _paces(self, rally: Rally) -> dict[int, float]:
        """Seconds that one visitor takes at every booth."""
        now = self._now()
        late = await self._store.stamped_at(rally.id, now - RECENT)
        return {
            booth.id: seconds_each(booth.seconds_per_visitor, late.get(booth.id, ()), now) for booth in rally.booths
        }
