"""Taking a stamp back by the operator's hand, in the organiser's name."""

from datetime import datetime

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.games.entry import GameEntry
from campaigns.gifts.service import GiftService
from campaigns.members.model import Language
from campaigns.staff.service import StaffService
from campaigns.stamps.service import StampService
from campaigns.suspicions.service import SuspicionService
from campaigns.voids.model import VoidRefusal
from campaigns.voids.service import VoidService
from handlers.wording.voids import outcome
from storage.database import UnitOfWork
from storage.games import SqlPlayStore
from storage.gifts import SqlGiftStore
from storage.members import SqlMemberStore
from storage.rallies import SqlRallyStore
from storage.staff import SqlStaffStore
from storage.stamp_cards import SqlStampCardStore
from storage.stamps import SqlStampStore
from storage.suspicions import SqlSuspicionStore
from storage.vault import Keyring, Vault


def void_stamp(settings: Settings, url: str, now: datetime, event: str, booth: str, number: str, reason: str) -> str:
    """Take the stamp back in one transaction; what it means for the visitor's medals.

    Raises:
        OperationRefusedError: there is no such event, booth, visitor or stamp, or no reason.
    """
    vault = Vault(Keyring.open(settings.keyring_file))
    return in_one_transaction(url, lambda uow: _void(uow, vault, now, (event, booth, number, reason)))


async def _void(uow: UnitOfWork, vault: Vault, moment: datetime, told: tuple[str, str, str, str]) -> str:
    event, booth, number, reason = told
    rallies = SqlRallyStore(uow, vault)
    rally = await rallies.by_code(event)
    if rally is None:
        raise OperationRefusedError(f"There is no event {event}: `rally list` shows all.")
    found = await _service(uow, vault, rallies, moment).void(rally, booth, number, reason, rally.organiser_id)
    said = outcome(found, booth, number, Language.EN)
    if isinstance(found, VoidRefusal):
        raise OperationRefusedError(said)
    return said


def _service(uow: UnitOfWork, vault: Vault, rallies: SqlRallyStore, moment: datetime) -> VoidService:
    def now() -> datetime:
        return moment

    trail, people = StaffService(SqlStaffStore(uow), now), SqlMemberStore(uow, vault)
    stamps = StampService(SqlStampStore(uow), rallies, GameEntry(SqlPlayStore(uow), now), (), trail, now)
    suspicions = SuspicionService(SqlSuspicionStore(uow), rallies, people, trail, now)
    store = SqlGiftStore(uow, vault)
    gifts = GiftService(store, rallies, store, now)
    return VoidService(stamps, rallies, people, SqlStampCardStore(uow), suspicions, gifts, now)
