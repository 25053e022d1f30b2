"""Measures the monthly run of a bank: a day's customers in PostgreSQL to a stored run, and once more a month later.

    python bench/monthly_run.py [--customers 148300] [--rounds 1]

Each `segment` is a process of its own, from start to exit, beside a private server whose own memory is not counted. The
first run fits the scaler; the later one holds letters by the margin and measures drift. Customers are invented, seeded.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from bench.classes import CUSTOMERS, Measure, figures, measured  # noqa: E402
from segmentation.synthetic import invent_people, write_delivery  # noqa: E402
from storage import schema  # noqa: E402
from storage.private_postgres import PrivatePostgres  # noqa: E402

DAYS = ("2019-09-30", "2019-10-31")


def main() -> None:
    """Import two days, segment each, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument("--rounds", type=int, default=1, help="the fastest of so many, each in a fresh database")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # The server runs as another user when this runs as root.
        for at, day in enumerate(DAYS):
            write_delivery(folder / day, invent_people(given.customers, seed=at + 1))
        server = PrivatePostgres(folder / "pg").start()
        try:
            rounds = [one_round(server, folder, at) for at in range(given.rounds)]
        finally:
            server.stop()
    caption = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; the fastest of {given.rounds}"
    table = Table(title=f"The monthly run, {given.customers:,} customers", caption=caption)
    for column in ("what", "seconds", "processor s", "peak MB"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for name, found in zip(("first run", "a month later"), zip(*rounds, strict=True), strict=True):
        table.add_row(name, *figures(min(found, key=lambda one: one.seconds)))
    Console(width=100).print(table)


def one_round(server: PrivatePostgres, folder: Path, at: int) -> list[Measure]:
    """Import and segment both days in a fresh database; the measures of the two runs."""
    server.create_database(f"round_{at}")
    os.environ |= {"DATABASE_URL": server.url(f"round_{at}"), "VAR_DIR": str(folder / "var")}
    schema.upgrade(server.url(f"round_{at}"))
    found = []
    for day in DAYS:
        delivery = [str(folder / day), "--profile", "cn-bank", "--as-of", day, "--json"]
        done = subprocess.run(
            [sys.executable, "main.py", "import", *delivery], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(done.stderr or done.stdout)
        found.append(measured([sys.executable, "main.py", "segment", "--as-of", day, "--json"]))
    return found


if __name__ == "__main__":
    main()
