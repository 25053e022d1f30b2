"""Reviewed answers by the operator's hand: a file taken in whole or not at all, versions shown, the clock set."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.answers.model import AnswerEntry, EntryError, Imported
from campaigns.answers.reading import read_entries
from campaigns.answers.service import AnswerService
from campaigns.bankdays.hours import OfficeHours
from campaigns.forms.model import FormError
from campaigns.members.model import Language
from campaigns.questions.model import AnswerClock
from handlers.wording import forms
from storage.answers import SqlAnswerStore
from storage.database import UnitOfWork
from storage.questions import SqlQuestionStore
from storage.vault import Keyring, Vault

Found = TypeVar("Found")
STARTING_SET = Path(forms.__file__).with_name("answers.yaml")
LARGEST_FILE = 1_000_000


@dataclass(frozen=True)
class ClockOrder:
    """A new answer clock: bank time in minutes, and when the bank is open."""

    minutes: int
    opens: time
    closes: time
    by: str


class AnswerOffice:
    """What commands do with answers, inside one unit of work.

    Whatever cannot be is an OperationRefusedError with one sentence.
    """

    def __init__(self, uow: UnitOfWork, vault: Vault, zone: ZoneInfo, now: Callable[[], datetime]) -> None:
        self._answers = AnswerService(SqlAnswerStore(uow), now)
        self._questions = SqlQuestionStore(uow, vault)
        self._zone = zone
        self._now = now

    async def take_in(self, text: str, reviewer: str | None) -> list[Imported]:
        """Every entry of a file, or none of them."""
        today = self._now().astimezone(self._zone).date()
        try:
            return await self._answers.take_in(read_entries(text, (reviewer or "").strip() or None, today))
        except FormError as error:
            raise OperationRefusedError(forms.fault(error.fault, Language.EN)) from None
        except EntryError as error:
            raise OperationRefusedError(str(error)) from None

    async def versions(self, key: str | None = None) -> list[AnswerEntry]:
        """Every version of one entry, or of all."""
        found = [entry for entry in await self._answers.all_versions() if key in {None, entry.key}]
        if key is not None and not found:
            raise OperationRefusedError(f"There is no answer {key}; answers list shows all.")
        return found

    async def clock(self, order: ClockOrder | None) -> AnswerClock:
        """The answer clock in force, after the order where there is one."""
        now = await self._questions.clock()
        if order is None:
            return now
        try:
            hours = OfficeHours(order.opens, order.closes)
        except ValueError as error:
            raise OperationRefusedError(str(error)) from None
        made = AnswerClock(now.version + 1, timedelta(minutes=order.minutes), hours)
        await self._questions.set_clock(made, order.by, self._now())
        return made


def text_of(file: str) -> str:
    """A file of answers, or the starting set that comes with the product.

    Raises:
        OperationRefusedError: it is no text in UTF-8, or too large.
        OSError: it cannot be read.
    """
    path = STARTING_SET if file == "starting" else Path(file)
    with path.open("rb") as source:
        found = source.read(LARGEST_FILE + 1)
    if len(found) > LARGEST_FILE:
        raise OperationRefusedError(f"{file} is larger than {LARGEST_FILE:,} bytes, which is no file of answers.")
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise OperationRefusedError(f"{file} is not UTF-8: save it as UTF-8 and try again.") from None


def open_office(
    found: Settings, url: str, now: Callable[[], datetime], do: Callable[[AnswerOffice], Awaitable[Found]]
) -> Found:
    """Do one thing in one transaction."""

    async def work(uow: UnitOfWork) -> Found:
        vault = Vault(Keyring.open(found.keyring_file))
        return await do(AnswerOffice(uow, vault, ZoneInfo(found.time_zone), now))

    return in_one_transaction(url, work)
