"""The risk watch by the operator's hand: a look now, and its lines."""

from collections.abc import Awaitable, Callable
from dataclasses import fields
from datetime import datetime
from math import isfinite
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.deliveries.service import Outbox
from campaigns.halts.service import HaltService
from campaigns.staff.service import StaffService
from campaigns.watches.model import SHARES, Look, WatchPolicy
from campaigns.watches.service import WatchService
from handlers.wording.halts import HaltWords
from handlers.wording.watches import WatchWords
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.halts import SqlHaltStore
from storage.members import SqlMemberStore
from storage.staff import SqlStaffStore
from storage.vault import Keyring, Vault
from storage.watches import SqlWatchStore

Found = TypeVar("Found")
Now = Callable[[], datetime]


class WatchOffice:
    """What commands do with the risk watch, inside one unit of work."""

    def __init__(self, uow: UnitOfWork, settings: Settings, now: Now) -> None:
        people = SqlMemberStore(uow, Vault(Keyring.open(settings.keyring_file)))
        outbox, trail = Outbox(SqlDeliveryStore(uow), now), StaffService(SqlStaffStore(uow), now)
        halts = HaltService(SqlHaltStore(uow), people, trail, outbox, HaltWords(), now)
        self._store = SqlWatchStore(uow)
        self._watches = WatchService(
            self._store, halts, people, outbox, WatchWords(), now, ZoneInfo(settings.time_zone)
        )
        self._now = now

    async def look(self) -> Look:
        """A look now, whether the day's was done or not."""
        return await self._watches.look()

    async def set_line(self, name: str, value: float, by: str) -> WatchPolicy:
        """Another line, from the next look on."""
        kinds = {each.name: each.type for each in fields(WatchPolicy)}
        if name not in kinds:
            raise OperationRefusedError(f"There is no line {name!r}: write one of {', '.join(kinds)}.")
        whole = kinds[name] is int
        if not isfinite(value) or value < 0 or (whole and value != int(value)):
            raise OperationRefusedError(f"The line {name} is a {'whole ' if whole else ''}number that is not negative.")
        if name in SHARES and value > 1:
            raise OperationRefusedError(f"The line {name} is a share from 0 to 1: write 3 % as 0.03.")
        return await self._store.set_line(name, int(value) if whole else value, by, self._now())


def in_office(settings: Settings, url: str, now: Now, do: Callable[[WatchOffice], Awaitable[Found]]) -> Found:
    """Do one thing in one transaction."""
    return in_one_transaction(url, lambda uow: do(WatchOffice(uow, settings, now)))
