"""Coupons around their use: the member hears of each new one, of a redemption, and once before the end."""

from collections.abc import Sequence
from typing import Protocol

from campaigns.coupons.model import CouponCode, CouponSeen, Held
from campaigns.coupons.service import CouponService
from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Member
from campaigns.rallies.model import Rally, Visit
from campaigns.redemptions.model import Clerk, UndoReason


class People(Protocol):
    """Who the members are."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class Trail(Protocol):
    """Where it is kept who did what."""

    async def note(self, actor: int, action: str, subject: str) -> None:
        """Append to the audit trail."""
        ...


class CouponWording(Protocol):
    """The sentences that coupons put into the ledger."""

    def issued(self, member: Member, coupons: Sequence[Held]) -> Message:
        """New coupons of one stamp."""
        ...

    def redeemed(self, member: Member, held: Held) -> Message:
        """A coupon was redeemed."""
        ...

    def undone(self, member: Member, held: Held, reason: UndoReason) -> Message:
        """A redemption was taken back."""
        ...

    def voided(self, member: Member, held: Held, reason: str) -> Message:
        """A coupon holds no more."""
        ...

    def ending(self, member: Member, held: Held) -> Message:
        """A coupon ends soon."""
        ...


class CouponDesk:
    """Coupons inside one unit of work, with what their members are told."""

    def __init__(
        self, coupons: CouponService, people: People, outbox: Outbox, trail: Trail, wording: CouponWording
    ) -> None:
        self._coupons = coupons
        self._people = people
        self._outbox = outbox
        self._trail = trail
        self._wording = wording

    async def stamped(self, rally: Rally, visits: Sequence[Visit]) -> None:
        """Issue what new stamps bring, and tell each member in one message (`campaigns.stamps.ports.Follower`)."""
        issued: dict[int, list[Held]] = {}
        for held in await self._coupons.issue(rally, visits):
            issued.setdefault(held.coupon.member_id, []).append(held)
        people = await self._people.many(sorted(issued))
        await self._outbox.tell_all(
            [
                (f"coupon:{found[0].coupon.id}", "issued", member_id, self._wording.issued(people[member_id], found))
                for member_id, found in issued.items()
            ]
        )

    async def look_up(self, key: str, clerk: Clerk) -> tuple[CouponSeen, Member | None]:
        """What a code stands for, and whose it is."""
        seen = await self._coupons.look_up(key, clerk)
        return seen, await self._member(seen.held.coupon.member_id) if seen.held else None

    async def redeem(self, key: str, clerk: Clerk) -> CouponSeen:
        """Redeem a coupon, and tell the member."""
        seen = await self._coupons.redeem(key, clerk)
        if seen.code is CouponCode.REDEEMED and seen.held is not None:
            member = await self._member(seen.held.coupon.member_id)
            await self._tell(
                seen.held, f"redeemed:{seen.held.coupon.undone}", self._wording.redeemed(member, seen.held)
            )
        return seen

    async def undo(self, key: str, clerk: Clerk, reason: UndoReason) -> CouponSeen:
        """Take a redemption back with a reason that is kept, and tell the member."""
        seen = await self._coupons.undo(key, clerk)
        if seen.code is CouponCode.UNDONE and seen.held is not None:
            coupon = seen.held.coupon
            await self._trail.note(clerk.member_id, "undo_coupon", f"{coupon.id} {reason}")
            words = self._wording.undone(await self._member(coupon.member_id), seen.held, reason)
            await self._tell(seen.held, f"undone:{coupon.undone}", words)
        return seen

    async def void(self, rally: Rally, code: str, reason: str, by: int) -> int:
        """Make every open coupon of a plan void for a reason that is kept and told; returns how many."""
        found = await self._coupons.void(rally, code, by)
        await self._trail.note(by, "void_coupons", f"{rally.code} {code} {len(found)}: {reason}")
        for held in found:
            await self._tell(
                held, "void", self._wording.voided(await self._member(held.coupon.member_id), held, reason)
            )
        return len(found)

    async def tick(self) -> int:
        """Remind who has a coupon that ends soon, and end what was not redeemed in time; returns how many."""
        reminded = await self._coupons.to_remind()
        for held in reminded:
            await self._tell(held, "ending", self._wording.ending(await self._member(held.coupon.member_id), held))
        return len(reminded) + len(await self._coupons.expire())

    async def _member(self, member_id: int) -> Member:
        return (await self._people.many([member_id]))[member_id]

    async def _tell(self, held: Held, step: str, words: Message) -> None:
        await self._outbox.tell(f"coupon:{held.coupon.id}", step, held.coupon.member_id, words)
