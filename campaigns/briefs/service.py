"""Use cases of briefs: write the morning's, settle a customer by one tap, remind in the afternoon, sum up the week."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.briefs.model import (
    Addressee,
    Brief,
    BriefItem,
    BriefRefusal,
    Candidate,
    ItemState,
    SkipReason,
    Week,
)
from campaigns.briefs.rules import STATES, choose, is_afternoon, is_morning, settle, week_of
from campaigns.customers.lookups import Lookup, Occasion
from campaigns.customers.next_actions import ActionChannel
from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.followups.model import FollowUpRefusal, Source
from campaigns.followups.service import FollowUpService
from campaigns.members.model import Language, Member
from campaigns.owners.service import OwnerService
from campaigns.setbacks.ports import Setbacks

OFFER_LIVES = timedelta(days=2)


class BriefStore(Protocol):
    """What briefs need of the database."""

    async def due(self, day: date, start: datetime, wall: time) -> list[int]:
        """The managers whose hour has come, who have no brief of that day and were managers before it began."""
        ...

    async def candidates(self, managers: Sequence[int], until: datetime, now: datetime) -> list[Candidate]:
        """What is due until then, and what the latest run would do with customers whom nobody met in a week."""
        ...

    async def keep(self, manager: int, day: date, chosen: Sequence[Candidate], now: datetime) -> Brief:
        """Keep a brief."""
        ...

    async def of_day(self, manager: int, day: date) -> Brief | None:
        """A manager's brief of a day."""
        ...

    async def find(self, item_id: int) -> tuple[Brief, BriefItem] | None:
        """One item with its brief, locked."""
        ...

    async def settle(
        self, item_id: int, state: ItemState, reason: SkipReason | None, followup: int | None, now: datetime
    ) -> None:
        """Keep what became of a customer."""
        ...

    async def to_remind(self, day: date, now: datetime) -> list[Brief]:
        """Briefs of a day with customers left, marked as reminded of."""
        ...

    async def addressee(self, customer_id: UUID) -> Addressee | None:
        """The member who is a customer and may be written to."""
        ...

    async def set_hour(self, manager: int, hour: time | None) -> None:
        """Keep a manager's hour; None for no briefs."""
        ...

    async def week(self, manager: int, first: datetime, end: datetime, zone: str, now: datetime) -> Week:
        """A manager's contacts and follow-ups between two moments."""
        ...


class LookupLog(Protocol):
    """Where it is kept who looked at whom."""

    async def record(self, lookups: Sequence[Lookup]) -> None:
        """Append to the log."""
        ...


class People(Protocol):
    """Who is who."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class BriefWording(Protocol):
    """The sentences that briefs put into the ledger."""

    def morning(self, brief: Brief, now: datetime, language: Language) -> Message:
        """The brief itself."""
        ...

    def reminder(self, brief: Brief, language: Language) -> Message:
        """What is left in the afternoon."""
        ...

    def approved(self, item: BriefItem, manager: str, language: Language) -> Message:
        """The approved text for a customer."""
        ...

    def action(self, candidate: Candidate) -> str:
        """What is to be done, as a follow-up has it."""
        ...

    def interested(self, number: str, language: Language) -> Message:
        """What the manager reads when the customer answers."""
        ...

    def answered(self) -> str:
        """Why a follow-up was opened when a customer answered."""
        ...


class BriefService:
    """Briefs inside one unit of work."""

    def __init__(
        self,
        store: BriefStore,
        owners: OwnerService,
        followups: FollowUpService,
        people: People,
        looks: LookupLog,
        outbox: Outbox,
        wording: BriefWording,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._owners = owners
        self._followups = followups
        self._people = people
        self._looks = looks
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._zone = zone

    async def tick(self, setbacks: Setbacks) -> int:
        """Write the briefs whose hour has come, and remind of what is left; returns how many."""
        now = self._now()
        if day := is_morning(now, self._zone):
            start = datetime.combine(day, time(0), tzinfo=self._zone)
            managers = await self._store.due(day, start, now.astimezone(self._zone).time())
            await setbacks.apart("briefs", managers, partial(self._write_all, day), lambda manager: f"{day}:{manager}")
            return len(managers)
        if day := is_afternoon(now, self._zone):
            left = await self._store.to_remind(day, now)
            await setbacks.apart("brief_reminders", left, self._remind, lambda brief: brief.id)
            return len(left)
        return 0

    async def _write_all(self, day: date, managers: Sequence[int]) -> None:
        for manager in managers:
            await self._write(manager, day)

    async def _remind(self, left: Sequence[Brief]) -> None:
        people = await self._people.many([brief.manager_id for brief in left])
        for brief in left:
            words = self._wording.reminder(brief, people[brief.manager_id].language)
            await self._outbox.tell(f"brief:{brief.id}", "afternoon", brief.manager_id, words)

    async def today(self, member: Member) -> Brief:
        """The member's brief of today, made now where the hour has not come; the look is recorded."""
        day = self._now().astimezone(self._zone).date()
        found = await self._store.of_day(member.id, day) or await self._make(member.id, day)
        await self._record(found)
        return found

    async def set_hour(self, member: Member, hour: time | None) -> None:
        """When the member's briefs come; None for not at all."""
        await self._store.set_hour(member.id, hour)

    async def open_item(self, item_id: int, member: Member) -> BriefItem | BriefRefusal:
        """A customer of the own brief with whom nobody dealt yet, locked."""
        return settle(await self._store.find(item_id), [member.id])

    async def touch(self, item_id: int, channel: ActionChannel, member: Member) -> tuple[Brief, int] | BriefRefusal:
        """The manager wrote, called or went: kept as a contact, with a follow-up that asks what came of it.

        Writing sends the approved text through the gate. Returns the brief as it is now and the follow-up.
        """
        found = await self.open_item(item_id, member)
        if isinstance(found, BriefRefusal):
            return found
        customer = found.candidate.customer
        if channel is ActionChannel.MESSAGE and not await self._send(found, member):
            return BriefRefusal.MAY_NOT_WRITE
        await self._followups.contacted(customer.id, channel, member)
        followup = found.candidate.followup_id or await self._follow(found, member)
        await self._store.settle(found.id, STATES[channel], None, followup, self._now())
        return await self._again(found.id), followup or 0

    async def skip(self, item_id: int, reason: SkipReason, member: Member) -> Brief | BriefRefusal:
        """Leave a customer out today, and say why."""
        found = await self.open_item(item_id, member)
        if isinstance(found, BriefRefusal):
            return found
        await self._store.settle(found.id, ItemState.SKIPPED, reason, found.candidate.followup_id, self._now())
        return await self._again(found.id)

    async def respond(self, item_id: int, member: Member) -> datetime | None:
        """The customer wants to hear more: the owner is told and has until then to answer; None for anybody else."""
        found = await self._store.find(item_id)
        if found is None or member.customer_id is None or found[1].candidate.customer.id != member.customer_id:
            return None
        brief, item = found
        owner = await self._owners.owner_of(member.customer_id) or brief.manager_id
        due = await self._followups.open(
            member.customer_id, Source.OFFER_ANSWERED, self._wording.answered(), owner=owner, ref=f"brief:{item.id}"
        )
        people = await self._people.many([owner])
        words = self._wording.interested(item.candidate.customer.number, people[owner].language)
        await self._outbox.tell(f"brief:{brief.id}", f"answered:{item.id}", owner, words)
        return None if isinstance(due, FollowUpRefusal) else due

    async def week(self, member: Member) -> Week:
        """The week until now, from Monday on (S-51)."""
        now = self._now()
        first = week_of(now.astimezone(self._zone).date())
        start = datetime.combine(first, time(0), tzinfo=self._zone)
        return await self._store.week(member.id, start, start + timedelta(days=7), self._zone.key, now)

    async def _write(self, manager: int, day: date) -> None:
        brief = await self._make(manager, day)
        if brief.items:
            people = await self._people.many([manager])
            words = self._wording.morning(brief, self._now(), people[manager].language)
            await self._outbox.tell(f"brief:{brief.id}", "morning", manager, words)
            await self._record(brief)

    async def _make(self, manager: int, day: date) -> Brief:
        until = datetime.combine(day + timedelta(days=1), time(0), tzinfo=self._zone)
        found = await self._store.candidates(await self._owners.acting_for(manager), until, self._now())
        return await self._store.keep(manager, day, choose(found), self._now())

    async def _record(self, brief: Brief) -> None:
        now = self._now()
        seen = [Lookup(now, brief.manager_id, item.candidate.customer.id, Occasion.LIST) for item in brief.items]
        await self._looks.record(seen)

    async def _again(self, item_id: int) -> Brief:
        found = await self._store.find(item_id)
        assert found is not None
        return found[0]

    async def _send(self, item: BriefItem, member: Member) -> bool:
        who = await self._store.addressee(item.candidate.customer.id) if item.candidate.action else None
        if who is None:
            return False
        now = self._now()
        words = self._wording.approved(item, member.name, who.language)
        draft = Draft(f"brief:text:{item.id}", "text", who.member_id, words, Kind.MARKETING, now, now + OFFER_LIVES)
        await self._outbox.add(draft)
        return True

    async def _follow(self, item: BriefItem, member: Member) -> int | None:
        """A follow-up that asks what came of a next action."""
        customer, why = item.candidate.customer.id, self._wording.action(item.candidate)
        ref = f"brief:{item.id}"
        await self._followups.open(customer, Source.NEXT_ACTION, why, owner=member.id, by=member.id, ref=ref)
        return await self._followups.named(customer, Source.NEXT_ACTION, ref)
