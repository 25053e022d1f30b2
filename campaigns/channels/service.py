"""Use cases of channels: choose a way for customers, plan messages on it, close the books, settle what is in doubt."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.channels.model import (
    Channel,
    ChannelDraft,
    ChannelMessage,
    ChannelPolicy,
    Planned,
    Reach,
    Route,
    Spent,
    Unreached,
)
from campaigns.channels.rules import route, within_cap
from campaigns.deliveries.model import Reason
from campaigns.deliveries.rules import Closing


class WayStore(Protocol):
    """What is known of costs and customers."""

    async def policy(self) -> ChannelPolicy:
        """The newest policy."""
        ...

    async def reaches(self, customer_ids: Sequence[UUID]) -> dict[UUID, Reach]:
        """What is known of the ways to customers; whom the bank does not know is missing."""
        ...


class ChannelStore(Protocol):
    """What channels need of their ledger."""

    async def lock_spent(self, campaign: str) -> int:
        """What a campaign's messages cost so far, planned ones too, in fen; locked until the transaction ends."""
        ...

    async def plan(self, drafts: Sequence[ChannelDraft], costs: Sequence[int], now: datetime) -> int:
        """Insert the drafts that are not there yet; returns how many were new."""
        ...

    async def cancel(self, campaign: str, step: str | None, reason: Reason) -> int:
        """Cancel what waits; returns how many."""
        ...

    async def closing(self, campaign: str) -> Closing:
        """A campaign's rows by state."""
        ...

    async def spent(self, campaign: str | None) -> list[Spent]:
        """Messages and costs by channel, of one campaign or of all."""
        ...

    async def unknown(self) -> list[ChannelMessage]:
        """Messages that may or may not have arrived."""
        ...

    async def resolve(self, message_id: int, *, arrived: bool, by: str, now: datetime) -> bool:
        """Settle one of them; False when there is none in doubt."""
        ...


class ChannelService:
    """Messages outside of the chat, inside one unit of work.

    Who plans a campaign asks `choose` for each customer's channel, puts PRIVATE and GROUP into the delivery ledger
    (`Outbox.add`) and everything else here (`add`). The books of both close together: `closing` counts the rows here.
    `missing` are channels that this deployment has not been given; no customer is routed to one.
    """

    def __init__(
        self,
        store: ChannelStore,
        ways: WayStore,
        now: Callable[[], datetime],
        *,
        missing: frozenset[Channel] = frozenset(),
    ) -> None:
        self._store = store
        self._ways = ways
        self._now = now
        self.missing = missing

    async def choose(self, customer_ids: Sequence[UUID]) -> dict[UUID, Route | Unreached]:
        """The channel of each customer by class or tier, with the better ways that were passed over and why.

        Asks addresses, consents per channel, objections and owners as of now; four queries whatever the number.
        The gate asks again when the message leaves.
        """
        policy, reaches = await self._ways.policy(), await self._ways.reaches(customer_ids)
        return {each: route(reaches.get(each, Reach()), policy, self.missing) for each in customer_ids}

    async def add(self, *drafts: ChannelDraft, cost_cap: int | None = None) -> Planned:
        """Plan messages on channels outside of the chat; call it within the transaction that decides to send.

        Each row is unique by (campaign, step, channel, customer): planning again adds nothing and sends nothing twice.
        `campaign` is the ledger's name (such as "promotion:7"), `step` the version or journey step. The worker takes a
        row when `due_at` has come, asks the one gate (words, consent of the channel, objections, quiet hours, caps over
        all channels and the chat), commits the intent, sends at most once, and keeps what came of it. A TASK becomes a
        follow-up of the customer's owner in the same transaction; a CODE waits for its sheet to be printed
        (`channels print`). Drafts with `held_out` are kept as HELD_OUT, so that the equation holds.
        `cost_cap`, in fen, is the campaign's: drafts beyond it are not planned and are counted in `over_cap`.

        Raises: ValueError (on making the draft), for a channel of the chat or a message without a customer.
        """
        if not drafts:
            return Planned()
        policy = await self._ways.policy()
        spent = await self._store.lock_spent(drafts[0].campaign) if cost_cap is not None else 0
        kept = within_cap(drafts, policy, spent, cost_cap)
        costs = [policy.cost(draft.channel, draft.touch) for draft in kept]
        new = await self._store.plan(kept, costs, self._now()) if kept else 0
        return Planned(new, len(kept) - new, len(drafts) - len(kept))

    async def cancel(self, campaign: str, step: str | None = None) -> int:
        """Cancel what has not left yet of a campaign, or of one step of it; returns how many."""
        return await self._store.cancel(campaign, step, Reason.WITHDRAWN)

    async def closing(self, campaign: str) -> Closing:
        """The closing equation of a campaign's messages outside of the chat, whatever their step."""
        return await self._store.closing(campaign)

    async def spent(self, campaign: str | None = None) -> list[Spent]:
        """Messages and what they cost by channel, of one campaign or of all (S-30, S-145)."""
        return await self._store.spent(campaign)

    async def unknown(self) -> list[ChannelMessage]:
        """What may or may not have arrived: a person looks at the provider's own records."""
        return await self._store.unknown()

    async def resolve(self, message_id: int, *, arrived: bool, by: str) -> bool:
        """Settle a message in doubt; it is never sent again. False when none of this number is in doubt."""
        return await self._store.resolve(message_id, arrived=arrived, by=by, now=self._now())

    async def policy(self) -> ChannelPolicy:
        """What contacts cost, and the orders of the classes."""
        return await self._ways.policy()
