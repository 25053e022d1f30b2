"""Vouchers by the operator's hand: each command is one transaction on the services that the chat uses."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.announcements.service import AnnouncementService
from campaigns.catalogue.model import Change
from campaigns.catalogue.rules import differences
from campaigns.deliveries.service import Outbox
from campaigns.forms.faults import FileError
from campaigns.members.model import Language
from campaigns.vouchers.exploits import World
from campaigns.vouchers.files import flat, products_missing, read_book
from campaigns.vouchers.intake import Intake, LineOutcome, ProgressLine, VoucherIntake
from campaigns.vouchers.model import Edition, VoucherBook
from campaigns.vouchers.service import ExploitableError, UnfavourableError, VoucherService
from campaigns.vouchers.settlement import Settlement
from campaigns.vouchers.simulation import Crowd, SimulationError, VoucherForecast, simulate
from handlers.wording.announcements import RuleWords
from handlers.wording.audiences import LEXICON
from handlers.wording.voucher_files import fault, objections, pays, unfavourable
from handlers.wording.vouchers import VoucherWords
from storage.announcements import SqlAnnouncementStore
from storage.catalogue import SqlCatalogueStore
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.members import SqlMemberStore
from storage.vault import Keyring, Vault
from storage.vouchers import SqlVoucherStore

Found = TypeVar("Found")
Now = Callable[[], datetime]
NO_BOOK = "There are no vouchers yet; `vouchers load` keeps a file."


class VoucherOffice:
    """What commands do with vouchers, inside one unit of work.

    Whatever cannot be is an OperationRefusedError with one sentence a fault.
    """

    def __init__(self, uow: UnitOfWork, settings: Settings, now: Now) -> None:
        zone, words = ZoneInfo(settings.time_zone), VoucherWords(ZoneInfo(settings.time_zone))
        store, self._catalogue = SqlVoucherStore(uow, settings.time_zone), SqlCatalogueStore(uow)
        people = SqlMemberStore(uow, Vault(Keyring.open(settings.keyring_file)))
        outbox = Outbox(SqlDeliveryStore(uow), now)
        pages = AnnouncementService(SqlAnnouncementStore(uow), RuleWords(zone), now)
        self._vouchers = VoucherService(store, self._catalogue, people, pages, outbox, words, LEXICON, now, zone)
        self._intake = VoucherIntake(store, self._vouchers, outbox, words, now, zone)

    async def load(self, book: VoucherBook, by: str, reason: str, override: str | None) -> tuple[Edition, list[Change]]:
        """Keep a file as a new version, and say what changed."""
        await self._check_products(book)
        try:
            return await self._vouchers.load(book, by, reason, override)
        except UnfavourableError as error:
            raise OperationRefusedError(unfavourable(error.codes, Language.EN)) from None
        except ExploitableError as error:
            said = [pays(each, Language.EN) for each in error.exploits]
            more = "Change the file, or say why it may stand: --override WORDS (kept with the version)."
            raise OperationRefusedError("\n".join([*said, more])) from None

    async def edition(self, version: int | None = None) -> Edition:
        """One version, the newest by default."""
        found = await self._vouchers.edition(version)
        if found is None:
            raise OperationRefusedError(NO_BOOK if version is None else f"There is no version {version}.")
        return found

    async def shown(self, version: int | None) -> tuple[Edition, list[Edition]]:
        """One version, and every version with who made it, the newest first."""
        return await self.edition(version), await self._vouchers.history()

    async def diff(self, old: int | None, new: int | None) -> tuple[int, int, list[Change]]:
        """What changed from one version to another; the newest against the one before, unless told."""
        later = await self.edition(new)
        earlier = await self.edition(old if old is not None else max(later.version - 1, 1))
        return earlier.version, later.version, differences(flat(earlier.book), flat(later.book))

    async def take_in(self, read: list[ProgressLine | LineOutcome]) -> Intake:
        """Take in the bank's file of outcomes."""
        await self.edition()
        catalogue = await self._catalogue.edition()
        products = catalogue.catalogue.products if catalogue else {}
        done = await self._intake.take_in([each for each in read if isinstance(each, ProgressLine)], products)
        broken = [each for each in read if isinstance(each, LineOutcome)]
        return Intake(tuple(sorted([*done.lines, *broken], key=lambda each: each.line)), done.moved)

    async def settlement(self) -> Settlement:
        """What became of every piece, and what was paid by partner and product."""
        await self.edition()
        return await self._vouchers.settlement()

    async def _check_products(self, book: VoucherBook) -> None:
        catalogue = await self._catalogue.edition()
        known = {code: each.kind for code, each in catalogue.catalogue.products.items()} if catalogue else {}
        missing = products_missing(book, known)
        if missing:
            said = [f"{place}: the catalogue has no {code}, or it is a deposit." for place, code, _ in missing]
            raise OperationRefusedError("\n".join(said))


def check(text: str) -> VoucherBook:
    """A file read whole and asked of the gate, with every rule page as customers would read it; nothing is kept."""
    try:
        book = read_book(text, LEXICON)
    except FileError as error:
        raise OperationRefusedError("\n".join(fault(each, Language.EN) for each in error.faults)) from None
    said = [line for plan in book.plans.values() for line in objections(plan, Language.EN)]
    if said:
        raise OperationRefusedError("\n".join(said))
    return book


def forecast(book: VoucherBook, crowd: Crowd, world: World, runs: int, seed: int) -> VoucherForecast:
    """What a file would cost and who could exploit it; nothing is kept."""
    try:
        return simulate(book, crowd, world, runs, seed)
    except SimulationError as error:
        raise OperationRefusedError(str(error)) from None


def read_file(path: Path, settings: Settings, now: Now) -> list[ProgressLine | LineOutcome]:
    """The bank's file of outcomes.

    Raises:
        DeliveryRefusedError: it cannot be read.
    """
    from campaigns.vouchers.reading import read_progress

    return read_progress(path, now().astimezone(ZoneInfo(settings.time_zone)).date())


def in_office(settings: Settings, url: str, now: Now, do: Callable[[VoucherOffice], Awaitable[Found]]) -> Found:
    """Do one thing in one transaction."""

    return in_one_transaction(url, lambda uow: do(VoucherOffice(uow, settings, now)))
