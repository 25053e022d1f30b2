"""What stamps need of others: their store, the rallies, the games, and who wants to hear of a new stamp."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.games.model import Attempt, Game, Scan
from campaigns.rallies.model import Rally, Visit
from campaigns.stamps.model import Award, Holding, Use

Place = tuple[int, int]  # A booth and a member.


class StampStore(Protocol):
    """Stamps, uses and member codes in one transaction."""

    async def lock_members(self, rally_id: int, member_ids: Collection[int], source: str, now: datetime) -> set[int]:
        """Let everybody take part who does not yet, and lock them all in one order; returns who is new."""
        ...

    async def standing(self, places: Collection[Place]) -> Mapping[Place, bool]:
        """Which of these stamps there are, and whether they count: a void one does not."""
        ...

    async def insert(self, rally_id: int, awards: Sequence[Award], now: datetime) -> set[Place]:
        """Store what is not there yet, for the person or for the bound customer; returns the new ones."""
        ...

    async def holdings(self, rally_id: int, member_ids: Collection[int]) -> Mapping[int, Holding]:
        """What each of these has in a rally."""
        ...

    async def keep_uses(self, uses: Sequence[Use], now: datetime) -> None:
        """Keep what was used, whatever came of it."""
        ...

    async def void(self, rally_id: int, place: Place, reason: str, actor_id: int, now: datetime) -> bool:
        """Let a stamp count no more; False where there is none or it is void already."""
        ...

    async def set_member_code(self, member_id: int, code: bytes, expires_at: datetime) -> bool:
        """Keep a member's only open code; False where another member has the same one just now."""
        ...

    async def take_member_code(self, code: bytes, now: datetime) -> tuple[int, UUID | None] | None:
        """Use a member's code up: whose it was, and the customer behind; None for none, a used or an old one."""
        ...


class Rallies(Protocol):
    """The events, as their own store knows them."""

    async def at_booth(self, booth_id: int) -> Rally | None:
        """The rally that a booth belongs to."""
        ...

    async def secret(self, rally: Rally) -> bytes:
        """The key that signs a rally's codes."""
        ...


class Games(Protocol):
    """The way into a booth's game."""

    async def begin(self, booth_id: int, game: Game, member_id: int, scan: Scan) -> Attempt:
        """Begin, or find again: PASSED means that the stamp is earned."""
        ...


class Follower(Protocol):
    """Whoever acts on new stamps in their own transaction: medals first, then cards, gifts and coupons."""

    async def stamped(self, rally: Rally, visits: Sequence[Visit]) -> None:
        """These people have new stamps: all that were stored together, whatever their number by few statements."""
        ...


class Trail(Protocol):
    """Where it is kept who did what."""

    async def note(self, actor: int, action: str, subject: str) -> None:
        """Append to the audit trail."""
        ...
