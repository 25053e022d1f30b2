"""Live data that a member asks for and no other feature shows: the own entries of chains."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

LATELY = timedelta(days=30)


@dataclass(frozen=True)
class OwnEntry:
    """One entry of a member in a chain; `item` is its name, empty where the chain has none."""

    merchant: str
    product: str
    quantity: int
    item: str
    waits: bool
    is_open: bool
    deadline: datetime


class LiveStore(Protocol):
    """What live data need."""

    async def entries(self, member_id: int, since: datetime) -> list[OwnEntry]:
        """A member's own entries of chains that run or ended since then, the newest first."""
        ...


class LiveData:
    """Live data inside one unit of work."""

    def __init__(self, store: LiveStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def chains(self, member_id: int) -> list[OwnEntry]:
        """A member's own entries of the last thirty days."""
        return await self._store.entries(member_id, self._now() - LATELY)
