"""Vouchers put together on one unit of work, as `bot/services.py` does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.announcements.service import AnnouncementService
from campaigns.deliveries.service import Outbox
from campaigns.staff.service import StaffService
from campaigns.vouchers.desk import VoucherDesk
from campaigns.vouchers.intake import VoucherIntake
from campaigns.vouchers.service import VoucherService
from campaigns.vouchers.settlement import Settlement
from handlers.wording.announcements import RuleWords
from handlers.wording.audiences import LEXICON
from handlers.wording.vouchers import VoucherWords
from storage.announcements import SqlAnnouncementStore
from storage.catalogue import SqlCatalogueStore
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.members import SqlMemberStore
from storage.staff import SqlStaffStore
from storage.vault import Vault
from storage.vouchers import SqlVoucherStore

ZONE = "Asia/Shanghai"


class Own:
    """A manager looks after the own groups alone."""

    async def acting_for(self, manager_id: int) -> list[int]:
        """The manager."""
        return [manager_id]


@dataclass(frozen=True)
class Desk:
    """The use cases of vouchers."""

    vouchers: VoucherService
    staff: VoucherDesk
    intake: VoucherIntake
    store: SqlVoucherStore

    async def settled(self) -> Settlement:
        """Sheets and payouts."""
        return await self.vouchers.settlement()


def desk(uow: UnitOfWork, vault: Vault, now: Callable[[], datetime]) -> Desk:
    """Vouchers on one unit of work."""
    zone, store = ZoneInfo(ZONE), SqlVoucherStore(uow, ZONE)
    people, outbox, words = SqlMemberStore(uow, vault), Outbox(SqlDeliveryStore(uow), now), VoucherWords(zone)
    pages = AnnouncementService(SqlAnnouncementStore(uow), RuleWords(zone), now)
    vouchers = VoucherService(store, SqlCatalogueStore(uow), people, pages, outbox, words, LEXICON, now, zone)
    staff = StaffService(SqlStaffStore(uow), now)
    return Desk(
        vouchers,
        VoucherDesk(store, vouchers, Own(), staff, now),
        VoucherIntake(store, vouchers, outbox, words, now, zone),
        store,
    )
