"""What follow-ups need of the rows, the people and the words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.customers.enterprises import Tier
from campaigns.customers.lookups import Lookup
from campaigns.customers.model import Letter
from campaigns.deliveries.model import Message
from campaigns.followups.model import (
    ClassChange,
    CloseReason,
    FollowUp,
    FollowUpState,
    Interaction,
    ServiceClock,
    Source,
)
from campaigns.members.model import Language, Member
from campaigns.staff.model import Role


class FollowUpStore(Protocol):
    """What follow-ups need of the database."""

    async def standing(self, customer_id: UUID) -> Letter | Tier | None:
        """The class of a person or the tier of an enterprise, as the latest run has it."""
        ...

    async def clock(self) -> ServiceClock:
        """The service clock in force: the newest version."""
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

    async def open_until(self, customer_id: UUID, source: Source) -> datetime | None:
        """Until when something of this source is to be done for a customer; None where nothing is open."""
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
        """What is overdue and nobody was told of."""
        ...

    async def mark_late(self, ids: Sequence[int], now: datetime) -> None:
        """Somebody was told of these."""
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

    def declined(self, found: FollowUp, language: Language) -> Message:
        """What the owner reads when the customer wants nobody to be in touch."""
        ...

    def class_changed(self, change: ClassChange) -> str:
        """Why a customer is to be called after a change of class."""
        ...
