"""Use cases of groups: register with the prescribed name, announce, welcome each newcomer once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.groups.model import Group, RegisterRefusal
from campaigns.groups.rules import merchant_of
from campaigns.members.model import Member

WELCOMED_TOGETHER = 20


class GroupStore(Protocol):
    """What groups' use cases need."""

    async def by_chat(self, chat_id: int) -> Group | None:
        """The registered group of a chat."""
        ...

    async def of_manager(self, manager_id: int) -> list[Group]:
        """A manager's groups."""
        ...

    async def save(self, chat_id: int, title: str, merchant: str, manager_id: int, now: datetime) -> Group:
        """Register a group, or bring its title up to date."""
        ...

    async def add_member(self, group: Group, member_id: int, now: datetime, *, welcomed: bool = False) -> bool:
        """Record that a person is in the group; True when they were never there before."""
        ...

    async def take_newcomers(self, now: datetime, limit: int) -> dict[Group, list[int]]:
        """Newcomers whom nobody has welcomed, at most `limit` in all, by group, and marked as welcomed."""
        ...

    async def remove_member(self, group: Group, member_id: int, now: datetime) -> None:
        """Record that a person left."""
        ...

    async def move_chat(self, old: int, new: int) -> None:
        """Re-key everything that names a chat that became a supergroup."""
        ...


class People(Protocol):
    """Who the members are."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class GroupWording(Protocol):
    """The sentences that groups need."""

    def announcement(self, group: Group) -> Message:
        """The text that is pinned."""
        ...

    def welcome(self, group: Group, newcomers: Sequence[Member]) -> Message:
        """The words for those who came together."""
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
    ) -> None:
        self._store = store
        self._people = people
        self._outbox = outbox
        self._wording = wording
        self._bank = bank
        self._now = now

    async def register(self, chat_id: int, title: str, manager: Member, *, may_pin: bool) -> Group | RegisterRefusal:
        """Register a chat as a merchant welfare group and pin its announcement; again is the same group."""
        merchant = merchant_of(title, self._bank)
        if merchant is None:
            return RegisterRefusal.BAD_NAME
        known = await self._store.by_chat(chat_id)
        if known is not None and known.manager_id != manager.id:
            return RegisterRefusal.ANOTHER_MANAGERS
        if not may_pin:
            return RegisterRefusal.MAY_NOT_PIN
        group = await self._store.save(chat_id, title, merchant, manager.id, self._now())
        await self._store.add_member(group, manager.id, self._now(), welcomed=True)
        await self._announce(group)
        return group

    async def arrive(self, chat_id: int, member: Member) -> bool:
        """Note a newcomer, whom the next tick welcomes; leaving and coming back is no second arrival."""
        group = await self._store.by_chat(chat_id)
        return group is not None and await self._store.add_member(group, member.id, self._now())

    async def tick(self) -> int:
        """Welcome newcomers, those who came together in one message; returns how many."""
        arrived = await self._store.take_newcomers(self._now(), WELCOMED_TOGETHER)
        for group, ids in arrived.items():
            known = await self._people.many(ids)
            words = self._wording.welcome(group, [known[member] for member in ids])
            await self._outbox.tell(campaign(group.id), f"welcome:{ids[0]}", group.chat_id, words)
        return sum(map(len, arrived.values()))

    async def farewell(self, chat_id: int, member_id: int) -> None:
        """Note that a person left; nothing is said."""
        if group := await self._store.by_chat(chat_id):
            await self._store.remove_member(group, member_id, self._now())

    async def rename(self, group: Group, title: str) -> RegisterRefusal | None:
        """Follow a new title that keeps the pattern; refuse one that does not."""
        merchant = merchant_of(title, self._bank)
        if merchant is None:
            return RegisterRefusal.BAD_NAME
        await self._store.save(group.chat_id, title, merchant, group.manager_id, self._now())
        return None

    async def in_chat(self, chat_id: int) -> Group | None:
        """The registered group of a chat."""
        return await self._store.by_chat(chat_id)

    async def of(self, manager: Member) -> list[Group]:
        """A manager's groups."""
        return await self._store.of_manager(manager.id)

    async def move(self, old_chat: int, new_chat: int) -> None:
        """Follow a group that the platform upgraded to a supergroup, in one transaction."""
        await self._store.move_chat(old_chat, new_chat)

    async def _announce(self, group: Group) -> None:
        words = self._wording.announcement(group)
        draft = Draft(campaign(group.id), "announcement", group.chat_id, words, Kind.SERVICE, self._now(), pin=True)
        await self._outbox.add(draft)
