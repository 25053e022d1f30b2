"""From files of transactions to one row of features per customer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import parquet

from segmentation.engine.windows import window_statement

NEEDED = {"customer": "VARCHAR", "day": "DATE", "direction": "VARCHAR", "amount": "BIGINT"}
OPTIONAL = {"channel": "VARCHAR", "kind": "VARCHAR"}
MOVEMENTS_WITHOUT = ("interest", "fee")  # The bank's doing, not the customer's.
MANY = 20_000_000  # Rows from which spans are worth their memory.
GIVEN, CHOSEN = "given_files", "given_transactions"


class EngineFileError(ValueError):
    """A file that the engine cannot use; the message says which, where and why in one sentence."""


@dataclass(frozen=True)
class TransactionFiles:
    """Parquet or CSV files with the columns customer, day, direction (in, out), amount (fen), and channel and kind.

    A column may have another name: `names` leads from ours to theirs. Rows of a kind in `without` are not looked at.
    """

    paths: Sequence[Path]
    names: tuple[tuple[str, str], ...] = ()
    without: tuple[str, ...] = ()


def features_table(engine: duckdb.DuckDBPyConnection, files: TransactionFiles, as_of: date) -> pa.Table:
    """Features of every customer with a transaction up to that day, by customer; see window_statement.

    Raises:
        EngineFileError: a file cannot be read, or a column is missing.
    """
    return engine.sql(f"{_statement(engine, files, as_of)} ORDER BY customer").to_arrow_table()


def write_features(engine: duckdb.DuckDBPyConnection, files: TransactionFiles, as_of: date, out: Path) -> int:
    """The same into a Parquet file, never all in memory; returns the number of customers."""
    with clear_faults(files.paths):
        engine.sql(_statement(engine, files, as_of)).write_parquet(str(out))
    return int(parquet.read_metadata(out).num_rows)


def open_files(engine: duckdb.DuckDBPyConnection, paths: Sequence[Path], view: str) -> list[str]:
    """A view of these files as they are; returns its columns. Text files are read as text.

    Raises:
        EngineFileError: a file is missing, empty, cut, or of another form than its name says.
    """
    texts = [str(path) for path in paths]
    with clear_faults(paths):
        if all(path.suffix == ".parquet" for path in paths):
            source = engine.read_parquet(texts)
        else:
            # Without this the engine reads a customer number like 0xb2d1b6d1 as an integer.
            source = engine.sql("SELECT * FROM read_csv($paths, all_varchar = true)", params={"paths": texts})
        source.create_view(view, replace=True)
        return list(source.columns)


@contextmanager
def clear_faults(paths: Sequence[Path]) -> Iterator[None]:
    """Turn what the engine says of these files into one sentence.

    Raises:
        EngineFileError: instead of the engine's own error.
    """
    try:
        yield
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.ConversionException) as error:
        names = ", ".join(path.name for path in paths)
        raise EngineFileError(f"{names}: the engine cannot read this: {str(error).splitlines()[0]}") from error


def selection(files: TransactionFiles, columns: Sequence[str]) -> str:
    """The statement that makes our columns of a view GIVEN with these columns, those nobody delivers being null.

    Raises:
        EngineFileError: a needed column is missing.
    """
    names = dict(files.names)
    chosen = []
    for ours, kind in (NEEDED | OPTIONAL).items():
        theirs = names.get(ours, ours)
        if theirs in columns:
            chosen.append(f'CAST("{theirs}" AS {kind}) AS {ours}')
        elif ours in NEEDED:
            raise EngineFileError(f"The transactions have no column {theirs}; there are: {', '.join(columns)}.")
        else:
            chosen.append(f"CAST(NULL AS {kind}) AS {ours}")
    statement = f"SELECT {', '.join(chosen)} FROM {GIVEN}"  # noqa: S608 - the columns of the files themselves.
    if not files.without:
        return statement
    kinds = ", ".join(f"'{kind}'" for kind in files.without)
    return f"SELECT * FROM ({statement}) given WHERE COALESCE(kind, 'other') NOT IN ({kinds})"  # noqa: S608 - as above.


def _statement(engine: duckdb.DuckDBPyConnection, files: TransactionFiles, as_of: date) -> str:
    columns = open_files(engine, files.paths, GIVEN)
    engine.sql(selection(files, columns)).create_view(CHOSEN, replace=True)
    return window_statement(CHOSEN, as_of, by_spans=_rows(files.paths) >= MANY)


def _rows(paths: Sequence[Path]) -> int:
    """The rows of Parquet files, which tell them; 0 for others, which would have to be read."""
    parquets = all(path.suffix == ".parquet" for path in paths)
    return sum(parquet.read_metadata(path).num_rows for path in paths) if parquets else 0
