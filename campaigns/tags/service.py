"""Tags in the hands of staff, one customer at a time."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.customers.model import Customer
from campaigns.members.model import Member
from campaigns.staff.model import Role
from campaigns.tags.model import Tag, TagRefusal
from campaigns.tags.rules import DICTIONARY, expiry, liquidity_need, may_touch, rivals
from segmentation.liquidity import Need


class TagStore(Protocol):
    """What tags need of the database."""

    async def customer(self, number: str) -> Customer | None: ...
    async def tags_of(self, customer: Customer, now: datetime) -> tuple[Tag, ...]: ...
    async def add(self, customer_id: UUID, tag: Tag) -> None: ...
    async def end(self, customer_id: UUID, codes: frozenset[str], ended_by: str, now: datetime) -> int: ...


class TagService:
    """Shows, sets and removes tags; every change keeps who and when."""

    def __init__(self, store: TagStore, now: datetime) -> None:
        self._store = store
        self._now = now

    async def tags(self, number: str) -> tuple[Tag, ...] | TagRefusal:
        """What holds of a customer now: the tags that people set, then the latest run's, by code."""
        customer = await self._store.customer(number)
        return TagRefusal.UNKNOWN_CUSTOMER if customer is None else await self._store.tags_of(customer, self._now)

    def need(self, held: Iterable[Tag]) -> Need | None:
        """For how long the money can be bound today of a customer with these tags."""
        return liquidity_need(held, self._now.date())

    async def set(self, number: str, code: str, evidence: str, by: Member, roles: frozenset[Role]) -> Tag | TagRefusal:
        """Set a tag, or set it anew with another expiry; one that it contradicts ends."""
        definition = may_touch(code, roles)
        if isinstance(definition, TagRefusal):
            return definition
        if not evidence.strip():
            return TagRefusal.NO_EVIDENCE
        customer = await self._store.customer(number)
        if customer is None:
            return TagRefusal.UNKNOWN_CUSTOMER
        return await self.tell(customer.id, code, evidence.strip(), str(by.id))

    async def put(self, number: str, code: str, evidence: str, by: str) -> bool:
        """Set a tag by the hand of a program, which names itself; False where there is no such customer."""
        customer = await self._store.customer(number)
        if customer is None:
            return False
        await self.tell(customer.id, code, evidence, by)
        return True

    async def tell(self, customer_id: UUID, code: str, evidence: str, by: str) -> Tag:
        """Set a tag that somebody was allowed to, such as what customers tell of themselves; its rivals end."""
        definition = DICTIONARY[code]
        tag = Tag(code, definition.source, self._now, expiry(definition, self._now), evidence, by)
        await self._store.end(customer_id, rivals(code) | {code}, by, self._now)
        await self._store.add(customer_id, tag)
        return tag

    async def remove(self, number: str, code: str, by: Member, roles: frozenset[Role]) -> TagRefusal | None:
        """End a tag that was set; None when it is done."""
        definition = may_touch(code, roles)
        if isinstance(definition, TagRefusal):
            return definition
        customer = await self._store.customer(number)
        if customer is None:
            return TagRefusal.UNKNOWN_CUSTOMER
        ended = await self._store.end(customer.id, frozenset({code}), str(by.id), self._now)
        return None if ended else TagRefusal.NOT_SET
