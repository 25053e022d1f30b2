"""The catalogue by the operator's hand: each command is one transaction on the service that the chat uses."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.catalogue.files import flat, read_catalogue
from campaigns.catalogue.model import Catalogue, CatalogueRefusal, Change, Edition
from campaigns.catalogue.rules import differences
from campaigns.catalogue.service import CatalogueService
from campaigns.deliveries.service import Outbox
from campaigns.forms.faults import FileError
from campaigns.members.model import Language
from campaigns.staff.service import StaffService
from handlers.wording.catalogue import CatalogueWords, refusal
from handlers.wording.catalogue_files import fault
from storage.catalogue import SqlCatalogueStore
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.staff import SqlStaffStore

Found = TypeVar("Found")
Now = Callable[[], datetime]


class NoManagers:
    """Commands look after nobody's groups."""

    async def acting_for(self, _: int) -> list[int]:
        """Nobody."""
        return []


class CatalogueOffice:
    """What commands do with the catalogue, inside one unit of work.

    Whatever cannot be is an OperationRefusedError with one sentence a fault.
    """

    def __init__(self, uow: UnitOfWork, settings: Settings, now: Now) -> None:
        self._catalogue = CatalogueService(
            SqlCatalogueStore(uow),
            NoManagers(),
            StaffService(SqlStaffStore(uow), now),
            Outbox(SqlDeliveryStore(uow), now),
            CatalogueWords(settings.bank_name),
            now,
            ZoneInfo(settings.time_zone),
        )

    async def load(self, text: str, by: str, reason: str) -> tuple[Edition, list[Change]]:
        """Keep a file as a new version, and say what changed."""
        try:
            return await self._catalogue.load(text, by, reason)
        except FileError as error:
            raise refused(error) from None

    async def set(self, standing: str, product: str, advice: str, by: str, reason: str) -> tuple[Edition, list[Change]]:
        """Change one cell of the matrix."""
        outcome = await self._catalogue.set(standing, product, advice, by, reason)
        if isinstance(outcome, CatalogueRefusal):
            raise OperationRefusedError(refusal(outcome, Language.EN))
        return outcome

    async def edition(self, version: int | None = None) -> Edition:
        """One version, the newest by default."""
        found = await self._catalogue.edition(version)
        if found is None:
            missing = "There is no catalogue yet; `catalogue load` keeps one."
            raise OperationRefusedError(missing if version is None else f"There is no version {version}.")
        return found

    async def shown(self, version: int | None) -> tuple[Edition, list[Edition]]:
        """One version, and every version with who made it, the newest first."""
        return await self.edition(version), await self._catalogue.history()

    async def diff(self, old: int | None, new: int | None) -> tuple[int, int, list[Change]]:
        """What changed from one version to another; the newest against the one before, unless told."""
        later = await self.edition(new)
        earlier = await self.edition(old if old is not None else max(later.version - 1, 1))
        changes = differences(flat(earlier.catalogue), flat(later.catalogue))
        return earlier.version, later.version, changes


def check(text: str) -> Catalogue:
    """A file read whole; nothing is kept."""
    try:
        return read_catalogue(text)
    except FileError as error:
        raise refused(error) from None


def refused(error: FileError) -> OperationRefusedError:
    """Every fault of a file, a line each."""
    return OperationRefusedError("\n".join(fault(each, Language.EN) for each in error.faults))


def in_office(settings: Settings, url: str, now: Now, do: Callable[[CatalogueOffice], Awaitable[Found]]) -> Found:
    """Do one thing in one transaction."""

    return in_one_transaction(url, lambda uow: do(CatalogueOffice(uow, settings, now)))
