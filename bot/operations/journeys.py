"""Journeys and bank files of events by the operator's hand: each command is one transaction on the chat's services."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.catalogue.model import Change as Difference
from campaigns.deliveries.service import Outbox
from campaigns.events.model import BadLine, EventLine, ImportReport
from campaigns.events.reading import LARGEST_FILE, SHIPPED, EventFileError, read_events, read_profile
from campaigns.events.service import EventService
from campaigns.forms.faults import FileError
from campaigns.forms.reading import decoded
from campaigns.journeys.files import read_journey
from campaigns.journeys.model import Change, Edition, Journey, JourneyRefusal, Overview, Plan
from campaigns.journeys.service import JourneyService
from campaigns.members.model import Language
from handlers.wording.audiences import LEXICON
from handlers.wording.journey_files import fault
from handlers.wording.journeys import refusal
from storage.channels import SqlChannelStore
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.events import SqlEventStore
from storage.journeys import SqlJourneyStore

Found = TypeVar("Found")
Now = Callable[[], datetime]


class JourneyOffice:
    """What commands do with journeys, inside one unit of work; whatever cannot be is an OperationRefusedError."""

    def __init__(self, uow: UnitOfWork, settings: Settings, now: Now) -> None:
        outbox = Outbox(SqlDeliveryStore(uow), now)
        store, outside = SqlJourneyStore(uow, settings.time_zone), SqlChannelStore(uow)
        self._journeys = JourneyService(store, outbox, outside, LEXICON, now)
        self._events = EventService(SqlEventStore(uow, settings.time_zone), now)

    async def load(self, text: str, by: str, reason: str) -> tuple[Edition, list[Difference]]:
        """Keep a file as a new version, and say what changed."""
        try:
            return await self._journeys.load(text, by, reason)
        except FileError as error:
            raise refused(error) from None

    async def release(self, name: str, version: int | None, by: str, reason: str) -> Edition:
        """Let a version run."""
        return _done(await self._journeys.release(name, version, by, reason))

    async def change(self, name: str, change: Change, by: str, reason: str) -> Journey:
        """Pause, resume or stop a journey."""
        return _done(await self._journeys.change(name, change, by, reason))

    async def shown(self, name: str, version: int | None) -> tuple[Edition, list[Edition]]:
        """One version, and every version with who made it."""
        return _done(await self._journeys.shown(name, version))

    async def diff(self, name: str, old: int | None, new: int | None) -> tuple[int, int, list[Difference]]:
        """What changed from one version to another."""
        return _done(await self._journeys.diff(name, old, new))

    async def overviews(self) -> list[Overview]:
        """Every journey with its figures."""
        return await self._journeys.overviews()

    async def take_in(self, lines: list[EventLine | BadLine]) -> ImportReport:
        """Keep the events of a file."""
        return await self._events.take_in(lines)


def check(text: str) -> Plan:
    """A file read whole; nothing is kept."""
    try:
        return read_journey(text, LEXICON)
    except FileError as error:
        raise refused(error) from None


def read_file(file: Path, profile: Path | None, now: datetime, zone: ZoneInfo) -> list[EventLine | BadLine]:
    """Every line of a bank's file of events by a profile, the shipped one by default."""
    if file.stat().st_size > LARGEST_FILE:
        raise OperationRefusedError(f"{file.name} is larger than 100 MB: hand it in by parts.")
    try:
        words = read_profile(decoded((profile or SHIPPED).read_bytes()))
        return list(read_events(file.read_bytes(), file.name, words, now, zone))
    except EventFileError as error:
        raise OperationRefusedError(str(error)) from None


def refused(error: FileError) -> OperationRefusedError:
    """Every fault of a file, a line each."""
    return OperationRefusedError("\n".join(fault(each, Language.EN) for each in error.faults))


def in_office(settings: Settings, url: str, now: Now, do: Callable[[JourneyOffice], Awaitable[Found]]) -> Found:
    """Do one thing in one transaction."""

    return in_one_transaction(url, lambda uow: do(JourneyOffice(uow, settings, now)))


def _done(outcome: Found | JourneyRefusal) -> Found:
    if isinstance(outcome, JourneyRefusal):
        raise OperationRefusedError(refusal(outcome, Language.EN))
    return outcome
