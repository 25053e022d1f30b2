"""Emergency slips by the operator's hand: issued for print, or void because a sheet was lost."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.games.entry import GameEntry
from campaigns.rallies.model import Booth, Rally
from campaigns.slips.codes import claimed
from campaigns.slips.rules import SHEET, SlipError
from campaigns.slips.service import SlipService
from campaigns.staff.service import StaffService
from campaigns.stamps.service import StampService
from handlers.pictures.slip_sheets import SlipSheet
from storage.database import UnitOfWork
from storage.games import SqlPlayStore
from storage.rallies import SqlRallyStore
from storage.slips import SqlSlipStore
from storage.staff import SqlStaffStore
from storage.stamps import SqlStampStore
from storage.vault import Keyring, Vault

Found = TypeVar("Found")
Now = Callable[[], datetime]


class SlipOffice:
    """What commands do with slips, inside one unit of work, in the organiser's name.

    Whatever cannot be is an OperationRefusedError with one sentence.
    """

    def __init__(self, uow: UnitOfWork, vault: Vault, now: Now) -> None:
        self._rallies, trail = SqlRallyStore(uow, vault), StaffService(SqlStaffStore(uow), now)
        games = GameEntry(SqlPlayStore(uow), now)
        stamps = StampService(SqlStampStore(uow), self._rallies, games, (), trail, now)
        self._slips = SlipService(SqlSlipStore(uow), self._rallies, stamps, trail, now)

    async def sheets(self, event: str, booth: str, pages: int, username: str) -> list[SlipSheet]:
        """New slips as pages of 24, each with a link that a phone's camera opens."""
        rally, place = await self._place(event, booth)
        try:
            codes = await self._slips.issue(rally, place, None, pages * SHEET, rally.organiser_id)
        except SlipError as error:
            raise OperationRefusedError(str(error)) from error
        links = [(_serial(code), f"https://t.me/{username}?start=l_{code}") for code in codes]
        return [
            SlipSheet(
                f"{rally.title_zh} {rally.title_en}",
                f"{place.code} {place.name_zh} {place.name_en}",
                f"{at + 1}/{pages}",
                links[at * SHEET : (at + 1) * SHEET],
            )
            for at in range(pages)
        ]

    async def void(self, event: str, booth: str, serial: int, reason: str) -> None:
        """Let the batch of a lost slip count no more."""
        rally, place = await self._place(event, booth)
        if not await self._slips.void(rally, place, serial, reason, rally.organiser_id):
            raise OperationRefusedError(f"Booth {booth} has no slip {serial} that still counts.")

    async def _place(self, event: str, booth: str) -> tuple[Rally, Booth]:
        rally = await self._rallies.by_code(event)
        if rally is None:
            raise OperationRefusedError(f"There is no event {event}: `rally list` shows all.")
        place = rally.booth(booth)
        if place is None:
            known = ", ".join(each.code for each in rally.booths)
            raise OperationRefusedError(f"The event {event} has no booth {booth}; it has: {known}.")
        return rally, place


def in_office(settings: Settings, url: str, now: Now, do: Callable[[SlipOffice], Awaitable[Found]]) -> Found:
    """Do one thing in one transaction."""

    vault = Vault(Keyring.open(settings.keyring_file))
    return in_one_transaction(url, lambda uow: do(SlipOffice(uow, vault, now)))


def _serial(code: str) -> int:
    told = claimed(code)
    assert told is not None
    return told[1]
