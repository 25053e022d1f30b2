"""Use cases of prepared groups: prepare several, open each once, prepare the next when one is full."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.groups.model import BotRights, Group, GroupPlan, PlanRefusal
from campaigns.groups.rules import refuse_plan, title_for
from campaigns.groups.templates import PLATFORM_CAPACITY, Template, filled
from campaigns.members.model import Member
from campaigns.places.model import Merchant, Spot
from campaigns.places.service import PlaceService


class PlanStore(Protocol):
    """What prepared groups need."""

    async def by_chat(self, chat_id: int) -> Group | None:
        """The registered group of a chat."""
        ...

    async def next_number(self, place_id: int) -> int:
        """The running number after all groups and plans of a merchant, locked against a second one."""
        ...

    async def add_plan(self, plan: GroupPlan) -> GroupPlan:
        """Keep a prepared group; returns it with its id."""
        ...

    async def plan(self, key: str | int) -> GroupPlan | None:
        """A prepared group by its link's token or its id, locked."""
        ...

    async def plans_of(self, manager_id: int) -> list[GroupPlan]:
        """A manager's prepared groups, newest first."""
        ...

    async def open_plan(self, plan: GroupPlan, chat_id: int, now: datetime) -> Group:
        """Make the chat the planned group."""
        ...

    async def add_member(self, group: Group, member_id: int, now: datetime, *, welcomed: bool = False) -> bool:
        """Record that a person is in the group."""
        ...

    async def template(self, place_id: int | None) -> Template:
        """The template of a merchant over the default."""
        ...

    async def fill(self, group: Group, capacity: int, now: datetime) -> bool:
        """Mark a group as full when it holds so many; False when it does not, or was marked before."""
        ...

    async def full_sibling(self, group: Group) -> Group | None:
        """The full group of the same merchant with the highest number below this one's."""
        ...


class PlanWording(Protocol):
    """The sentences that prepared groups need."""

    def announcement(self, group: Group, text: str | None = None) -> Message:
        """The text that is pinned."""
        ...

    def next_prepared(self, full: Group, plan: GroupPlan) -> Message:
        """What the manager reads when a group is full."""
        ...

    def moved_on(self, full: Group, opened: Group) -> Message:
        """What a full group reads when the next one is open."""
        ...


class PlanService:
    """Prepared groups inside one unit of work."""

    def __init__(
        self,
        store: PlanStore,
        places: PlaceService,
        outbox: Outbox,
        wording: PlanWording,
        bank: str,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._places = places
        self._outbox = outbox
        self._wording = wording
        self._bank = bank
        self._now = now

    async def prepare(self, manager: Member, spots: Sequence[Spot]) -> list[GroupPlan]:
        """Prepare one group per merchant, each with a link that opens one group (S-62, S-214)."""
        return [await self._prepare(manager.id, merchant) for merchant in await self._places.keep(*spots)]

    async def of(self, manager: Member) -> list[GroupPlan]:
        """A manager's prepared groups, waiting or opened."""
        return await self._store.plans_of(manager.id)

    async def open(
        self, key: str | int, chat_id: int, title: str, manager: Member, rights: BotRights
    ) -> Group | PlanRefusal:
        """Make a chat the planned group: name, description and announcement by the merchant's template."""
        plan = await self._store.plan(key)
        known = await self._store.by_chat(chat_id)
        if plan and known and plan.group_id == known.id and plan.manager_id == manager.id:
            return known
        refusal = refuse_plan(plan, manager.id, rights, in_use=known is not None, title=title)
        if refusal is not None or plan is None:
            return refusal or PlanRefusal.UNKNOWN
        group = await self._store.open_plan(plan, chat_id, self._now())
        await self._store.add_member(group, manager.id, self._now(), welcomed=True)
        await self._furnish(group, title, rights)
        return group

    async def check_room(self, group: Group) -> None:
        """Prepare the next group of a merchant when this one is full, and tell the manager: once (S-63, F-1)."""
        capacity = (await self._store.template(group.place_id)).capacity or PLATFORM_CAPACITY
        if group.filled_at is not None or not await self._store.fill(group, capacity, self._now()):
            return
        place = group.place_id or (await self._places.keep(Spot(group.merchant)))[0].id
        plan = await self._plan(group.manager_id, place, group.merchant)
        await self._outbox.tell(f"group:{group.id}", "full", group.manager_id, self._wording.next_prepared(group, plan))

    async def _prepare(self, manager_id: int, merchant: Merchant) -> GroupPlan:
        return await self._plan(manager_id, merchant.id, merchant.name)

    async def _plan(self, manager_id: int, place_id: int, merchant: str) -> GroupPlan:
        number = await self._store.next_number(place_id)
        title = title_for(self._bank, merchant, number)
        token = secrets.token_urlsafe(16)
        plan = GroupPlan(0, token, manager_id, place_id, merchant, number, title, self._now())
        return await self._store.add_plan(plan)

    async def _furnish(self, group: Group, title: str, rights: BotRights) -> None:
        """Everything that the template gives, through the ledger: it arrives, or it is known that it did not."""
        ledger, template = f"group:{group.id}", await self._store.template(group.place_id)
        facts = {"title": group.title, "merchant": group.merchant, "bank": self._bank}
        if title != group.title:
            await self._outbox.run(ledger, "title:first", group.chat_id, "setChatTitle", title=group.title)
        if template.description and rights.change_info:
            words = filled(template.description, **facts)
            await self._outbox.run(ledger, "description", group.chat_id, "setChatDescription", description=words)
        own = template.announcement and filled(template.announcement, **facts)
        message = self._wording.announcement(group, own)
        draft = Draft(ledger, "announcement", group.chat_id, message, Kind.SERVICE, self._now(), pin=True)
        await self._outbox.add(draft)
        if full := await self._store.full_sibling(group):
            words_on = self._wording.moved_on(full, group)
            await self._outbox.tell(f"group:{full.id}", f"moved-on:{group.number}", full.chat_id, words_on)
