"""What applications need of the rows, the people and the words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from campaigns.applications.due import Dates
from campaigns.applications.model import (
    Application,
    Assignment,
    Candidate,
    Entrant,
    Move,
    Owner,
    Stage,
    Terms,
)
from campaigns.chains.model import Chain
from campaigns.compliance.model import GatePolicy
from campaigns.deliveries.model import Message
from campaigns.members.model import Member, Purpose
from campaigns.staff.service import Person


class ApplicationStore(Protocol):
    """What applications' use cases need; every lock lasts until the transaction ends."""

    async def terms(self) -> Terms:
        """The terms in force: the newest version."""
        ...

    async def entrants(self, member_ids: Sequence[int]) -> list[Entrant]:
        """These members in the given order, with the manager who owned their latest application."""
        ...

    async def candidates(self, group_id: int) -> list[Candidate]:
        """The managers of a group: who registered it, and the managers among its members."""
        ...

    async def of_campaign(self, campaign: str, member_ids: Sequence[int]) -> list[Application]:
        """The applications of these members in one campaign, locked."""
        ...

    async def open(
        self, chain: Chain, campaign: str, entrants: Sequence[Entrant], owners: Sequence[Assignment], now: datetime,
        days: Dates,
    ) -> None:  # fmt: skip
        """Store fresh applications with their first move and owner."""
        ...

    async def lock(self, application_id: int) -> Application | None:
        """One application, locked."""
        ...

    async def save(self, moved: Sequence[Application], moves: Sequence[Move], days: Dates) -> None:
        """Store moves into one stage: the new states and their history; reminders of the stage before are forgotten."""
        ...

    async def set_days(self, application: Application, days: Dates) -> None:
        """Store other days for the present stage; its reminders begin anew."""
        ...

    async def hand_over(self, application: Application, to: int, by: int, now: datetime) -> None:
        """Store a new owner and a row of the owners' history."""
        ...

    async def of_member(self, member_id: int, customer_id: UUID | None, limit: int) -> list[Application]:
        """A person's latest applications."""
        ...

    async def of_owners(self, owner_ids: Sequence[int], limit: int, offset: int) -> list[Application]:
        """Open applications of these owners, the first due first."""
        ...

    async def count_open(self, owner_ids: Sequence[int]) -> dict[Stage, int]:
        """How many open applications these owners have in each stage."""
        ...

    async def moves(self, application_id: int) -> list[Move]:
        """The history of one application, the oldest first."""
        ...

    async def owners(self, application_id: int) -> list[Owner]:
        """Who owned one application since when, the first first."""
        ...

    async def to_remind(self, today: date) -> list[Application]:
        """Applications that are due by this day and whose owner was not told, locked."""
        ...

    async def to_escalate(self, today: date) -> list[tuple[Application, int]]:
        """Overdue applications of which the leads must hear, with how often they did, locked."""
        ...

    async def to_nudge(self, today: date) -> list[Application]:
        """Applications that wait for their customer, who was not reminded, locked."""
        ...

    async def mark_reminded(self, application_ids: Sequence[int]) -> None:
        """Remember that owners were told."""
        ...

    async def mark_escalated(self, application_id: int, told: int, next_on: date | None) -> None:
        """Remember how often the leads heard, and when they hear next."""
        ...

    async def mark_nudged(self, application_ids: Sequence[int]) -> None:
        """Remember that customers were reminded."""
        ...

    async def leads(self) -> list[int]:
        """The team leads; where there is none, the administrators."""
        ...


class People(Protocol):
    """Who the members are, and what they agreed to."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...

    async def took_back(self, member_ids: Sequence[int], purpose: Purpose) -> set[int]:
        """Which of these members took their consent back and gave no new one."""
        ...


class Rota(Protocol):
    """Who is away, and who stands in for them."""

    async def away(self, day: date) -> Mapping[int, int]:
        """The stand-in of everybody who is away on a day."""
        ...

    async def colleagues(self, member: Person) -> list[int]:
        """The managers beside this person."""
        ...


class Quiet(Protocol):
    """The gate's numbers, for the hours in which nobody is written to."""

    async def policy(self) -> GatePolicy:
        """The newest policy."""
        ...


class ApplicationWording(Protocol):
    """The sentences that applications put into the ledger."""

    def due(
        self, reader: Member, applications: Sequence[Application], names: Mapping[int, str], today: date
    ) -> Message:
        """What an owner reads of applications that are due; names are masked."""
        ...

    def overdue(
        self, reader: Member, applications: Sequence[Application], names: Mapping[int, str], today: date
    ) -> Message:
        """What a lead reads of applications that nobody moves on; names are masked."""
        ...

    def nudge(self, reader: Member, application: Application) -> Message:
        """What a customer reads when the next step is theirs."""
        ...

    def handed_over(self, reader: Member, count: int) -> Message:
        """What the new owner reads."""
        ...

    def left_chain(self, reader: Member, application: Application, name: str) -> Message:
        """What the owner reads when somebody leaves the chain whose application the bank has already."""
        ...

    def withdrawn(self, reader: Member, application: Application, name: str) -> Message:
        """What the owner reads when the customer withdrew."""
        ...
