"""Use cases of redemptions: the shelf, redeem, confirm at the desk, cancel, lapse."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from campaigns.points.service import PointsService
from campaigns.redemptions.model import (
    Asker,
    Clerk,
    ConfirmCode,
    Confirmed,
    RedeemCode,
    Redeemed,
    Redemption,
    RedemptionState,
    ShelfItem,
)
from campaigns.redemptions.rules import TO_FETCH, check_item, may_confirm, may_redeem, may_undo, new_token, token_hash

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

    async def item(self, item_id: int) -> ShelfItem | None:
        """One item, unlocked."""
        ...

    async def change_item(self, item: ShelfItem) -> None:
        """Store an item's new price, stock and last day."""
        ...

    async def was_asked(self, occasion: str) -> bool:
        """Whether a redemption came of this occasion before."""
        ...

    async def save(
        self, item: ShelfItem, asker: Asker, token: bytes, now: datetime, lapses_at: datetime, occasion: str | None
    ) -> Redemption:
        """Store a redemption and take one piece from the stock."""
        ...

    async def set_token(self, redemption: Redemption, token: bytes) -> None:
        """Let another token open a redemption, and the old one nothing."""
        ...

    async def reopen(self, redemption: Redemption) -> None:
        """A redemption that was handed over by mistake is open again; its piece stays taken."""
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

    async def item(self, item_id: int) -> ShelfItem | None:
        """One thing of the shelf, also when it cannot be had now."""
        return await self._store.item(item_id)

    async def change(self, item_id: int, points: int, more: int, ends_on: date | None) -> ShelfItem | None:
        """Another price, more pieces, another last day; what was set aside before keeps the price of its moment.

        Raises:
            ShelfError: it cannot be.
        """
        item = await self._store.lock_item(item_id)
        if item is None:
            return None
        changed = replace(item, points=points or item.points, stock=item.stock + more, ends_on=ends_on or item.ends_on)
        check_item(points or item.points, changed.stock, item.starts_on, changed.ends_on, item.per_person, None)
        await self._store.change_item(changed)
        return changed

    async def redeem(
        self, asker: Asker, item_id: int, price: int | None = None, occasion: str | None = None
    ) -> Redeemed:
        """Set an item and its points aside for a member; the token is what the desk will scan.

        `price` is what the member saw and agreed to; an `occasion`, such as one question, is answered once.
        """
        item = await self._store.lock_item(item_id)
        if occasion is not None and await self._store.was_asked(occasion):
            return Redeemed(RedeemCode.TWICE)
        had = await self._store.had(item_id, asker) if item else 0
        if (refusal := may_redeem(item, asker, had, self._points.today())) or item is None:
            return Redeemed(refusal or RedeemCode.UNKNOWN_ITEM)
        if price is not None and price != item.points:
            return Redeemed(RedeemCode.NEW_PRICE)
        spendable = (await self._points.statement(asker.member_id)).spendable
        if spendable < item.points:
            return Redeemed(RedeemCode.SHORT, missing=item.points - spendable)
        now, token = self._now(), new_token()
        redemption = await self._store.save(item, asker, token_hash(token), now, now + TO_FETCH, occasion)
        missing = await self._points.hold(asker.member_id, redemption.id, item.points)
        if missing is not None:  # Another redemption was faster between the look and the lock.
            await self._store.end(redemption, RedemptionState.CANCELLED, None, now)
            return Redeemed(RedeemCode.SHORT, missing=missing)
        return Redeemed(RedeemCode.HELD, redemption, token)

    async def look_up(self, token: str) -> Redemption | None:
        """What a token stands for, before staff confirms."""
        return await self._store.by_token(token_hash(token))

    async def renew(self, redemption_id: int, member_id: int) -> Redeemed:
        """A new token for what the member has still to fetch; the old one is dead."""
        redemption = await self._store.lock_own(redemption_id, member_id)
        if redemption is None or redemption.state is not RedemptionState.HELD or self._now() >= redemption.lapses_at:
            return Redeemed(RedeemCode.UNKNOWN_ITEM)
        token = new_token()
        await self._store.set_token(redemption, token_hash(token))
        return Redeemed(RedeemCode.HELD, redemption, token)

    async def may_hand_out(self, redemption: Redemption, clerk: Clerk) -> ConfirmCode | None:
        """Why this clerk would not hand this out now, to be said before anything is confirmed."""
        return may_confirm(redemption, clerk, self._now())

    async def confirm(self, token: str, clerk: Clerk) -> Confirmed:
        """Hand the goods out: once, however often or at once it is scanned."""
        redemption, now = await self._store.lock_by_token(token_hash(token)), self._now()
        if (refusal := may_confirm(redemption, clerk, now)) or redemption is None:
            return Confirmed(refusal or ConfirmCode.UNKNOWN, redemption)
        await self._points.claim(redemption.id, redemption.item.partner_id, redemption.undone)
        await self._store.end(redemption, RedemptionState.HANDED_OVER, clerk.member_id, now)
        return Confirmed(ConfirmCode.HANDED_OVER, redemption)

    async def undo(self, token: str, clerk: Clerk) -> Confirmed:
        """Take a mistaken hand-out back: the redemption is open again, and its token works again."""
        redemption = await self._store.lock_by_token(token_hash(token))
        if (refusal := may_undo(redemption, clerk, self._now())) or redemption is None:
            return Confirmed(refusal or ConfirmCode.UNKNOWN, redemption)
        if not await self._points.take_back(redemption.id, redemption.item.partner_id, redemption.undone):
            return Confirmed(ConfirmCode.TOO_LATE, redemption)
        await self._store.reopen(redemption)
        return Confirmed(ConfirmCode.UNDONE, redemption)

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
