"""Use cases of groups: register with the prescribed name, keep it, announce, welcome each newcomer once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Protocol
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.groups.model import (
    UNKNOWN_SOURCE,
    BotRights,
    Group,
    Newcomer,
    RegisterRefusal,
    RenameOutcome,
    RunningDraw,
    Source,
)
from campaigns.groups.plans import PlanService
from campaigns.groups.rules import greets_before, parties, read_title
from campaigns.groups.templates import Template, filled, welcome_for
from campaigns.members.model import Member
from campaigns.setbacks.ports import Setbacks

NAMED = 10  # Newcomers of one welcome whose names it says; the others are counted.


class GroupStore(Protocol):
    """What groups' use cases need."""

    async def by_chat(self, chat_id: int) -> Group | None:
        """The registered group of a chat."""
        ...

    async def by_id(self, group_id: int) -> Group | None:
        """One group."""
        ...

    async def of_manager(self, manager_id: int) -> list[Group]:
        """A manager's groups."""
        ...

    async def save(
        self, chat_id: int, title: str, merchant: str, manager_id: int, now: datetime, number: int = 1
    ) -> Group:
        """Register a group, or bring its title up to date."""
        ...

    async def add_member(
        self,
        group: Group,
        member_id: int,
        now: datetime,
        *,
        welcomed: bool = False,
        source: str = UNKNOWN_SOURCE.code,
        added_by: int | None = None,
    ) -> bool:
        """Record that a person is in the group, and how they came; True when they were never there before."""
        ...

    async def to_welcome(self, now: datetime, greeted_before: datetime) -> list[int]:
        """Groups with newcomers whom nobody has welcomed, without those that were just greeted."""
        ...

    async def take_newcomers(self, now: datetime, greeted_before: datetime, groups: Sequence[int]) -> list[Newcomer]:
        """Newcomers of these groups whom nobody has welcomed, group by group, marked as welcomed."""
        ...

    async def remove_member(self, group: Group, member_id: int, now: datetime) -> None:
        """Record that a person left."""
        ...

    async def move_chat(self, old: int, new: int) -> None:
        """Re-key everything that names a chat that became a supergroup."""
        ...

    async def template(self, place_id: int | None) -> Template:
        """The template of a merchant over the default."""
        ...

    async def running_draws(self, group: Group, now: datetime) -> list[RunningDraw]:
        """The draws that a group's members can take part in now, the oldest first."""
        ...

    async def set_invite_link(self, group: Group, link: str) -> None:
        """Keep the link by which people join a group."""
        ...

    async def with_room(self, group: Group) -> Group:
        """The group itself, or when it is full the newest one of the same merchant that is not."""
        ...


class People(Protocol):
    """Who the members are."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class GroupWording(Protocol):
    """The sentences that groups need."""

    def announcement(self, group: Group, text: str | None = None) -> Message:
        """The text that is pinned."""
        ...

    def welcome(
        self,
        group: Group,
        newcomers: Sequence[Member],
        others: int,
        text: str | None,
        draws: Sequence[RunningDraw],
        following: Group | None,
    ) -> Message:
        """The words for those who came together: named ones, and how many others; `text` is the template's.

        Each running draw is named with its rule page. `following` is where to go on to from a group that is full.
        """
        ...

    def may_not_rename(self, group: Group, title: str) -> Message:
        """What the manager reads when a wrong title cannot be corrected."""
        ...


def campaign(group_id: int) -> str:
    """The name of a group in the delivery ledger."""
    return f"group:{group_id}"


class GroupService:
    """Merchant welfare groups inside one unit of work."""

    def __init__(
        self,
        store: GroupStore,
        people: People,
        outbox: Outbox,
        wording: GroupWording,
        bank: str,
        now: Callable[[], datetime],
        *,
        plans: PlanService,
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._people = people
        self._outbox = outbox
        self._wording = wording
        self._bank = bank
        self._now = now
        self._plans = plans
        self._zone = zone

    async def register(self, chat_id: int, title: str, manager: Member, *, may_pin: bool) -> Group | RegisterRefusal:
        """Register a chat as a merchant welfare group and pin its announcement; again is the same group."""
        read = read_title(title, self._bank)
        if read is None:
            return RegisterRefusal.BAD_NAME
        known = await self._store.by_chat(chat_id)
        if known is not None and known.manager_id != manager.id:
            return RegisterRefusal.ANOTHER_MANAGERS
        if not may_pin:
            return RegisterRefusal.MAY_NOT_PIN
        merchant, number = read
        group = await self._store.save(chat_id, title, merchant, manager.id, self._now(), number)
        await self._store.add_member(group, manager.id, self._now(), welcomed=True)
        await self._announce(group)
        return group

    async def arrive(self, chat_id: int, member: Member, source: Source = UNKNOWN_SOURCE) -> bool:
        """Note a newcomer, whom the next tick welcomes; leaving and coming back is no second arrival.

        The source is the first one: who comes back by another link still came by the first (trap 3).
        """
        group = await self._store.by_chat(chat_id)
        if group is None:
            return False
        now, code, by = self._now(), source.code, source.added_by
        return await self._store.add_member(group, member.id, now, source=code, added_by=by)

    async def tick(self, setbacks: Setbacks) -> int:
        """Welcome newcomers, those who came together in one message; returns to how many groups they came."""
        now = self._now()
        groups = await self._store.to_welcome(now, greets_before(now))
        await setbacks.apart("welcomes", groups, self._welcome_all)
        return len(groups)

    async def _welcome_all(self, groups: Sequence[int]) -> None:
        now = self._now()
        arrived = await self._store.take_newcomers(now, greets_before(now), groups)
        for group, newcomers in groupby(arrived, key=lambda newcomer: newcomer.group):
            await self._welcome(group, list(newcomers))
            await self._plans.check_room(group)

    async def farewell(self, chat_id: int, member_id: int) -> None:
        """Note that a person left; nothing is said."""
        if group := await self._store.by_chat(chat_id):
            await self._store.remove_member(group, member_id, self._now())

    async def rename(self, group: Group, title: str, rights: BotRights) -> RenameOutcome:
        """Follow a new title that keeps the pattern; put one right that does not, or say what it must be (S-63)."""
        read = read_title(title, self._bank)
        if read is not None:
            merchant, number = read
            await self._store.save(group.chat_id, title, merchant, group.manager_id, self._now(), number)
            return RenameOutcome.FOLLOWED
        now = self._now()
        if rights.change_info:
            await self._outbox.run(
                campaign(group.id), f"title:{now.timestamp()}", group.chat_id, "setChatTitle", title=group.title
            )
            return RenameOutcome.CORRECTED
        words = self._wording.may_not_rename(group, title)
        await self._outbox.tell(campaign(group.id), f"name:{now:%Y-%m-%d}", group.manager_id, words)
        return RenameOutcome.POINTED_OUT

    async def in_chat(self, chat_id: int) -> Group | None:
        """The registered group of a chat."""
        return await self._store.by_chat(chat_id)

    async def of(self, manager: Member) -> list[Group]:
        """A manager's groups."""
        return await self._store.of_manager(manager.id)

    async def by_id(self, group_id: int) -> Group | None:
        """One group."""
        return await self._store.by_id(group_id)

    async def with_room(self, group_id: int) -> Group | None:
        """The group that somebody who asks for this one is sent to: the next of its merchant when it is full."""
        group = await self._store.by_id(group_id)
        return await self._store.with_room(group) if group else None

    async def keep_invite_link(self, group: Group, link: str) -> None:
        """Keep the link by which people join a group."""
        await self._store.set_invite_link(group, link)

    async def move(self, old_chat: int, new_chat: int) -> None:
        """Follow a group that the platform upgraded to a supergroup, in one transaction."""
        await self._store.move_chat(old_chat, new_chat)

    async def _welcome(self, group: Group, newcomers: Sequence[Newcomer]) -> None:
        template = await self._store.template(group.place_id)
        draws = await self._store.running_draws(group, self._now())
        onward = await self._store.with_room(group)
        following = onward if onward.id != group.id else None
        hour = self._now().astimezone(self._zone).time()
        chosen = [(each, welcome_for(template.welcomes, each.source, group.number, hour)) for each in newcomers]
        everybody = welcome_for(template.welcomes, "", group.number, hour)
        for special, party in parties(chosen).items():
            words = special or everybody
            known = await self._people.many([each.member_id for each in party[:NAMED]])
            named = [known[each.member_id] for each in party[:NAMED]]
            facts = {"title": group.title, "merchant": group.merchant, "bank": self._bank}
            text = filled(words.text, **facts) if words else None
            message = self._wording.welcome(group, named, len(party) - len(named), text, draws, following)
            await self._outbox.tell(campaign(group.id), f"welcome:{party[0].member_id}", group.chat_id, message)

    async def _announce(self, group: Group) -> None:
        own = (await self._store.template(group.place_id)).announcement
        text = own and filled(own, title=group.title, merchant=group.merchant, bank=self._bank)
        words = self._wording.announcement(group, text)
        draft = Draft(campaign(group.id), "announcement", group.chat_id, words, Kind.SERVICE, self._now(), pin=True)
        await self._outbox.add(draft)
