"""Customers, vouchers and purchases in memory, played by the very rules that decide for real (S-217)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from campaigns.catalogue.model import ProductKind, Profile
from campaigns.vouchers.model import (
    Asker,
    Event,
    Movement,
    MovementKind,
    Purchase,
    Stock,
    Voucher,
    VoucherPlan,
    VoucherRefusal,
    VoucherState,
)
from campaigns.vouchers.rules import ask, booked, claim, confirm, measure, met_by_staff, room

ZONE = ZoneInfo("UTC")
NAMES = UUID(int=0)
STAFF = 99
NOON = time(12)
WHOLE_GRADE = 5


class Play:
    """Customers, their vouchers and purchases in memory; every decision is one of the rules."""

    def __init__(self, plans: Mapping[str, VoucherPlan]) -> None:
        self._plans = {code: replace(plan, aim=None, audience=None, holds_fen=None) for code, plan in plans.items()}
        self._vouchers: dict[tuple[UUID, str], Voucher] = {}
        self._purchases: dict[UUID, list[Purchase]] = {}
        self._stocks = {code: Stock() for code in plans}

    def claims(self, who: str, code: str, day: date, at: time = NOON, account: int = 1) -> bool:
        """Tap once; whether it gave a voucher."""
        customer, plan = uuid5(NAMES, who), self._plans[code]
        held = [(each, self._plans[each.code]) for (owner, _), each in self._vouchers.items() if owner == customer]
        asker = Asker(account, customer, Profile(appetite=WHOLE_GRADE))
        made = claim(plan, 1, asker, held, datetime.combine(day, at, tzinfo=UTC), ZONE)
        if isinstance(made, VoucherRefusal) or room(plan, self._stocks[code]) is not None:
            return False
        self._book(Movement(MovementKind.CLAIMED, made, made.claimed_at))
        self._measure(customer, day)
        return True

    def trades(self, who: str, event: Event, purchase: tuple[str, ProductKind], amount: int, day: date) -> None:
        """Buy or bring back, as the bank's file tells it the same day."""
        customer, (product, kind) = uuid5(NAMES, who), purchase
        told = self._purchases.setdefault(customer, [])
        told.append(Purchase(f"{len(told)}", event, product, kind, 1, amount, day))
        self._measure(customer, day)

    def redeems(self, who: str, code: str, day: date) -> bool:
        """Ask for it and have it paid by somebody else."""
        voucher, now = self._vouchers.get((uuid5(NAMES, who), code)), datetime.combine(day, NOON, tzinfo=UTC)
        asked = ask(voucher, voucher.member_id, voucher.customer_id, now) if voucher else VoucherRefusal.UNKNOWN
        paid = confirm(asked.voucher, STAFF, now) if isinstance(asked, Movement) else asked
        if isinstance(paid, VoucherRefusal):
            return False
        self._book(paid)
        return True

    def gained(self, *people: str) -> int:
        """What stands paid to these people, in fen."""
        owners = {uuid5(NAMES, who) for who in people}
        return sum(
            each.value_fen
            for (owner, _), each in self._vouchers.items()
            if owner in owners and each.state is VoucherState.REDEEMED
        )

    def _measure(self, customer: UUID, day: date) -> None:
        now, told = datetime.combine(day, NOON, tzinfo=UTC), self._purchases.get(customer, [])
        for (owner, code), voucher in list(self._vouchers.items()):
            if owner != customer:
                continue
            after, movement = measure(self._plans[code], voucher, told, now, ZONE)
            self._vouchers[owner, code] = after
            if movement is not None:
                self._book(movement)
            self._look(owner, code, now)

    def _look(self, owner: UUID, code: str, now: datetime) -> None:
        """Where staff measure they see what there is, and not since when."""
        voucher, plan = self._vouchers[owner, code], self._plans[code]
        bought = sum(each.signed_fen for each in self._purchases.get(owner, []))
        if plan.condition is not None and voucher.is_open and bought >= voucher.need_fen:
            seen = met_by_staff(plan, voucher, STAFF, now)
            if isinstance(seen, Movement):
                self._book(seen)

    def _book(self, movement: Movement) -> None:
        voucher = movement.voucher
        self._vouchers[voucher.customer_id, voucher.code] = voucher
        self._stocks[voucher.code] = booked(self._stocks[voucher.code], movement)
