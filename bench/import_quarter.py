"""Measures the import of a quarter: time of the whole process, memory, rows a second, and the ratio to a bare COPY.

    python bench/import_quarter.py DIR [--as-of 2019-09-30] [--profile cn-bank] [--rounds 3]

The bare COPY loads the very rows that the import published, with all their constraints, into a fresh database of the
same server, in one transaction, from text that is already in memory: no reading, no checks, no joins.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from storage import schema  # noqa: E402
from storage.private_postgres import PrivatePostgres  # noqa: E402

TABLES = {
    "customers": "*",
    "customer_snapshots": (
        "as_of, customer_id, structured_deposit, time_deposit, demand_deposit, wealth_products, funds, asset_plans, "
        "large_certificates, loans, logins, transfers, transfers_in, transfers_in_amount, transfers_out, "
        "transfers_out_amount, last_transfer_at, has_activity"
    ),
    "customer_deposits": "*",
    "customer_orphans": "*",
}


def main() -> None:
    """Import and copy in turn, a few rounds; print the best of each, since noise only adds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--as-of", default="2019-09-30")
    parser.add_argument("--profile", default="cn-bank")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the server runs as another user when this runs as root.
        server = PrivatePostgres(Path(folder) / "pg").start()
        try:
            rounds = [one_round(server, given, Path(folder) / "var", at) for at in range(given.rounds)]
        finally:
            server.stop()
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    imports, copies = zip(*rounds, strict=True)
    (whole, rows), (bare, copied) = min(imports), min(copies)
    show(whole, rows, bare, copied, memory)


def one_round(
    server: PrivatePostgres, given: argparse.Namespace, var_dir: Path, at: int
) -> tuple[tuple[float, int], tuple[float, int]]:
    """Seconds and rows of one import and of one bare COPY, into fresh databases."""
    urls = []
    for name in (f"import_{at}", f"copy_{at}"):
        server.create_database(name)
        urls.append(server.url(name))
        schema.upgrade(urls[-1])
    imported = timed_import(given, urls[0], var_dir)
    return imported, timed_copy(urls[0], urls[1])


def timed_import(given: argparse.Namespace, url: str, var_dir: Path) -> tuple[float, int]:
    """Seconds of `main.py import` from start to exit, and the rows that it read."""
    command = [sys.executable, "main.py", "import", str(given.folder.resolve())]
    command += ["--profile", given.profile, "--as-of", given.as_of, "--json"]
    begin = time.perf_counter()
    environment = {**os.environ, "DATABASE_URL": url, "VAR_DIR": str(var_dir)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begin
    if done.returncode:
        sys.exit(done.stderr)
    return seconds, sum(file["quality"]["read"] for file in json.loads(done.stdout)["files"])


def timed_copy(source: str, target: str) -> tuple[float, int]:
    """Seconds of a bare COPY of every published row into the same tables elsewhere, and the rows."""
    texts: dict[str, bytes] = {}
    with psycopg.connect(source) as connection:
        for table, columns in TABLES.items():
            chosen = "" if columns == "*" else f"({columns})"
            with connection.cursor().copy(f"COPY {table} {chosen} TO STDOUT") as copy:
                texts[table] = b"".join(bytes(part) for part in copy)
    begin = time.perf_counter()
    with psycopg.connect(target) as connection:
        for table, columns in TABLES.items():
            chosen = "" if columns == "*" else f"({columns})"
            with connection.cursor().copy(f"COPY {table} {chosen} FROM STDIN") as copy:
                copy.write(texts[table])
    return time.perf_counter() - begin, sum(text.count(b"\n") for text in texts.values())


def show(whole: float, rows: int, bare: float, copied: int, memory: float) -> None:
    """Print the figures."""
    table = Table(
        title="Import of a quarter", caption=f"{os.cpu_count()} cores; the server's own memory is not counted"
    )
    for column in ("what", "rows", "seconds", "rows/s", "peak MB", "ratio"):
        table.add_column(column, justify="left" if column == "what" else "right")
    ratio = (rows / whole) / (copied / bare)
    table.add_row(
        "import, whole process", f"{rows:,}", f"{whole:.1f}", f"{rows / whole:,.0f}", f"{memory:.0f}", f"{ratio:.2f}"
    )
    table.add_row("bare COPY, final tables", f"{copied:,}", f"{bare:.1f}", f"{copied / bare:,.0f}", "", "1")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
