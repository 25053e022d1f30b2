"""Use cases of outings: plan one, sign up while there is a place, step back, tell what happened, the result."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from campaigns.compliance.hours import zone_of
from campaigns.compliance.model import GatePolicy
from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.groups.service import People
from campaigns.members.model import Member
from campaigns.outings import rules
from campaigns.outings.model import (
    Brought,
    Outing,
    OutingKind,
    OutingPlan,
    OutingRefusal,
    OutingResult,
    OwnOuting,
    Signed,
    Told,
    Volunteer,
)
from campaigns.publicity.model import Event, PublicityRefusal
from campaigns.publicity.service import PublicityService, campaign


class OutingStore(Protocol):
    """What outings' use cases need of the rows."""

    async def add(self, event: Event, plan: OutingPlan, now: datetime) -> bool:
        """Keep an outing; False when its event has one."""
        ...

    async def outings(self, since: datetime) -> list[Outing]:
        """Outings whose events were not cancelled and begin after a moment, the first to come first."""
        ...

    async def outing(self, event_id: int) -> Outing | None:
        """One outing."""
        ...

    async def lock(self, event_id: int) -> Outing | None:
        """One outing, locked: who signs up next waits."""
        ...

    async def volunteers(self, event_id: int) -> list[Volunteer]:
        """Who signed up, by place."""
        ...

    async def of_member(self, member_id: int) -> dict[int, Volunteer]:
        """The places that somebody has, by event."""
        ...

    async def seat(self, outing: Outing, volunteer: Volunteer) -> None:
        """Give somebody a place."""
        ...

    async def unseat(self, event_id: int, member_id: int) -> None:
        """Free somebody's place."""
        ...

    async def tell(self, event_id: int, member_id: int, told: Told, now: datetime) -> None:
        """Keep what a volunteer told; the last word holds."""
        ...

    async def brought(self, event_id: int, since: datetime, until: datetime) -> Brought:
        """What the rows say of the volunteers' people; applications are those begun within the span."""
        ...


class OutingWording(Protocol):
    """The sentences that outings put into the ledger."""

    def wanted(self, outing: Outing, reader: Member) -> Message:
        """What staff read when volunteers are looked for, with the button."""
        ...

    def reminder(self, outing: Outing, reader: Member) -> Message:
        """What a volunteer reads on the evening before."""
        ...


class OutingService:
    """Outings inside one unit of work; whose an event is, publicity says."""

    def __init__(
        self,
        store: OutingStore,
        publicity: PublicityService,
        people: People,
        outbox: Outbox,
        wording: OutingWording,
        policy: Callable[[], Awaitable[GatePolicy]],
        zone: ZoneInfo,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._publicity = publicity
        self._people = people
        self._outbox = outbox
        self._wording = wording
        self._policy = policy
        self._zone = zone
        self._now = now

    async def plannable(self, manager: Member) -> list[Event]:
        """The manager's events ahead that have no outing yet."""
        ahead = [each for each in await self._publicity.events_of(manager) if each.is_ahead(self._now())]
        return [each for each in ahead if await self._store.outing(each.id) is None]

    async def plan(self, event_id: int, manager: Member, kind: OutingKind, text: str) -> Outing | OutingRefusal:
        """Plan the outing of one's own event, and ask the bank's staff who comes along."""
        event = await self._publicity.event(event_id, manager)
        if isinstance(event, PublicityRefusal):
            return OutingRefusal.NOT_YOURS
        if not event.is_ahead(self._now()):
            return OutingRefusal.OVER
        plan = rules.read_plan(kind, text)
        if plan is None:
            return OutingRefusal.NOT_READ
        if not await self._store.add(event, plan, self._now()):
            return OutingRefusal.PLANNED_ALREADY
        outing = Outing(event, plan)
        staff = [each for each in await self._publicity.staff() if rules.is_of_the_bank(each.roles)]
        letters = [(campaign(event.id), "outing", each.id, self._wording.wanted(outing, each)) for each in staff]
        await self._outbox.tell_all(letters)
        return outing

    async def sign_up(self, event_id: int, member: Member) -> Signed | OutingRefusal:
        """Take a place while there is one; the evening before, a reminder comes."""
        outing = await self._store.lock(event_id)
        if outing is None or not outing.event.is_ahead(self._now()):
            return OutingRefusal.OVER
        if not rules.is_of_the_bank(member.roles):
            return OutingRefusal.NO_STAFF
        there = await self._store.volunteers(event_id)
        if any(each.member_id == member.id for each in there):
            return OutingRefusal.SIGNED_ALREADY
        seat = rules.free_seat(outing.plan.seats, {each.seat for each in there})
        if seat is None:
            return OutingRefusal.FULL
        volunteer = Volunteer(member.id, seat, self._now())
        await self._store.seat(outing, volunteer)
        await self._plan_reminder(outing, volunteer, member)
        return Signed(outing, await self._publicity.desk_code(outing.event, member))

    async def step_back(self, event_id: int, member: Member) -> Outing | OutingRefusal:
        """Free the own place; whoever looks next may take it."""
        outing = await self._store.lock(event_id)
        if outing is None or not outing.event.is_ahead(self._now()):
            return OutingRefusal.OVER
        own = next((each for each in await self._store.volunteers(event_id) if each.member_id == member.id), None)
        if own is None:
            return OutingRefusal.NOT_SIGNED
        await self._store.unseat(event_id, member.id)
        await self._outbox.cancel(campaign(event_id), _step(own))
        return outing

    async def seen_by(self, member: Member) -> list[OwnOuting]:
        """Outings ahead, and past ones of one's own of which may still be told; the first to come first."""
        if not rules.is_of_the_bank(member.roles):
            return []
        own, now = await self._store.of_member(member.id), self._now()
        found = await self._store.outings(now - rules.TELLS_FOR)
        return [
            OwnOuting(each, own.get(each.event.id))
            for each in found
            if each.event.is_ahead(now) or each.event.id in own or each.event.manager_id == member.id
        ]

    async def may_tell(self, event_id: int, member: Member) -> Outing | OutingRefusal:
        """The outing of which a volunteer may tell now."""
        outing = await self._store.outing(event_id)
        if outing is None or event_id not in await self._store.of_member(member.id):
            return OutingRefusal.NOT_SIGNED
        if outing.event.is_ahead(self._now()):
            return OutingRefusal.NOT_YET
        return outing if rules.may_tell(outing.event.plan.starts_at, self._now()) else OutingRefusal.OVER

    async def tell(self, event_id: int, member: Member, text: str) -> Told | OutingRefusal:
        """Keep what a volunteer tells: people reached, pieces handed out; the last word holds."""
        outing = await self.may_tell(event_id, member)
        if isinstance(outing, OutingRefusal):
            return outing
        told = rules.read_told(text)
        if told is None:
            return OutingRefusal.NOT_READ
        await self._store.tell(event_id, member.id, told, self._now())
        return told

    async def result(self, event_id: int, manager: Member) -> OutingResult | OutingRefusal:
        """What came of the manager's own outing so far."""
        outing = await self._store.outing(event_id)
        if outing is None or outing.event.manager_id != manager.id:
            return OutingRefusal.NOT_YOURS
        there = await self._store.volunteers(event_id)
        people = await self._people.many([each.member_id for each in there])
        starts = outing.event.plan.starts_at.astimezone(self._zone)
        day = starts.replace(hour=0, minute=0, second=0, microsecond=0)
        brought = await self._store.brought(event_id, day, day + timedelta(days=1))
        volunteers: Sequence[tuple[Member, Volunteer]] = [(people[each.member_id], each) for each in there]
        return OutingResult(outing, volunteers, brought)

    async def _plan_reminder(self, outing: Outing, volunteer: Volunteer, member: Member) -> None:
        policy, starts = await self._policy(), outing.event.plan.starts_at
        due = rules.reminder_at(starts, self._now(), zone_of(member.zone, policy), policy)
        if due is not None:
            words = self._wording.reminder(outing, member)
            name, step = campaign(outing.event.id), _step(volunteer)
            await self._outbox.add(Draft(name, step, member.id, words, Kind.SERVICE, due, expires_at=starts))


def _step(volunteer: Volunteer) -> str:
    """The step of a volunteer's reminder: another one for each time that they sign up."""
    return f"outing:{volunteer.member_id}:{volunteer.signed_at.isoformat()}"
