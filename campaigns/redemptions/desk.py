"""Telling members what became of their redemptions without them: fetched, taken back, not fetched in time."""

from typing import Protocol

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Member
from campaigns.redemptions.model import Clerk, ConfirmCode, Confirmed, Redemption, UndoReason
from campaigns.redemptions.service import RedemptionService


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


class NoticeWording(Protocol):
    """The sentences that members read."""

    def handed_over(self, member: Member, redemption: Redemption) -> Message:
        """Staff confirmed that the goods were handed out."""
        ...

    def undone(self, member: Member, redemption: Redemption, reason: UndoReason) -> Message:
        """Staff took the hand-out back."""
        ...

    def lapsed(self, member: Member, redemption: Redemption) -> Message:
        """Nobody fetched the goods in time; the points are back."""
        ...


class RedemptionDesk:
    """The desk's side of redemptions inside one unit of work: whatever happens there, the member hears of it once."""

    def __init__(
        self, redemptions: RedemptionService, people: People, outbox: Outbox, trail: Trail, wording: NoticeWording
    ) -> None:
        self._redemptions = redemptions
        self._people = people
        self._outbox = outbox
        self._trail = trail
        self._wording = wording

    async def look_up(self, token: str) -> tuple[Redemption, Member] | None:
        """What a token stands for, and whose it is."""
        redemption = await self._redemptions.look_up(token)
        return None if redemption is None else (redemption, await self._owner(redemption))

    async def confirm(self, token: str, clerk: Clerk) -> Confirmed:
        """Hand the goods out, and tell the member."""
        outcome = await self._redemptions.confirm(token, clerk)
        if outcome.code is ConfirmCode.HANDED_OVER and outcome.redemption is not None:
            member = await self._owner(outcome.redemption)
            await self._tell(outcome.redemption, "handed", self._wording.handed_over(member, outcome.redemption))
        return outcome

    async def undo(self, token: str, clerk: Clerk, reason: UndoReason) -> Confirmed:
        """Take a hand-out back with a reason that is kept, and tell the member."""
        outcome = await self._redemptions.undo(token, clerk)
        if outcome.code is ConfirmCode.UNDONE and outcome.redemption is not None:
            await self._trail.note(clerk.member_id, "undo_redemption", f"{outcome.redemption.id} {reason}")
            member = await self._owner(outcome.redemption)
            await self._tell(outcome.redemption, "undone", self._wording.undone(member, outcome.redemption, reason))
        return outcome

    async def tick(self) -> int:
        """End what nobody fetched in time, and tell the members; returns how many."""
        lapsed = await self._redemptions.lapse()
        for redemption in lapsed:
            words = self._wording.lapsed(await self._owner(redemption), redemption)
            await self._tell(redemption, "lapsed", words)
        return len(lapsed)

    async def _owner(self, redemption: Redemption) -> Member:
        return (await self._people.many([redemption.member_id]))[redemption.member_id]

    async def _tell(self, redemption: Redemption, what: str, words: Message) -> None:
        step = f"{what}:{redemption.undone}"
        await self._outbox.tell(f"redemption:{redemption.id}", step, redemption.member_id, words)
