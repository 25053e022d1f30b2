"""Promotions by the operator's hand: each command is one transaction on the services that the chat uses."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.operations.catalogue import NoManagers
from bot.promotions import promotions
from bot.settings import Settings
from campaigns.announcements.service import AnnouncementService
from campaigns.audiences.service import AudienceService
from campaigns.catalogue.model import Change
from campaigns.catalogue.service import CatalogueService
from campaigns.channels.service import ChannelService
from campaigns.checklists.service import ChecklistService
from campaigns.deliveries.rules import Closing
from campaigns.deliveries.service import Outbox
from campaigns.experiments.model import ExperimentPlanError, GlobalControl
from campaigns.forms.faults import FileError
from campaigns.halts.service import HaltService
from campaigns.members.model import Language
from campaigns.promotions.course import PromotionCourse
from campaigns.promotions.dry_runs import Check, DryRun
from campaigns.promotions.model import PromotionRefusal, Review, Version
from campaigns.promotions.service import PromotionService, newest_of
from campaigns.staff.service import StaffService
from handlers.wording.announcements import RuleWords
from handlers.wording.audiences import LEXICON
from handlers.wording.catalogue import CatalogueWords
from handlers.wording.halts import HaltWords
from handlers.wording.promotion_files import fault
from handlers.wording.promotions import check_fault, refusal
from storage.announcements import SqlAnnouncementStore
from storage.audiences import SqlAudienceStore
from storage.catalogue import SqlCatalogueStore
from storage.channel_ways import SqlWayStore
from storage.channels import SqlChannelStore
from storage.checklists import SqlChecklistStore
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.halts import SqlHaltStore
from storage.members import SqlMemberStore
from storage.staff import SqlStaffStore
from storage.vault import Keyring, Vault

Found = TypeVar("Found")
Now = Callable[[], datetime]


def desk(
    uow: UnitOfWork, vault: Vault, bank: str, now: Now, zone: ZoneInfo
) -> tuple[PromotionService, PromotionCourse]:
    """The use cases and the course, as the bot wires them, without the bot."""
    staff, outbox = StaffService(SqlStaffStore(uow), now), Outbox(SqlDeliveryStore(uow), now)
    return promotions(
        uow,
        vault,
        ChecklistService(SqlChecklistStore(uow), staff, now),
        staff,
        outbox,
        HaltService(SqlHaltStore(uow), SqlMemberStore(uow, vault), staff, outbox, HaltWords(), now),
        ChannelService(SqlChannelStore(uow), SqlWayStore(uow, vault), now),
        AudienceService(SqlAudienceStore(uow, zone.key), LEXICON, now),
        CatalogueService(SqlCatalogueStore(uow), NoManagers(), staff, outbox, CatalogueWords(bank), now, zone),
        AnnouncementService(SqlAnnouncementStore(uow), RuleWords(zone), now),
        bank,
        now,
        zone,
    )


class PromotionOffice:
    """What commands do with promotions, inside one unit of work.

    Whatever cannot be is an OperationRefusedError with one sentence a fault.
    """

    def __init__(self, uow: UnitOfWork, settings: Settings, now: Now) -> None:
        vault = Vault(Keyring.open(settings.keyring_file))
        self._promotions, _ = desk(uow, vault, settings.bank_name, now, ZoneInfo(settings.time_zone))

    async def check(self, text: str) -> DryRun:
        """Look a file over whole; nothing is kept."""
        try:
            _, found = await self._promotions.examine(text)
        except FileError as error:
            raise refused(error) from None
        return passed(found)

    async def load(self, text: str, author_id: int) -> tuple[Version, list[Change]]:
        """Keep a file as a draft; returns what it changed against the version before."""
        try:
            version = allowed(await self._promotions.load(text, author_id))
        except FileError as error:
            raise refused(error) from None
        return version, allowed(await self._promotions.diff(version.code))

    async def listed(self) -> list[Version]:
        """The newest version of every promotion."""
        return newest_of(await self._promotions.versions())

    async def shown(self, code: str, number: int | None) -> tuple[Version, list[Review], Closing, Counter[str]]:
        """One version with its reviews, its equation, and why the gate suppressed what it did."""
        version = await self._version(code, number)
        reviews = [
            each for each in await self._promotions.reviews(version.promotion_id) if each.number == version.number
        ]
        closing = await self._promotions.closing(version)
        return version, reviews, closing, await self._promotions.suppressed(version)

    async def diff(self, code: str, old: int | None, new: int | None) -> list[Change]:
        """What changed between two versions."""
        return allowed(await self._promotions.diff(code, old, new))

    async def dry_run(self, code: str) -> DryRun:
        """What sending would do now."""
        found = await self._promotions.dry_run(code)
        if isinstance(found, Check):
            return passed(found)
        return allowed(found)

    async def versions(self, code: str) -> list[Version]:
        """Every version of a promotion, the newest first."""
        return await self._promotions.versions(code) or [await self._version(code, None)]

    async def reviews(self, promotion_id: int) -> list[Review]:
        """What was decided of every version."""
        return await self._promotions.reviews(promotion_id)

    async def control(self) -> GlobalControl:
        """The one group that no promotion writes to."""
        return await self._promotions.control()

    async def set_control(self, salt: str, parts: int, by: str) -> int:
        """Another global control, from now on."""
        try:
            return await self._promotions.set_control(GlobalControl(salt, parts), by)
        except ExperimentPlanError as error:
            raise OperationRefusedError(str(error)) from None

    async def _version(self, code: str, number: int | None) -> Version:
        found = await self._promotions.find(code, number)
        if found is None:
            is_known = number is not None and await self._promotions.find(code)
            return allowed(PromotionRefusal.NO_VERSION if is_known else PromotionRefusal.NO_PROMOTION)
        return found


def allowed(found: Found | PromotionRefusal) -> Found:
    """What was done, unless it was refused."""
    if isinstance(found, PromotionRefusal):
        raise OperationRefusedError(refusal(found, Language.EN))
    return found


def passed(found: Check) -> DryRun:
    """The dry run of a check without a fault; one sentence for each fault otherwise."""
    if found.faults or found.dry_run is None:
        raise OperationRefusedError("\n".join(check_fault(each, Language.EN) for each in found.faults))
    return found.dry_run


def refused(error: FileError) -> OperationRefusedError:
    """Every fault of a file, a line each."""
    return OperationRefusedError("\n".join(fault(each, Language.EN) for each in error.faults))


def in_office(settings: Settings, url: str, now: Now, do: Callable[[PromotionOffice], Awaitable[Found]]) -> Found:
    """Do one thing in one transaction."""

    return in_one_transaction(url, lambda uow: do(PromotionOffice(uow, settings, now)))
