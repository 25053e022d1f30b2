"""Use cases of offers: preview, confirm, plan chunk by chunk, close the books, say why."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from campaigns.customers.model import Letter
from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language, Member
from campaigns.offers.model import (
    Books,
    CampaignState,
    Catalogue,
    ConfirmRefusal,
    Exclusion,
    Offer,
    OfferCampaign,
    Person,
    Preview,
    PreviewRefusal,
    Validity,
    Why,
)
from campaigns.offers.rules import choose, confirm, count
from campaigns.setbacks.ports import Setbacks

CHUNK = 500
LATEST_CAMPAIGNS = 5
CAMPAIGN_PREFIX = "offer:"


class OfferStore(Protocol):
    """What offers' use cases need."""

    async def catalogue(self, version: int | None = None) -> Catalogue:
        """One version of the offers, the newest by default."""
        ...

    async def audience(self, manager_id: int, after_member: int, size: int) -> list[Person]:
        """The next people of a manager's groups by member id, each once, at most `size`."""
        ...

    async def has_groups(self, manager_id: int) -> bool:
        """Whether the manager has a registered group."""
        ...

    async def draft(self, manager_id: int, catalogue: int, now: datetime) -> OfferCampaign:
        """Store a campaign that waits for confirmation."""
        ...

    async def lock(self, campaign_id: int) -> OfferCampaign | None:
        """Load a campaign, locked until the transaction ends."""
        ...

    async def save(self, campaign: OfferCampaign) -> None:
        """Store a campaign's state, progress and count."""
        ...

    async def newest(self, manager_id: int) -> int:
        """The id of a manager's newest campaign, draft or not; 0 when there is none."""
        ...

    async def unfinished(self) -> list[int]:
        """Confirmed campaigns whose planning is not finished."""
        ...

    async def latest(self, manager_id: int, limit: int) -> list[Books]:
        """A manager's last confirmed campaigns with their books, newest first."""
        ...

    async def last_received(self, member: Member) -> Why | None:
        """The last offer that reached a person, and what made the class that chose it."""
        ...


class OfferWording(Protocol):
    """The sentences that offers need."""

    def offer(self, offer: Offer, validity: Validity, language: Language) -> Message:
        """The final words of an offer."""
        ...


Later = Callable[[int], Awaitable[None]]


async def by_tick(_campaign_id: int) -> None:
    """Leave the rest of the planning to the tick."""


def campaign_name(campaign_id: int) -> str:
    """The name of an offer campaign in the delivery ledger."""
    return f"{CAMPAIGN_PREFIX}{campaign_id}"


class OfferService:
    """Tier-targeted offers inside one unit of work; `later` asks for the chunks after the first."""

    def __init__(
        self,
        store: OfferStore,
        outbox: Outbox,
        wording: OfferWording,
        now: Callable[[], datetime],
        *,
        zone: str = "Asia/Shanghai",
        later: Later = by_tick,
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._zone = ZoneInfo(zone)
        self._later = later

    async def preview(self, manager: Member) -> Preview | PreviewRefusal:
        """Count who would get what, and keep a draft that this manager may confirm."""
        if not await self._store.has_groups(manager.id):
            return PreviewRefusal.NO_GROUPS
        counts = await self._count(manager.id)
        if not counts:
            return PreviewRefusal.NOBODY
        catalogue = await self._store.catalogue()
        campaign = await self._store.draft(manager.id, catalogue.version, self._now())
        heads = {letter: counts[letter] for letter in catalogue.offers}
        excluded = {reason: counts[reason] for reason in Exclusion if counts[reason]}
        return Preview(campaign.id, catalogue, heads, excluded)

    async def confirm(self, campaign_id: int, manager: Member) -> OfferCampaign | ConfirmRefusal:
        """Start a previewed campaign once; the first chunk is planned at once, the rest later."""
        campaign = await self._store.lock(campaign_id)
        if campaign is None:
            return ConfirmRefusal.NO_CAMPAIGN
        newest = await self._store.newest(campaign.manager_id)
        started = confirm(campaign, manager.id, newest, self._now())
        if isinstance(started, ConfirmRefusal):
            return started
        planned = await self._plan(started, CHUNK)
        if planned.state is CampaignState.PLANNING:
            await self._later(campaign_id)
        return planned

    async def plan_chunk(self, campaign_id: int, after_member: int, size: int) -> int | None:
        """Plan the next `size` people; returns the last of them, or None when everybody is planned.

        The campaign's row is locked and knows how far planning has come, so that planners who meet repeat nothing:
        one that lags behind is told where to go on.
        """
        campaign = await self._store.lock(campaign_id)
        if campaign is None or campaign.state is not CampaignState.PLANNING:
            return None
        if after_member < campaign.after_member:
            return campaign.after_member
        planned = await self._plan(campaign, size)
        return planned.after_member if planned.state is CampaignState.PLANNING else None

    async def tick(self, setbacks: Setbacks) -> int:
        """Plan one chunk of each campaign that is not finished, whatever became of its job; returns how many."""
        unfinished = await self._store.unfinished()
        await setbacks.apart("offers", unfinished, self._go_on)
        return len(unfinished)

    async def _go_on(self, unfinished: Sequence[int]) -> None:
        for campaign_id in unfinished:
            if campaign := await self._store.lock(campaign_id):
                await self.plan_chunk(campaign_id, campaign.after_member, CHUNK)

    async def books(self, manager: Member) -> list[Books]:
        """The books of the manager's last campaigns, newest first."""
        return await self._store.latest(manager.id, LATEST_CAMPAIGNS)

    async def why(self, member: Member) -> Why | None:
        """Why the member got the last offer; None when none ever came."""
        return await self._store.last_received(member)

    async def _plan(self, campaign: OfferCampaign, size: int) -> OfferCampaign:
        """Plan the people behind a locked campaign's progress, and keep the progress."""
        people = await self._store.audience(campaign.manager_id, campaign.after_member, size)
        catalogue = await self._store.catalogue(campaign.catalogue)
        planned = await self._outbox.add(*self._drafts(campaign, catalogue, people))
        further = replace(
            campaign,
            state=CampaignState.PLANNED if len(people) < size else CampaignState.PLANNING,
            after_member=people[-1].member_id if people else campaign.after_member,
            planned=campaign.planned + planned,
        )
        await self._store.save(further)
        return further

    async def _count(self, manager_id: int) -> Counter[Letter | Exclusion]:
        counts: Counter[Letter | Exclusion] = Counter()
        people = await self._store.audience(manager_id, 0, CHUNK)
        while people:
            counts += count(people)
            people = await self._store.audience(manager_id, people[-1].member_id, CHUNK)
        return counts

    def _drafts(self, campaign: OfferCampaign, catalogue: Catalogue, people: Sequence[Person]) -> list[Draft]:
        chosen = ((person, catalogue.offers.get(letter)) for person in people if (letter := _letter(person)))
        return [self._draft(campaign, offer, person) for person, offer in chosen if offer]

    def _draft(self, campaign: OfferCampaign, offer: Offer, person: Person) -> Draft:
        """One person's offer; it expires in the ledger when its last day ends in the bank's zone."""
        announced = campaign.confirmed_at or self._now()
        validity = offer.validity(announced.astimezone(self._zone).date())
        ends = datetime.combine(validity.last + timedelta(days=1), time(0), tzinfo=self._zone)
        return Draft(
            campaign_name(campaign.id),
            offer.code,
            person.member_id,
            self._wording.offer(offer, validity, person.language),
            Kind.MARKETING,
            self._now(),
            expires_at=ends,
            origin_chat=person.origin_chat,
        )


def _letter(person: Person) -> Letter | None:
    chosen = choose(person)
    return chosen if isinstance(chosen, Letter) else None
