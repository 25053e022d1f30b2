"""Referral programmes by the operator's hand: each command is one transaction on the services that the chat uses."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.deliveries.service import Outbox
from campaigns.donations.service import DonationService
from campaigns.points.service import PointsService
from campaigns.referrals.course import ReferralCourse
from campaigns.referrals.model import FileLine, OpenRefusal, Programme, ProgrammeBooks
from campaigns.referrals.ports import Ties
from campaigns.referrals.service import ReferralService
from campaigns.referrals.terms import ProgrammeError, points_for
from handlers.wording.referrals import ReferralWords
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.donations import SqlDonationStore
from storage.members import SqlMemberStore
from storage.points import SqlPointsStore
from storage.referrals import SqlReferralStore
from storage.vault import Keyring, Vault

Found = TypeVar("Found")
REFUSED = {
    OpenRefusal.NO_CAMPAIGN: "There is no such points campaign; points campaigns lists them.",
    OpenRefusal.BEYOND_CAMPAIGN: "The last newcomer could not be paid before the points campaign ends: end the "
    "programme earlier, or ask for less patience and cooling.",
    OpenRefusal.BUDGET_TOO_SMALL: "The campaign's budget does not hold both rewards of every place: offer fewer "
    "places, or a smaller reward.",
    OpenRefusal.ANOTHER_RUNS: "Another programme takes newcomers at that time; referral stop ends it for newcomers.",
}


@dataclass(frozen=True)
class ProgrammeOrder:
    """A programme as it is ordered: `yuan` for each side at the campaign's price, `until` the last day."""

    campaign: int
    yuan: int
    places: int
    until: date
    since: date | None
    title: tuple[str, str]
    condition: tuple[str, str]
    free_months: int
    cooling_days: int
    patience_days: int


class ReferralOffice:
    """What commands do with referrals, inside one unit of work.

    Whatever cannot be is an OperationRefusedError with one sentence.
    """

    def __init__(self, uow: UnitOfWork, vault: Vault, found: Settings, now: Callable[[], datetime]) -> None:
        zone = ZoneInfo(found.time_zone)
        self._now, self._zone = now, zone
        self._campaigns = SqlPointsStore(uow)
        ties = Ties(
            SqlReferralStore(uow),
            PointsService(self._campaigns, now, zone),
            SqlMemberStore(uow, vault),
            Outbox(SqlDeliveryStore(uow), now),
            ReferralWords(found.bank_name, "", zone),
            now,
            zone,
        )
        self._donations = DonationService(SqlDonationStore(uow), now)
        self._referrals, self._course = ReferralService(ties), ReferralCourse(ties)

    async def open(self, order: ProgrammeOrder) -> Programme:
        """Open the next version of a programme."""
        campaign = await self._campaigns.campaign(order.campaign)
        if campaign is None:
            raise OperationRefusedError(REFUSED[OpenRefusal.NO_CAMPAIGN])
        try:
            programme = Programme(
                id=0,
                points_campaign=campaign.id,
                points=points_for(order.yuan, campaign),
                starts_at=self._start(order.since) if order.since else self._now(),
                ends_at=self._start(order.until + timedelta(days=1)),
                places=order.places,
                title_zh=order.title[0].strip(),
                title_en=order.title[1].strip(),
                condition_zh=order.condition[0].strip(),
                condition_en=order.condition[1].strip(),
                free_months=order.free_months,
                cooling=timedelta(days=order.cooling_days),
                patience=timedelta(days=order.patience_days),
            )
            made = await self._referrals.open(programme, campaign)
        except ProgrammeError as fault:
            raise OperationRefusedError(str(fault)) from None
        if isinstance(made, OpenRefusal):
            raise OperationRefusedError(REFUSED[made])
        return made

    async def stop(self, programme: int) -> None:
        """Take no newcomers any more."""
        if not await self._referrals.stop(programme):
            raise OperationRefusedError(f"Programme {programme} takes no newcomers; referral list shows all.")

    async def books(self, programme: int | None = None) -> list[ProgrammeBooks]:
        """How one programme stands, or all of them."""
        found = [each for each in await self._referrals.books() if programme in {None, each.programme.id}]
        if programme is not None and not found:
            raise OperationRefusedError(f"There is no programme {programme}; referral list shows all.")
        return found

    async def take_in(self, text: str) -> list[FileLine]:
        """The bank's file of accounts; what the bank promised to give for them is counted with it."""
        lines = await self._course.take_in(text)
        await self._donations.count()
        return lines

    def _start(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)


def open_office(
    found: Settings, url: str, now: Callable[[], datetime], do: Callable[[ReferralOffice], Awaitable[Found]]
) -> Found:
    """Do one thing in one transaction."""

    async def work(uow: UnitOfWork) -> Found:
        vault = Vault(Keyring.open(found.keyring_file))
        return await do(ReferralOffice(uow, vault, found, now))

    return in_one_transaction(url, work)
