"""Naming owners by the bank's file, and seeing which strategic client has none (S-106, S-134)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language
from campaigns.owners.owner_files import OwnerCode, OwnerLine, OwnerOutcome
from campaigns.owners.service import Told


class ManagerLoad(NamedTuple):
    """A manager who can own customers, and how many they own; `name` is the staff member's."""

    member_id: int
    name: str
    customers: int


class NamingStore(Protocol):
    """What naming owners needs of the database."""

    async def numbered(self, numbers: Sequence[str]) -> Mapping[str, UUID]:
        """Customers by number."""
        ...

    async def managers(self) -> list[ManagerLoad]:
        """Everybody who can own customers."""
        ...

    async def named_owners(self, customers: Sequence[UUID]) -> Mapping[UUID, int]:
        """Who was named for these customers."""
        ...

    async def assign(self, customer_id: UUID, owner_id: int, now: datetime) -> None:
        """Name the owner of a customer."""
        ...

    async def move_followups(self, customer_id: UUID, to: int) -> None:
        """Give what is open for a customer to the new owner."""
        ...

    async def reachable_one(self, customer_id: UUID) -> Told | None:
        """The member who is a customer, where they can be written to."""
        ...

    async def strategic_without_owner(self) -> list[str]:
        """The numbers of strategic enterprises of the latest run for whom nobody was named."""
        ...


class NamingWording(Protocol):
    """What a customer reads whose named manager changed."""

    def introduced(self, successor: str, language: Language) -> Message:
        """Who it is from now on."""
        ...


class OwnerNaming:
    """Owners named by the bank inside one unit of work."""

    def __init__(self, store: NamingStore, outbox: Outbox, wording: NamingWording, now: Callable[[], datetime]) -> None:
        self._store = store
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def take_in(self, lines: Sequence[OwnerLine]) -> list[OwnerOutcome]:
        """Name the owner of each line; whose named manager changes is told once, and what is open goes along."""
        known = await self._store.numbered([line.number for line in lines])
        managers = {each.member_id: each.name for each in await self._store.managers()}
        named = dict(await self._store.named_owners(list(known.values())))
        outcomes = []
        for line in lines:
            customer, before = known.get(line.number), named.get(known.get(line.number, UUID(int=0)))
            code = _judge(customer, before, line.manager_id, managers)
            if customer is not None and code in {OwnerCode.NAMED, OwnerCode.CHANGED}:
                await self._store.assign(customer, line.manager_id, self._now())
                named[customer] = line.manager_id
            if customer is not None and code is OwnerCode.CHANGED:
                await self._store.move_followups(customer, line.manager_id)
                await self._introduce(customer, line.manager_id, managers[line.manager_id])
            outcomes.append(OwnerOutcome(line.line, code, f"{line.number} {line.manager_id}"))
        return outcomes

    async def managers(self) -> list[ManagerLoad]:
        """Everybody who can own customers, with their number of customers."""
        return await self._store.managers()

    async def strategic_without_owner(self) -> list[str]:
        """Strategic clients without a manager of their own: there should be none."""
        return await self._store.strategic_without_owner()

    async def _introduce(self, customer: UUID, to: int, name: str) -> None:
        who = await self._store.reachable_one(customer)
        if who is not None:
            words = self._wording.introduced(name, who.language)
            await self._outbox.tell(f"owner:{customer}", f"told:{to}", who.member_id, words)


def _judge(customer: UUID | None, before: int | None, manager_id: int, managers: Collection[int]) -> OwnerCode:
    if customer is None:
        return OwnerCode.NO_CUSTOMER
    if manager_id not in managers:
        return OwnerCode.NO_MANAGER
    if before is None:
        return OwnerCode.NAMED
    return OwnerCode.SAME if before == manager_id else OwnerCode.CHANGED
