"""Owners of customers by the operator's hand: the bank's file taken in, managers and strategic clients listed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.backing import in_one_transaction
from bot.settings import Settings
from campaigns.deliveries.service import Outbox
from campaigns.owners.naming import ManagerLoad, OwnerNaming
from campaigns.owners.owner_files import OwnerLine, OwnerOutcome
from handlers.wording.owners import OwnerWords
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.owner_naming import SqlNamingStore
from storage.vault import Keyring, Vault


@dataclass(frozen=True)
class OwnerReport:
    """What became of a file's lines, who can own customers, and strategic clients whom nobody owns."""

    lines: tuple[OwnerOutcome, ...]
    managers: tuple[ManagerLoad, ...]
    strategic: tuple[str, ...]


def take_in(file: Path | None, found: Settings, url: str, now: Callable[[], datetime]) -> OwnerReport:
    """Name the owners of a file, where one is given, and say how things stand.

    Raises:
        DeliveryRefusedError: the file cannot be read.
    """
    read: list[OwnerLine | OwnerOutcome] = []
    if file is not None:
        from campaigns.owners.owner_files import read_owner_file

        read = read_owner_file(file)

    async def work(uow: UnitOfWork) -> OwnerReport:
        store = SqlNamingStore(uow, Vault(Keyring.open(found.keyring_file)))
        naming = OwnerNaming(store, Outbox(SqlDeliveryStore(uow), now), OwnerWords(), now)
        taken = await naming.take_in([line for line in read if isinstance(line, OwnerLine)])
        lines = sorted([*taken, *(line for line in read if isinstance(line, OwnerOutcome))])
        strategic = await naming.strategic_without_owner()
        return OwnerReport(tuple(lines), tuple(await naming.managers()), tuple(strategic))

    return in_one_transaction(url, work)
