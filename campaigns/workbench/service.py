"""Use cases of the workbench: list and search the own customers, what stands beside a card, a field asked again."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.customers.fields import CustomerField
from campaigns.customers.lookups import Lookup, Occasion
from campaigns.followups.service import FollowUpService
from campaigns.members.model import Member, Purpose
from campaigns.notes.service import NoteService
from campaigns.owners.service import OwnerService
from campaigns.tags.service import TagService
from campaigns.workbench.model import Answer, Desk, DeskPage, Fatigue, OwnCustomer, SearchKind, Update
from campaigns.workbench.rules import ANSWERS, LIQUIDITY, fits, in_order, page_of, read_search, to_ask


class WorkbenchStore(Protocol):
    """What the workbench needs of the database."""

    async def customers_of(self, managers: Sequence[int]) -> list[OwnCustomer]:
        """The customers of these managers: those they own, and those bound in their groups whom nobody else owns."""
        ...

    async def consents(self, customer_id: UUID) -> Mapping[Purpose, datetime]:
        """What the member who is this customer has agreed to, and since when."""
        ...

    async def fatigue(self, customer_id: UUID, now: datetime) -> Fatigue | None:
        """How many messages the member who is this customer got lately; None where nobody is bound."""
        ...

    async def fields(self, customer_id: UUID, today: date) -> Sequence[CustomerField]:
        """What departments tell of a customer up to today."""
        ...

    async def updates(self, customer_id: UUID) -> list[Update]:
        """The newest answer to each field that was asked again."""
        ...

    async def keep_update(self, customer_id: UUID, update: Update, by: int) -> None:
        """Keep an answer."""
        ...

    async def record(self, lookups: Sequence[Lookup]) -> None:
        """Append to the log of who looked at whom."""
        ...


class WorkbenchService:
    """The desk of one manager inside one unit of work."""

    def __init__(
        self,
        store: WorkbenchStore,
        owners: OwnerService,
        notes: NoteService,
        followups: FollowUpService,
        tags: TagService,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._owners = owners
        self._notes = notes
        self._followups = followups
        self._tags = tags
        self._now = now
        self._zone = zone

    async def page(
        self, words: str, page: int, member: Member, tags: Mapping[str, str], stages: Mapping[str, str]
    ) -> DeskPage:
        """A page of the own customers whom the words fit; whoever is shown is recorded (PIPL art. 51, 54).

        `tags` and `stages` of applications lead from names, folded, to codes.
        """
        search = read_search(words, tags, stages)
        mine = await self._store.customers_of(await self._owners.acting_for(member.id))
        found = in_order(who for who in mine if fits(who, search))
        at, pages, shown = page_of(found, search, page)
        occasion = Occasion.LIST if search.kind is SearchKind.ALL else Occasion.SEARCH
        now = self._now()
        await self._store.record([Lookup(now, member.id, who.customer.id, occasion) for who in shown])
        return DeskPage(search, at, pages, len(found), shown)

    async def desk(self, customer_id: UUID) -> Desk:
        """What stands below a card, whose look is recorded already."""
        now = self._now()
        today = now.astimezone(self._zone).date()
        updates = await self._store.updates(customer_id)
        return Desk(
            notes=tuple(await self._notes.of(customer_id)),
            consents=await self._store.consents(customer_id),
            fatigue=await self._store.fatigue(customer_id, now),
            ask=to_ask(await self._store.fields(customer_id, today), updates, today),
            updates=tuple(updates),
            followups=tuple(await self._followups.of_customer(customer_id)),
            contacts=tuple(await self._followups.contacts(customer_id)),
        )

    async def told(self, customer_id: UUID) -> list[Update]:
        """The newest answer to each field that was asked again or told unasked."""
        return await self._store.updates(customer_id)

    async def write_down(self, customer_id: UUID, field: str, value: str, by: Member) -> Answer:
        """Keep what a customer said to a field: to the manager who asked again, or by the own hand (S-50, S-52).

        When the money is needed is a tag as well, since it decides what the customer is offered (S-58).
        """
        if value not in ANSWERS.get(field, ()):
            return Answer.UNKNOWN
        await self._store.keep_update(customer_id, Update(field, value, self._now()), by.id)
        if field == LIQUIDITY:
            await self._tags.tell(customer_id, value, field, str(by.id))
        return Answer.KEPT
