"""Use cases of donations: keep a pledge, count what was opened, correct, pay, say how it stands."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from campaigns.donations.model import (
    Books,
    KeptPledge,
    Opening,
    Payment,
    Pledge,
    PledgeRefusal,
    Sheet,
    SheetLine,
    Standing,
)
from campaigns.donations.rules import room, sheet_of


class DonationStore(Protocol):
    """What donations' use cases need; every lock lasts until the transaction ends."""

    async def pledges(self) -> list[KeptPledge]:
        """Every pledge, the newest first."""
        ...

    async def lock(self, code: str) -> KeptPledge | None:
        """One pledge, locked: who counts, corrects or pays next waits."""
        ...

    async def keep(self, pledge: Pledge, by: str, now: datetime) -> bool:
        """Keep a new pledge; False while another's days are among its own."""
        ...

    async def change(self, kept: KeptPledge, pledge: Pledge, by: str, now: datetime) -> bool:
        """Put another text in a pledge's place; False while another's days are among its own."""
        ...

    async def books(self, pledge_id: int) -> Books:
        """How a pledge stands."""
        ...

    async def count(self, kept: KeptPledge, places: int, now: datetime) -> int:
        """A donation for each opening in the window that has none, `places` of them with money; returns how many."""
        ...

    async def take_back_closed(self, kept: KeptPledge, now: datetime) -> int:
        """Take back the donations of accounts that were closed in time; returns how many."""
        ...

    async def customer(self, number: str) -> UUID | None:
        """The customer with this number."""
        ...

    async def take_back(self, kept: KeptPledge, opening: Opening, reason: str, by: str, now: datetime) -> bool | None:
        """Take one donation back; False when it was already, None when there is none."""
        ...

    async def unsettled(self, pledge_id: int) -> list[SheetLine]:
        """By day of opening, what no payment has covered yet and what was withdrawn after its payment."""
        ...

    async def pay(self, kept: KeptPledge, payment: Payment) -> None:
        """Keep a payment and mark everything that its sheet is for."""
        ...

    async def payments(self, pledge_id: int) -> tuple[Payment, ...]:
        """The payments of a pledge, the first first."""
        ...


class DonationService:
    """Donations inside one unit of work."""

    def __init__(self, store: DonationStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def load(self, pledge: Pledge, by: str) -> Standing | PledgeRefusal:
        """Keep a pledge and count what was opened before; what an account counted for is promised and never changes."""
        await self._lock_all()
        known = await self._store.lock(pledge.code)
        if known is None:
            if not await self._store.keep(pledge, by, self._now()):
                return PledgeRefusal.OVERLAPS
        elif known.pledge != pledge:
            if (await self._store.books(known.id)) != Books():
                return PledgeRefusal.COUNTED_ALREADY
            if not await self._store.change(known, pledge, by, self._now()):
                return PledgeRefusal.OVERLAPS
        await self.count()
        return await self._standing_of(pledge.code)

    async def count(self) -> int:
        """One donation for each account that the bank's file told of, less those closed in time; returns what changed.

        Called wherever accounts are taken in, in the same transaction.
        """
        changed = 0
        for each in reversed(await self._store.pledges()):
            kept = await self._store.lock(each.pledge.code)
            assert kept is not None  # Pledges are never deleted.
            changed += await self._store.take_back_closed(kept, self._now())
            places = room(kept.pledge, (await self._store.books(kept.id)).accrued_fen)
            changed += await self._store.count(kept, places, self._now())
            changed += await self._store.take_back_closed(kept, self._now())
        return changed

    async def withdraw(self, code: str, number: str, day: date, reason: str, by: str) -> PledgeRefusal | None:
        """Take one account's donation back by hand: the bank's file was wrong about it."""
        kept = await self._store.lock(code)
        if kept is None:
            return PledgeRefusal.UNKNOWN
        customer = await self._store.customer(number)
        if customer is None:
            return PledgeRefusal.NO_DONATION
        opening = Opening(customer, day)
        done = await self._store.take_back(kept, opening, reason, by, self._now())
        if done is None:
            return PledgeRefusal.NO_DONATION
        return None if done else PledgeRefusal.TAKEN_BACK_ALREADY

    async def sheet(self, code: str) -> tuple[KeptPledge, Sheet] | PledgeRefusal:
        """What the next payment would be for."""
        kept = await self._store.lock(code)
        if kept is None:
            return PledgeRefusal.UNKNOWN
        return kept, sheet_of(await self._store.unsettled(kept.id))

    async def pay(self, code: str, reference: str, by: str) -> tuple[KeptPledge, Payment] | PledgeRefusal:
        """Record that all that is owed was transferred; the same reference again is the same payment."""
        found = await self.sheet(code)
        if isinstance(found, PledgeRefusal):
            return found
        kept, sheet = found
        for known in await self._store.payments(kept.id):
            if known.reference == reference:
                return kept, known
        if sheet.fen <= 0:
            return PledgeRefusal.NOTHING_OWED
        payment = Payment(reference, sheet.fen, self._now(), by, sheet)
        await self._store.pay(kept, payment)
        return kept, payment

    async def standings(self) -> list[Standing]:
        """Every pledge with its books and payments, the newest first."""
        return [await self._standing(each) for each in await self._store.pledges()]

    async def standing(self, code: str) -> Standing | None:
        """One pledge likewise."""
        found = next((each for each in await self._store.pledges() if each.pledge.code == code), None)
        return await self._standing(found) if found else None

    async def _lock_all(self) -> None:
        """Lock every pledge in the order of counting, so that nobody who counts has what this waits for."""
        for each in reversed(await self._store.pledges()):
            await self._store.lock(each.pledge.code)

    async def _standing_of(self, code: str) -> Standing:
        found = await self.standing(code)
        assert found is not None
        return found

    async def _standing(self, kept: KeptPledge) -> Standing:
        return Standing(kept, await self._store.books(kept.id), await self._store.payments(kept.id))
