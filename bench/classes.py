"""Measures the way from files to classes with reasons: `segment-files` beside a frozen pandas and scikit-learn script.

    python bench/classes.py [--millions 1 10 50] [--rounds 1] [--spark 10] [--folder DIR]

Both read the same Parquet files in a process of their own, from start to exit, and write a row per customer: windows of
the transactions, letter and three reasons; ours also values, scores and steps. What both say must be equal, or nothing
is printed but the difference. With --spark the windows of that many millions are made on Spark as well, in local mode,
and the class files must be the same. Data are invented, seeded, and removed at the end.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import pyarrow as pa  # noqa: E402
from pyarrow import parquet  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from bench.features import AS_OF, SCHEMA, invent  # noqa: E402

CUSTOMERS = 148_300
CLOSE = 1e-6  # So near to a border either letter is right: distances are summed in another order.
POINT = 0.0015  # Points are told to three digits.
# A process counts what its parent had in memory as its own peak: so it gets a small parent.
LAUNCH = """
import json, os, subprocess, sys, time
begin = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
seconds = time.perf_counter() - begin
process.returncode = os.waitstatus_to_exitcode(status)
print(json.dumps([process.returncode, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))
"""


@dataclass(frozen=True)
class Measure:
    """One process from start to exit: seconds on the clock, seconds of the processors, peak memory in MB."""

    seconds: float
    processor: float
    memory: float


def main() -> None:
    """Generate, measure both, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millions", type=float, nargs="*", default=[1, 10])
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument("--rounds", type=int, default=1, help="the fastest of so many")
    parser.add_argument("--spark", type=float, help="millions of transactions for Spark")
    parser.add_argument("--folder", type=Path, help="where the invented files lie meanwhile")
    given = parser.parse_args()
    caption = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; whole processes, the fastest of {given.rounds}"
    table = Table(title=f"From files to classes with reasons, {given.customers:,} customers", caption=caption)
    for column in ("transactions", "what", "seconds", "processor s", "peak MB", "faster", "processor", "memory"):
        table.add_column(column, justify="left" if column == "what" else "right")
    with tempfile.TemporaryDirectory(prefix="bench-", dir=given.folder) as folder:
        for millions in given.millions:
            add_rows(table, Path(folder), int(millions * 1e6), given)
        if given.spark:
            add_spark(table, Path(folder), int(given.spark * 1e6), given)
    Console(width=110).print(table)


def add_rows(table: Table, folder: Path, rows: int, given: argparse.Namespace) -> None:
    """Measure one size and add its rows."""
    write_bank(folder, rows, given.customers)
    ours = fastest(engine_command(folder, "engine"), given.rounds)
    table.add_row(f"{rows:,}", "segment-files", *figures(ours), "", "", "")
    for way in ("straightforward", "careful"):
        theirs = fastest(pandas_command(folder, way), given.rounds)
        compare(folder)
        ratios = (f"{theirs.seconds / ours.seconds:.1f} ×", f"{theirs.processor / ours.processor:.1f} ×")
        table.add_row("", f"pandas, {way}", *figures(theirs), *ratios, f"1/{theirs.memory / ours.memory:.1f}")


def add_spark(table: Table, folder: Path, rows: int, given: argparse.Namespace) -> None:
    """The same on Spark, whose memory is that of another process."""
    write_bank(folder, rows, given.customers)
    measured(engine_command(folder, "engine"))
    spark = measured([*engine_command(folder, "spark"), "--spark", "local[*]"])
    if not read_sorted(folder / "engine.parquet").equals(read_sorted(folder / "spark.parquet")):
        sys.exit("Spark leads to other classes.")
    table.add_row(f"{rows:,}", "segment-files --spark local\\[*]", f"{spark.seconds:.1f}", "", "", "", "", "")


def engine_command(folder: Path, name: str) -> list[str]:
    """Our command, its classes in NAME.parquet and its windows in NAME-windows.parquet."""
    files = [str(folder / "transactions.parquet"), "--balances", str(folder / "balances.parquet")]
    out = ["--out", str(folder / f"{name}.parquet"), "--features", str(folder / f"{name}-windows.parquet"), "--json"]
    return [sys.executable, str(ROOT / "main.py"), "segment-files", *files, "--as-of", str(AS_OF), *out]


def pandas_command(folder: Path, way: str) -> list[str]:
    """The frozen script, straightforward or careful."""
    files = [str(folder / "transactions.parquet"), str(folder / "balances.parquet")]
    return [
        sys.executable,
        str(ROOT / "bench/classes_pandas.py"),
        *files,
        str(AS_OF),
        str(folder / "pandas.parquet"),
        way,
    ]


def write_bank(folder: Path, rows: int, customers: int) -> None:
    """Invent transactions and balances, the same ones for the same size."""
    with parquet.ParquetWriter(folder / "transactions.parquet", SCHEMA, compression="zstd") as writer:
        for batch in invent(rows, customers):
            writer.write_table(batch)
    parquet.write_table(invent_balances(customers), folder / "balances.parquet")


def invent_balances(customers: int) -> pa.Table:
    """Balances in fen, and what a bank knows of most."""
    draw = np.random.default_rng(2)

    def money(share: float) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.where(draw.random(customers) < share, np.exp(draw.normal(14, 2, customers)), 0).astype(np.int64)

    def known(low: int, high: int, unknown: float) -> pa.Array:
        return pa.array(draw.integers(low, high, customers), mask=draw.random(customers) < unknown)

    columns = {
        "customer": pa.array([f"0x{0xB0000000 + at * 7:08x}" for at in range(customers)]),
        "demand_deposit": money(0.95), "time_deposit": money(0.3), "wealth_products": money(0.2), "loans": money(0.1),
        "logins": known(0, 80, 0.03), "age": known(16, 90, 0.05), "cards": known(0, 4, 0.02),
    }  # fmt: skip
    return pa.table(columns)


def fastest(command: list[str], rounds: int) -> Measure:
    """The measure of the fastest round."""
    return min((measured(command) for _ in range(rounds)), key=lambda found: found.seconds)


def measured(command: list[str]) -> Measure:
    """A process from start to exit; leaves when it fails."""
    told = subprocess.run([sys.executable, "-c", LAUNCH, *command], cwd=ROOT, stdout=subprocess.PIPE, check=False)
    code, *numbers = json.loads(told.stdout)
    if code:
        sys.exit(f"{' '.join(command[1:3])} ended with {code}.")
    found = Measure(*numbers)
    print(Path(command[1]).name, *figures(found), file=sys.stderr)
    return found


def figures(found: Measure) -> tuple[str, str, str]:
    """As the table shows them."""
    return f"{found.seconds:.1f}", f"{found.processor:.1f}", f"{found.memory:.0f}"


def compare(folder: Path) -> None:
    """Leave unless both say the same of every customer."""
    problem = difference(
        parquet.read_table(folder / "engine.parquet").to_pandas().set_index("customer"),
        parquet.read_table(folder / "engine-windows.parquet").to_pandas().set_index("customer"),
        parquet.read_table(folder / "pandas.parquet").to_pandas(),
    )
    if problem:
        sys.exit(problem)


def difference(classes: pd.DataFrame, windows: pd.DataFrame, theirs: pd.DataFrame) -> str:
    """In what our class file and windows differ from the frozen script; empty when in nothing."""
    if sorted(classes.index) != sorted(theirs.index):
        return "The engine and pandas know different customers."
    classes, windows = classes.loc[theirs.index], windows.reindex(theirs.index)
    for name in windows.columns:
        if not np.allclose(windows[name], theirs[name].astype(float), rtol=1e-12, atol=0, equal_nan=True):
            return f"The engine and pandas differ in {name}."
    clear = (theirs["gap"] > CLOSE).to_numpy()
    if (classes["class"] != theirs["letter"])[clear].any():
        return "The engine and pandas give different letters."
    for place in (1, 2, 3):
        reasons = [row[place - 1] for row in classes["reasons"]]
        points = np.array([reason["points"] for reason in reasons])
        if not np.allclose(points[clear], theirs[f"points_{place}"][clear], atol=POINT):
            return f"The engine and pandas differ in the points of reason {place}."
        codes = np.array([reason["code"] for reason in reasons]) == theirs[f"reason_{place}"].to_numpy()
        if codes[clear].mean() < 0.999:  # Two reasons that weigh the same may change places.
            return f"The engine and pandas differ in reason {place}."
    return ""


def read_sorted(file: Path) -> pa.Table:
    """A class file in the customers' order."""
    return parquet.read_table(file).sort_by("customer")


if __name__ == "__main__":
    main()
