"""Measures the classes of an imported bank: sizes and assets, and how firmly the letters stand.

    python bench/class_stability.py [--as-of 2019-09-30] [--rounds 30]

It reads the day's customers from the deployment's database (VAR_DIR or DATABASE_URL; import a delivery and run segment
first), letters them by the newest policy without earlier letters, and prints: the table of classes; the share of
customers who keep their letter, and the adjusted Rand index, when a scaler of that day is estimated again from as many
customers drawn with replacement, without earlier letters and as a run does it, held by the margin; the share that keeps
it when one coordinate of one prototype moves by 20 % of itself, and when all of them move at once by even draws of up
to 20 %; and what lettering costs, in seconds.
"""

import argparse
import sys
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from bot.backing import migrated_database
from bot.settings import Settings
from campaigns.customers.segments import refit
from segmentation.classes import assign
from segmentation.features import build_features
from segmentation.portraits import portray
from segmentation.stability import Stability, bootstrap_scaler, move_prototypes, shake_prototypes
from storage.segments import open_segments

SHARE = 0.2
FIRM = 0.95
TABLE = ["assets", "transfers", "logins", "age"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-of", type=date.fromisoformat)
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    settings = Settings()
    with migrated_database(settings) as url, open_segments(url, settings.time_zone) as store:
        day, made = store.latest_day(given.as_of), store.current_policy()
        if day is None or made is None or made.policy.scaler is None:
            sys.exit("Import a delivery and run segment first.")
        features = build_features(store.snapshots(day))
    policy = made.policy
    started = time.perf_counter()
    found = assign(features, policy)
    lettered = time.perf_counter()
    portray(features, policy)
    print(f"{len(features):,} customers as of {day}, policy {made.version}, compared by {', '.join(found.space.codes)}")
    print(f"letters in {lettered - started:.3f} s, everything in {time.perf_counter() - lettered:.3f} s")
    known = features[TABLE].assign(letter=found.names(), sum_yuan=features["assets"] / 100)
    by_letter = known.groupby("letter")
    print(
        by_letter[TABLE].median().assign(customers=by_letter.size(), sum_yuan=by_letter["sum_yuan"].sum()).to_string()
    )
    today = refit(policy, features, day)
    tell("scaler from other draws", bootstrap_scaler(features, today, given.rounds, seed=1))
    tell("the same, letters held by the margin", bootstrap_scaler(features, today, given.rounds, seed=1, held=True))
    moved = move_prototypes(features, policy, SHARE)
    worst = min(moved, key=lambda name: moved[name])
    average = mean(moved.values())
    print(f"one coordinate ±20 %: {moved[worst]:.4f} keep their letter at worst ({worst}), {average:.4f} on average")
    tell("all coordinates by up to ±20 %", shake_prototypes(features, policy, SHARE, given.rounds, seed=1))


def tell(what: str, found: Stability) -> None:
    """Two lines: worst and mean of both measures, and in how many draws at least 95 % keep their letter."""
    firm = mean(share >= FIRM for share in found.kept)
    print(
        f"{what}: {min(found.kept):.4f} keep their letter at worst, {mean(found.kept):.4f} on average, at least "
        f"{FIRM:.0%} of them in {firm:.1%} of the draws;\n    "
        f"adjusted Rand index {min(found.rand):.4f} at worst, {mean(found.rand):.4f} on average"
    )


def mean(values: Iterable[float]) -> float:
    """The plain mean."""
    return float(np.mean(list(values)))


if __name__ == "__main__":
    main()
