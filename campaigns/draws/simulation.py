"""What a draw would cost: many draws of the same plan played with a seed, before anything is published.

Source: S-217 (防薅羊毛). Tickets fall as `rules.prize_of` lets them: by the odds, and the last prize where one is used
up; who takes part comes evenly over the draw's time.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from campaigns.draws.model import DrawPlan, Prize
from campaigns.draws.rules import MILLION, budget_of
from campaigns.points.spreads import LOW, MIDDLE, Spread, in_fen, rank, spread_in_fen, spread_of

MOST_TICKETS = 20_000_000  # Tickets of all runs together: some seconds of one core.


class SimulationError(ValueError):
    """A simulation that cannot be; the message says why in one sentence."""


@dataclass(frozen=True)
class PrizeForecast:
    """What becomes of one prize: pieces given, and in how many runs of all it is used up, and when.

    `gone_by` is the moment by which it is used up in half of the runs that use it up, `gone_first` in 5 of 100 of them.
    """

    prize: Prize
    given: Spread
    used_up: float
    gone_by: datetime | None
    gone_first: datetime | None


@dataclass(frozen=True)
class Forecast:
    """What a plan would cost with so many takers: points and their worth in fen, and the most that it can cost.

    `ticket_fen` is what one more ticket is worth on average: what somebody gains by one more false identity.
    """

    takers: int
    runs: int
    seed: int
    points: Spread
    fen: Spread
    most_points: int
    most_fen: int
    ticket_fen: float
    prizes: tuple[PrizeForecast, ...]


def simulate(plan: DrawPlan, price: int, takers: int, runs: int, seed: int) -> Forecast:
    """Play a plan `runs` times with so many takers; the same seed, the same figures. `price` in fen per 100 points.

    Raises:
        SimulationError: nobody takes part, nothing is played, or it is too much.
    """
    if takers < 1 or runs < 1:
        raise SimulationError("A simulation needs at least one taker and one run.")
    if takers * runs > MOST_TICKETS:
        raise SimulationError(f"{takers:,} takers in {runs:,} runs are too many: {MOST_TICKETS:,} tickets at most.")
    chance = random.Random(seed)  # noqa: S311 - a forecast, no secret.
    played = [_play(plan.prizes, takers, chance) for _ in range(runs)]
    points = [sum(prize.points * given for prize, (given, _) in zip(plan.prizes, run, strict=True)) for run in played]
    spread, most = spread_of(points), budget_of(plan.prizes)
    return Forecast(
        takers,
        runs,
        seed,
        spread,
        spread_in_fen(spread, price),
        most,
        round(in_fen(most, price)),
        in_fen(spread.mean / takers, price),
        tuple(_forecast(plan, at, [run[at] for run in played], takers) for at in range(len(plan.prizes))),
    )


def _play(prizes: Sequence[Prize], takers: int, chance: random.Random) -> list[tuple[int, int | None]]:
    """One draw: of every prize how many were given, and with which ticket it was used up."""
    bounds = list(accumulate(prize.odds for prize in prizes))
    assert bounds[-1] == MILLION
    won: list[list[int]] = [[] for _ in prizes]
    for ticket, place in enumerate(chance.choices(range(len(prizes)), cum_weights=bounds, k=takers), start=1):
        won[place].append(ticket)
    real = [_given(prize, tickets) for prize, tickets in zip(prizes[:-1], won, strict=False)]
    return [*real, (takers - sum(given for given, _ in real), None)]


def _given(prize: Prize, tickets: Sequence[int]) -> tuple[int, int | None]:
    if prize.stock is None or len(tickets) < prize.stock:
        return len(tickets), None
    return prize.stock, tickets[prize.stock - 1]


def _forecast(plan: DrawPlan, at: int, played: Sequence[tuple[int, int | None]], takers: int) -> PrizeForecast:
    last = sorted(ticket for _, ticket in played if ticket is not None)
    moments = [plan.opens_at + (plan.closes_at - plan.opens_at) * (ticket / takers) for ticket in last]
    return PrizeForecast(
        plan.prizes[at],
        spread_of([given for given, _ in played]),
        len(last) / len(played),
        moments[rank(MIDDLE, len(moments))] if moments else None,
        moments[rank(LOW, len(moments))] if moments else None,
    )
