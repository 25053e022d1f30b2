"""Use cases of coupons: issue with a stamp, a member's own, the code to show, redeem, take back, void, end in time."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from campaigns.coupons.model import Coupon, CouponCode, CouponSeen, CouponShown, CouponState, Held
from campaigns.coupons.rules import may_redeem, may_show, may_undo, remind_at, takers_of
from campaigns.rallies.model import CouponPlan, Rally, RallyState, Visit
from campaigns.redemptions.codes import CODE_LIFE, ShownCode, new_code, read_key
from campaigns.redemptions.model import Clerk

AT_ONCE = 200


class CouponStore(Protocol):
    """What coupons need of the database; every lock lasts until the transaction ends."""

    async def had(self, rally_id: int, member_ids: Collection[int]) -> Mapping[int, frozenset[str]]:
        """The codes of the coupons that each of these has or had of a rally, by member; who had none is missing."""
        ...

    async def issue(
        self, rally: Rally, plan: CouponPlan, member_ids: Sequence[int], now: datetime, remind_at: datetime | None
    ) -> list[Coupon]:
        """Take coupons from stock, first come first served; nobody gets one whose customer had one already."""
        ...

    async def of_member(self, member_id: int, since: datetime) -> list[Coupon]:
        """A member's coupons, those that ended before `since` left out; what can be redeemed first."""
        ...

    async def of_rally(self, rally_id: int, member_ids: Collection[int], since: datetime) -> list[Coupon]:
        """The same for these people in one rally."""
        ...

    async def lock_own(self, coupon_id: int, member_id: int) -> Coupon | None:
        """A member's own coupon, locked."""
        ...

    async def set_code(self, coupon: Coupon, code: ShownCode, until: datetime) -> None:
        """Let another code open a coupon, and the old one nothing."""
        ...

    async def by_code(self, key: str, is_short: bool) -> Coupon | None:
        """The coupon that a code opens."""
        ...

    async def lock_by_code(self, key: str, is_short: bool) -> Coupon | None:
        """The same, locked."""
        ...

    async def end(self, coupon: Coupon, state: CouponState, by: int | None, now: datetime) -> None:
        """Store a coupon's end."""
        ...

    async def reopen(self, coupon: Coupon) -> None:
        """A coupon that was redeemed by mistake can be redeemed again."""
        ...

    async def open_of(self, rally_id: int, code: str) -> list[Coupon]:
        """The coupons of one plan that can be redeemed, locked."""
        ...

    async def ended(self, now: datetime, limit: int) -> list[Coupon]:
        """Coupons past their end, locked; those that others hold are left out."""
        ...

    async def take_reminders(self, now: datetime, limit: int) -> list[Coupon]:
        """Coupons of which somebody is to be reminded now, marked as reminded."""
        ...


class Rallies(Protocol):
    """Where rallies and medals are kept."""

    async def find(self, rally_id: int) -> Rally | None:
        """One rally with its booths."""
        ...

    async def medals_of(self, rally_id: int, member_ids: Collection[int]) -> Mapping[int, frozenset[str]]:
        """The codes of the targets that each of these reached, by member; who reached none is missing."""
        ...


class CouponService:
    """Coupons inside one unit of work; `zone` is where reminders keep to the day."""

    def __init__(self, store: CouponStore, rallies: Rallies, now: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._store = store
        self._rallies = rallies
        self._now = now
        self._zone = zone

    async def issue(self, rally: Rally, visits: Sequence[Visit]) -> list[Held]:
        """The coupons that new stamps bring, their own and those of medals; each once while the stock lasts (S-84)."""
        booths = {plan.booth for plan in rally.plan.coupons}
        earning = [visit for visit in visits if {visit.booth.code, None} & booths]
        if not earning or rally.state is RallyState.SETTLED:
            return []
        now, members = self._now(), {visit.member_id for visit in earning}
        had = await self._store.had(rally.id, members)
        medals = await self._rallies.medals_of(rally.id, members)
        issued = []
        for plan, takers in takers_of(rally, earning, medals, had, now):
            reminded = remind_at(now, plan.expires_at, self._zone)
            coupons = await self._store.issue(rally, plan, takers, now, reminded)
            issued += [Held(rally, plan, coupon) for coupon in coupons]
        return issued

    async def mine(self, member_id: int, since: datetime) -> list[Held]:
        """A member's coupons: those that can be redeemed, then those that ended after `since`."""
        return await self.held(await self._store.of_member(member_id, since))

    async def of_rally(self, rally: Rally, member_ids: Collection[int], since: datetime) -> list[Held]:
        """The coupons of these people in one rally: those that can be redeemed, then those that ended after `since`."""
        found = await self._store.of_rally(rally.id, member_ids, since) if rally.plan.coupons else []
        held = [_with_plan(rally, coupon) for coupon in found]
        return [each for each in held if each is not None]

    async def show_code(self, coupon_id: int, member_id: int) -> CouponShown:
        """A fresh code for a member's own coupon; the old one is dead."""
        coupon, now = await self._store.lock_own(coupon_id, member_id), self._now()
        held = await self._held(coupon)
        if not coupon or not held:
            return CouponShown(CouponCode.UNKNOWN)
        if refusal := may_show(held.rally, coupon, now):
            return CouponShown(refusal, held)
        code = new_code()
        await self._store.set_code(coupon, code, now + CODE_LIFE)
        return CouponShown(CouponCode.READY, held, code)

    async def look_up(self, key: str, clerk: Clerk) -> CouponSeen:
        """What a scanned or typed code stands for, and whether this clerk would redeem it now."""
        held = await self._held(await self._store.by_code(*read_key(key)))
        if held is None:
            return CouponSeen(CouponCode.UNKNOWN)
        return CouponSeen(may_redeem(held.rally, held.coupon, clerk, self._now()) or CouponCode.READY, held)

    async def redeem(self, key: str, clerk: Clerk) -> CouponSeen:
        """Redeem a coupon: once, however often or at once it is scanned."""
        held, now = await self._held(await self._store.lock_by_code(*read_key(key))), self._now()
        if held is None:
            return CouponSeen(CouponCode.UNKNOWN)
        if refusal := may_redeem(held.rally, held.coupon, clerk, now):
            return CouponSeen(refusal, held)
        await self._store.end(held.coupon, CouponState.REDEEMED, clerk.member_id, now)
        return CouponSeen(CouponCode.REDEEMED, held)

    async def undo(self, key: str, clerk: Clerk) -> CouponSeen:
        """Take a mistaken redemption back: the coupon can be redeemed again."""
        held = await self._held(await self._store.lock_by_code(*read_key(key)))
        if held is None:
            return CouponSeen(CouponCode.UNKNOWN)
        if refusal := may_undo(held.rally, held.coupon, clerk, self._now()):
            return CouponSeen(refusal, held)
        await self._store.reopen(held.coupon)
        return CouponSeen(CouponCode.UNDONE, held)

    async def void(self, rally: Rally, code: str, by: int | None) -> list[Held]:
        """Make every open coupon of a plan void; returns them, so that their members can be told."""
        found, now = await self._store.open_of(rally.id, code), self._now()
        for coupon in found:
            await self._store.end(coupon, CouponState.VOID, by, now)
        return await self.held(found)

    async def expire(self) -> list[Coupon]:
        """End what was not redeemed in time."""
        ended, now = await self._store.ended(self._now(), AT_ONCE), self._now()
        for coupon in ended:
            await self._store.end(coupon, CouponState.EXPIRED, None, now)
        return ended

    async def to_remind(self) -> list[Held]:
        """The coupons of which somebody is to be reminded now, each once."""
        return await self.held(await self._store.take_reminders(self._now(), AT_ONCE))

    async def held(self, coupons: Collection[Coupon]) -> list[Held]:
        """Coupons with their rallies and plans."""
        rallies = {each: await self._rallies.find(each) for each in {coupon.rally_id for coupon in coupons}}
        found = [_with_plan(rallies[coupon.rally_id], coupon) for coupon in coupons]
        return [each for each in found if each is not None]

    async def _held(self, coupon: Coupon | None) -> Held | None:
        return next(iter(await self.held([coupon] if coupon else [])), None)


def _with_plan(rally: Rally | None, coupon: Coupon) -> Held | None:
    plans = rally.plan.coupons if rally else ()
    return next((Held(rally, plan, coupon) for plan in plans if rally and plan.code == coupon.code), None)
