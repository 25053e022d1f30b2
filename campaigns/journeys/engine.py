"""What moves journeys: events begin them, wake them and reach their goals; what is due goes on, each step once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.audiences.model import Fault
from campaigns.channels.model import Channel, ChannelDraft
from campaigns.compliance.hours import zone_of
from campaigns.compliance.model import GatePolicy
from campaigns.deliveries.model import Draft, Kind
from campaigns.deliveries.service import Outbox
from campaigns.events.model import Event
from campaigns.experiments.model import GlobalControl
from campaigns.followups.model import FollowUpRefusal, Source
from campaigns.followups.rules import due_after
from campaigns.journeys.course import Pause, arrive, begins, done, ended, hear, may_enter, start
from campaigns.journeys.model import Branch, Deed, Edition, Entry, Mark, Outcome, Plan, Send, Task
from campaigns.journeys.ports import (
    Audiences,
    Channels,
    EngineStore,
    FollowUps,
    Happenings,
    JourneyWording,
    People,
    Tags,
)
from campaigns.journeys.rules import is_held_out
from campaigns.members.model import Language, Member
from campaigns.members.rules import masked

AT_A_TIME = 100  # A second of work, so that the other features' turn comes.
LATER = timedelta(hours=1)  # until a step that failed is tried again


@dataclass(frozen=True)
class Surroundings:
    """The other features that steps act through."""

    audiences: Audiences
    people: People
    followups: FollowUps
    tags: Tags
    channels: Channels
    happenings: Happenings


class JourneyEngine:
    """Journeys in motion, inside one unit of work."""

    def __init__(
        self,
        store: EngineStore,
        around: Surroundings,
        outbox: Outbox,
        wording: JourneyWording,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._around = around
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._zone = zone
        self._editions: dict[tuple[str, int], Edition] = {}

    async def tick(self) -> int:
        """Look around, take events, let what is due go on; returns how much was found, 0 while another one ticks."""
        if not await self._store.claim():
            return 0
        self._editions = await self._store.editions()
        running = await self._store.running()
        await self._around.happenings.look()
        await self._look_at_audiences(running)
        if await self._store.is_time_to_sweep(self._now()):
            await self._leave(await self._store.leaving())
        events = await self._take_events(running)
        due = await self._store.due(self._now(), AT_A_TIME)
        gone = await self._leave(await self._store.leaving(due)) if due else frozenset()
        for entry in due:
            if entry.id not in gone and not await self._store.alone(partial(self._go_on, entry)):
                await self._store.save(replace(entry, due_at=self._now() + LATER))
        return events + len(due)

    async def _look_at_audiences(self, running: dict[str, int]) -> None:
        for name, version in running.items():
            line = self._plan(name, version).trigger.line
            if line is None or not await self._store.is_time_for(name, version, self._now()):
                continue
            expression = await self._around.audiences.read(line)
            if not isinstance(expression, Fault):
                await self._store.joined(name, await self._around.audiences.belonging(expression), self._now())

    async def _leave(self, leaving: Sequence[tuple[Entry, Outcome]]) -> frozenset[int]:
        """End these with their reason; the gate holds what would leave until then."""
        for entry, outcome in leaving:
            await self._end(entry, outcome)
        return frozenset(entry.id for entry, _ in leaving)

    async def _take_events(self, running: dict[str, int]) -> int:
        heeded = frozenset(kind for each in self._editions.values() for kind in each.plan.heeds)
        await self._store.pass_over(heeded, self._now())
        events, control = await self._store.unhandled(AT_A_TIME), await self._store.control()
        for name, version in running.items():
            plan = self._plan(name, version)
            starting = [each for each in events if begins(plan, each, self._now())]
            allowed = await self._allowed(plan, starting)
            for event in starting:
                if allowed is None or event.customer_id in allowed:
                    await self._begin(plan, version, event, control)
        for event in events:
            for entry in await self._store.open_of(event):
                await self._hear(entry, event)
        await self._store.handled(events, self._now())
        return len(events)

    async def _allowed(self, plan: Plan, events: Sequence[Event]) -> frozenset[UUID] | None:
        """Who of the events' customers may enter by the journey's line; None where it has none."""
        if plan.entry.line is None:
            return None
        customers = {each.customer_id for each in events if each.customer_id is not None}
        expression = await self._around.audiences.read(plan.entry.line)
        if isinstance(expression, Fault) or not customers:
            return frozenset()
        return await self._around.audiences.among(expression, customers)

    async def _begin(self, plan: Plan, version: int, event: Event, control: GlobalControl) -> None:
        now = self._now()
        if not may_enter(plan.entry, await self._store.entered(plan.name, event), now):
            return
        entry = Entry(
            0,
            plan.name,
            version,
            event.id,
            event.kind,
            event.at,
            now,
            event.customer_id,
            None if event.customer_id else event.member_id,
        )
        held_out = is_held_out(plan, await self._unit(entry), control)
        entry = replace(start(plan, entry), is_held_out=held_out)
        kept = await self._store.enter(entry)
        if kept is not None and plan.goal in await self._store.happened(kept):
            await self._end(kept, Outcome.REACHED)

    async def _unit(self, entry: Entry) -> str:
        """The stable number by which somebody is assigned."""
        if entry.customer_id is None:
            return f"member:{entry.member_id}"
        return (await self._store.numbers([entry.customer_id]))[entry.customer_id]

    async def _hear(self, entry: Entry, event: Event) -> None:
        after = hear(self._plan(entry.journey, entry.version), entry, event, self._now())
        if after.outcome is not None:
            await self._end(entry, after.outcome)
        elif after != entry:
            await self._store.save(after)

    async def _go_on(self, entry: Entry) -> None:
        """Take every step up to the next wait or the end."""
        plan, now = self._plan(entry.journey, entry.version), self._now()
        happened = await self._store.happened(entry)
        member = await self._member(entry)
        zone = zone_of(member.zone if member else None, GatePolicy(zone=self._zone.key))
        while isinstance(stands := arrive(plan, entry, now, zone, happened.__contains__), Pause):
            if isinstance(stands, Branch):
                answer = await self._answer(stands, entry)
                await self._store.mark(entry, stands.id, Deed.THEN if answer else Deed.ELSE, now)
                entry = done(entry, stands, now, answer=answer)
                continue
            deed = await self._do(plan, entry, stands, member)
            await self._store.mark(entry, stands.id, deed, now)
            entry = done(entry, stands, now)
        await self._store.save(stands)

    async def _answer(self, branch: Branch, entry: Entry) -> bool:
        if branch.happened is not None:
            return branch.happened in await self._store.happened(entry)
        if branch.line is None or entry.customer_id is None:
            return False
        expression = await self._around.audiences.read(branch.line)
        if isinstance(expression, Fault):
            return False
        return entry.customer_id in await self._around.audiences.among(expression, {entry.customer_id})

    async def _do(self, plan: Plan, entry: Entry, step: Send | Task | Mark, member: Member | None) -> Deed:
        match step:
            case Send():
                return await self._send(plan, entry, step, member)
            case Task():
                return await self._open_task(plan, entry, step, member)
            case Mark():
                return await self._tag(entry, step)

    async def _send(self, plan: Plan, entry: Entry, step: Send, member: Member | None) -> Deed:
        """Into the ledger, where a step of an entry stands once; an offer for who is held out ends there as such."""
        if step.channel is not Channel.PRIVATE:
            return await self._send_outside(plan, entry, step, member)
        if member is None:
            return Deed.UNREACHABLE
        now = self._now()
        words = self._wording.message(step.text, step.kind, member.language)
        draft = Draft(
            entry.ledger,
            entry.deed(step.id),
            member.id,
            words,
            step.kind,
            now,
            now + timedelta(days=step.valid_days),
            product=step.product,
            risk=step.risk,
        )
        await self._outbox.add(draft)
        if not entry.is_held_out or step.kind is not Kind.MARKETING:
            return Deed.SENT
        await self._store.hold_out(draft.campaign, draft.step, now)
        return Deed.HELD_OUT

    async def _send_outside(self, plan: Plan, entry: Entry, step: Send, member: Member | None) -> Deed:
        """By a text message, e-mail or the like: for customers alone, whom the bank has an address of."""
        if entry.customer_id is None:
            return Deed.UNREACHABLE
        now, language = self._now(), member.language if member else Language.ZH
        held_out = entry.is_held_out and step.kind is Kind.MARKETING
        draft = ChannelDraft(
            entry.ledger,
            entry.deed(step.id),
            step.channel,
            entry.customer_id,
            step.text.read_in(language),
            now,
            plan.title.read_in(language),
            step.kind,
            expires_at=now + timedelta(days=step.valid_days),
            held_out=held_out,
            product=step.product,
            risk=step.risk,
        )
        await self._around.channels.add(draft)
        return Deed.HELD_OUT if held_out else Deed.SENT

    async def _open_task(self, plan: Plan, entry: Entry, step: Task, member: Member | None) -> Deed:
        if entry.customer_id is None:
            return await self._tell_managers(plan, entry, step, member)
        today = self._now().astimezone(self._zone).date()
        due = due_after(today, step.within, self._zone) if step.within else None
        why = self._wording.task(plan, step.why)
        opened = await self._around.followups.open(
            entry.customer_id, Source.JOURNEY, why, due=due, ref=entry.deed(step.id)
        )
        return Deed.NOBODY_OWNS if isinstance(opened, FollowUpRefusal) else Deed.TASK_OPENED

    async def _tell_managers(self, plan: Plan, entry: Entry, step: Task, member: Member | None) -> Deed:
        """A lead is no customer whom a follow-up could be of: the managers of the groups are told."""
        managers = await self._around.people.managers_of(member.id) if member else []
        if member is None or not managers:
            return Deed.NOBODY_OWNS
        for manager in (await self._around.people.many(managers)).values():
            words = self._wording.lead_task(plan, step.why, masked(member.name), manager.language)
            await self._outbox.tell(entry.ledger, entry.deed(step.id), manager.id, words)
        return Deed.TASK_OPENED

    async def _tag(self, entry: Entry, step: Mark) -> Deed:
        if entry.customer_id is None:
            return Deed.UNREACHABLE
        number = (await self._store.numbers([entry.customer_id]))[entry.customer_id]
        await self._around.tags.put(number, step.tag, entry.ledger, entry.ledger)
        return Deed.TAGGED

    async def _end(self, entry: Entry, outcome: Outcome) -> None:
        """End an entry before the end of its path; what it planned and has not left is taken back."""
        await self._store.save(ended(entry, outcome, self._now()))
        steps = self._plan(entry.journey, entry.version).steps
        sends = [each for each in steps if isinstance(each, Send)]
        await self._outbox.cancel_steps([(entry.ledger, entry.deed(each.id)) for each in sends])
        for each in sends:
            if each.channel is not Channel.PRIVATE:
                await self._around.channels.cancel(entry.ledger, entry.deed(each.id))

    async def _member(self, entry: Entry) -> Member | None:
        if entry.customer_id is None:
            number = entry.member_id
        else:
            number = await self._around.people.holder_of(entry.customer_id)
        return (await self._around.people.many([number])).get(number) if number is not None else None

    def _plan(self, name: str, version: int) -> Plan:
        return self._editions[name, version].plan
