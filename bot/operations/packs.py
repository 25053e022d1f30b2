"""Packs by the operator's hand: each command is one transaction on the service that the chat uses."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.catalogue.model import Change
from campaigns.catalogue.rules import differences
from campaigns.forms.faults import FileError, FileFault
from campaigns.members.model import Language
from campaigns.packs.faults import PackFault
from campaigns.packs.files import flat, read_packs, unknown
from campaigns.packs.model import PackEdition, PackFile
from campaigns.packs.rules import worth_of
from campaigns.packs.service import keep
from handlers.wording.audiences import LEXICON
from handlers.wording.pack_files import fault
from storage.catalogue import SqlCatalogueStore
from storage.database import UnitOfWork
from storage.packs import SqlPackStore
from storage.vouchers import SqlVoucherStore

Found = TypeVar("Found")
Now = Callable[[], datetime]
NO_PACKS = "There are no packs yet; `packs load` keeps a file."


class PackOffice:
    """What commands do with packs, inside one unit of work; what cannot be is an OperationRefusedError."""

    def __init__(self, uow: UnitOfWork, settings: Settings, now: Now) -> None:
        self._packs = SqlPackStore(uow)
        self._catalogue = SqlCatalogueStore(uow)
        self._vouchers = SqlVoucherStore(uow, settings.time_zone)
        self._now = now

    async def load(self, file: PackFile, by: str, reason: str) -> tuple[PackEdition, list[Change]]:
        """Keep a file as a new version, once everything that it names is there."""
        catalogue, vouchers = await self._catalogue.edition(), await self._vouchers.edition()
        products = catalogue.catalogue.products if catalogue else {}
        missing = unknown(file, vouchers.book.plans if vouchers else {}, products)
        if missing:
            faults = [FileFault(PackFault.UNKNOWN, place, code) for place, code in missing]
            raise OperationRefusedError("\n".join(fault(each, Language.EN) for each in faults))
        return await keep(self._packs, file, by, reason, self._now())

    async def shown(self, version: int | None) -> tuple[PackEdition, list[PackEdition], dict[str, int]]:
        """One version, every version with who made it, the newest first, and what each pack is worth in fen at most."""
        found, vouchers = await self.edition(version), await self._vouchers.edition()
        plans = vouchers.book.plans if vouchers else {}
        worths = {code: worth_of(pack, plans) for code, pack in found.file.packs.items()}
        return found, await self._packs.history(), worths

    async def edition(self, version: int | None = None) -> PackEdition:
        """One version, the newest by default."""
        found = await self._packs.edition(version)
        if found is None:
            raise OperationRefusedError(NO_PACKS if version is None else f"There is no version {version}.")
        return found

    async def diff(self, old: int | None, new: int | None) -> tuple[int, int, list[Change]]:
        """What changed from one version to another; the newest against the one before, unless told."""
        later = await self.edition(new)
        earlier = await self.edition(old if old is not None else max(later.version - 1, 1))
        return earlier.version, later.version, differences(flat(earlier.file), flat(later.file))


def check(text: str) -> PackFile:
    """A file read whole and asked of the gate; nothing is kept."""
    try:
        return read_packs(text, LEXICON)
    except FileError as error:
        raise OperationRefusedError("\n".join(fault(each, Language.EN) for each in error.faults)) from None


def in_office(settings: Settings, url: str, now: Now, do: Callable[[PackOffice], Awaitable[Found]]) -> Found:
    """Do one thing in one transaction."""

    return in_one_transaction(url, lambda uow: do(PackOffice(uow, settings, now)))
