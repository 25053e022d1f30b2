"""A customer lets the own manager call or add them as a contact (S-77): asked first, told, seen once a tap."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from campaigns.applications.model import Application, MoveRefusal
from campaigns.applications.ports import People
from campaigns.applications.rules import OPEN
from campaigns.applications.service import ApplicationService, ledger_of
from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Member
from campaigns.members.rules import masked
from campaigns.staff.rules import acting


class ContactRefusal(StrEnum):
    """Why nobody is given a number."""

    NO_APPLICATION = "no_application"
    NOT_YOURS = "not_yours"
    NO_NUMBER = "no_number"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True)
class ContactCard:
    """Whom a manager may call or add; name and number are the full ones and stand in no ledger."""

    application: Application
    name: str = field(repr=False)
    phone: str = field(repr=False)


class ContactStore(Protocol):
    """What contacts need of the database."""

    async def agree(self, application_id: int, wording: str, now: datetime) -> None:
        """Keep a yes with the version of the words that were shown; one that stands already stays."""
        ...

    async def agreed(self, application_id: int) -> bool:
        """Whether a yes stands."""
        ...

    async def withdraw(self, member_id: int, now: datetime) -> bool:
        """Take every yes of a member back; False where none stood."""
        ...

    async def phone_of(self, member_id: int) -> str | None:
        """The number that a member linked, opened; None where there is none."""
        ...


class Trail(Protocol):
    """The audit trail, and who stands in for whom."""

    async def note(self, actor: int, action: str, subject: str) -> None:
        """Append what somebody did."""
        ...

    async def away(self, day: date) -> Mapping[int, int]:
        """The stand-in of everybody who is away on a day."""
        ...


class ContactWording(Protocol):
    """The sentence that a contact puts into the ledger."""

    def agreed(self, reader: Member, application: Application, name: str) -> Message:
        """What the owner reads; the name is masked and no number is said."""
        ...


class ContactService:
    """Contacts of applications inside one unit of work."""

    def __init__(
        self,
        store: ContactStore,
        applications: ApplicationService,
        people: People,
        trail: Trail,
        outbox: Outbox,
        wording: ContactWording,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._applications = applications
        self._people = people
        self._trail = trail
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def agree(self, application_id: int, member: Member, wording: str) -> Application | ContactRefusal:
        """The customer agrees to be called or added for the own open application; who looks after it is told once."""
        found = await self._applications.locked(application_id)
        if found is None or found.member_id != member.id or found.stage not in OPEN:
            return ContactRefusal.NO_APPLICATION
        if await self._store.phone_of(member.id) is None:
            return ContactRefusal.NO_NUMBER
        await self._store.agree(found.id, wording, self._now())
        owner = acting(found.owner_id, await self._trail.away(self._applications.today()))
        reader = (await self._people.many([owner])).get(owner)
        if reader is not None:
            words = self._wording.agreed(reader, found, masked(member.name))
            await self._outbox.tell(ledger_of(found.id), f"contact:{owner}", owner, words)
        return found

    async def take_back(self, member: Member) -> bool:
        """Nobody sees the number any more, for whichever application."""
        return await self._store.withdraw(member.id, self._now())

    async def card(self, application_id: int, by: Member) -> ContactCard | ContactRefusal:
        """Name and number for who acts on the open application, while the yes stands; every look is on the trail."""
        found = await self._applications.held(application_id, by)
        if isinstance(found, MoveRefusal):
            return ContactRefusal.NOT_YOURS if found is MoveRefusal.NOT_YOURS else ContactRefusal.NO_APPLICATION
        if found.stage not in OPEN or not await self._store.agreed(found.id):
            return ContactRefusal.NO_CONSENT
        phone = await self._store.phone_of(found.member_id)
        if phone is None:
            return ContactRefusal.NO_NUMBER
        await self._trail.note(by.id, "read_number", ledger_of(found.id))
        names = await self._applications.names([found.member_id])
        return ContactCard(found, names[found.member_id], phone)
