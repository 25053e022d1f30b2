"""Use cases of chains: open, claim, remind, close; each loads, decides, saves and says what must be sent."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.chains.model import (
    Chain,
    ChainState,
    Claim,
    ClaimCode,
    ClaimOutcome,
    CloseRefusal,
    OpenRefusal,
    Plan,
)
from campaigns.chains.rules import decide, moved, remind_at
from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.groups.model import Group
from campaigns.members.model import Member


class ChainStore(Protocol):
    """What chains' use cases need."""

    async def create(self, group: Group, plan: Plan, leader_id: int, now: datetime, remind: datetime) -> Chain | None:
        """Store a new open chain; None when the group has an open one for the same product."""
        ...

    async def lock(self, chain_id: int) -> Chain | None:
        """Load a chain with its entries, locked until the transaction ends."""
        ...

    async def save_entries(self, before: Chain, after: Chain, now: datetime) -> None:
        """Store who joined and who left between two states of a chain."""
        ...

    async def close(self, chain: Chain, now: datetime) -> None:
        """Mark a chain closed."""
        ...

    async def mark_reminded(self, chain: Chain, now: datetime) -> None:
        """Remember that the reminder is planned."""
        ...

    async def open_in_chat(self, chat_id: int) -> list[Chain]:
        """The open chains of one group."""
        ...

    async def of_manager(self, manager_id: int) -> list[Chain]:
        """The latest chains of a manager's groups."""
        ...

    async def due_for_reminder(self, now: datetime) -> list[int]:
        """Chains whose reminder's time has come."""
        ...

    async def due_for_closing(self, now: datetime) -> list[int]:
        """Open chains past their deadline."""
        ...

    async def names(self, chain: Chain) -> dict[int, str]:
        """Full names of a chain's members, for the manager only."""
        ...


class ChainWording(Protocol):
    """The sentences that chains need."""

    def card(self, chain: Chain, now: datetime) -> Message:
        """The group's card, with masked names."""
        ...

    def reminder(self, chain: Chain, now: datetime) -> Message:
        """The group's reminder before the deadline."""
        ...

    def ended(self, chain: Chain) -> Message:
        """What the leader hears when the chain is over."""
        ...


class ClaimDesk(Protocol):
    """Takes claims that arrive together and decides them in one transaction."""

    async def claim(self, chain_id: int, claim: Claim) -> ClaimOutcome:
        """Decide one claim; a repeated update gets the outcome that was stored."""
        ...


class EntryFollower(Protocol):
    """What goes on with an entry beyond the chain, in the same transaction."""

    async def entered(self, chain: Chain, member_ids: Sequence[int]) -> None:
        """These members hold a place now and held none before, in their order."""
        ...

    async def left(self, chain: Chain, member_ids: Sequence[int]) -> None:
        """These members hold no place any more."""
        ...


def campaign(chain_id: int) -> str:
    """The name of a chain in the delivery ledger."""
    return f"chain:{chain_id}"


class ChainService:
    """Group-buy chains inside one unit of work."""

    def __init__(
        self,
        store: ChainStore,
        outbox: Outbox,
        wording: ChainWording,
        now: Callable[[], datetime],
        followers: Sequence[EntryFollower] = (),
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._followers = followers

    async def open(self, group: Group | None, leader: Member, plan: Plan) -> Chain | OpenRefusal:
        """Open a chain in a group and show its card there."""
        if group is None:
            return OpenRefusal.NO_GROUP
        if group.manager_id != leader.id:
            return OpenRefusal.NOT_YOUR_GROUP
        now = self._now()
        if plan.deadline <= now:
            return OpenRefusal.PAST_DEADLINE
        chain = await self._store.create(group, plan, leader.id, now, remind_at(now, plan.deadline))
        if chain is None:
            return OpenRefusal.SAME_PRODUCT_OPEN
        await self._show(chain)
        return chain

    async def decide(self, chain_id: int, claims: Sequence[Claim]) -> list[ClaimOutcome]:
        """Decide claims in their order of arrival under one lock, and refresh the card once."""
        now = self._now()
        before = await self._store.lock(chain_id)
        if before is None:
            return [ClaimOutcome(ClaimCode.NO_CHAIN) for _ in claims]
        outcomes = []
        chain = before
        for claim in claims:
            chain, outcome = decide(chain, claim, now)
            outcomes.append(outcome)
        if chain != before:
            await self._store.save_entries(before, chain, now)
            await self._follow(before, chain)
            await self._show(chain)
        return outcomes

    async def close(self, chain_id: int, by: Member) -> Chain | CloseRefusal:
        """Close a chain by its leader's word."""
        chain = await self._store.lock(chain_id)
        if chain is None:
            return CloseRefusal.NO_CHAIN
        if chain.leader_id != by.id:
            return CloseRefusal.NOT_YOURS
        if chain.state is ChainState.CLOSED:
            return CloseRefusal.CLOSED_ALREADY
        return await self._end(chain)

    async def tick(self) -> int:
        """Plan the reminders and endings whose time has come; returns how many chains were touched."""
        now = self._now()
        ended = await self._store.due_for_closing(now)
        reminded = [chain_id for chain_id in await self._store.due_for_reminder(now) if chain_id not in ended]
        for chain_id in ended:
            if chain := await self._store.lock(chain_id):
                await self._end(chain)
        for chain_id in reminded:
            if chain := await self._store.lock(chain_id):
                await self._remind(chain, now)
        return len(ended) + len(reminded)

    async def open_in(self, chat_id: int) -> list[Chain]:
        """The open chains of a group."""
        return await self._store.open_in_chat(chat_id)

    async def show_again(self, chat_id: int) -> None:
        """Bring the cards of a group's open chains up to date: in a chat that has moved, they are posted anew."""
        for chain in await self._store.open_in_chat(chat_id):
            if locked := await self._store.lock(chain.id):
                await self._show(locked)

    async def of(self, manager: Member) -> list[Chain]:
        """A manager's latest chains."""
        return await self._store.of_manager(manager.id)

    async def names(self, chain: Chain) -> dict[int, str]:
        """Full names by member, for the manager's private list."""
        return await self._store.names(chain)

    async def _follow(self, before: Chain, after: Chain) -> None:
        came, gone = moved(before, after)
        for follower in self._followers:
            if came:
                await follower.entered(after, came)
            if gone:
                await follower.left(after, gone)

    async def _remind(self, chain: Chain, now: datetime) -> None:
        words = self._wording.reminder(chain, now)
        draft = Draft(
            campaign(chain.id), "reminder", chain.chat_id, words, Kind.SERVICE, now, expires_at=chain.deadline
        )
        await self._outbox.add(draft)
        await self._store.mark_reminded(chain, now)

    async def _end(self, chain: Chain) -> Chain:
        await self._store.close(chain, self._now())
        closed = await self._store.lock(chain.id)
        assert closed is not None
        await self._outbox.cancel(campaign(chain.id), "reminder")
        await self._show(closed)
        await self._outbox.unpin_card(campaign(chain.id), chain.chat_id)
        await self._outbox.tell(campaign(chain.id), "ended", chain.leader_id, self._wording.ended(closed))
        return closed

    async def _show(self, chain: Chain) -> None:
        card = self._wording.card(chain, self._now())
        await self._outbox.show_card(campaign(chain.id), chain.chat_id, card, pin=True)
