"""How many cheats scoring finds and how many honest visitors it holds: seeded days, `python -m bench.suspicions`."""

import argparse
import time

from campaigns.suspicions.rules import held, score
from tests.stamp_market import market


def main() -> None:
    """Print a line for each seed, and the worst share of honest visitors held."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--visitors", type=int, default=5_000)
    asked.add_argument("--seeds", type=int, default=10)
    given = asked.parse_args()
    worst = 0.0
    for seed in range(given.seeds):
        day = market(seed, given.visitors)
        began = time.process_time()
        suspects = {each.member_id for each in held(score(day.seen, day.spots))}
        took = time.process_time() - began
        wrong = len(suspects & day.honest) / len(day.honest)
        worst = max(worst, wrong)
        ring, hunters = len(suspects & day.ring), len(suspects & day.hunters)
        print(
            f"seed {seed}: {len(day.seen):,} uses, ring {ring}/{len(day.ring)}, hunters {hunters}/{len(day.hunters)}, "
            f"honest held {wrong:.2%}, {took:.2f} s"
        )
    print(f"worst share of honest visitors held: {worst:.2%}")


if __name__ == "__main__":
    main()
