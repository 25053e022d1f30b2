"""How many cheats scoring finds and how many honest visitors it holds: seeded days, `python -m bench.suspicions`."""

import argparse
import time
from collections.abc import Iterator
from itertools import product

from campaigns.suspicions.rules import held, score
from tests.stamp_market import Market, example_plan, market, rehearsed

CROWDS = (60, 200, 500, 1_000, 2_000)
PACES = (0.5, 1, 3, 10, 20)  # Visitors a minute at each booth, against the file.
MARKETS = (60, 200, 1_000, 5_000)
SHAPES = ((4, 2), (6, 3), (12, 8))  # Booths, and those that the ring goes to.
HOURS = (1.5, 5)


def main() -> None:
    """Print a line for each kind of day, over all seeds."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=10)
    seeds = range(1, asked.parse_args().seeds + 1)
    plan = example_plan()
    print("day | visitors | uses | ring planted, missed | hunters, missed | honest held, mean | worst day | s")
    for pace, visitors in product(PACES, CROWDS):
        _tell(f"rehearsal, pace {pace:g}", visitors, (rehearsed(plan, visitors, seed, pace) for seed in seeds))
    for (booths, at), hours, visitors in product(SHAPES, HOURS, MARKETS):
        days = (market(seed, visitors, booths=booths, ring_booths=at, hours=hours) for seed in seeds)
        _tell(f"market, {booths} booths, ring at {at}, {hours:g} h", visitors, days)


def _tell(name: str, visitors: int, days: Iterator[Market]) -> None:
    uses = ring = missed = hunters = escaped = 0
    shares: list[float] = []
    seconds = 0.0
    for day in days:
        began = time.process_time()
        suspects = {each.member_id for each in held(score(day.seen, day.spots))}
        seconds += time.process_time() - began
        uses += len(day.seen)
        ring, missed = ring + len(day.ring), missed + len(day.ring - suspects)
        hunters, escaped = hunters + len(day.hunters), escaped + len(day.hunters - suspects)
        shares.append(len(suspects & day.honest) / len(day.honest))
    mean = sum(shares) / len(shares)
    print(
        f"{name} | {visitors:,} | {uses // len(shares):,} | {ring}, {missed} | {hunters}, {escaped} | {mean:.2%} | "
        f"{max(shares):.2%} | {seconds / len(shares):.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
