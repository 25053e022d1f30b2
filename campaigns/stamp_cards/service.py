"""Use cases of stamp cards: a changed card is shown anew in its holder's chat, all changes of a while by one edit."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from campaigns.deliveries.model import Message, Picture
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Member
from campaigns.rallies.model import Rally, Visit
from campaigns.stamp_cards.model import Holder, StampCard

AT_ONCE = 20  # Cards of a second: of the thirty calls that a bot may make, words that are waited for need some.
SUBJECT = "stamp_card"


@dataclass(frozen=True)
class Filling:
    """What one person has: the moments of the stamps that count, by booth code, and medals by their target's code.

    `version` is a word that changes whenever any of it does.
    """

    stamps: Mapping[str, datetime]
    medals: frozenset[str]
    version: str


class StampCardStore(Protocol):
    """What cards need of the database."""

    async def note_changes(self, rally_id: int, member_ids: Collection[int], now: datetime) -> None:
        """Remember that these people's cards are not shown as they are."""
        ...

    async def take_changed(self, limit: int) -> list[tuple[int, int]]:
        """Take the cards that have waited longest, as rallies and members; they are not given twice."""
        ...

    async def fillings(self, rally_id: int, member_ids: Collection[int]) -> Mapping[int, Filling]:
        """What each of these has."""
        ...

    async def rallies_of(self, member_id: int, since: datetime) -> list[int]:
        """The published rallies that end after `since` and that somebody takes part in, the latest first."""
        ...

    async def running(self) -> list[int]:
        """The rallies that run now, the latest first."""
        ...


class Rallies(Protocol):
    """The events, as their own store knows them."""

    async def find(self, rally_id: int) -> Rally | None:
        """One rally with its booths."""
        ...


class People(Protocol):
    """Who the members are."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by platform id."""
        ...


class Words(Protocol):
    """The sentences under a card."""

    def card(self, card: StampCard) -> Message:
        """Caption and button of the picture."""
        ...


class StampCardService:
    """Stamp cards inside one unit of work; follows every new stamp."""

    def __init__(
        self,
        store: StampCardStore,
        rallies: Rallies,
        people: People,
        outbox: Outbox,
        words: Words,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._rallies = rallies
        self._people = people
        self._outbox = outbox
        self._words = words
        self._now = now

    async def stamped(self, rally: Rally, visits: Sequence[Visit]) -> None:
        """New stamps: each card is shown anew soon, once for all its stamps until then."""
        await self._store.note_changes(rally.id, {visit.member_id for visit in visits}, self._now())

    async def tick(self) -> int:
        """Show the cards that changed, by one picture each; returns how many."""
        changed = await self._store.take_changed(AT_ONCE)
        for rally_id in sorted({rally_id for rally_id, _ in changed}):
            cards = await self.cards(rally_id, [member for rally, member in changed if rally == rally_id])
            await self._outbox.show_cards([(campaign_of(card), card.holder.id, self._message(card)) for card in cards])
        return len(changed)

    async def cards(self, rally_id: int, member_ids: Collection[int]) -> list[StampCard]:
        """The cards of these people in one rally; of whom nothing is known there is none."""
        rally = await self._rallies.find(rally_id)
        return await self.filled(rally, member_ids) if rally else []

    async def filled(self, rally: Rally, member_ids: Collection[int]) -> list[StampCard]:
        """The cards of these people in a rally that is known already."""
        people = await self._people.many(sorted(member_ids))
        fillings = await self._store.fillings(rally.id, list(people))
        return [_card(rally, person, fillings[person.id]) for person in people.values()]

    async def rally(self, rally_id: int) -> Rally | None:
        """One rally, whatever its state."""
        return await self._rallies.find(rally_id)

    async def own(self, rally: Rally, member: Member) -> StampCard:
        """Somebody's card of a rally."""
        return _card(rally, member, (await self._store.fillings(rally.id, [member.id]))[member.id])

    async def send(self, rally: Rally, member: Member) -> None:
        """Send the card to the end of the member's chat, where it lives from now on."""
        card = await self.own(rally, member)
        await self._outbox.post_card_anew(campaign_of(card), member.id, self._message(card))

    async def rallies_of(self, member: Member, since: datetime) -> list[Rally]:
        """The rallies of somebody that run or ended after `since`; who takes part in none sees what runs."""
        own = await self._store.rallies_of(member.id, since) or await self._store.running()
        found = [await self._rallies.find(rally_id) for rally_id in own]
        return [rally for rally in found if rally is not None]

    def _message(self, card: StampCard) -> Message:
        said = self._words.card(card)
        return Message(said.text, said.buttons, Picture(SUBJECT, card.rally.id, card.holder.id))


def campaign_of(card: StampCard) -> str:
    """The name of a card in the delivery ledger: one for each person, so that the ledger finds it at once."""
    return f"stamp-card:{card.rally.id}:{card.holder.id}"


def _card(rally: Rally, member: Member, filling: Filling) -> StampCard:
    holder = Holder(member.id, member.name, member.language)
    return StampCard(rally, holder, filling.stamps, filling.medals, filling.version)
