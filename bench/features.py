"""Measures features over many transactions: the engine beside a frozen pandas script, time and peak memory.

    python bench/features.py [--millions 1 10] [--customers 148300] [--memory-mb 256] [--rounds 1] [--no-yardstick]

Both read the same Parquet file in a process of their own, from start to exit, and write a row per customer. The rows
must be equal, or nothing is printed but the difference. Data are invented, seeded, in a temporary folder.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402
from pyarrow import parquet  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

AS_OF = date(2019, 9, 30)
DAYS = 540
LATER = 20  # Days of after the as-of date, which nobody may look at.
BATCH = 1_000_000
CHANNELS = ("counter", "atm", "transfer", "online", "none")
KINDS = ("other", "salary", "interest", "fee")
ENGINE = """
import sys, tempfile
from datetime import date
from pathlib import Path
from segmentation.engine.session import open_engine
from segmentation.engine.transactions import TransactionFiles, write_features
source, day, out, memory = sys.argv[1:]
with tempfile.TemporaryDirectory() as spill, open_engine(Path(spill), memory_mb=int(memory)) as engine:
    write_features(engine, TransactionFiles([Path(source)]), date.fromisoformat(day), Path(out))
"""


def main() -> None:
    """Generate, measure both, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 10])
    parser.add_argument("--customers", type=int, default=148_300)
    parser.add_argument("--memory-mb", type=int, default=256, help="the engine's limit for its own buffers")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--no-yardstick", action="store_true", help="the engine alone")
    given = parser.parse_args()
    table = Table(title=f"Features of {given.customers:,} customers", caption=f"{os.cpu_count()} cores; whole process")
    for column in ("transactions", "what", "seconds", "peak MB", "times faster", "share of memory"):
        table.add_column(column, justify="left" if column == "what" else "right")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for millions in given.millions:
            add_rows(table, Path(folder), int(millions * 1e6), given)
    Console(width=100).print(table)


def add_rows(table: Table, folder: Path, rows: int, given: argparse.Namespace) -> None:
    """Measure one size and add its rows."""
    source, ours, theirs = folder / "transactions.parquet", folder / "engine.parquet", folder / "pandas.parquet"
    with parquet.ParquetWriter(source, SCHEMA, compression="zstd") as writer:
        for batch in invent(rows, given.customers):
            writer.write_table(batch)
    engine = [sys.executable, "-c", ENGINE, str(source), str(AS_OF), str(ours), str(given.memory_mb)]
    plain = [sys.executable, str(ROOT / "bench" / "features_pandas.py"), str(source), str(AS_OF), str(theirs)]
    seconds, memory = min(measured(engine) for _ in range(given.rounds))
    if given.no_yardstick:
        table.add_row(f"{rows:,}", "engine", f"{seconds:.1f}", f"{memory:.0f}", "", "")
        return
    slow, large = min(measured(plain) for _ in range(given.rounds))
    compare(ours, theirs)
    table.add_row(
        f"{rows:,}", "engine", f"{seconds:.1f}", f"{memory:.0f}", f"{slow / seconds:.1f}", f"1/{large / memory:.1f}"
    )
    table.add_row("", "pandas, frozen script", f"{slow:.1f}", f"{large:.0f}", "1", "1")


SCHEMA = pa.schema(
    {
        "customer": pa.string(), "day": pa.date32(), "direction": pa.string(),
        "amount": pa.int64(), "channel": pa.string(), "kind": pa.string(),
    }
)  # fmt: skip


def invent(rows: int, customers: int) -> Iterator[pa.Table]:
    """Transactions in batches, the same ones for the same size; a few customers make most of them."""
    draw = np.random.default_rng(1)
    names = pa.array([f"0x{0xB0000000 + at * 7:08x}" for at in range(customers)])
    end = (AS_OF - date(1970, 1, 1)).days
    for start in range(0, rows, BATCH):
        size = min(BATCH, rows - start)
        who = (customers * draw.random(size) ** 1.5).astype(np.int32)
        days = end + LATER - draw.integers(0, DAYS, size, dtype=np.int32)
        columns = [
            names.take(pa.array(who)),
            pa.array(days, pa.int32()).cast(pa.date32()),
            picked(("in", "out"), (0.4, 0.6), size, draw),
            pa.array(np.exp(draw.normal(10, 1.5, size)).astype(np.int64)),
            picked(CHANNELS, (0.1, 0.15, 0.3, 0.35, 0.1), size, draw),
            picked(KINDS, (0.85, 0.05, 0.05, 0.05), size, draw),
        ]
        yield pa.table(columns, schema=SCHEMA)


def picked(words: tuple[str, ...], shares: tuple[float, ...], size: int, draw: np.random.Generator) -> pa.Array:
    """Words drawn by their shares."""
    at = np.searchsorted(np.cumsum(shares)[:-1], draw.random(size), side="right")
    return pa.array(words).take(pa.array(at.astype(np.int8)))


def measured(command: list[str]) -> tuple[float, float]:
    """Seconds from start to exit, and peak memory in MB, of a process."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[1]} ended with {process.returncode}.")
    return seconds, usage.ru_maxrss / 1024


def compare(ours: Path, theirs: Path) -> None:
    """Leave unless both say the same of every customer, to the last fen."""
    left = parquet.read_table(ours).to_pandas().set_index("customer").sort_index().astype(float)
    right = parquet.read_table(theirs).to_pandas().sort_index().astype(float)
    if list(left.index) != list(right.index) or sorted(left.columns) != sorted(right.columns):
        sys.exit("The engine and pandas know different customers or features.")
    right = right[left.columns]
    apart = (~np.isclose(left, right, rtol=1e-12, atol=0, equal_nan=True)).sum(axis=0)
    if apart.any():
        sys.exit(f"The engine and pandas differ: {dict(zip(left.columns, apart, strict=True))}")


if __name__ == "__main__":
    main()
