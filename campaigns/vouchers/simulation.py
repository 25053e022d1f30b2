"""What a file of vouchers would cost before it is loaded: its window played day by day, many times, with a seed."""

import random
from dataclasses import dataclass, replace

from campaigns.points.spreads import Spread, heads, spread_of
from campaigns.vouchers.exploits import Exploit, World, find_exploits
from campaigns.vouchers.model import Stock, VoucherBook, VoucherPlan
from campaigns.vouchers.rules import room

MOST_STEPS = 3_000_000  # Vouchers × days × runs: some seconds of one core.


class SimulationError(ValueError):
    """A simulation that cannot be; the message says why in one sentence."""


@dataclass(frozen=True)
class Crowd:
    """So many customers may claim each voucher; the shares of them that claim, of these that meet it and ask for it."""

    customers: int
    claim: float
    meet: float


@dataclass(frozen=True)
class CostForecast:
    """What one voucher would cost, in pieces and fen; `worst_fen` is all that stock and budget allow.

    `short` is the share of runs in which somebody found none left, `peak_fen` what was outstanding at most.
    """

    plan: VoucherPlan
    issued: Spread
    paid_fen: Spread
    peak_fen: Spread
    worst_fen: int
    short: float


@dataclass(frozen=True)
class VoucherForecast:
    """The costs of all, and what can be exploited."""

    crowd: Crowd
    world: World
    runs: int
    seed: int
    costs: tuple[CostForecast, ...]
    exploits: tuple[Exploit, ...]

    @property
    def paying(self) -> tuple[Exploit, ...]:
        """The exploits that are worth trying."""
        return tuple(each for each in self.exploits if each.pays)


def simulate(book: VoucherBook, crowd: Crowd, world: World, runs: int, seed: int) -> VoucherForecast:
    """Play every voucher on its own (S-217); the same seed, the same figures.

    Raises:
        SimulationError: there is nobody, a share is none, or it is too much.
    """
    _check(book, crowd, world, runs)
    chance = random.Random(seed)  # noqa: S311 - a forecast, no secret.
    costs = tuple(_forecast(plan, crowd, runs, chance) for plan in book.plans.values())
    return VoucherForecast(crowd, world, runs, seed, costs, find_exploits(book, world))


def worst_of(plan: VoucherPlan) -> int:
    """The most that a voucher can cost, in fen: every piece, or the whole budget."""
    return min(plan.stock, plan.budget_fen // plan.value_fen) * plan.value_fen


def _check(book: VoucherBook, crowd: Crowd, world: World, runs: int) -> None:
    if crowd.customers < 1 or runs < 1 or world.accomplices < 1:
        raise SimulationError("A simulation needs at least one customer, one accomplice and one run.")
    if not 2 <= world.keep_days <= 366:
        raise SimulationError("Money is to be kept for 2 to 366 days.")
    if not all(0 <= share <= 1 for share in (crowd.claim, crowd.meet)):
        raise SimulationError("A share lies between 0 and 100 percent.")
    if sum(map(_days, book.plans.values())) * runs > MOST_STEPS:
        raise SimulationError(f"Too many days and runs: {MOST_STEPS:,} steps at most.")


def _days(plan: VoucherPlan) -> int:
    return (plan.last - plan.first).days + 1


def _forecast(plan: VoucherPlan, crowd: Crowd, runs: int, chance: random.Random) -> CostForecast:
    played = [_play(plan, crowd, chance) for _ in range(runs)]
    return CostForecast(
        plan,
        spread_of([stock.issued for stock, _, _ in played]),
        spread_of([stock.redeemed_fen for stock, _, _ in played]),
        spread_of([peak for _, peak, _ in played]),
        worst_of(plan),
        sum(short for _, _, short in played) / runs,
    )


def _play(plan: VoucherPlan, crowd: Crowd, chance: random.Random) -> tuple[Stock, int, bool]:
    """One window: who claims comes evenly over the days, asks half-way through the validity, or lets it expire."""
    wishing, stock, peak, short = heads(chance, crowd.customers, crowd.claim), Stock(), 0, False
    days, lag, value = _days(plan), max(plan.valid_days // 2, 1), plan.value_fen
    open_until: dict[int, tuple[int, int]] = {}  # Of the claims of a day: how many meet it, how many do not.
    for day in range(days + plan.valid_days + 1):
        met, _ = open_until.get(day - lag, (0, 0))
        _, missed = open_until.get(day - plan.valid_days, (0, 0))
        stock = _closed(stock, met, missed, value)
        if day < days:
            today = heads(chance, wishing, 1 / (days - day))
            wishing -= today
            given = min(today, _left(plan, stock))
            short = short or given < today
            meeting = heads(chance, given, crowd.meet)
            open_until[day] = (meeting, given - meeting)
            opened = stock.open + given
            stock = replace(stock, issued=stock.issued + given, open=opened, open_fen=opened * value)
            peak = max(peak, stock.open_fen)
    return stock, peak, short


def _left(plan: VoucherPlan, stock: Stock) -> int:
    """How many pieces may still be given out today."""
    if room(plan, stock) is not None:
        return 0
    by_budget = (plan.budget_fen - stock.open_fen - stock.redeemed_fen) // plan.value_fen
    return min(plan.stock - stock.issued, by_budget, (plan.liability_fen - stock.open_fen) // plan.value_fen)


def _closed(stock: Stock, met: int, missed: int, value: int) -> Stock:
    opened, paid = stock.open - met - missed, stock.redeemed + met
    return Stock(stock.issued, opened, paid, stock.expired + missed, 0, opened * value, paid * value)
