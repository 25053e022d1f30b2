"""The manager's side of vouchers: who has one, who is near, and the second step of a redemption."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from campaigns.members.model import Member
from campaigns.vouchers.model import Movement, Voucher, VoucherRefusal
from campaigns.vouchers.ports import Owners, Trail, VoucherStore
from campaigns.vouchers.rules import confirm, met_by_staff, send_back
from campaigns.vouchers.service import Held, VoucherService

LONGEST_REASON = 100


@dataclass(frozen=True)
class Near:
    """A customer's open voucher as the manager sees it."""

    held: Held
    owner: Member


class VoucherDesk:
    """Vouchers of the customers in one's own groups, inside one unit of work."""

    def __init__(
        self,
        store: VoucherStore,
        vouchers: VoucherService,
        owners: Owners,
        trail: Trail,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._vouchers = vouchers
        self._owners = owners
        self._trail = trail
        self._now = now

    async def near(self, staff: Member) -> list[Near]:
        """Open vouchers in the own groups: who asks for redemption first, then who lacks least (S-189)."""
        found = await self._store.managed(await self._owners.acting_for(staff.id))
        owners = await self._vouchers.owners(found)
        held = await self._vouchers.with_terms(found)
        return [Near(each, owners[each.voucher.customer_id]) for each in held]

    async def confirm(self, voucher_id: int, staff: Member) -> Held | VoucherRefusal:
        """Pay out what was asked for: the second step, by another person than the owner."""
        voucher = await self._own(voucher_id, staff)
        if isinstance(voucher, VoucherRefusal):
            return voucher
        return await self._book(confirm(voucher, staff.id, self._now()), staff)

    async def decline(self, voucher_id: int, staff: Member, reason: str) -> Held | VoucherRefusal:
        """Do not pay out for now, with a reason that the customer reads."""
        voucher = await self._own(voucher_id, staff)
        if isinstance(voucher, VoucherRefusal):
            return voucher
        return await self._book(send_back(voucher, staff.id, reason[:LONGEST_REASON], self._now()), staff)

    async def see_met(self, voucher_id: int, staff: Member) -> Held | VoucherRefusal:
        """Say that a condition is met which staff measure."""
        voucher = await self._own(voucher_id, staff)
        if isinstance(voucher, VoucherRefusal):
            return voucher
        [held] = await self._vouchers.with_terms([voucher])
        return await self._book(met_by_staff(held.plan, voucher, staff.id, self._now()), staff)

    async def _own(self, voucher_id: int, staff: Member) -> Voucher | VoucherRefusal:
        """A voucher of somebody in the own groups, locked."""
        voucher = await self._store.lock(voucher_id)
        managers = await self._owners.acting_for(staff.id)
        if voucher is None or not await self._store.is_managed(voucher.customer_id, managers):
            return VoucherRefusal.NOT_YOURS
        return VoucherRefusal.OWN if voucher.customer_id == staff.customer_id else voucher

    async def _book(self, found: Movement | VoucherRefusal, staff: Member) -> Held | VoucherRefusal:
        if isinstance(found, VoucherRefusal):
            return found
        await self._store.book([found])
        await self._trail.note(staff.id, f"voucher_{found.kind}", f"{found.voucher.id} {found.reason or ''}".strip())
        await self._vouchers.tell([found])
        [held] = await self._vouchers.with_terms([found.voucher])
        return held
