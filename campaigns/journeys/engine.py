"""What moves journeys: events begin them, wake them and reach their goals; what is due goes on, each step once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from campaigns.audiences.model import Fault
from campaigns.compliance.hours import zone_of
from campaigns.compliance.model import GatePolicy
from campaigns.deliveries.service import Outbox
from campaigns.events.model import Event, EventKind
from campaigns.experiments.model import GlobalControl
from campaigns.journeys.course import Pause, arrive, done
from campaigns.journeys.deeds import Deeds, Surroundings
from campaigns.journeys.ending import Endings
from campaigns.journeys.entering import Entrance
from campaigns.journeys.model import Branch, Deed, Entry, Plan
from campaigns.journeys.ports import EngineStore, JourneyWording
from campaigns.members.model import Member
from campaigns.setbacks.ports import Setbacks

EVENTS_AT_A_TIME, ENTRIES_AT_A_TIME = 1_000, 500  # A second of work, so that the other features' turn comes.


class JourneyEngine:
    """Journeys in motion, inside one unit of work; what cannot go on rests by itself."""

    def __init__(
        self,
        store: EngineStore,
        around: Surroundings,
        outbox: Outbox,
        wording: JourneyWording,
        setbacks: Setbacks,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._around = around
        self._outbox = outbox
        self._wording = wording
        self._setbacks = setbacks
        self._now = now
        self._zone = zone
        self._plans: dict[tuple[str, int], Plan] = {}
        self._endings = Endings(store, outbox, around.channels, self._plan, now)

    async def tick(self) -> int:
        """Look around, take events, let what is due go on; returns how much was found, 0 while another one ticks."""
        if not await self._store.claim():
            return 0
        self._plans = {named: each.plan for named, each in (await self._store.editions()).items()}
        running = await self._store.running()
        await self._around.happenings.look()
        await self._setbacks.apart("journey_audiences", list(running.items()), self._look, lambda named: named[0])
        if await self._store.is_time_to_sweep(self._now()):
            await self._setbacks.apart(
                "journey_leaving", await self._store.leaving(), self._endings.end, lambda gone: gone[0].id
            )
        events = await self._take_events(running)
        due = await self._store.due(self._now(), ENTRIES_AT_A_TIME)
        await self._setbacks.apart("journeys", due, self._go_on, lambda entry: entry.id)
        return events + len(due)

    async def _look(self, running: Sequence[tuple[str, int]]) -> None:
        """Who joined the audiences of journeys, where it is time to look."""
        for name, version in running:
            line = self._plan(name, version).trigger.line
            if line is None or not await self._store.is_time_for(name, version, self._now()):
                continue
            expression = await self._around.audiences.read(line)
            if not isinstance(expression, Fault):
                await self._store.joined(name, await self._around.audiences.belonging(expression), self._now())

    async def _take_events(self, running: dict[str, int]) -> int:
        heeded = frozenset(kind for plan in self._plans.values() for kind in plan.heeds)
        await self._store.pass_over(heeded, self._now())
        events = await self._store.unhandled(self._now(), EVENTS_AT_A_TIME)
        if events:
            take = partial(self._take, running, await self._store.control())
            await self._setbacks.apart("journey_events", events, take, lambda event: event.id)
        return len(events)

    async def _take(self, running: dict[str, int], control: GlobalControl, events: Sequence[Event]) -> None:
        entrance = Entrance(self._store, self._around.audiences, self._endings, self._plan, control, self._now)
        for name, version in running.items():
            await entrance.begin(name, version, events)
        await entrance.hear(self._plans.values(), events)
        await self._store.handled(events, self._now())

    async def _go_on(self, due: Sequence[Entry]) -> None:
        """Let entries take every step up to the next wait or the end; who is to leave ends here with the reason."""
        leaving = await self._store.leaving(due)
        await self._endings.end(leaving)
        gone = {entry.id for entry, _ in leaving}
        staying = [entry for entry in due if entry.id not in gone]
        happened, members = await self._store.happened(staying), await self._members(staying)
        deeds = Deeds(self._store, self._around, self._outbox, self._wording, self._now, self._zone)
        moved = [
            await self._walk(entry, happened.get(entry.id, frozenset()), members.get(entry.id), deeds)
            for entry in staying
        ]
        await deeds.keep()
        await self._store.save(moved)

    async def _walk(self, entry: Entry, happened: frozenset[EventKind], member: Member | None, deeds: Deeds) -> Entry:
        plan, now = self._plan(entry.journey, entry.version), self._now()
        zone = zone_of(member.zone if member else None, GatePolicy(zone=self._zone.key))
        while isinstance(stands := arrive(plan, entry, now, zone, happened.__contains__), Pause):
            if isinstance(stands, Branch):
                answer = await self._answer(stands, entry, happened)
                deeds.note(entry, stands.id, Deed.THEN if answer else Deed.ELSE)
                entry = done(entry, stands, now, answer=answer)
                continue
            deeds.note(entry, stands.id, await deeds.do(plan, entry, stands, member))
            entry = done(entry, stands, now)
        return stands

    async def _answer(self, branch: Branch, entry: Entry, happened: frozenset[EventKind]) -> bool:
        if branch.happened is not None:
            return branch.happened in happened
        if branch.line is None or entry.customer_id is None:
            return False
        expression = await self._around.audiences.read(branch.line)
        if isinstance(expression, Fault):
            return False
        return entry.customer_id in await self._around.audiences.among(expression, {entry.customer_id})

    async def _members(self, entries: Sequence[Entry]) -> dict[int, Member]:
        """Who each entry's person is in the chat, by the entry; whom the bank cannot write to there is left out."""
        holders = await self._store.holders({each.customer_id for each in entries if each.customer_id})
        whose = {
            each.id: each.member_id if each.customer_id is None else holders.get(each.customer_id) for each in entries
        }
        people = await self._around.people.many(sorted({number for number in whose.values() if number is not None}))
        return {entry: people[number] for entry, number in whose.items() if number in people}

    def _plan(self, name: str, version: int) -> Plan:
        return self._plans[name, version]
