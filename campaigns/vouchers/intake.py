"""What the bank's file tells of purchases, returns and redemptions: taken in once, and what follows for vouchers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.catalogue.model import Product, ProductKind
from campaigns.deliveries.service import Outbox
from campaigns.vouchers.model import Event, Movement, Purchase, Voucher, VoucherRefusal, VoucherState
from campaigns.vouchers.ports import VoucherStore, VoucherWording
from campaigns.vouchers.rules import confirm, measure, step_reached
from campaigns.vouchers.service import Held, VoucherService, campaign_of


class LineCode(StrEnum):
    """What became of a line."""

    TAKEN = "taken"
    KNOWN = "known"
    UNREADABLE = "unreadable"
    UNKNOWN_EVENT = "unknown_event"
    UNKNOWN_CUSTOMER = "unknown_customer"
    UNKNOWN_PRODUCT = "unknown_product"
    UNKNOWN_VOUCHER = "unknown_voucher"
    DEPOSIT = "deposit"
    FUTURE = "future"
    CONTRADICTS = "contradicts"
    REFUSED = "refused"


FINE = frozenset({LineCode.TAKEN, LineCode.KNOWN})


@dataclass(frozen=True)
class ProgressLine:
    """One line of the file; `code` is the product's, or for a redemption the voucher's."""

    line: int
    reference: str
    number: str
    event: Event
    code: str
    amount_fen: int
    day: date
    reason: str | None = None


@dataclass(frozen=True)
class LineOutcome:
    """What became of a line, and what is wrong with it."""

    line: int
    code: LineCode
    detail: str = ""


@dataclass(frozen=True)
class Intake:
    """What came of a file: every line's outcome, and how many vouchers moved by kind."""

    lines: tuple[LineOutcome, ...]
    moved: Mapping[str, int]

    @property
    def is_clean(self) -> bool:
        """Whether no line waits for a person."""
        return all(each.code in FINE for each in self.lines)


class VoucherIntake:
    """Takes in the bank's files inside one unit of work."""

    def __init__(
        self,
        store: VoucherStore,
        vouchers: VoucherService,
        outbox: Outbox,
        wording: VoucherWording,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._vouchers = vouchers
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._zone = zone

    async def take_in(self, lines: Sequence[ProgressLine], products: Mapping[str, Product]) -> Intake:
        """Keep what is new, measure every voucher of these customers, and tell who is nearer; a repeat changes nothing.

        Redemptions are booked last, after the purchases of the same file.
        """
        customers = await self._store.customers({each.number for each in lines})
        await self._store.lock_all(set(customers.values()))
        told = dict(await self._store.told({each.reference for each in lines}))
        outcomes, fresh = [], list[tuple[UUID, Purchase]]()
        for line in lines:
            if line.event is Event.REDEEMED:
                continue
            outcome = _judge(line, customers, products, told)
            if isinstance(outcome, Purchase):
                told[line.reference] = (customers[line.number], outcome)
                fresh.append(told[line.reference])
                outcome = LineOutcome(line.line, LineCode.TAKEN)
            outcomes.append(outcome)
        await self._store.keep(fresh, self._now())
        movements = await self._measure(sorted({customer for customer, _ in fresh}, key=str))
        redeemed = [each for each in lines if each.event is Event.REDEEMED]
        paid, said = await self._redeem(redeemed, customers)
        found = sorted([*outcomes, *said], key=lambda each: each.line)
        return Intake(tuple(found), _counted([*movements, *paid]))

    async def _measure(self, customers: Sequence[UUID]) -> list[Movement]:
        held = await self._vouchers.with_terms(await self._store.of_customers(customers))
        purchases = await self._store.purchases(customers)
        movements, nearer = list[Movement](), list[Held]()
        for each in held:
            told = purchases.get(each.voucher.customer_id, [])
            after, movement = measure(each.plan, each.voucher, told, self._now(), self._zone)
            if movement is not None:
                movements.append(movement)
            if after != each.voucher and after.is_open:
                nearer.append(Held(after, each.plan))
        await self._store.book(movements)
        await self._store.note_progress([each.voucher for each in nearer])
        await self._vouchers.tell(movements)
        await self._tell_steps(nearer)
        return movements

    async def _redeem(
        self, lines: Sequence[ProgressLine], customers: Mapping[str, UUID]
    ) -> tuple[list[Movement], list[LineOutcome]]:
        ids = sorted({customers[each.number] for each in lines if each.number in customers}, key=str)
        vouchers = {(each.customer_id, each.code): each for each in await self._store.of_customers(ids)}
        movements, outcomes = list[Movement](), list[LineOutcome]()
        for line in lines:
            key = (customers[line.number], line.code) if line.number in customers else None
            found = _redeemed(line, vouchers.get(key) if key else None, self._now())
            if isinstance(found, Movement):
                movements.append(found)
                vouchers[(found.voucher.customer_id, found.voucher.code)] = found.voucher
                found = LineOutcome(line.line, LineCode.TAKEN)
            unknown = line.number not in customers
            outcomes.append(LineOutcome(line.line, LineCode.UNKNOWN_CUSTOMER, line.number) if unknown else found)
        await self._store.book(movements)
        await self._vouchers.tell(movements)
        return movements, outcomes

    async def _tell_steps(self, nearer: Sequence[Held]) -> None:
        """How far somebody is: once per voucher and step, since the ledger has one row of each."""
        owners = await self._vouchers.owners([each.voucher for each in nearer])
        for each in nearer:
            step = step_reached(each.plan, each.voucher)
            owner = owners.get(each.voucher.customer_id)
            if step is not None and owner is not None:
                words = self._wording.step(owner, each.plan, each.voucher)
                await self._outbox.tell(campaign_of(each.voucher), f"step:{step}", owner.id, words)


def _judge(
    line: ProgressLine,
    customers: Mapping[str, UUID],
    products: Mapping[str, Product],
    told: Mapping[str, tuple[UUID, Purchase]],
) -> Purchase | LineOutcome:
    """A purchase that is new, or what became of its line; never one of a deposit (Notice 48 of 2018)."""
    customer, product = customers.get(line.number), products.get(line.code)
    if customer is None:
        return LineOutcome(line.line, LineCode.UNKNOWN_CUSTOMER, line.number)
    if product is None:
        return LineOutcome(line.line, LineCode.UNKNOWN_PRODUCT, line.code)
    if product.kind is ProductKind.DEPOSIT:
        return LineOutcome(line.line, LineCode.DEPOSIT, line.code)
    found = Purchase(
        line.reference, line.event, line.code, product.kind, product.grade, line.amount_fen, line.day, line.reason
    )
    before = told.get(line.reference)
    if before is None:
        return found
    same = before[0] == customer and replace(before[1], kind=found.kind, risk=found.risk) == found
    return LineOutcome(line.line, LineCode.KNOWN if same else LineCode.CONTRADICTS, line.reference)


def _redeemed(line: ProgressLine, voucher: Voucher | None, now: datetime) -> Movement | LineOutcome:
    """A redemption that is new, or what became of its line; paid twice, or another amount, is for a person to see."""
    if voucher is None:
        return LineOutcome(line.line, LineCode.UNKNOWN_VOUCHER, line.code)
    is_paid = voucher.state is VoucherState.REDEEMED
    is_paid_anew = is_paid and voucher.ended_by is None and voucher.reason != line.reference
    if line.amount_fen != voucher.value_fen or is_paid_anew:
        return LineOutcome(line.line, LineCode.CONTRADICTS, line.reference)
    if is_paid or voucher.state is VoucherState.CLAWED_BACK:
        return LineOutcome(line.line, LineCode.KNOWN, line.reference)
    found = confirm(voucher, None, now)
    if isinstance(found, VoucherRefusal):
        return LineOutcome(line.line, LineCode.REFUSED, found)
    return replace(found, voucher=replace(found.voucher, reason=line.reference), reason=line.reference)


def _counted(movements: Sequence[Movement]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in movements:
        found[each.kind] = found.get(each.kind, 0) + 1
    return found
