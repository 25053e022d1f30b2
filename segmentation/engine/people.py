"""Customers out of files alone: balances, the features of their transactions and their earlier letters, joined."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
from pyarrow import parquet

from segmentation.engine.transactions import EngineFileError, clear_faults, open_files
from segmentation.intake.subjects import SUBJECTS

PRODUCTS = tuple(name for name in SUBJECTS["balances"].fields if name != "loans")
TOLD = ("logins", "age", "cards", "tenure_days", "deposit_before", "deposit_after")
TOGETHER = 8_192  # Customers judged at once, so that memory does not grow with the bank.
TRANSFERS = """w.count_in_90 + w.count_out_90 AS transfers, w.count_in_90 AS transfers_in,
    w.count_out_90 AS transfers_out, w.amount_in_90 AS transfers_in_amount, w.amount_out_90 AS transfers_out_amount,
    w.recency_days AS idle_days, w.counter_90 AS counter_dealings,
    w.counter_90 / NULLIF(w.counter_90 + w.atm_90 + w.transfer_90 + w.online_90, 0) AS counter_share"""
REPEATED = """SELECT count(*), min(customer) FROM
    (SELECT CAST(customer AS VARCHAR) AS customer FROM given_balances GROUP BY 1 HAVING count(*) > 1) repeated"""
UNREADABLE = "SELECT count(*) FROM given_balances WHERE customer IS NULL"
ASTRAY = """SELECT count(*) FROM given_features w
    WHERE NOT EXISTS (SELECT 1 FROM given_balances b WHERE CAST(b.customer AS VARCHAR) = w.customer)"""
SILENT = "SELECT count(*) FROM people WHERE NOT has_activity"


@dataclass(frozen=True)
class People:
    """The joined customers in a Parquet file; `silent` have no transaction, `astray` have no balances."""

    path: Path
    customers: int
    silent: int
    astray: int

    def chunks(self, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """Stored columns as `build_features` reads them, by customer, some thousands of customers at a time.

        `previous` is the earlier firm letter, where there is one.
        """
        file = parquet.ParquetFile(self.path)
        for batch in file.iter_batches(TOGETHER, columns=list(columns) if columns else None):
            yield batch.to_pandas().set_index("customer")


def join_people(
    engine: duckdb.DuckDBPyConnection, balances: Path, features: Path, previous: Path | None, out: Path
) -> People:
    """Join the files by customer into `out`, in the customers' order.

    `balances` has `customer` and money in fen by product (an absent product is nothing), `loans`, and of TOLD what the
    bank knows. `features` are those of window_statement, `previous` is what an earlier run wrote.

    Raises:
        EngineFileError: a file lacks what it must have, or names a customer twice.
    """
    columns = open_files(engine, [balances], "given_balances")
    if "customer" not in columns or not set(columns) & set(PRODUCTS):
        raise EngineFileError(
            f"{balances}: the balances need customer and at least one of {', '.join(PRODUCTS)}; "
            f"there are: {', '.join(columns)}."
        )
    times, first = _row(engine, REPEATED)
    if times:
        raise EngineFileError(f"{balances}: {times} customers stand there more than once, first {first}.")
    if missing := _row(engine, UNREADABLE)[0]:
        raise EngineFileError(f"{balances}: {missing} rows have no customer.")
    open_files(engine, [features], "given_features")
    _open_letters(engine, previous)
    with clear_faults([balances]):
        engine.sql(_statement(columns)).write_parquet(str(out), row_group_size=TOGETHER)
    open_files(engine, [out], "people")
    count = int(parquet.read_metadata(out).num_rows)
    return People(out, count, silent=_row(engine, SILENT)[0], astray=_row(engine, ASTRAY)[0])


def _open_letters(engine: duckdb.DuckDBPyConnection, previous: Path | None) -> None:
    """A view of earlier firm letters; empty without an earlier run."""
    if previous is None:
        engine.execute("CREATE VIEW firm AS SELECT NULL::VARCHAR AS customer, NULL::VARCHAR AS letter WHERE FALSE")
        return
    columns = open_files(engine, [previous], "given_previous")
    if not {"customer", "class", "provisional"} <= set(columns):
        raise EngineFileError(f"{previous}: an earlier run's file has customer, class and provisional.")
    engine.execute(
        "CREATE VIEW firm AS SELECT CAST(customer AS VARCHAR) AS customer, class AS letter"
        " FROM given_previous WHERE NOT CAST(provisional AS BOOLEAN)"
    )


def _statement(columns: Sequence[str]) -> str:
    products = {name: f"COALESCE(CAST(b.{name} AS DOUBLE), 0)" for name in PRODUCTS if name in columns}
    loans = "COALESCE(CAST(b.loans AS DOUBLE), 0)" if "loans" in columns else "0.0"
    money = [f"{products.get(name, '0.0')}::DOUBLE AS {name}" for name in PRODUCTS]
    told = [f"CAST({f'b.{name}' if name in columns else 'NULL'} AS DOUBLE) AS {name}" for name in TOLD]
    return f"""
SELECT CAST(b.customer AS VARCHAR) AS customer, {", ".join(money)}, {" + ".join(products.values())} AS assets,
    {loans}::DOUBLE AS loans, {", ".join(told)}, COLUMNS(w.* EXCLUDE customer)::DOUBLE, firm.letter AS previous,
    w.customer IS NOT NULL AS has_activity
FROM given_balances b
LEFT JOIN (SELECT *, {TRANSFERS} FROM given_features w) w ON w.customer = CAST(b.customer AS VARCHAR)
LEFT JOIN firm ON firm.customer = CAST(b.customer AS VARCHAR)
ORDER BY 1
"""  # noqa: S608 - the names are this program's.


def _row(engine: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    rows = engine.sql(query).fetchall()
    return tuple(rows[0])
