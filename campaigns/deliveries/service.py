"""Planning of deliveries: the outbox that every feature writes to, inside its own transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from campaigns.deliveries.model import Delivery, Draft, Errand, Kind, Message, Reason


class DeliveryStore(Protocol):
    """What planning needs from the ledger."""

    async def plan(self, drafts: Sequence[Draft], now: datetime) -> int:
        """Insert the drafts that are not in the ledger yet; returns how many were new."""
        ...

    async def plan_errand(self, errand: Errand, now: datetime) -> None:
        """Plan a call that posts nothing, unless the ledger has it already."""
        ...

    async def show_cards(self, drafts: Sequence[Draft], now: datetime) -> None:
        """Post each card, or bring the posted one up to date by one pending edit; a card is named once."""
        ...

    async def post_card_anew(self, draft: Draft, now: datetime) -> None:
        """Post the card once more at the end of the chat, unless a post of it waits; later edits go to the new one."""
        ...

    async def plan_unpin(self, campaign: str, recipient: int, now: datetime) -> None:
        """Plan the unpinning of everything that a campaign has pinned in a chat."""
        ...

    async def cancel(self, campaign: str, step: str | None, reason: Reason) -> int:
        """Cancel what is still pending of a campaign (or of one step of it); returns how many."""
        ...

    async def cancel_steps(self, steps: Sequence[tuple[str, str]], reason: Reason) -> None:
        """Cancel what is still pending of these steps, each a campaign and its step."""
        ...


class Desk(Protocol):
    """What a person may do with the ledger: see what is in doubt, settle it, release what is held."""

    async def unknown(self) -> list[Delivery]:
        """Deliveries that may or may not have arrived."""
        ...

    async def resolve(self, delivery_id: int, *, arrived: bool, by: str, now: datetime) -> bool:
        """Settle one of them; False when it was settled before."""
        ...

    async def release_all(self) -> int:
        """Let held deliveries go; returns how many."""
        ...


class Outbox:
    """Writes what must be sent into the ledger; the sender picks it up once the transaction is safe."""

    def __init__(self, store: DeliveryStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def add(self, *drafts: Draft) -> int:
        """Plan messages; a draft that the ledger has already is left as it is."""
        return await self._store.plan(drafts, self._now())

    async def tell(self, campaign: str, step: str, recipient: int, message: Message) -> None:
        """Plan one service message that is due at once."""
        await self.add(Draft(campaign, step, recipient, message, Kind.SERVICE, self._now()))

    async def tell_all(self, letters: Sequence[tuple[str, str, int, Message]]) -> None:
        """The same for many at once, each a campaign, its step, who reads it, and the words."""
        now = self._now()
        await self.add(*(Draft(*letter, Kind.SERVICE, now) for letter in letters))

    async def run(self, campaign: str, step: str, chat: int, method: str, **payload: Any) -> None:
        """Plan a call that posts nothing, such as `deleteMessage` with its `message_id`; due at once."""
        await self._store.plan_errand(Errand(campaign, step, chat, method, payload), self._now())

    async def show_card(self, campaign: str, recipient: int, message: Message, *, pin: bool = False) -> None:
        """Show a living card in a chat: posted the first time, edited in place ever after."""
        now = self._now()
        await self._store.show_cards([Draft(campaign, "card", recipient, message, Kind.CARD, now, pin=pin)], now)

    async def show_cards(self, cards: Sequence[tuple[str, int, Message]]) -> None:
        """The same for many at once, each a campaign, whose chat, and what is on it; a card is named once."""
        now = self._now()
        await self._store.show_cards([Draft(name, "card", to, card, Kind.CARD, now) for name, to, card in cards], now)

    async def post_card_anew(self, campaign: str, recipient: int, message: Message) -> None:
        """Show a card to somebody who asks for it: at the end of the chat, where it lives from now on."""
        now = self._now()
        await self._store.post_card_anew(Draft(campaign, "card", recipient, message, Kind.CARD, now), now)

    async def unpin_card(self, campaign: str, recipient: int) -> None:
        """Take a card that has served its time, and what is pinned beside it, out of the pinned ones."""
        await self._store.plan_unpin(campaign, recipient, self._now())

    async def cancel(self, campaign: str, step: str | None = None) -> int:
        """Cancel what has not left yet; returns how many."""
        return await self._store.cancel(campaign, step, Reason.WITHDRAWN)

    async def cancel_steps(self, steps: Sequence[tuple[str, str]]) -> None:
        """Cancel what has not left yet of many campaigns' steps at once."""
        if steps:
            await self._store.cancel_steps(steps, Reason.WITHDRAWN)
