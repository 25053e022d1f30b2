"""From files of transactions to one row of features per customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from segmentation.engine.windows import window_statement

NEEDED = {"customer": "VARCHAR", "day": "DATE", "direction": "VARCHAR", "amount": "BIGINT"}
OPTIONAL = {"channel": "VARCHAR", "kind": "VARCHAR"}


@dataclass(frozen=True)
class TransactionFiles:
    """Parquet or CSV files with the columns customer, day, direction (in, out), amount (fen), and channel and kind.

    A column may have another name: `names` leads from ours to theirs.
    """

    paths: Sequence[Path]
    names: tuple[tuple[str, str], ...] = ()


def features_table(engine: duckdb.DuckDBPyConnection, files: TransactionFiles, as_of: date) -> pa.Table:
    """Features of every customer with a transaction up to that day, by customer; see window_statement.

    Raises:
        ValueError: a column is missing.
    """
    return engine.sql(f"{_statement(engine, files, as_of)} ORDER BY customer").to_arrow_table()


def write_features(engine: duckdb.DuckDBPyConnection, files: TransactionFiles, as_of: date, out: Path) -> int:
    """The same into a Parquet file, never all in memory; returns the number of customers."""
    engine.sql(_statement(engine, files, as_of)).write_parquet(str(out))
    row = engine.execute("SELECT count(*) FROM read_parquet(?)", [str(out)]).fetchone()
    return int(row[0]) if row else 0


def _statement(engine: duckdb.DuckDBPyConnection, files: TransactionFiles, as_of: date) -> str:
    paths = [str(path) for path in files.paths]
    if all(path.endswith(".parquet") for path in paths):
        source = engine.read_parquet(paths)
    else:
        # Without this the engine reads a customer number like 0xb2d1b6d1 as an integer.
        source = engine.sql("SELECT * FROM read_csv($paths, all_varchar = true)", params={"paths": paths})
    source.project(", ".join(projection(files, source.columns))).create_view("given_transactions", replace=True)
    return window_statement("given_transactions", as_of)


def projection(files: TransactionFiles, columns: Sequence[str]) -> list[str]:
    """What to select from files with these columns: all of ours, those nobody delivers being null.

    Raises:
        ValueError: a needed column is missing.
    """
    names = dict(files.names)
    chosen = []
    for ours, kind in (NEEDED | OPTIONAL).items():
        theirs = names.get(ours, ours)
        if theirs in columns:
            chosen.append(f'CAST("{theirs}" AS {kind}) AS {ours}')
        elif ours in NEEDED:
            raise ValueError(f"The transactions have no column {theirs}; there are: {', '.join(columns)}.")
        else:
            chosen.append(f"CAST(NULL AS {kind}) AS {ours}")
    return chosen
