"""Use cases of follow-ups: open, put off, hand over, close, escalate what is late."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.customers.lookups import Lookup, Occasion
from campaigns.customers.next_actions import ActionChannel
from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.followups.model import (
    ClassChange,
    CloseReason,
    Colleague,
    FollowUp,
    FollowUpRefusal,
    FollowUpState,
    Interaction,
    Source,
)
from campaigns.followups.ports import FollowUpStore, FollowUpWording, LookupLog, OutcomeLog, People
from campaigns.followups.rules import ONE_AT_A_TIME, days_for, due_after, put_off, state_after, succeeded, touch
from campaigns.members.model import Language, Member
from campaigns.owners.service import OwnerService
from campaigns.setbacks.ports import Setbacks
from campaigns.staff.model import Role

HANDED_TO = (Role.WEALTH_MANAGER, Role.TEAM_LEAD, Role.BRANCH, Role.COMPLIANCE)
AT_A_TIME = 50


class FollowUpService:
    """Follow-ups inside one unit of work."""

    def __init__(
        self,
        store: FollowUpStore,
        owners: OwnerService,
        people: People,
        outcomes: OutcomeLog,
        looks: LookupLog,
        outbox: Outbox,
        wording: FollowUpWording,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._owners = owners
        self._people = people
        self._outcomes = outcomes
        self._looks = looks
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._zone = zone

    async def open(
        self,
        customer_id: UUID,
        source: Source,
        why: str,
        *,
        due: datetime | None = None,
        owner: int | None = None,
        by: int | None = None,
        ref: str | None = None,
    ) -> datetime | FollowUpRefusal:
        """Something is to be done for a customer; returns until when.

        Without `owner` the customer's own manager does it, without `due` the service clock of the class or tier says
        until when (S-131, S-133). `ref` names the occasion: a second follow-up of the same source for it is none.
        Nor is another one of a source in `ONE_AT_A_TIME` while one is open: the day that stands is returned.
        """
        if source in ONE_AT_A_TIME and (standing := await self._store.open_until(customer_id, source)):
            return standing
        owner = owner or await self._owners.owner_of(customer_id)
        if owner is None:
            return FollowUpRefusal.NOBODY_OWNS
        now = self._now()
        if due is None:
            days = days_for(await self._store.clock(), await self._store.standing(customer_id), source)
            due = due_after(now.astimezone(self._zone).date(), days, self._zone)
        await self._store.add(customer_id, owner, source, why, due=due, now=now, by=by, ref=ref)
        return due

    async def named(self, customer_id: UUID, source: Source, ref: str) -> int | None:
        """The follow-up of an occasion, open or closed."""
        return await self._store.named(customer_id, source, ref)

    async def mine(self, member: Member, limit: int) -> list[FollowUp]:
        """What somebody has to do, for absent colleagues too; whose names are shown is recorded."""
        found = await self._store.open_of(await self._owners.acting_for(member.id), limit)
        now = self._now()
        await self._looks.record([Lookup(now, member.id, each.customer.id, Occasion.LIST) for each in found])
        return found

    async def of_customer(self, customer_id: UUID, limit: int = 3) -> list[FollowUp]:
        """What is open for a customer."""
        return await self._store.of_customer(customer_id, limit)

    async def put_off(self, followup_id: int, member: Member) -> datetime | FollowUpRefusal:
        """Do it on the next bank day; returns until when."""
        found = await self._touch(followup_id, member)
        if isinstance(found, FollowUpRefusal):
            return found
        due = put_off(found, self._now().astimezone(self._zone).date(), self._zone)
        if isinstance(due, datetime):
            await self._store.put_off(found.id, due)
        return due

    async def close(
        self, followup_id: int, member: Member, reason: CloseReason | None = None
    ) -> FollowUpState | FollowUpRefusal:
        """It is done, or why not; whoever asked for it is told, and a next action learns what came of it."""
        found = await self._touch(followup_id, member)
        return found if isinstance(found, FollowUpRefusal) else await self._end(found, member, reason)

    async def settle(
        self, customer_id: UUID, source: Source, ref: str, by: Member, reason: CloseReason | None = None
    ) -> None:
        """Whoever may, saw to an occasion by another way: its follow-up ends with it, if there is one."""
        number = await self._store.named(customer_id, source, ref)
        found = await self._store.find(number) if number else None
        if found is not None and found.is_open:
            await self._end(found, by, reason)

    async def declined(self, customer_id: UUID, source: Source, by: int) -> int:
        """The customer wants nobody to be in touch: what is open of a source ends as refused; returns how many."""
        found = [each for each in await self._store.of_customer(customer_id, AT_A_TIME) if each.source is source]
        owners = await self._people.many([each.owner_id for each in found])
        for each in found:
            await self._store.close(each.id, FollowUpState.REFUSED, CloseReason.NOT_INTERESTED, by, self._now())
            words = self._wording.declined(each, owners[each.owner_id].language)
            await self._outbox.tell(f"followup:{each.id}", "declined", each.owner_id, words)
        return len(found)

    async def colleagues(self, member: Member) -> list[Colleague]:
        """To whom something can be handed, by name: managers, leads, the branch's desk, compliance (S-138)."""
        people = await self._people.many(await self._store.staff(HANDED_TO))
        found = [
            Colleague(each.id, each.name, tuple(sorted(role for role in each.roles if role in HANDED_TO)))
            for each in people.values()
            if each.id != member.id
        ]
        return sorted(found, key=lambda each: (each.name, each.member_id))

    async def hand_over(self, followup_id: int, to: int, member: Member) -> Colleague | FollowUpRefusal:
        """Ask a colleague to do it; who asked sees it close."""
        found = await self._touch(followup_id, member)
        if isinstance(found, FollowUpRefusal):
            return found
        colleague = next((each for each in await self.colleagues(member) if each.member_id == to), None)
        if colleague is None:
            return FollowUpRefusal.NO_COLLEAGUE
        await self._store.hand_over(found.id, to, found.requester_id or member.id)
        step = f"{found.id}:handed:{self._now():%Y%m%d%H%M%S}"
        await self._tell(step, [to], self._wording.handed, found, member.name)
        return colleague

    async def contacted(self, customer_id: UUID, channel: ActionChannel, by: Member) -> None:
        """Keep that somebody was in touch with a customer."""
        await self._store.add_interaction(customer_id, Interaction(self._now(), by.id, channel))

    async def contacts(self, customer_id: UUID, limit: int = 3) -> list[Interaction]:
        """The latest contacts with a customer."""
        return await self._store.interactions(customer_id, limit)

    async def tick(self, setbacks: Setbacks) -> int:
        """Tell the team leads what is late, once each, and follow up on changes of class; returns how many."""
        late = await self._store.late(self._now(), AT_A_TIME)
        await setbacks.apart("late_followups", late, self._tell_late, lambda each: each.id)
        run, changes = await self._store.class_changes(self._now())
        follow = partial(self._follow_up, f"run:{run}")
        await setbacks.apart("class_changes", changes, follow, lambda change: f"{run}:{change.customer_id}")
        return len(late) + len(changes)

    async def _tell_late(self, late: Sequence[FollowUp]) -> None:
        leads = await self._store.staff([Role.TEAM_LEAD])
        owners = await self._people.many([each.owner_id for each in late])
        for each in late:
            await self._tell(f"{each.id}:late", leads, self._wording.late, each, owners[each.owner_id].name)
        await self._store.mark_late([each.id for each in late], self._now())

    async def _follow_up(self, ref: str, changes: Sequence[ClassChange]) -> None:
        for change in changes:
            await self.open(change.customer_id, Source.CLASS_CHANGE, self._wording.class_changed(change), ref=ref)

    async def _end(self, found: FollowUp, by: Member, reason: CloseReason | None) -> FollowUpState:
        now, state = self._now(), state_after(reason)
        await self._store.close(found.id, state, reason, by.id, now)
        outcome = succeeded(state)
        if found.source is Source.NEXT_ACTION and outcome is not None:
            await self._outcomes.record_outcome(found.customer.number, succeeded=outcome, by=str(by.id), now=now)
        if found.requester_id not in (None, by.id):
            ended = await self._store.find(found.id) or found
            await self._tell(f"{found.id}:closed", [found.requester_id or 0], self._wording.closed, ended, by.name)
        return state

    async def _touch(self, followup_id: int, member: Member) -> FollowUp | FollowUpRefusal:
        return touch(await self._store.find(followup_id), await self._owners.acting_for(member.id))

    async def _tell(
        self,
        step: str,
        member_ids: Sequence[int],
        say: Callable[[FollowUp, str, Language], Message],
        found: FollowUp,
        name: str,
    ) -> None:
        people = await self._people.many(list(member_ids))
        for each in people.values():
            await self._outbox.tell(f"followup:{found.id}", step, each.id, say(found, name, each.language))
