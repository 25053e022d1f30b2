"""The bank's file of card events by the operator's hand: one transaction on the services that the chat uses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.backing import in_one_transaction
from bot.settings import Settings
from campaigns.applications.reconciling import CardLine, CardOutcome, Disagreement, Reconciler
from campaigns.applications.service import ApplicationService
from campaigns.deliveries.service import Outbox
from campaigns.staff.service import StaffService
from handlers.wording.applications import ApplicationWords
from handlers.wording.card_events import CardEventWords
from storage.applications import SqlApplicationStore
from storage.card_events import SqlCardEventStore
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.members import SqlMemberStore
from storage.staff import SqlStaffStore
from storage.vault import Keyring, Vault


@dataclass(frozen=True)
class CardReport:
    """What became of a file's lines, and everything that disagrees now, from earlier files too."""

    lines: tuple[CardOutcome, ...]
    disagreements: tuple[Disagreement, ...]


def reconciler(uow: UnitOfWork, vault: Vault, now: Callable[[], datetime], zone: ZoneInfo) -> Reconciler:
    """Reconciling on one unit of work."""
    people, staff, outbox = (
        SqlMemberStore(uow, vault),
        StaffService(SqlStaffStore(uow), now),
        Outbox(SqlDeliveryStore(uow), now),
    )
    applications = ApplicationService(SqlApplicationStore(uow), people, staff, outbox, ApplicationWords(), now, zone)
    return Reconciler(SqlCardEventStore(uow), applications, people, staff, outbox, CardEventWords(), now)


def take_in(file: Path | None, found: Settings, url: str, now: Callable[[], datetime]) -> CardReport:
    """Import a file, where one is given, and list what disagrees.

    Raises:
        DeliveryRefusedError: the file cannot be read.
    """
    zone = ZoneInfo(found.time_zone)
    read: list[CardLine | CardOutcome] = []
    if file is not None:
        from campaigns.applications.card_files import read_card_file

        read = read_card_file(file, now().astimezone(zone).date())

    async def work(uow: UnitOfWork) -> CardReport:
        desk = reconciler(uow, Vault(Keyring.open(found.keyring_file)), now, zone)
        taken = await desk.take_in([line for line in read if isinstance(line, CardLine)])
        lines = [*taken, *(line for line in read if isinstance(line, CardOutcome))]
        in_order = sorted(lines, key=lambda outcome: outcome.line)
        return CardReport(tuple(in_order), tuple(await desk.disagreements()))

    return in_one_transaction(url, work)
