"""Points by the operator's hand: each command is one transaction on the same services that the chat uses."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.announcements.model import Announcement
from campaigns.announcements.service import AnnouncementService
from campaigns.deliveries.service import Outbox
from campaigns.earnings.model import EarnRule, Imprint, LineOutcome, Objection
from campaigns.earnings.rules import RuleError
from campaigns.earnings.service import EarnService
from campaigns.earnings.simulation import Crowd, EarnForecast, SimulationError
from campaigns.members.model import Member
from campaigns.partners.model import Partner, PartnerKind
from campaigns.points.model import CloseRefusal, Settlement, Share, Statement
from campaigns.points.rules import CampaignError
from campaigns.points.service import PointsService
from campaigns.redemptions.model import ShelfItem
from campaigns.redemptions.rules import ShelfError, check_item
from campaigns.redemptions.service import RedemptionService
from handlers.wording.announcements import RuleWords
from handlers.wording.points import PointsWords
from storage.announcements import SqlAnnouncementStore
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.earnings import SqlEarnStore
from storage.partners import SqlPartnerStore
from storage.points import SqlPointsStore
from storage.redemptions import SqlRedemptionStore

Found = TypeVar("Found")
HUNDREDTHS = 100

REFUSED = {
    CloseRefusal.NO_CAMPAIGN: "There is no such campaign; points campaigns lists them.",
    CloseRefusal.CLOSED_ALREADY: "The campaign is closed already.",
    CloseRefusal.STILL_RUNNING: "The campaign is still running: close it after its last day.",
    CloseRefusal.MEMBERS_HOLD_POINTS: "Members still hold points: close it when these are spent or expired.",
    CloseRefusal.REDEMPTIONS_OPEN: "Redemptions are open: close it when these are fetched or given back.",
    CloseRefusal.DRAWS_OPEN: "A draw is open: close that first.",
    CloseRefusal.OUT_OF_BALANCE: "The campaign does not balance; look at points settlement before anything else.",
}


@dataclass(frozen=True)
class CampaignOrder:
    """A campaign as it is ordered: shares in percent by the partner's name, `until` the last day that pays."""

    title: str
    price: int
    valid_days: int
    budget: int
    until: date
    shares: Mapping[str, float]
    group: str | None = None


class PointsOffice:
    """What commands do with points, inside one unit of work.

    Whatever cannot be is an OperationRefusedError with one sentence.
    """

    def __init__(self, uow: UnitOfWork, now: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._points_store = SqlPointsStore(uow)
        self._shelf = SqlRedemptionStore(uow)
        self._partners = SqlPartnerStore(uow)
        self._zone = zone
        self._points = PointsService(self._points_store, now, zone)
        self._redemptions = RedemptionService(self._shelf, self._points, now)
        outbox = Outbox(SqlDeliveryStore(uow), now)
        announcements = AnnouncementService(SqlAnnouncementStore(uow), RuleWords(zone), now)
        self._earnings = EarnService(
            SqlEarnStore(uow), self._points, Nobody(), outbox, PointsWords(), announcements, now
        )

    async def add_partner(self, name: str, kind: PartnerKind) -> int:
        """Keep a partner; returns its number."""
        return await self._points_store.add_partner(name, kind)

    async def partners(self) -> list[Partner]:
        """Every partner."""
        return await self._partners.all()

    async def open(self, order: CampaignOrder) -> Settlement:
        """Open a campaign and fund its budget."""
        shares = [
            Share((await self._partner(name)).id, round(percent * HUNDREDTHS)) for name, percent in order.shares.items()
        ]
        ends = datetime.combine(order.until + timedelta(days=1), time(), self._zone)
        group = await self._group(order.group) if order.group else None
        try:
            made = await self._points.open(
                order.title, order.price, order.valid_days, shares, order.budget, ends, group
            )
        except CampaignError as fault:
            raise OperationRefusedError(str(fault)) from None
        return await self.sheet(made.id)

    async def sheets(self) -> list[Settlement]:
        """The newest campaigns with where their points lie."""
        return [await self.sheet(campaign.id) for campaign in await self._points.campaigns()]

    async def sheet(self, campaign: int) -> Settlement:
        """One campaign's settlement sheet."""
        found = await self._points.settlement(campaign)
        if found is None:
            raise OperationRefusedError(REFUSED[CloseRefusal.NO_CAMPAIGN])
        return found

    async def close(self, campaign: int) -> Settlement:
        """Close a campaign."""
        outcome = await self._points.close(campaign)
        if isinstance(outcome, CloseRefusal):
            raise OperationRefusedError(REFUSED[outcome])
        return outcome

    async def statement(self, member: int) -> Statement:
        """A member's balance and latest movements."""
        return await self._points.statement(member)

    async def add_item(self, item: ShelfItem, partner: str) -> int:
        """Put something on the shelf; returns its number."""
        try:
            check_item(item.points, item.stock, item.starts_on, item.ends_on, item.per_person, item.offset_fen)
        except ShelfError as fault:
            raise OperationRefusedError(str(fault)) from None
        if not item.title_zh or not item.title_en:
            raise OperationRefusedError("An item needs its name in both languages.")
        return await self._shelf.add_item(replace(item, partner_id=(await self._partner(partner)).id))

    async def change_item(self, item: int, points: int | None, more: int, ends_on: date | None) -> ShelfItem:
        """Another price, more pieces or another last day of something on the shelf."""
        try:
            changed = await self._redemptions.change(item, points or 0, more, ends_on)
        except ShelfError as fault:
            raise OperationRefusedError(str(fault)) from None
        if changed is None:
            raise OperationRefusedError(f"There is no item {item}; points shelf list shows them.")
        return changed

    async def items(self) -> tuple[list[ShelfItem], Mapping[int, str]]:
        """Everything that ever stood on the shelf, and the partners' names."""
        return await self._shelf.items(), await self._points_store.partners()

    async def add_rule(self, draft: EarnRule) -> EarnRule:
        """Write a rule of earning."""
        await self.sheet(draft.campaign_id)
        try:
            return await self._earnings.add(draft)
        except RuleError as fault:
            raise OperationRefusedError(str(fault)) from None

    async def rules(self, campaign: int) -> list[EarnRule]:
        """A campaign's rules."""
        await self.sheet(campaign)
        return await self._earnings.of(campaign)

    async def simulate(self, campaign: int, crowd: Crowd, runs: int, seed: int) -> EarnForecast:
        """What a campaign's rules would cost, drafts among them."""
        await self.sheet(campaign)
        try:
            return await self._earnings.simulate(campaign, crowd, runs, seed)
        except SimulationError as fault:
            raise OperationRefusedError(str(fault)) from None

    async def activate(self, rule: int, imprint: Imprint) -> Announcement | tuple[Objection, ...]:
        """Let a rule pay and publish its page, or what the gate objects to."""
        return await self._earnings.activate(rule, imprint)

    async def change(self, rule: int, points: int) -> Announcement | tuple[Objection, ...]:
        """Let an announced rule pay more, or what stands against it."""
        try:
            return await self._earnings.change(rule, points)
        except RuleError as fault:
            raise OperationRefusedError(str(fault)) from None

    async def stop(self, rule: int) -> EarnRule | Announcement | Objection:
        """Let a rule pay no more once its notice is over, or what stands against it."""
        return await self._earnings.stop(rule)

    async def take_in(self, campaign: int, text: str) -> list[LineOutcome]:
        """Pay for a department's events."""
        await self.sheet(campaign)
        return await self._earnings.take_in(campaign, text)

    async def _partner(self, name: str) -> Partner:
        found = await self._partners.named(name.strip())
        if found is None:
            raise OperationRefusedError(f"There is no partner {name.strip()!r}; points partner list shows them.")
        return found

    async def _group(self, title: str) -> int:
        found = await self._points_store.group_titled(title.strip())
        if found is None:
            raise OperationRefusedError(f"There is no registered group {title.strip()!r}; give its full name.")
        return found


class Nobody:
    """No people: what commands do tells no single person."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Nobody."""
        return {}


def open_office(
    settings: Settings, url: str, now: Callable[[], datetime], do: Callable[[PointsOffice], Awaitable[Found]]
) -> Found:
    """Do one thing in one transaction."""

    return in_one_transaction(url, lambda uow: do(PointsOffice(uow, now, ZoneInfo(settings.time_zone))))
