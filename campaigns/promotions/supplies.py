"""What a promotion hands out: for how many there is room, what ends first, and on which day at the expected rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from campaigns.catalogue.model import Aim, Class
from campaigns.draws.model import Draw
from campaigns.gifts.model import Stores
from campaigns.promotions.model import BENCHMARKS, WHOLE, Measure, Plan
from campaigns.vouchers.model import Stock, VoucherPlan

MILLION = 1_000_000  # A prize's odds are parts of it.


class Bound(StrEnum):
    """What can end."""

    STOCK = "stock"
    BUDGET = "budget"
    CAP = "cap"  # On what is outstanding.


@dataclass(frozen=True)
class Room:
    """For how many more takers one bound of a piece lasts; `piece` is a voucher's code, a prize, a medal's gift."""

    piece: str
    bound: Bound
    takers: int


@dataclass(frozen=True)
class Supply:
    """What stands behind a subject such as voucher:pay-50: every bound of every piece, and when it can be taken.

    `classes` are those whom it is for, all when empty. Who takes it is reckoned to take every piece of it.
    """

    subject: str
    rooms: tuple[Room, ...] = ()
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    classes: frozenset[Class] = frozenset()

    @property
    def first(self) -> Room | None:
        """The bound that ends first; None where nothing ends."""
        return min(self.rooms, key=lambda room: room.takers, default=None)

    def covers(self, opens_at: datetime, closes_at: datetime) -> bool:
        """Whether it can be taken the whole time."""
        return (self.opens_at is None or self.opens_at <= opens_at) and (
            self.closes_at is None or closes_at <= self.closes_at
        )


class RateSource(StrEnum):
    """Where the expected rate of takers comes from."""

    RESULTS = "results"
    TARGET = "target"
    BENCHMARK = "benchmark"


@dataclass(frozen=True)
class Rate:
    """The share of those written to who are expected to take it; `version` is the one whose results say so."""

    share: float
    source: RateSource
    version: int | None = None


@dataclass(frozen=True)
class RunOut:
    """How far a supply lasts for so many who are written to; `ends_at` is None where it outlasts the window."""

    supply: Supply
    addressed: int
    rate: Rate
    ends_at: datetime | None = None

    @property
    def expected(self) -> float:
        """How many are expected to take it within the window."""
        return self.addressed * self.rate.share

    @property
    def is_short(self) -> bool:
        """Whether it ends within the window for fewer people than are written to."""
        return self.ends_at is not None


def run_out(supply: Supply, addressed: int, rate: Rate, starts_at: datetime, closes_at: datetime) -> RunOut:
    """When the first bound ends, if takers come evenly from the first message to the end of the window."""
    first, expected = supply.first, addressed * rate.share
    if first is None or expected <= first.takers:
        return RunOut(supply, addressed, rate)
    ends = starts_at + (closes_at - starts_at) * (first.takers / expected)
    return RunOut(supply, addressed, rate, ends)


def rate_of(plan: Plan, concluded: tuple[int, float] | None) -> Rate:
    """The participation of the last version whose results were concluded, else the target, else the bank's (S-193)."""
    if concluded is not None:
        return Rate(concluded[1], RateSource.RESULTS, concluded[0])
    if Measure.PARTICIPATION in plan.targets:
        return Rate(plan.targets[Measure.PARTICIPATION] / WHOLE, RateSource.TARGET)
    return Rate(BENCHMARKS[Measure.PARTICIPATION], RateSource.BENCHMARK)


def of_vouchers(subject: str, aim: Aim | None, vouchers: Sequence[tuple[VoucherPlan, Stock]], zone: ZoneInfo) -> Supply:
    """Vouchers that are given together: stock, budget and cap of each, as if none were redeemed meanwhile (S-43)."""
    rooms = [room for plan, stock in vouchers for room in _rooms(plan, stock)]
    opens = max((_begin(plan.first, zone) for plan, _ in vouchers), default=None)
    closes = min((_begin(plan.last + timedelta(days=1), zone) for plan, _ in vouchers), default=None)
    return Supply(subject, tuple(rooms), opens, closes, classes_of(aim))


def of_draw(subject: str, draw: Draw) -> Supply:
    """A draw's prizes: with odds of p a stock lasts for stock ÷ p tickets in the mean; the last prize never ends."""
    rooms = [
        Room(f"{prize.title_zh} {prize.title_en}".strip(), Bound.STOCK, left * MILLION // prize.odds)
        for prize, left in zip(draw.prizes, draw.left, strict=True)
        if left is not None and prize.odds
    ]
    return Supply(subject, tuple(rooms), draw.opens_at, draw.closes_at)


def of_gifts(subject: str, stores: Stores, opens_at: datetime, closes_at: datetime) -> Supply:
    """A rally's gifts: of each medal the gift and its substitute, and the budget that must pay the dearer of them."""
    left: dict[str, int] = {}
    worth: dict[str, int] = {}
    for stock in stores.stocks:
        left[stock.target] = left.get(stock.target, 0) + stock.left
        worth[stock.target] = max(worth.get(stock.target, 0), stock.article.worth_fen)
    rooms = [Room(target, Bound.STOCK, pieces) for target, pieces in left.items()]
    if whole := sum(worth.values()):
        rooms.append(Room(subject, Bound.BUDGET, max(stores.left_fen, 0) // whole))
    return Supply(subject, tuple(rooms), opens_at, closes_at)


def gone(subject: str) -> Supply:
    """What is not there any more: nobody can take it."""
    return Supply(subject, (Room(subject, Bound.STOCK, 0),))


def classes_of(aim: Aim | None) -> frozenset[Class]:
    """The classes and tiers that an aim names; empty for everybody."""
    return frozenset({*aim.letters, *aim.tiers}) if aim else frozenset()


def _rooms(plan: VoucherPlan, stock: Stock) -> list[Room]:
    rooms = [Room(plan.code, Bound.STOCK, max(plan.stock - stock.issued, 0))]
    if plan.value_fen:
        budget = plan.budget_fen - stock.open_fen - stock.redeemed_fen
        bounds = {Bound.BUDGET: budget, Bound.CAP: plan.liability_fen - stock.open_fen}
        rooms += [Room(plan.code, bound, max(fen, 0) // plan.value_fen) for bound, fen in bounds.items()]
    return rooms


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)
