"""Use cases of redemptions: the shelf, redeem, confirm at the desk, cancel, lapse."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol

from campaigns.points.service import PointsService
from campaigns.redemptions.model import (
    Asker,
    ConfirmCode,
    Confirmed,
    RedeemCode,
    Redeemed,
    Redemption,
    RedemptionState,
    ShelfItem,
)
from campaigns.redemptions.rules import TO_FETCH, may_confirm, may_redeem, new_token, token_hash

LAPSED_AT_ONCE = 100


class RedemptionStore(Protocol):
    """What redemptions need; every lock lasts until the transaction ends."""

    async def on_shelf(self, today: date) -> list[ShelfItem]:
        """What can be had today, the cheapest first."""
        ...

    async def lock_item(self, item_id: int) -> ShelfItem | None:
        """One item, locked."""
        ...

    async def had(self, item_id: int, asker: Asker) -> int:
        """How many of an item the member, or the bank's customer behind, has or is to fetch."""
        ...

    async def save(self, item: ShelfItem, asker: Asker, token: bytes, now: datetime, lapses_at: datetime) -> Redemption:
        """Store a redemption and take one piece from the stock."""
        ...

    async def lock_by_token(self, token: bytes) -> Redemption | None:
        """The redemption that a token opens, locked."""
        ...

    async def by_token(self, token: bytes) -> Redemption | None:
        """The same, unlocked."""
        ...

    async def lock_own(self, redemption_id: int, member_id: int) -> Redemption | None:
        """A member's own redemption, locked."""
        ...

    async def open_of(self, member_id: int) -> list[Redemption]:
        """What a member has still to fetch."""
        ...

    async def lapsed(self, now: datetime, limit: int) -> list[Redemption]:
        """Redemptions that nobody fetched in time, locked; those that others hold are left out."""
        ...

    async def end(self, redemption: Redemption, state: RedemptionState, by: int | None, now: datetime) -> None:
        """Store a redemption's end; anything but handing over puts the piece back into the stock."""
        ...


class RedemptionService:
    """Redemptions inside one unit of work, on the points ledger of the same one."""

    def __init__(self, store: RedemptionStore, points: PointsService, now: Callable[[], datetime]) -> None:
        self._store = store
        self._points = points
        self._now = now

    async def shelf(self) -> list[ShelfItem]:
        """What can be had today."""
        return await self._store.on_shelf(self._points.today())

    async def redeem(self, asker: Asker, item_id: int) -> Redeemed:
        """Set an item and its points aside for a member; the token is what the desk will scan."""
        item = await self._store.lock_item(item_id)
        had = await self._store.had(item_id, asker) if item else 0
        if (refusal := may_redeem(item, asker, had, self._points.today())) or item is None:
            return Redeemed(refusal or RedeemCode.UNKNOWN_ITEM)
        spendable = (await self._points.statement(asker.member_id)).spendable
        if spendable < item.points:
            return Redeemed(RedeemCode.SHORT, missing=item.points - spendable)
        now, token = self._now(), new_token()
        redemption = await self._store.save(item, asker, token_hash(token), now, now + TO_FETCH)
        missing = await self._points.hold(asker.member_id, redemption.id, item.points)
        if missing is not None:  # Another redemption was faster between the look and the lock.
            await self._store.end(redemption, RedemptionState.CANCELLED, None, now)
            return Redeemed(RedeemCode.SHORT, missing=missing)
        return Redeemed(RedeemCode.HELD, redemption, token)

    async def look_up(self, token: str) -> Redemption | None:
        """What a token stands for, before staff confirms."""
        return await self._store.by_token(token_hash(token))

    async def confirm(self, token: str, staff_id: int) -> Confirmed:
        """Hand the goods out: once, however often or at once it is scanned."""
        redemption, now = await self._store.lock_by_token(token_hash(token)), self._now()
        if (refusal := may_confirm(redemption, staff_id, now)) or redemption is None:
            return Confirmed(refusal or ConfirmCode.UNKNOWN, redemption)
        await self._points.claim(redemption.id, redemption.item.partner_id)
        await self._store.end(redemption, RedemptionState.HANDED_OVER, staff_id, now)
        return Confirmed(ConfirmCode.HANDED_OVER, redemption)

    async def cancel(self, redemption_id: int, member_id: int) -> Confirmed:
        """Give a redemption up: its points and its piece go back."""
        redemption = await self._store.lock_own(redemption_id, member_id)
        if redemption is None:
            return Confirmed(ConfirmCode.UNKNOWN)
        if redemption.state is not RedemptionState.HELD:
            return Confirmed(ConfirmCode.OVER, redemption)
        await self._undo(redemption, RedemptionState.CANCELLED, member_id)
        return Confirmed(ConfirmCode.CANCELLED, redemption)

    async def to_fetch(self, member_id: int) -> list[Redemption]:
        """What a member has still to fetch."""
        return await self._store.open_of(member_id)

    async def lapse(self) -> list[Redemption]:
        """End what nobody fetched in time; returns it, so that the members can be told."""
        lapsed = await self._store.lapsed(self._now(), LAPSED_AT_ONCE)
        for redemption in lapsed:
            await self._undo(redemption, RedemptionState.LAPSED, None)
        return lapsed

    async def _undo(self, redemption: Redemption, state: RedemptionState, by: int | None) -> None:
        await self._points.give_back(redemption.id)
        await self._store.end(redemption, state, by, self._now())
