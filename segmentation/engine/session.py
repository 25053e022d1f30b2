"""The columnar engine inside this process, with bounded memory and a folder for what does not fit."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

MEMORY_MB = 2048


@contextmanager
def open_engine(
    spill: Path, *, memory_mb: int = MEMORY_MB, threads: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine in memory until the block ends; beyond `memory_mb` it writes to files in `spill`.

    It never loads extensions from elsewhere.
    """
    spill.mkdir(parents=True, exist_ok=True)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{memory_mb}MB",
        "temp_directory": str(spill),
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        **({"threads": threads} if threads else {}),
    }
    with duckdb.connect(":memory:", config=settings) as connection:
        connection.execute("SET enable_progress_bar = false")
        # Files are local: reading ahead costs 60 MB and saves nothing.
        connection.execute("SET disable_parquet_prefetching = true")
        yield connection
