"""Donations by the operator's hand: each command is one transaction on the services that the chat uses."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import TypeVar

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.donations.files import read_pledge
from campaigns.donations.model import KeptPledge, Payment, Pledge, PledgeRefusal, Sheet, Standing
from campaigns.donations.service import DonationService
from campaigns.forms.faults import FileError
from campaigns.members.model import Language
from handlers.wording.catalogue_files import fault
from storage.database import UnitOfWork
from storage.donations import SqlDonationStore

Found = TypeVar("Found")
Now = Callable[[], datetime]
REFUSED = {
    PledgeRefusal.UNKNOWN: "There is no such pledge; donations list shows all.",
    PledgeRefusal.OVERLAPS: "Another pledge gives for accounts of these days: an account gives once. Change the days.",
    PledgeRefusal.COUNTED_ALREADY: "Accounts counted for this pledge already: what is promised in public is kept. Load "
    "another pledge under another code, for later days.",
    PledgeRefusal.NOTHING_OWED: "Nothing is owed now; donations sheet shows what is counted and what was withdrawn.",
    PledgeRefusal.NO_DONATION: "This account gives nothing: no such customer, or no opening counted on that day.",
    PledgeRefusal.TAKEN_BACK_ALREADY: "This account's donation was taken back before.",
}


class DonationOffice:
    """What commands do with donations, inside one unit of work; whatever cannot be is an OperationRefusedError."""

    def __init__(self, uow: UnitOfWork, now: Now) -> None:
        self._donations = DonationService(SqlDonationStore(uow), now)

    async def load(self, pledge: Pledge, by: str) -> Standing:
        """Keep a pledge, and count what was opened before."""
        return _granted(await self._donations.load(pledge, by))

    async def standings(self) -> list[Standing]:
        """Every pledge, the newest first."""
        return await self._donations.standings()

    async def sheet(self, code: str) -> tuple[KeptPledge, Sheet]:
        """What the next payment would be for."""
        return _granted(await self._donations.sheet(code))

    async def pay(self, code: str, reference: str, by: str) -> tuple[KeptPledge, Payment]:
        """Record the payment of all that is owed."""
        return _granted(await self._donations.pay(code, reference, by))

    async def withdraw(self, code: str, number: str, day: date, reason: str, by: str) -> None:
        """Take one account's donation back."""
        if refusal := await self._donations.withdraw(code, number, day, reason, by):
            raise OperationRefusedError(REFUSED[refusal])


def check(text: str) -> Pledge:
    """A charity file read whole and asked of the gate; nothing is kept."""
    try:
        return read_pledge(text)
    except FileError as error:
        raise OperationRefusedError("\n".join(fault(each, Language.EN) for each in error.faults)) from None


def in_office(_: Settings, url: str, now: Now, do: Callable[[DonationOffice], Awaitable[Found]]) -> Found:
    """Do one thing in one transaction."""
    return in_one_transaction(url, lambda uow: do(DonationOffice(uow, now)))


def _granted(found: Found | PledgeRefusal) -> Found:
    if isinstance(found, PledgeRefusal):
        raise OperationRefusedError(REFUSED[found])
    return found
