"""Looking at one customer: whom staff mean, the customer's card, and the log of who looked (PIPL art. 51, 54)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from campaigns.customers.model import Customer, Letter
from campaigns.customers.next_actions import NextAction, advised_rate
from campaigns.customers.portraits import Portrait, PortraitStore
from campaigns.customers.rules import is_called
from campaigns.deliveries.model import Kind, State
from campaigns.members.model import Member, PrivateChat
from segmentation.lending import LoanOffer, NoLoan
from segmentation.rates import Quote, RateTable

SHORTEST_ENDING = 3
CHOICES = 8
RECENT = 20
SAME_TALK = timedelta(minutes=30)
OUT_OF_REACH = frozenset({PrivateChat.NEVER, PrivateChat.BLOCKED})


class Occasion(StrEnum):
    """Why somebody looked at a customer: by which command."""

    CARD = "card"
    WHY = "why"
    LIST = "list"
    SEARCH = "search"
    EXPORT = "export"


class Lookup(NamedTuple):
    """One look at one customer; `member_id` is who looked."""

    at: datetime
    member_id: int
    customer_id: UUID
    occasion: Occasion


class LoggedLookup(NamedTuple):
    """A line of the log as compliance reads it: `heads` customers seen at once, the first of them by number.

    `name` is the staff member's.
    """

    at: datetime
    member_id: int
    name: str
    number: str
    heads: int
    occasion: Occasion


class Candidate(NamedTuple):
    """Somebody who may be meant; `name` is masked."""

    customer: Customer
    letter: Letter | None
    name: str | None


@dataclass(frozen=True)
class Choice:
    """Several who may be meant, the first of them, and how many there are."""

    candidates: tuple[Candidate, ...]
    total: int


class BoundMember(NamedTuple):
    """A member of a group who is bound to a customer, with the full display name."""

    customer: Customer
    name: str


class PastDelivery(NamedTuple):
    """What became of a message to a customer."""

    at: datetime
    kind: Kind
    state: State
    reason: str | None


@dataclass(frozen=True)
class Contact:
    """How the bank reaches a customer in the chat; name and phone are masked.

    `is_bound` is whether a member of the chat is known to be this customer; the rest speaks of that member.
    """

    name: str | None = None
    phone: str | None = None
    is_bound: bool = False
    private_chat: PrivateChat = PrivateChat.NEVER
    agreed_to_offers: bool = False

    @property
    def may_be_offered(self) -> bool:
        """Whether an offer may be sent: bound, reachable and agreed to (PIPL art. 13, Advertising Law art. 43)."""
        return self.is_bound and self.private_chat not in OUT_OF_REACH and self.agreed_to_offers


@dataclass(frozen=True)
class CustomerCard:
    """Everything that staff see of one customer; `portrait` and what follows are None before a run knows the customer.

    `rate` is advice to staff where a loan is there or may be offered; `loan` what may be proposed unasked, or why none.
    """

    customer: Customer
    portrait: Portrait | None
    contact: Contact
    deliveries: tuple[PastDelivery, ...]
    action: NextAction | None = None
    rate: Quote | None = None
    loan: LoanOffer | NoLoan | None = None


class LendingStore(Protocol):
    """Who may be proposed a loan."""

    async def proposal(self, customer_id: UUID, now: datetime) -> LoanOffer | NoLoan | None:
        """What may be proposed to a customer now, or why nothing; None of whom no run knows."""
        ...


class LookupStore(Protocol):
    """What looking at customers needs of the database."""

    async def customer(self, customer_id: UUID) -> Customer | None:
        """A customer by id."""
        ...

    async def with_number(self, number: str) -> Customer | None:
        """The customer with exactly this number."""
        ...

    async def customers_of(self, member_ids: Sequence[int]) -> list[UUID]:
        """The customers who are bound to these members."""
        ...

    async def ending_with(self, ending: str, limit: int) -> tuple[list[Customer], int]:
        """The first customers whose number ends like this in any case, and how many there are."""
        ...

    async def bound_in_groups_of(self, manager_id: int) -> list[BoundMember]:
        """The bound members of a manager's groups, each once."""
        ...

    async def candidates(self, customers: Sequence[Customer]) -> list[Candidate]:
        """Customers with their latest letters and masked names, in the given order."""
        ...

    async def contact(self, customer_id: UUID) -> Contact:
        """How a customer is reached."""
        ...

    async def deliveries(self, customer_id: UUID, limit: int) -> list[PastDelivery]:
        """The latest messages to the member who is this customer, the newest first."""
        ...

    async def record(self, lookups: Sequence[Lookup]) -> None:
        """Append to the log."""
        ...

    async def last_seen_by(self, member_id: int, since: datetime) -> Customer | None:
        """Whose card this person looked at last."""
        ...

    async def log(self, customer_id: UUID | None, limit: int) -> list[LoggedLookup]:
        """The newest looks, at one customer or at anybody."""
        ...


class ActionStore(Protocol):
    """What the card needs of next actions."""

    async def next_action(self, number: str) -> NextAction | None:
        """The next action of the customer with the bank's number; None when no run has one."""
        ...

    async def rate_table(self, policy_version: int) -> RateTable:
        """The table of loan rates in a version of the policy."""
        ...


class LookupService:
    """Finds customers for staff and shows their cards; whoever is shown is recorded in the same transaction."""

    def __init__(
        self,
        store: LookupStore,
        portraits: PortraitStore,
        actions: ActionStore,
        lending: LendingStore,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._lending = lending
        self._portraits = portraits
        self._actions = actions
        self._now = now

    async def find(self, words: str, member: Member) -> Customer | Choice | None:
        """Who is meant: a number, the end of one, or the (masked) name of somebody bound in the own groups."""
        exact = await self._store.with_number(words)
        if exact is not None:
            return exact
        found = [each.customer for each in await self._named(words, member)]
        total = len(found)
        if len(words) >= SHORTEST_ENDING:
            ending, heads = await self._store.ending_with(words, CHOICES)
            fresh = [each for each in ending if each not in found]
            total += heads - (len(ending) - len(fresh))
            found += fresh
        if total == 1 and found:
            return found[0]
        return await self._choice(found[:CHOICES], total, member) if found else None

    async def card(self, customer_id: UUID, member: Member, occasion: Occasion) -> CustomerCard | None:
        """The customer's card, and the record that this person saw it."""
        customer = await self._store.customer(customer_id)
        if customer is None:
            return None
        await self._store.record([Lookup(self._now(), member.id, customer_id, occasion)])
        portrait = await self._portraits.portrait(customer.number)
        action = await self._actions.next_action(customer.number) if portrait else None
        return CustomerCard(
            customer,
            portrait,
            await self._store.contact(customer_id),
            tuple(await self._store.deliveries(customer_id, 3)),
            action,
            await self._rate(portrait, action) if portrait else None,
            await self._lending.proposal(customer_id, self._now()),
        )

    async def exported(self, member_ids: Sequence[int], by: Member) -> int:
        """A file with these members' names was handed out: every customer among them is recorded; returns how many."""
        found = await self._store.customers_of(member_ids)
        now = self._now()
        await self._store.record([Lookup(now, by.id, customer, Occasion.EXPORT) for customer in found])
        return len(found)

    async def numbered(self, number: str) -> Customer | None:
        """The customer with exactly this number."""
        return await self._store.with_number(number)

    async def last_seen(self, member: Member) -> Customer | None:
        """Whom a question without a name means: the customer whose card this person just looked at."""
        return await self._store.last_seen_by(member.id, self._now() - SAME_TALK)

    async def log(self, customer: Customer | None) -> list[LoggedLookup]:
        """Who looked, at one customer or at anybody; for compliance."""
        return await self._store.log(customer.id if customer else None, RECENT)

    async def _rate(self, portrait: Portrait, action: NextAction | None) -> Quote | None:
        return advised_rate(portrait, action, await self._actions.rate_table(portrait.policy_version))

    async def _named(self, words: str, member: Member) -> list[BoundMember]:
        bound = await self._store.bound_in_groups_of(member.id)
        return [each for each in bound if is_called(words, each.name)]

    async def _choice(self, found: Sequence[Customer], total: int, member: Member) -> Choice:
        now = self._now()
        await self._store.record([Lookup(now, member.id, each.id, Occasion.SEARCH) for each in found])
        return Choice(tuple(await self._store.candidates(found)), total)
