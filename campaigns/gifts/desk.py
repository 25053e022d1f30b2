"""The gift desk around the hand-out: the member hears of it once, a follow-up opens, contact is asked for once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.followups.model import FollowUpRefusal, Source
from campaigns.gifts.model import Gift, GiftCode, HandOut, Seen
from campaigns.gifts.rules import pieces
from campaigns.gifts.service import GiftService
from campaigns.members.model import Member, Purpose
from campaigns.rallies.medals import campaign
from campaigns.rallies.model import Rally, Visit
from campaigns.redemptions.model import Clerk, UndoReason
from campaigns.setbacks.ports import Setbacks

AT_ONCE = 50


class People(Protocol):
    """Who the members are, and what they agreed to."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...

    async def has_consent(self, member_id: int, purpose: Purpose) -> bool:
        """Whether a consent stands now."""
        ...


class Trail(Protocol):
    """Where it is kept who did what."""

    async def note(self, actor: int, action: str, subject: str) -> None:
        """Append to the audit trail."""
        ...


class FollowUps(Protocol):
    """Where it is kept what is to be done for a customer."""

    async def open(
        self,
        customer_id: UUID,
        source: Source,
        why: str,
        *,
        due: datetime | None = None,
        owner: int | None = None,
        by: int | None = None,
        ref: str | None = None,
    ) -> datetime | FollowUpRefusal:
        """Something is to be done for a customer."""
        ...

    async def declined(self, customer_id: UUID, source: Source, by: int) -> int:
        """The customer wants nobody to be in touch: what is open of a source ends."""
        ...


class GiftWording(Protocol):
    """The sentences that gifts put into the ledger."""

    def earned(self, member: Member, gift: Gift) -> Message:
        """A medal, and how its gift is fetched."""
        ...

    def handed_over(self, member: Member, gift: Gift) -> Message:
        """The gift was handed out."""
        ...

    def undone(self, member: Member, gift: Gift, reason: UndoReason) -> Message:
        """Staff took the hand-out back."""
        ...

    def bind_first(self, member: Member, gift: Gift) -> Message:
        """The desk waits for the real name."""
        ...

    def ask_contact(self, member: Member) -> Message:
        """Whether somebody may be in touch."""
        ...

    def run_out(self, organiser: Member, gift: Gift) -> Message:
        """Nothing is left of a gift and its substitute."""
        ...

    def substituted(self, organiser: Member, gift: Gift) -> Message:
        """From now on the substitute is handed out."""
        ...

    def follow_up(self, member: Member, gift: Gift) -> str:
        """Why the customer's manager should be in touch."""
        ...


class GiftDesk:
    """The desk's side of gifts inside one unit of work."""

    def __init__(
        self,
        gifts: GiftService,
        followups: FollowUps,
        people: People,
        outbox: Outbox,
        trail: Trail,
        wording: GiftWording,
    ) -> None:
        self._gifts = gifts
        self._followups = followups
        self._people = people
        self._outbox = outbox
        self._trail = trail
        self._wording = wording

    async def stamped(self, rally: Rally, visits: Sequence[Visit]) -> None:
        """Tell members of each new medal and of its gift (`campaigns.stamps.ports.Follower`)."""
        gifts = await self._gifts.earned(rally, {visit.member_id for visit in visits})
        people = await self._people.many(sorted({gift.hand_out.member_id for gift in gifts}))
        told = [(gift.hand_out, people[gift.hand_out.member_id], gift) for gift in gifts]
        await self._outbox.tell_all(
            [
                (_campaign(found), "earned", member.id, self._wording.earned(member, gift))
                for found, member, gift in told
            ]
        )

    async def look_up(self, key: str, clerk: Clerk) -> tuple[Seen, Member | None]:
        """What a code stands for and whose it is; who must bind first is told so on their own phone."""
        seen = await self._gifts.look_up(key, clerk)
        if seen.gift is None:
            return seen, None
        member = await self._member(seen.gift.hand_out.member_id)
        await self._tell_organiser(seen.gift, seen.code)
        if seen.code is GiftCode.NOT_BOUND:
            await self._tell(seen.gift.hand_out, "bind", member.id, self._wording.bind_first(member, seen.gift))
        return seen, member

    async def hand_out(self, key: str, clerk: Clerk, expected: bool | None = None) -> Seen:
        """Hand the gift out, tell the member, open the follow-up, and ask for consent to be contacted (S-86, S-87)."""
        seen = await self._gifts.hand_out(key, clerk, expected)
        if seen.gift is None:
            return seen
        await self._tell_organiser(seen.gift, seen.code)
        if seen.code is GiftCode.HANDED_OUT:
            found = seen.gift.hand_out
            member = await self._member(found.member_id)
            await self._trail.note(clerk.member_id, "hand_out_gift", f"{found.id} {_article(seen.gift)}")
            await self._tell(found, f"handed:{found.undone}", member.id, self._wording.handed_over(member, seen.gift))
            await self._follow(seen.gift, member)
            await self._ask_contact(member)
        return seen

    async def undo(self, key: str, clerk: Clerk, reason: UndoReason) -> Seen:
        """Take a hand-out back with a reason that is kept, and tell the member."""
        seen = await self._gifts.undo(key, clerk)
        if seen.code is GiftCode.UNDONE and seen.gift is not None:
            found = seen.gift.hand_out
            member = await self._member(found.member_id)
            await self._trail.note(clerk.member_id, "undo_gift", f"{found.id} {reason}")
            words = self._wording.undone(member, seen.gift, reason)
            await self._tell(found, f"undone:{found.undone}", member.id, words)
        return seen

    async def decline_contact(self, member: Member) -> None:
        """The member said no to being contacted: the desk's follow-up ends, and its owner hears why (PIPL art. 15)."""
        if member.customer_id is not None:
            await self._followups.declined(member.customer_id, Source.GIFT_DESK, member.id)

    async def tick(self, setbacks: Setbacks) -> int:
        """Open the follow-ups of those who told their number only after they had the gift; returns how many."""
        found = await self._gifts.to_follow(AT_ONCE)
        await setbacks.apart("gifts", found, self._follow_all, lambda gift: gift.hand_out.id)
        return len(found)

    async def _follow_all(self, found: Sequence[Gift]) -> None:
        for gift in found:
            await self._follow(gift, await self._member(gift.hand_out.member_id))

    async def _follow(self, gift: Gift, member: Member) -> None:
        """One follow-up per customer and rally: for the customer's own manager, else for who stands at the desk."""
        if member.customer_id is None:
            return
        why, ref = self._wording.follow_up(member, gift), campaign(gift.rally)
        clerk = gift.hand_out.handed_by
        opened = await self._followups.open(member.customer_id, Source.GIFT_DESK, why, by=clerk, ref=ref)
        if opened is FollowUpRefusal.NOBODY_OWNS:
            await self._followups.open(member.customer_id, Source.GIFT_DESK, why, owner=clerk, by=clerk, ref=ref)
        await self._gifts.mark_followed(gift)

    async def _ask_contact(self, member: Member) -> None:
        """Each purpose is asked alone (PIPL art. 14), and this one once in a lifetime."""
        if not await self._people.has_consent(member.id, Purpose.CONTACT):
            words = self._wording.ask_contact(member)
            await self._outbox.tell(f"member:{member.id}", "ask-contact", member.id, words)

    async def _tell_organiser(self, gift: Gift, code: GiftCode) -> None:
        """The organiser hears that the substitute or nothing is handed out from now on: once, until there is more."""
        if code is GiftCode.NOTHING_LEFT:
            step, say = "gift-out", self._wording.run_out
        elif code is GiftCode.HANDED_OUT and gift.hand_out.is_substitute:
            step, say = "gift-substitute", self._wording.substituted
        else:
            return
        organiser = await self._member(gift.rally.organiser_id)
        step = f"{step}:{gift.target.code}:{pieces(gift)}"
        await self._outbox.tell(campaign(gift.rally), step, organiser.id, say(organiser, gift))

    async def _member(self, member_id: int) -> Member:
        return (await self._people.many([member_id]))[member_id]

    async def _tell(self, found: HandOut, step: str, recipient: int, words: Message) -> None:
        await self._outbox.tell(_campaign(found), step, recipient, words)


def _campaign(found: HandOut) -> str:
    """The name of a gift in the delivery ledger."""
    return f"gift:{found.id}"


def _article(gift: Gift) -> str:
    return "substitute" if gift.hand_out.is_substitute else "gift"
