"""How events move journeys: they begin them, wake who waits and reach goals; many events in few statements."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from campaigns.audiences.model import Fault
from campaigns.events.model import Event, EventKind
from campaigns.experiments.model import GlobalControl
from campaigns.journeys.course import begins, hear, may_enter, start
from campaigns.journeys.ending import Endings
from campaigns.journeys.model import Entry, Outcome, Plan, Wait
from campaigns.journeys.ports import Audiences, EngineStore
from campaigns.journeys.rules import is_held_out


class Persons:
    """Entries by whose they are: a customer's, or a member's whom the bank has no customer for."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._theirs: defaultdict[UUID | int | None, list[Entry]] = defaultdict(list)
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """One more."""
        self._theirs[entry.customer_id or entry.member_id].append(entry)

    def of(self, event: Event) -> list[Entry]:
        """Those of the person to whom an event happened, also from before the member was known as a customer."""
        named = dict.fromkeys(each for each in (event.customer_id, event.member_id) if each is not None)
        return [entry for each in named for entry in self._theirs.get(each, ())]


class Entrance:
    """Takes events in their order, inside one unit of work."""

    def __init__(
        self,
        store: EngineStore,
        audiences: Audiences,
        endings: Endings,
        plan_of: Callable[[str, int], Plan],
        control: GlobalControl,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._audiences = audiences
        self._endings = endings
        self._plan_of = plan_of
        self._control = control
        self._now = now

    async def begin(self, name: str, version: int, events: Sequence[Event]) -> None:
        """Let those enter a journey whose events begin it; who is at its goal already ends at once."""
        plan, now = self._plan_of(name, version), self._now()
        starting = await self._allowed(plan, [each for each in events if begins(plan, each, now)])
        if not starting:
            return
        before, fresh = Persons(await self._store.entered(name, starting)), []
        for event in starting:
            if may_enter(plan.entry, before.of(event), now):
                fresh.append(_entry(plan, version, event, now))
                before.add(fresh[-1])
        kept = await self._store.enter(await self._assigned(plan, fresh))
        if plan.goal is not None:
            happened = await self._store.happened(kept)
            reached = [each for each in kept if plan.goal in happened.get(each.id, frozenset())]
            await self._endings.end([(each, Outcome.REACHED) for each in reached])

    async def hear(self, plans: Iterable[Plan], events: Sequence[Event]) -> None:
        """Wake who waits for one of these events, and end whose goal it is; each event finds what the last one left."""
        kinds = _heard(plans)
        telling = [each for each in events if each.kind in kinds]
        if not telling:
            return
        inside = await self._store.open_of(telling)
        persons, after = Persons(inside), {each.id: each for each in inside}
        for event in telling:
            for entry in persons.of(event):
                plan = self._plan_of(entry.journey, entry.version)
                after[entry.id] = hear(plan, after[entry.id], event, self._now())
        ended = [(each, outcome) for each in inside if (outcome := after[each.id].outcome) is not None]
        await self._endings.end(ended)
        woken = [after[each.id] for each in inside if after[each.id] != each and after[each.id].outcome is None]
        await self._store.save(woken)

    async def _allowed(self, plan: Plan, events: Sequence[Event]) -> Sequence[Event]:
        """The events of those who may enter by the journey's line; all where it has none."""
        if plan.entry.line is None or not events:
            return events
        customers = {each.customer_id for each in events if each.customer_id is not None}
        expression = await self._audiences.read(plan.entry.line)
        if isinstance(expression, Fault) or not customers:
            return ()
        allowed = await self._audiences.among(expression, customers)
        return [each for each in events if each.customer_id in allowed]

    async def _assigned(self, plan: Plan, entries: Sequence[Entry]) -> list[Entry]:
        """Entries with whom the hold-out or the global control keeps back, by the stable number of each."""
        numbers = await self._store.numbers({each.customer_id for each in entries if each.customer_id})
        units = [numbers[each.customer_id] if each.customer_id else f"member:{each.member_id}" for each in entries]
        return [
            replace(each, is_held_out=is_held_out(plan, unit, self._control))
            for each, unit in zip(entries, units, strict=True)
        ]


def _entry(plan: Plan, version: int, event: Event, now: datetime) -> Entry:
    member = None if event.customer_id else event.member_id
    return start(plan, Entry(0, plan.name, version, event.id, event.kind, event.at, now, event.customer_id, member))


def _heard(plans: Iterable[Plan]) -> frozenset[EventKind]:
    """What wakes somebody or is a goal; what only begins journeys tells nobody who is inside anything."""
    waits = {(each.until) for plan in plans for each in plan.steps if isinstance(each, Wait)}
    return frozenset(each for each in waits | {plan.goal for plan in plans} if each is not None)
