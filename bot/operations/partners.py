"""The registry of partners by the operator's hand: each command is one transaction on the services of the chat."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.partners.model import ContractRefusal, DueItem, Entry, PartnerKind, Terms
from campaigns.partners.registry import RegistryService
from storage.database import UnitOfWork
from storage.partner_registry import SqlRegistryStore

Found = TypeVar("Found")
Now = Callable[[], datetime]
REFUSED = {
    ContractRefusal.UNKNOWN: "There is no contract of this partner; partners list shows all.",
    ContractRefusal.OTHER_KIND: "A partner of this name is of another kind; points partner list shows it.",
    ContractRefusal.NOT_CHECKED: f"Not everything has passed: look at {', '.join(DueItem)} with partners check.",
    ContractRefusal.SAME_PERSON: "Whoever handed the contract in or looked at it does not approve it: ask a colleague.",
    ContractRefusal.APPROVED_ALREADY: "The contract is approved already.",
    ContractRefusal.NOT_APPROVED: "The contract is not approved, so that there is nothing to suspend.",
}


class RegistryOffice:
    """What commands do with the registry, inside one unit of work; what cannot be is an OperationRefusedError."""

    def __init__(self, uow: UnitOfWork, settings: Settings, now: Now) -> None:
        store = SqlRegistryStore(uow, settings.time_zone)
        self._registry = RegistryService(store, now, ZoneInfo(settings.time_zone))

    async def register(self, name: str, kind: PartnerKind, terms: Terms, by: str) -> Entry:
        """Hand a contract in."""
        if terms.ends_on < terms.starts_on:
            raise OperationRefusedError("The contract ends before it begins: change --until.")
        return _granted(await self._registry.register(name, kind, terms, by))

    async def look_at(self, name: str, item: DueItem, by: str, note: str, *, passed: bool) -> Entry:
        """Keep what was found of one item."""
        return _granted(await self._registry.look_at(name, item, by, note, passed=passed))

    async def approve(self, name: str, by: str) -> Entry:
        """Approve a contract."""
        return _granted(await self._registry.approve(name, by))

    async def suspend(self, name: str, by: str, reason: str) -> Entry:
        """Suspend a contract."""
        return _granted(await self._registry.suspend(name, by, reason))

    async def entries(self, name: str | None = None) -> list[Entry]:
        """The whole registry, or the one partner of this name."""
        found = [each for each in await self._registry.entries() if name in {None, each.contract.partner.name}]
        if name is not None and not found:
            raise OperationRefusedError(REFUSED[ContractRefusal.UNKNOWN])
        return found


def in_office(settings: Settings, url: str, now: Now, do: Callable[[RegistryOffice], Awaitable[Found]]) -> Found:
    """Do one thing in one transaction."""
    return in_one_transaction(url, lambda uow: do(RegistryOffice(uow, settings, now)))


def _granted(found: Entry | ContractRefusal) -> Entry:
    if isinstance(found, ContractRefusal):
        raise OperationRefusedError(REFUSED[found])
    return found
