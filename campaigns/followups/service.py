"""Use cases of follow-ups: open, put off, hand over, close, escalate what is late."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.customers.enterprises import Tier
from campaigns.customers.lookups import Lookup, Occasion
from campaigns.customers.model import Letter
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
from campaigns.followups.rules import days_for, due_after, put_off, state_after, succeeded, touch
from campaigns.members.model import Language, Member
from campaigns.owners.service import OwnerService
from campaigns.staff.model import Role


class FollowUpStore(Protocol):
    """What follow-ups need of the database."""

    async def standing(self, customer_id: UUID) -> Letter | Tier | None:
        """The class of a person or the tier of an enterprise, as the latest run has it."""
        ...

    async def add(
        self,
        customer_id: UUID,
        owner: int,
        source: Source,
        why: str,
        *,
        due: datetime,
        now: datetime,
        by: int | None,
        ref: str | None,
    ) -> int | None:
        """Keep a follow-up with its words sealed; None where one of the same source and `ref` is there."""
        ...

    async def named(self, customer_id: UUID, source: Source, ref: str) -> int | None:
        """The follow-up of an occasion."""
        ...

    async def find(self, followup_id: int) -> FollowUp | None:
        """One follow-up, locked."""
        ...

    async def open_of(self, owners: Sequence[int], limit: int) -> list[FollowUp]:
        """What these people have to do, the first due first."""
        ...

    async def of_customer(self, customer_id: UUID, limit: int) -> list[FollowUp]:
        """What is open for a customer, the first due first."""
        ...

    async def put_off(self, followup_id: int, due: datetime) -> None:
        """Give it another day."""
        ...

    async def hand_over(self, followup_id: int, to: int, requester: int) -> None:
        """Give it to somebody else."""
        ...

    async def close(
        self, followup_id: int, state: FollowUpState, reason: CloseReason | None, by: int, now: datetime
    ) -> None:
        """End it."""
        ...

    async def late(self, now: datetime, limit: int) -> list[FollowUp]:
        """What is overdue and nobody was told of, marked as told."""
        ...

    async def class_changes(self, now: datetime) -> tuple[str, list[ClassChange]]:
        """The latest run, once, with the owned customers whom it put into another class; an empty name before."""
        ...

    async def add_interaction(self, customer_id: UUID, interaction: Interaction) -> None:
        """Keep a contact."""
        ...

    async def interactions(self, customer_id: UUID, limit: int) -> list[Interaction]:
        """The latest contacts."""
        ...

    async def staff(self, roles: Sequence[Role]) -> list[int]:
        """Everybody with one of these roles."""
        ...


class People(Protocol):
    """Who is who."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class OutcomeLog(Protocol):
    """Where it is kept what came of next actions."""

    async def record_outcome(self, number: str, *, succeeded: bool, by: str, now: datetime) -> bool:
        """Keep what came of the latest action of a customer."""
        ...


class LookupLog(Protocol):
    """Where it is kept who looked at whom."""

    async def record(self, lookups: Sequence[Lookup]) -> None:
        """Append to the log."""
        ...


class FollowUpWording(Protocol):
    """The sentences that follow-ups put into the ledger."""

    def handed(self, found: FollowUp, by: str, language: Language) -> Message:
        """What a colleague reads who is asked to do something."""
        ...

    def closed(self, found: FollowUp, by: str, language: Language) -> Message:
        """What the one who asked reads when it is done."""
        ...

    def late(self, found: FollowUp, owner: str, language: Language) -> Message:
        """What a team lead reads of something overdue."""
        ...

    def class_changed(self, change: ClassChange) -> str:
        """Why a customer is to be called after a change of class."""
        ...


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
        """
        owner = owner or await self._owners.owner_of(customer_id)
        if owner is None:
            return FollowUpRefusal.NOBODY_OWNS
        now = self._now()
        if due is None:
            days = days_for(await self._store.standing(customer_id), source)
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
        if isinstance(found, FollowUpRefusal):
            return found
        now, state = self._now(), state_after(reason)
        await self._store.close(found.id, state, reason, member.id, now)
        outcome = succeeded(state)
        if found.source is Source.NEXT_ACTION and outcome is not None:
            await self._outcomes.record_outcome(found.customer.number, succeeded=outcome, by=str(member.id), now=now)
        if found.requester_id not in (None, member.id):
            ended = await self._store.find(found.id) or found
            await self._tell(f"{found.id}:closed", [found.requester_id or 0], self._wording.closed, ended, member.name)
        return state

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

    async def tick(self) -> int:
        """Tell the team leads what is late, once each, and follow up on changes of class; returns how many."""
        late = await self._store.late(self._now(), AT_A_TIME)
        if late:
            leads = await self._store.staff([Role.TEAM_LEAD])
            owners = await self._people.many([each.owner_id for each in late])
            for each in late:
                await self._tell(f"{each.id}:late", leads, self._wording.late, each, owners[each.owner_id].name)
        run, changes = await self._store.class_changes(self._now())
        for change in changes:
            why = self._wording.class_changed(change)
            await self.open(change.customer_id, Source.CLASS_CHANGE, why, ref=f"run:{run}")
        return len(late) + len(changes)

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
