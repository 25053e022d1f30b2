"""Use cases of gifts: a member's own, the code to show, the desk's scan, handing out once, taking back."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Protocol

from campaigns.gifts.model import Gift, GiftCode, HandOut, Hold, Seen, Shown, Standing, Stores
from campaigns.gifts.rules import hand_out, has_gift, may_hand_out, may_show, may_undo, on_hand, undo
from campaigns.rallies.model import Rally, RallyState
from campaigns.redemptions.codes import CODE_LIFE, ShownCode, new_code, read_key
from campaigns.redemptions.model import Clerk

FOLLOWED_WITHIN = timedelta(days=30)  # Who links a number much later comes for another reason.


class GiftStore(Protocol):
    """What gifts need of the database; every lock lasts until the transaction ends."""

    async def of_member(self, member_id: int, now: datetime) -> list[HandOut]:
        """A member's gifts, one for each medal, of rallies that are not settled."""
        ...

    async def of_rally(self, rally_id: int, member_ids: Collection[int]) -> list[HandOut]:
        """The gifts of these people in one rally."""
        ...

    async def lock_own(self, rally_id: int, target: str, member_id: int, now: datetime) -> HandOut | None:
        """A member's gift of one target, locked; None without the medal."""
        ...

    async def earned(self, rally_id: int, member_ids: Collection[int], now: datetime) -> list[HandOut]:
        """Let these people's medals be worth their gifts; returns those that are new."""
        ...

    async def set_code(self, found: HandOut, code: ShownCode, until: datetime) -> None:
        """Let another code open a gift, and the old one nothing."""
        ...

    async def by_code(self, key: str, is_short: bool) -> HandOut | None:
        """The gift that a code opens."""
        ...

    async def lock_by_code(self, key: str, is_short: bool) -> HandOut | None:
        """The same, locked."""
        ...

    async def had_before(self, found: HandOut) -> bool:
        """Whether the same customer of the bank had the gift through another account."""
        ...

    async def stores(self, rally: Rally) -> Stores:
        """What the desk of a rally has now."""
        ...

    async def lock_stores(self, rally: Rally) -> Stores:
        """The same, locked: who hands out next waits."""
        ...

    async def save(self, rally: Rally, after: Stores, found: HandOut) -> None:
        """Store what was handed out or taken back, with the stock and the budget after it."""
        ...

    async def to_follow(self, since: datetime, limit: int) -> list[HandOut]:
        """Gifts handed out since then to known customers of the bank whom nobody follows up yet, locked."""
        ...

    async def mark_followed(self, found: Collection[int], now: datetime) -> None:
        """Mark gifts as followed up."""
        ...


class Rallies(Protocol):
    """Where rallies are kept."""

    async def find(self, rally_id: int) -> Rally | None:
        """One rally with its booths."""
        ...


class Holds(Protocol):
    """What people and rules say of a visitor in doubt; a stamp is never held, a gift may be."""

    async def hold(self, rally_id: int, member_id: int) -> Hold:
        """Whether somebody's gift waits for a person."""
        ...


class GiftService:
    """Gifts inside one unit of work."""

    def __init__(self, store: GiftStore, rallies: Rallies, holds: Holds, now: Callable[[], datetime]) -> None:
        self._store = store
        self._rallies = rallies
        self._holds = holds
        self._now = now

    async def mine(self, member_id: int) -> list[Gift]:
        """A member's gifts, fetched and still to be fetched."""
        found = [await self._gift(each) for each in await self._store.of_member(member_id, self._now())]
        return [gift for gift in found if gift is not None and has_gift(gift)]

    async def of_rally(self, rally: Rally, member_ids: Collection[int]) -> list[Gift]:
        """The gifts of these people in one rally, fetched and still to be fetched; none once it is settled."""
        found = await self._store.of_rally(rally.id, member_ids) if rally.state is not RallyState.SETTLED else []
        stores = await self._store.stores(rally) if found else None
        gifts = [_gift(rally, each, stores) for each in found if stores]
        return [gift for gift in gifts if has_gift(gift)]

    async def earned(self, rally: Rally, member_ids: Collection[int]) -> list[Gift]:
        """The gifts that these people's new medals are worth, each told of once; a medal without one is worth none."""
        new = await self._store.earned(rally.id, member_ids, self._now())
        stores = await self._store.stores(rally) if new else None
        found = [_gift(rally, each, stores) for each in new if stores]
        return [gift for gift in found if has_gift(gift)]

    async def show_code(self, rally_id: int, target: str, member_id: int) -> Shown:
        """A fresh code for a member's own gift; the old one is dead."""
        now = self._now()
        found = await self._store.lock_own(rally_id, target, member_id, now)
        gift = found and await self._gift(found)
        if not found or not gift or not has_gift(gift):
            return Shown(GiftCode.UNKNOWN)
        if refusal := may_show(gift.rally, found, await self._standing(found)):
            return Shown(refusal, gift)
        code = new_code()
        await self._store.set_code(found, code, now + CODE_LIFE)
        return Shown(GiftCode.READY, gift, code)

    async def look_up(self, key: str, clerk: Clerk) -> Seen:
        """What a scanned or typed code stands for, and whether this clerk would hand out now."""
        found = await self._store.by_code(*read_key(key))
        gift = found and await self._gift(found)
        if not found or not gift:
            return Seen(GiftCode.UNKNOWN)
        refusal = may_hand_out(gift.rally, found, await self._standing(found), clerk, self._now())
        if refusal is None and gift.stock is None:
            refusal = GiftCode.NOTHING_LEFT
        return Seen(refusal or GiftCode.READY, gift)

    async def hand_out(self, key: str, clerk: Clerk, expected: bool | None = None) -> Seen:
        """Hand the gift out: once, however often or at once it is scanned (S-86).

        `expected` is whether the clerk saw the substitute; what is not what was seen is told before it is given.
        """
        found = await self._store.lock_by_code(*read_key(key))
        if found is not None and found.is_handed_out:
            return Seen(GiftCode.OVER)  # Most of what waited for the lock; nothing else need be asked.
        desk = found and await self._lock(found)
        if not found or not desk:
            return Seen(GiftCode.UNKNOWN)
        rally, stores = desk
        if refusal := may_hand_out(rally, found, await self._standing(found), clerk, self._now()):
            return Seen(refusal, _gift(rally, found, stores))
        outcome = hand_out(stores, found, expected, clerk, self._now())
        if isinstance(outcome, GiftCode):
            return Seen(outcome, _gift(rally, found, stores))
        await self._store.save(rally, *outcome)
        gift = _gift(rally, outcome[1], stores)
        return Seen(GiftCode.HANDED_OUT, gift)

    async def undo(self, key: str, clerk: Clerk) -> Seen:
        """Take a mistaken hand-out back: piece and budget return, and the gift waits again."""
        found = await self._store.lock_by_code(*read_key(key))
        desk = found and await self._lock(found)
        if not found or not desk:
            return Seen(GiftCode.UNKNOWN)
        rally, stores = desk
        if refusal := may_undo(rally, found, clerk, self._now()):
            return Seen(refusal, _gift(rally, found, stores))
        after = undo(stores, found)
        await self._store.save(rally, *after)
        return Seen(GiftCode.UNDONE, _gift(rally, after[1], after[0]))

    async def to_follow(self, limit: int) -> list[Gift]:
        """Gifts handed out to customers of the bank whom nobody follows up yet."""
        found = [await self._gift(each) for each in await self._store.to_follow(self._now() - FOLLOWED_WITHIN, limit)]
        return [gift for gift in found if gift is not None]

    async def mark_followed(self, gift: Gift) -> None:
        """Mark a gift as followed up."""
        await self._store.mark_followed([gift.hand_out.id], self._now())

    async def _lock(self, found: HandOut) -> tuple[Rally, Stores] | None:
        """A locked gift's rally with the desk's stores, locked, too; settling a rally locks the stores as well.

        The rally is read once they are, so that nothing leaves or returns after its settlement.
        """
        known = await self._rallies.find(found.rally_id)
        if known is None:
            return None
        stores = await self._store.lock_stores(known)
        return await self._rallies.find(found.rally_id) or known, stores

    async def _standing(self, found: HandOut) -> Standing:
        hold = await self._holds.hold(found.rally_id, found.member_id)
        return Standing(found.member_id, found.customer_id, await self._store.had_before(found), hold)

    async def _gift(self, found: HandOut) -> Gift | None:
        rally = await self._rallies.find(found.rally_id)
        return _gift(rally, found, await self._store.stores(rally)) if rally else None


def _gift(rally: Rally, found: HandOut, stores: Stores) -> Gift:
    """What a hand-out is about: the article that was given, else what would be given now."""
    target = next(each for each in rally.targets if each.code == found.target)
    if found.is_substitute is not None:
        return Gift(rally, target, found, stores.stock(found.target, is_substitute=found.is_substitute))
    return Gift(rally, target, found, on_hand(stores, found.target))
