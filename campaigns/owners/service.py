"""Whose customers somebody looks after: the own ones, and those of colleagues who are away."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID


class OwnerStore(Protocol):
    """What ownership needs of the database."""

    async def owner_of(self, customer_id: UUID) -> int | None:
        """Who owns a customer: whoever was named, else the manager of the first group with the bound member."""
        ...

    async def assign(self, customer_id: UUID, owner_id: int, now: datetime) -> None:
        """Name the owner of a customer."""
        ...


class OwnerService:
    """Owners of customers inside one unit of work."""

    def __init__(self, store: OwnerStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def acting_for(self, manager_id: int) -> list[int]:
        """Whose customers a manager looks after today."""
        return [manager_id]

    async def owner_of(self, customer_id: UUID) -> int | None:
        """Who owns a customer; None while nobody does."""
        return await self._store.owner_of(customer_id)

    async def assign(self, customer_id: UUID, owner_id: int) -> None:
        """Name the owner of a customer."""
        await self._store.assign(customer_id, owner_id, self._now())
