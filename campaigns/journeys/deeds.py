"""What the steps of journeys do: messages are planned together, tasks opened and tags set one by one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.channels.model import Channel, ChannelDraft
from campaigns.deliveries.model import Draft, Kind
from campaigns.deliveries.service import Outbox
from campaigns.followups.model import FollowUpRefusal, Source
from campaigns.followups.rules import due_after
from campaigns.journeys.model import Deed, Entry, Mark, Plan, Send, Task
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
from campaigns.members.model import Language, Member
from campaigns.members.rules import masked


@dataclass(frozen=True)
class Surroundings:
    """The other features that steps act through."""

    audiences: Audiences
    people: People
    followups: FollowUps
    tags: Tags
    channels: Channels
    happenings: Happenings


@dataclass
class Planned:
    """What waits to be kept: messages, which of them are withheld, and what each step did."""

    drafts: list[Draft] = field(default_factory=list)
    outside: list[ChannelDraft] = field(default_factory=list)
    withheld: list[tuple[str, str]] = field(default_factory=list)
    marks: list[tuple[Entry, str, Deed]] = field(default_factory=list)


class Deeds:
    """Deeds of entries that go on together; `keep` writes what was gathered."""

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
        self._planned = Planned()

    async def do(self, plan: Plan, entry: Entry, step: Send | Task | Mark, member: Member | None) -> Deed:
        """One step of one entry."""
        match step:
            case Send() if step.channel is Channel.PRIVATE:
                return self._send(entry, step, member)
            case Send():
                return self._send_outside(plan, entry, step, member)
            case Task():
                return await self._open_task(plan, entry, step, member)
            case Mark():
                return await self._tag(entry, step)

    def note(self, entry: Entry, node: str, deed: Deed) -> None:
        """What a step did; what it did first stands."""
        self._planned.marks.append((entry, node, deed))

    async def keep(self) -> None:
        """Write it: each statement is for all."""
        planned, now = self._planned, self._now()
        if planned.drafts:
            await self._outbox.add(*planned.drafts)
        if planned.withheld:
            await self._store.hold_out(planned.withheld, now)
        if planned.outside:
            await self._around.channels.add(*planned.outside)
        await self._store.mark(planned.marks, now)
        self._planned = Planned()

    def _send(self, entry: Entry, step: Send, member: Member | None) -> Deed:
        """Into the ledger, where a step of an entry stands once; an offer for who is held out ends there as such."""
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
        self._planned.drafts.append(draft)
        if not entry.is_held_out or step.kind is not Kind.MARKETING:
            return Deed.SENT
        self._planned.withheld.append((draft.campaign, draft.step))
        return Deed.HELD_OUT

    def _send_outside(self, plan: Plan, entry: Entry, step: Send, member: Member | None) -> Deed:
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
        self._planned.outside.append(draft)
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
