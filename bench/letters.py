"""Measures ten million customers: letters by the engine's blocks, by its statement, and portraits of all in chunks.

    python bench/letters.py [--millions 10] [--chunk 32768]

Letters are those of the rule of classes, checked on a part. Portraits (letter, reasons, value, potential, churn, steps)
are made chunk by chunk as `segment-files` makes them, so that memory does not grow with the bank. Invented, seeded.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from segmentation.classes import assign, build_space, known_shares  # noqa: E402
from segmentation.engine.letters import letters, letters_statement  # noqa: E402
from segmentation.engine.session import open_engine  # noqa: E402
from segmentation.features import ASSET_PRODUCTS, build_features  # noqa: E402
from segmentation.policy import SegmentationPolicy  # noqa: E402
from segmentation.portraits import portray  # noqa: E402
from segmentation.scaler import Scaler  # noqa: E402

PART = 200_000
SCALER = Scaler(
    "2019-09-30",
    69_126,
    {"assets": 3.895, "activity": 1.864, "age": 45.0, "digital": 0.402, "counter": 0.4, "cards": 1.0},
    {"assets": 2.4325, "activity": 1.534, "age": 14.0, "digital": 1.0566, "counter": 0.3, "cards": 0.8},
)
POLICY = SegmentationPolicy(scaler=SCALER)


def main() -> None:
    """Letter and portray, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millions", type=float, default=10)
    parser.add_argument("--chunk", type=int, default=32_768)
    given = parser.parse_args()
    count = int(given.millions * 1e6)
    table = Table(title=f"{count:,} customers", caption="peak memory is that of the process so far")
    for column in ("what", "seconds", "processor s", "peak MB"):
        table.add_column(column, justify="left" if column == "what" else "right")
    timed(table, "portraits in chunks", lambda: portray_all(count, given.chunk))
    features = invent_dimensions(count)
    timed(table, "letters in blocks", lambda: letters(features, POLICY))
    part = features.iloc[:PART]
    if not np.array_equal(letters(part, POLICY), assign(part, POLICY).letters):
        sys.exit("The blocks give other letters than the rule.")
    timed(table, "letters and reasons by the statement", lambda: state(features))
    Console(width=100).print(table)


def timed(table: Table, name: str, work: Callable[[], object]) -> None:
    """Run and add a row."""
    begin, processor = time.perf_counter(), time.process_time()
    work()
    figures = (time.perf_counter() - begin, time.process_time() - processor)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table.add_row(name, *(f"{figure:.1f}" for figure in figures), f"{peak:.0f}")


def invent_dimensions(count: int) -> pd.DataFrame:
    """The columns that letters come from, one in twenty unknown."""
    draw = np.random.default_rng(1)
    features = {
        "assets": np.exp(draw.normal(14, 2, count)),
        "transfers": draw.integers(0, 60, count).astype(float),
        "age": draw.integers(16, 95, count).astype(float),
        "logins": draw.integers(0, 40, count).astype(float),
        "counter_share": draw.random(count),
        "cards": draw.integers(0, 4, count).astype(float),
    }
    for name in list(features)[1:]:
        features[name][draw.random(count) < 0.05] = np.nan
    return pd.DataFrame({**features, "tenure_days": draw.integers(0, 4000, count).astype(float)})


def state(features: pd.DataFrame) -> None:
    """Letter and reason in the engine, counted there."""
    with tempfile.TemporaryDirectory() as spill, open_engine(Path(spill)) as engine:
        engine.register("features", features)
        columns = ", ".join(f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END AS {name}" for name in features.columns)
        source = f"(SELECT 0 AS customer, NULL::VARCHAR AS previous, {columns} FROM features) people"  # noqa: S608 - our own columns.
        statement = letters_statement(source, build_space(features, POLICY), POLICY)
        by = "letter, reason_1, reason_2, reason_3"
        engine.sql(f"SELECT {by}, count(*) FROM ({statement}) GROUP BY {by}").fetchall()  # noqa: S608 - as above.


def portray_all(count: int, chunk: int) -> None:
    """Portraits of all, the stored columns being invented chunk by chunk."""
    known = known_shares(build_features(invent_stored(chunk, 0)))
    for start in range(0, count, chunk):
        portray(build_features(invent_stored(min(chunk, count - start), start)), POLICY, known=known)


def invent_stored(count: int, seed: int) -> pd.DataFrame:
    """Stored columns of some customers."""
    draw = np.random.default_rng(seed)
    products = {
        name: np.where(draw.random(count) < 0.3, draw.random(count) * 1e8, 0).round() for name in ASSET_PRODUCTS
    }
    beside = invent_dimensions(count)
    stored = {
        **products,
        "loans": 0.0, "logins": beside["logins"], "transfers": beside["transfers"],
        "transfers_in_amount": draw.random(count) * 1e7, "transfers_out_amount": draw.random(count) * 1e7,
        "idle_days": draw.integers(0, 300, count).astype(float), "age": beside["age"], "cards": beside["cards"],
        "deposit_before": draw.random(count) * 1e7, "deposit_after": draw.random(count) * 1e7,
        "counter_share": beside["counter_share"], "tenure_days": beside["tenure_days"],
        "has_activity": draw.random(count) < 0.98,
    }  # fmt: skip
    return pd.DataFrame(stored).assign(assets=sum(products.values()))


if __name__ == "__main__":
    main()
