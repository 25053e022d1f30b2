"""Whose customers somebody looks after: own ones, those of colleagues who are away; and handing them over."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language, Member
from campaigns.staff.rules import acting


class Told(NamedTuple):
    """A customer who can be written to: the member and their language."""

    member_id: int
    language: Language


class HandOver(NamedTuple):
    """What goes from one manager to another; `told` are the customers who hear of it, all else is what is open."""

    customers: int
    followups: int
    told: int
    groups: int = 0
    applications: int = 0
    visits: int = 0
    questions: int = 0


class OwnerStore(Protocol):
    """What ownership needs of the database."""

    async def owner_of(self, customer_id: UUID) -> int | None:
        """Who owns a customer: whoever was named, else the manager of the first group with the bound member."""
        ...

    async def assign(self, customer_id: UUID, owner_id: int, now: datetime) -> None:
        """Name the owner of a customer."""
        ...

    async def count(self, owner_id: int) -> HandOver:
        """What somebody would hand over."""
        ...

    async def reachable(self, owner_id: int, *, waiting: bool) -> list[Told]:
        """The customers of somebody who can be written to; `waiting` for those with something open alone."""
        ...

    async def move(self, owner_id: int, to: int, now: datetime) -> int:
        """Give all but the applications to a successor in one step; returns the number of the hand-over."""
        ...

    async def begun_absences(self, today: date, now: datetime) -> list[tuple[int, int, int]]:
        """Absences that have begun and nobody was told of, marked as told: number, who is away, who stands in."""
        ...


class Desk(Protocol):
    """What ownership asks of staff."""

    async def away(self, day: date) -> dict[int, int]:
        """The stand-in of everybody who is away on a day."""
        ...

    async def colleagues(self, member: Member) -> list[int]:
        """The managers beside this person."""
        ...

    async def note(self, actor: int, action: str, subject: str) -> None:
        """Append to the audit trail."""
        ...


class Applications(Protocol):
    """What ownership asks of the applications for cards."""

    async def hand_over_all(self, owner_id: int, to: int, by: Member) -> int:
        """Give everything open of one manager to another; returns how many."""
        ...


class People(Protocol):
    """Who is who."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class OwnerWording(Protocol):
    """The sentences that a change of manager puts into the ledger."""

    def introduced(self, successor: str, language: Language) -> Message:
        """What a customer reads once, whose manager changed for good."""
        ...

    def stood_in(self, stand_in: str, language: Language) -> Message:
        """What a customer reads once, whose manager is away while something is open."""
        ...

    def received(self, found: HandOver, by: str, language: Language) -> Message:
        """What the successor reads."""
        ...


class OwnerService:
    """Owners of customers inside one unit of work."""

    def __init__(
        self,
        store: OwnerStore,
        staff: Desk,
        people: People,
        applications: Applications,
        outbox: Outbox,
        wording: OwnerWording,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._staff = staff
        self._people = people
        self._applications = applications
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._zone = zone

    async def acting_for(self, manager_id: int) -> list[int]:
        """Whose customers a manager looks after today: the own, and those of whom the manager stands in for."""
        away = await self._staff.away(self._today())
        return [manager_id, *(each for each in away if each != manager_id and acting(each, away) == manager_id)]

    async def owner_of(self, customer_id: UUID) -> int | None:
        """Who owns a customer; None while nobody does."""
        return await self._store.owner_of(customer_id)

    async def assign(self, customer_id: UUID, owner_id: int) -> None:
        """Name the owner of a customer."""
        await self._store.assign(customer_id, owner_id, self._now())

    async def successors(self, member: Member) -> list[Member]:
        """The managers to whom somebody can hand over."""
        people = await self._people.many(await self._staff.colleagues(member))
        return sorted(people.values(), key=lambda each: (each.name, each.id))

    async def preview(self, member: Member, to: int) -> tuple[HandOver, Member] | None:
        """What would go to a successor; None where they are no manager."""
        successor = next((each for each in await self.successors(member) if each.id == to), None)
        return (await self._store.count(member.id), successor) if successor else None

    async def hand_over(self, member: Member, to: int) -> tuple[HandOver, Member] | None:
        """Customers, groups and whatever is open go together (S-106); who can be reached is told once."""
        found = await self.preview(member, to)
        if found is None:
            return None
        counted, successor = found
        told = await self._store.reachable(member.id, waiting=False)
        number = await self._store.move(member.id, to, self._now())
        await self._applications.hand_over_all(member.id, to, member)
        await self._staff.note(member.id, "hand_over", f"{to} {counted.customers} {counted.groups}")
        await self._tell(f"handover:{number}", told, successor.name, self._wording.introduced)
        words = self._wording.received(counted, member.name, successor.language)
        await self._outbox.tell(f"handover:{number}", "received", to, words)
        return counted, successor

    async def tick(self) -> int:
        """Tell customers who wait for something that somebody stands in, once per absence; returns how many."""
        begun = await self._store.begun_absences(self._today(), self._now())
        people = await self._people.many([stand_in for _, _, stand_in in begun])
        for number, absent, stand_in in begun:
            told = await self._store.reachable(absent, waiting=True)
            await self._tell(f"absence:{number}", told, people[stand_in].name, self._wording.stood_in)
        return len(begun)

    async def _tell(
        self, campaign: str, told: Sequence[Told], name: str, say: Callable[[str, Language], Message]
    ) -> None:
        for each in told:
            await self._outbox.tell(campaign, "told", each.member_id, say(name, each.language))

    def _today(self) -> date:
        return self._now().astimezone(self._zone).date()
