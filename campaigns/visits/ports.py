"""What visits need of the rows, the applications and the words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from campaigns.applications.model import Application
from campaigns.deliveries.model import Message
from campaigns.members.model import Member
from campaigns.visits.model import Hours, Slot, Visit, VisitState


class VisitStore(Protocol):
    """What visits' use cases need; every lock lasts until the transaction ends."""

    async def offer(self, manager_id: int, hours: Sequence[Hours], now: datetime) -> int:
        """Store hours, leaving alone what begins when others of the manager do; returns how many are new."""
        ...

    async def free(self, manager_id: int, since: datetime, limit: int) -> list[Slot]:
        """The next slots of a manager with room."""
        ...

    async def lock_slot(self, slot_id: int) -> Slot | None:
        """One slot, locked."""
        ...

    async def booked(self, application_id: int) -> Visit | None:
        """The visit that an application has not ended, locked; it may be left behind by a move without it."""
        ...

    async def lock(self, visit_id: int) -> Visit | None:
        """One visit, locked."""
        ...

    async def add(self, application: Application, slot: Slot, address: str | None, now: datetime) -> Visit:
        """Store a booked visit; its area is the place of the application's group."""
        ...

    async def end(self, visit: Visit, state: VisitState, now: datetime, photo: str | None = None) -> None:
        """Store what became of a visit."""
        ...

    async def set_address(self, visit: Visit, address: str) -> None:
        """Keep the address, sealed."""
        ...

    async def of_day(self, manager_ids: Sequence[int], first: datetime, end: datetime) -> list[Visit]:
        """The visits of these managers that begin within a stretch, without those that are off."""
        ...

    async def to_route(self, first: datetime, end: datetime) -> list[int]:
        """The managers with a booked visit within a stretch who were not told of their route."""
        ...

    async def mark_routed(self, manager_ids: Sequence[int], first: datetime, end: datetime) -> None:
        """Remember that managers were told of their route."""
        ...

    async def to_remind(self, first: datetime, end: datetime) -> list[Visit]:
        """Booked visits within a stretch of which the customer was not reminded, locked."""
        ...

    async def mark_reminded(self, visit_ids: Sequence[int]) -> None:
        """Remember that the customers were reminded."""
        ...


class VisitWording(Protocol):
    """The sentences that visits put into the ledger."""

    def booked(self, reader: Member, visit: Visit, name: str, before: Visit | None) -> Message:
        """What the manager reads of a new or moved visit; the name is masked."""
        ...

    def cancelled(self, reader: Member, visit: Visit, name: str) -> Message:
        """What the manager reads when a customer cancels; the name is masked."""
        ...

    def no_show(self, reader: Member, visit: Visit) -> Message:
        """What the customer reads who was not met."""
        ...

    def tomorrow(self, reader: Member, visit: Visit) -> Message:
        """What the customer reads the day before."""
        ...

    def route(self, reader: Member, visits: Sequence[Visit], names: Mapping[int, str], day: date) -> Message:
        """What the manager reads in the morning; names are masked and no address is said."""
        ...
