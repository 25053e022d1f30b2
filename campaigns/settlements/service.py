"""Use cases of settling: the sheet as of now, and settling once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from campaigns.coupons.model import CouponCount
from campaigns.gifts.model import Stores
from campaigns.rallies.model import Rally, RallyState
from campaigns.settlements.model import RallySheet, SettleRefusal
from campaigns.settlements.rules import Handed, may_settle, sheet_of


class Rallies(Protocol):
    """Where rallies are kept."""

    async def by_code(self, code: str) -> Rally | None:
        """The rally with this code."""
        ...

    async def lock(self, rally_id: int) -> Rally | None:
        """One rally, locked until the transaction ends."""
        ...

    async def move(self, rally_id: int, state: RallyState, now: datetime) -> None:
        """Put a rally into a state."""
        ...


class Gifts(Protocol):
    """What the gift desk handed out."""

    async def stores(self, rally: Rally) -> Stores:
        """What the desk of a rally has now."""
        ...

    async def lock_stores(self, rally: Rally) -> Stores:
        """The same, locked: who hands out next waits."""
        ...

    async def count_handed(self, rally_id: int) -> Handed:
        """By target and substitute, how many hand-outs stand and what they cost in fen."""
        ...


class Coupons(Protocol):
    """What became of coupons."""

    async def lock_all(self, rally_id: int) -> None:
        """Lock a rally's coupons: who redeems or takes back next waits."""
        ...

    async def counts(self, rally_id: int) -> dict[str, CouponCount]:
        """The coupons of a rally by the plan's code."""
        ...


class SettlementStore(Protocol):
    """Sheets that were settled, and tastings."""

    async def settled(self, rally_id: int) -> RallySheet | None:
        """The sheet under which a rally was settled."""
        ...

    async def keep(self, rally_id: int, sheet: RallySheet, now: datetime) -> None:
        """Keep the sheet of a settled rally."""
        ...

    async def tastings(self, rally_id: int) -> dict[str, int]:
        """How many tastings were counted as given, by booth."""
        ...


class SettlementService:
    """Settlements of rallies inside one unit of work."""

    def __init__(
        self, store: SettlementStore, rallies: Rallies, gifts: Gifts, coupons: Coupons, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._rallies = rallies
        self._gifts = gifts
        self._coupons = coupons
        self._now = now

    async def sheet(self, code: str) -> RallySheet | None:
        """The sheet as of now, or the one under which the rally was settled; None for no such rally."""
        rally = await self._rallies.by_code(code)
        if rally is None:
            return None
        return await self._store.settled(rally.id) or await self._count(rally, await self._gifts.stores(rally))

    async def settle(self, code: str) -> RallySheet | tuple[SettleRefusal, RallySheet | None]:
        """Settle a rally whose every piece is accounted for; once settled, the same sheet again.

        A refusal comes with the sheet that shows what is open or does not add up. The desk's stores are locked before
        the rally: a first hand-out locks them in this order, too.
        """
        known = await self._rallies.by_code(code)
        if known is None:
            return SettleRefusal.NO_RALLY, None
        stores = await self._gifts.lock_stores(known)
        rally = await self._rallies.lock(known.id) or known
        if settled := await self._store.settled(rally.id):
            return settled
        await self._coupons.lock_all(rally.id)
        sheet = await self._count(rally, stores)
        if refusal := may_settle(rally, sheet):
            return refusal, sheet
        now = self._now()
        await self._rallies.move(rally.id, RallyState.SETTLED, now)
        final = replace(sheet, state=RallyState.SETTLED, settled_at=now)
        await self._store.keep(rally.id, final, now)
        return final

    async def _count(self, rally: Rally, stores: Stores) -> RallySheet:
        handed, coupons = await self._gifts.count_handed(rally.id), await self._coupons.counts(rally.id)
        return sheet_of(rally, stores, handed, coupons, await self._store.tastings(rally.id))
