"""What rules of earning would cost before they are activated: a campaign's days played many times with a seed.

Source: S-217 (防薅羊毛). The rules pay as `rules.occasion_of` lets them: once, once a day, or for each event; who does
it once comes evenly over the days, and nobody is paid once the budget is empty.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.earnings.model import EarnEvent, EarnLimit, EarnRule, Objection
from campaigns.earnings.rules import objections
from campaigns.points.spreads import MIDDLE, Spread, heads, in_fen, rank, spread_in_fen, spread_of

MOST_STEPS = 3_000_000  # Rules × days × runs: some seconds of one core.
LONGEST = 3 * 366
UNKNOWN_PEOPLE = frozenset({EarnEvent.JOIN, EarnEvent.CHECK_IN})  # Paid without the bank knowing who it is.


class SimulationError(ValueError):
    """A simulation that cannot be; the message says why in one sentence."""


@dataclass(frozen=True)
class Crowd:
    """Who is expected: so many people, and of each event the share that does it (a day, for a daily rule).

    `each` is how often one person does at most what is paid each time.
    """

    members: int
    shares: Mapping[EarnEvent, float]
    each: int


@dataclass(frozen=True)
class RuleForecast:
    """What one rule would pay out of an endless budget, the most that the crowd gets by it, and what the gate says."""

    rule: EarnRule
    days: int
    points: Spread
    most_points: int
    objections: tuple[Objection, ...]


@dataclass(frozen=True)
class EarnForecast:
    """What a campaign's rules would cost together, and the most that they can: whichever is less, crowd or budget.

    `used_up` is the share of runs in which the budget does not last, `gone_by` the day by which it is gone in half of
    these; `identity_points` is what one more false identity gains at most, by rules that know nobody.
    """

    crowd: Crowd
    runs: int
    seed: int
    budget: int
    points: Spread
    fen: Spread
    wished_points: int
    most_points: int
    most_fen: int
    used_up: float
    gone_by: date | None
    identity_points: int
    identity_fen: float
    rules: tuple[RuleForecast, ...]


def simulate(
    rules: Sequence[tuple[EarnRule, int]], crowd: Crowd, budget: int, price: int, today: date, runs: int, seed: int
) -> EarnForecast:
    """Play rules with the days that each still pays, beginning `today`; the same seed, the same figures.

    `budget` is what is left in points, `price` in fen per 100 points.

    Raises:
        SimulationError: there is nobody, nothing to play, or too much.
    """
    _check(rules, crowd, runs)
    chance = random.Random(seed)  # noqa: S311 - a forecast, no secret.
    played = [[_days(rule, days, crowd, chance) for rule, days in rules] for _ in range(runs)]
    sums = [sum(map(sum, run)) for run in played]
    paid = spread_of([min(each, budget) for each in sums])
    gone = sorted(day for run in played if (day := _gone(run, budget)) is not None)
    wished = sum(most_of(rule, days, crowd) for rule, days in rules)
    identity = sum(most_of(rule, days, _alone(crowd)) for rule, days in rules if rule.event in UNKNOWN_PEOPLE)
    return EarnForecast(
        crowd,
        runs,
        seed,
        budget,
        paid,
        spread_in_fen(paid, price),
        wished,
        min(wished, budget),
        round(in_fen(min(wished, budget), price)),
        len(gone) / runs,
        today + timedelta(days=gone[rank(MIDDLE, len(gone))]) if gone else None,
        identity,
        in_fen(identity, price),
        tuple(_forecast(rule, days, crowd, [run[at] for run in played]) for at, (rule, days) in enumerate(rules)),
    )


def most_of(rule: EarnRule, days: int, crowd: Crowd) -> int:
    """The most points that a crowd can get by a rule, whatever its budget."""
    return rule.points * crowd.members * _times(rule, days, crowd)


def _times(rule: EarnRule, days: int, crowd: Crowd) -> int:
    match rule.limit:
        case EarnLimit.ONCE:
            return min(days, 1)
        case EarnLimit.DAILY:
            return days
        case EarnLimit.EACH:
            return min(days, 1) * crowd.each


def _check(rules: Collection[tuple[EarnRule, int]], crowd: Crowd, runs: int) -> None:
    if not rules:
        raise SimulationError("The campaign has no rule that could pay: write one with points rule add.")
    if crowd.members < 1 or crowd.each < 1 or runs < 1:
        raise SimulationError("A simulation needs at least one member and one run.")
    if not all(0 <= share <= 1 for share in crowd.shares.values()):
        raise SimulationError("A share lies between 0 and 100 percent.")
    if max(days for _, days in rules) > LONGEST or sum(max(days, 1) for _, days in rules) * runs > MOST_STEPS:
        raise SimulationError(f"Too many days and runs: {MOST_STEPS:,} steps at most, over {LONGEST:,} days at most.")


def _days(rule: EarnRule, days: int, crowd: Crowd, chance: random.Random) -> list[int]:
    """What a rule pays on each day, as if the budget had no end."""
    share = crowd.shares[rule.event]
    if rule.limit is EarnLimit.DAILY:
        return [rule.points * heads(chance, crowd.members, share) for _ in range(days)]
    left = heads(chance, crowd.members * (crowd.each if rule.limit is EarnLimit.EACH else 1), share)
    paid = []
    for ahead in range(days, 0, -1):
        today = heads(chance, left, 1 / ahead)
        paid.append(rule.points * today)
        left -= today
    return paid


def _gone(run: Sequence[Sequence[int]], budget: int) -> int | None:
    """The day, from 0, on which a run asks for more than the budget; None where it lasts."""
    asked = 0
    for day in range(max(map(len, run))):
        asked += sum(paid[day] for paid in run if day < len(paid))
        if asked > budget:
            return day
    return None


def _forecast(rule: EarnRule, days: int, crowd: Crowd, played: Sequence[Sequence[int]]) -> RuleForecast:
    return RuleForecast(rule, days, spread_of(list(map(sum, played))), most_of(rule, days, crowd), objections(rule))


def _alone(crowd: Crowd) -> Crowd:
    return Crowd(1, crowd.shares, crowd.each)
