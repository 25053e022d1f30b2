"""Promotions put together: their use cases, their course by the clock, and whom both ask."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.announcements.service import AnnouncementService
from campaigns.audiences.service import AudienceService
from campaigns.catalogue.service import CatalogueService
from campaigns.channels.service import ChannelService
from campaigns.checklists.service import ChecklistService
from campaigns.deliveries.service import Outbox
from campaigns.halts.service import HaltService
from campaigns.promotions.checks import PromotionExaminer
from campaigns.promotions.course import PromotionCourse, by_tick
from campaigns.promotions.holding import HaltedCampaigns
from campaigns.promotions.service import PromotionService
from campaigns.staff.service import StaffService
from handlers.wording.promotions import PromotionWords
from storage.compliance import SqlGate
from storage.database import UnitOfWork
from storage.followups import SqlFollowUpStore
from storage.promotion_planning import SqlPromotionPlanning
from storage.promotion_supplies import SqlSupplies
from storage.promotions import SqlPromotionStore
from storage.results import SqlResultStore
from storage.vault import Vault

Later = Callable[[int, int], Awaitable[None]]


def promotions(
    uow: UnitOfWork,
    vault: Vault,
    checklists: ChecklistService,
    staff: StaffService,
    outbox: Outbox,
    halts: HaltService,
    channels: ChannelService,
    audiences: AudienceService,
    catalogue: CatalogueService,
    pages: AnnouncementService,
    bank: str,
    now: Callable[[], datetime],
    zone: ZoneInfo,
    *,
    wake: Any = None,
    later: Later = by_tick,
) -> tuple[PromotionService, PromotionCourse]:
    """The use cases and the course of one unit of work."""
    store, planning = SqlPromotionStore(uow), SqlPromotionPlanning(uow, zone.key, wake=wake)
    words = PromotionWords(bank, zone)
    holding = HaltedCampaigns(halts, words)
    supplies, results = SqlSupplies(uow, vault, zone), SqlResultStore(uow)
    examiner = PromotionExaminer(
        planning, audiences, store, catalogue, pages, SqlGate(uow), supplies, results, words, now, zone
    )
    course = PromotionCourse(store, planning, audiences, channels, catalogue, holding, staff, words, now, later=later)
    service = PromotionService(
        store,
        staff,
        outbox,
        channels,
        catalogue,
        pages,
        examiner,
        holding,
        course,
        checklists,
        supplies,
        SqlFollowUpStore(uow, vault),
        now,
        zone,
    )
    return service, course
