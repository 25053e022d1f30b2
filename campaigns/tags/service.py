"""Tags in the hands of staff, one customer at a time."""

from datetime import datetime
from typing import Protocol

from campaigns.customers.model import Customer
from campaigns.members.model import Member
from campaigns.staff.model import Role
from campaigns.tags.model import Tag, TagRefusal
from campaigns.tags.rules import DICTIONARY, expiry, may_touch, rivals


class TagStore(Protocol):
    """What tags need of the database."""

    async def customer(self, number: str) -> Customer | None: ...
    async def tags_of(self, customer: Customer, now: datetime) -> tuple[Tag, ...]: ...
    async def add(self, customer: Customer, tag: Tag) -> None: ...
    async def end(self, customer: Customer, codes: frozenset[str], ended_by: str, now: datetime) -> int: ...


class TagService:
    """Shows, sets and removes tags; every change keeps who and when."""

    def __init__(self, store: TagStore, now: datetime) -> None:
        self._store = store
        self._now = now

    async def tags(self, number: str) -> tuple[Tag, ...] | TagRefusal:
        """What holds of a customer now: the tags that people set, then the latest run's, by code."""
        customer = await self._store.customer(number)
        return TagRefusal.UNKNOWN_CUSTOMER if customer is None else await self._store.tags_of(customer, self._now)

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
        tag = Tag(code, definition.source, self._now, expiry(definition, self._now), evidence.strip(), str(by.id))
        await self._store.end(customer, rivals(code) | {code}, str(by.id), self._now)
        await self._store.add(customer, tag)
        return tag

    async def put(self, number: str, code: str, evidence: str, by: str) -> bool:
        """Set a tag by the hand of a program, which names itself; False where there is no such customer."""
        customer = await self._store.customer(number)
        if customer is None:
            return False
        definition = DICTIONARY[code]
        tag = Tag(code, definition.source, self._now, expiry(definition, self._now), evidence, by)
        await self._store.end(customer, rivals(code) | {code}, by, self._now)
        await self._store.add(customer, tag)
        return True

    async def remove(self, number: str, code: str, by: Member, roles: frozenset[Role]) -> TagRefusal | None:
        """End a tag that was set; None when it is done."""
        definition = may_touch(code, roles)
        if isinstance(definition, TagRefusal):
            return definition
        customer = await self._store.customer(number)
        if customer is None:
            return TagRefusal.UNKNOWN_CUSTOMER
        ended = await self._store.end(customer, frozenset({code}), str(by.id), self._now)
        return None if ended else TagRefusal.NOT_SET
