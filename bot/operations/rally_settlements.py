"""Settling a rally by the operator's hand: the sheet as of now, settling once, voiding coupons."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.coupons.desk import CouponDesk
from campaigns.coupons.service import CouponService
from campaigns.deliveries.service import Outbox
from campaigns.settlements.model import RallySheet, SettleRefusal
from campaigns.settlements.service import SettlementService
from campaigns.staff.service import StaffService
from handlers.terminal.rally_settlements import refusal_sentence
from handlers.wording.coupons import CouponWords
from storage.coupons import SqlCouponStore
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.gifts import SqlGiftStore
from storage.members import SqlMemberStore
from storage.rallies import SqlRallyStore
from storage.settlements import SqlSettlementStore
from storage.staff import SqlStaffStore
from storage.vault import Keyring, Vault

Found = TypeVar("Found")
Now = Callable[[], datetime]


class SettlementOffice:
    """What commands do with a rally's sheet and coupons, inside one unit of work.

    Whatever cannot be is an OperationRefusedError with one sentence.
    """

    def __init__(self, uow: UnitOfWork, vault: Vault, now: Now, zone: ZoneInfo) -> None:
        self._rallies, self._coupons = SqlRallyStore(uow, vault), SqlCouponStore(uow, vault)
        self._settlements = SettlementService(
            SqlSettlementStore(uow), self._rallies, SqlGiftStore(uow, vault), self._coupons, now
        )
        self._desk = CouponDesk(
            CouponService(self._coupons, self._rallies, now, zone),
            SqlMemberStore(uow, vault),
            Outbox(SqlDeliveryStore(uow), now),
            StaffService(SqlStaffStore(uow), now),
            CouponWords(zone),
        )

    async def sheet(self, code: str) -> RallySheet:
        """The sheet as of now, or the one under which the rally was settled."""
        found = await self._settlements.sheet(code)
        if found is None:
            raise OperationRefusedError(refusal_sentence(SettleRefusal.NO_RALLY, code, None))
        return found

    async def settle(self, code: str) -> RallySheet:
        """Settle a rally; once settled, the same sheet again."""
        outcome = await self._settlements.settle(code)
        if isinstance(outcome, RallySheet):
            return outcome
        raise OperationRefusedError(refusal_sentence(outcome[0], code, outcome[1]))

    async def void(self, code: str, coupon: str, reason: str) -> int:
        """Make every open coupon of a plan void, in the organiser's name; returns how many."""
        rally = await self._rallies.by_code(code)
        if rally is None:
            raise OperationRefusedError(refusal_sentence(SettleRefusal.NO_RALLY, code, None))
        if coupon not in (known := [plan.code for plan in rally.plan.coupons]):
            raise OperationRefusedError(f"The rally {code} has no coupon {coupon}; it has: {', '.join(known) or '-'}.")
        return await self._desk.void(rally, coupon, reason, rally.organiser_id)


def in_office(settings: Settings, url: str, now: Now, do: Callable[[SettlementOffice], Awaitable[Found]]) -> Found:
    """Do one thing in one transaction."""

    vault = Vault(Keyring.open(settings.keyring_file))
    return in_one_transaction(url, lambda uow: do(SettlementOffice(uow, vault, now, ZoneInfo(settings.time_zone))))
