"""Rows to frames: what a day's snapshots and deposits say of each customer, for jobs and commands only."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pandas as pd
import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import csv as arrow_csv

from segmentation.features import ASSET_PRODUCTS
from segmentation.qualities import TRAITS as QUALITIES
from segmentation.seasons import SEASONAL
from segmentation.windowed import WINDOWED

# The deposits of the last half year: their mean over the earlier and over the later statements, the middle one of three
# in both. Only customers in the first and the last statement have them, since a gap is not a balance of nothing.
# Who appears in a statement after one without him has been with the bank for at most the days since that earlier one;
# orphans count too, since a department may know somebody before the sample does. Rows after the day are never read.
SNAPSHOTS = """
WITH statement_days AS (
    SELECT as_of, lag(as_of) OVER (ORDER BY as_of) AS before,
        CASE WHEN recent THEN row_number() OVER (PARTITION BY recent ORDER BY as_of) END AS place,
        count(*) FILTER (WHERE recent) OVER () AS days
    FROM (SELECT DISTINCT as_of, as_of > {as_of} - interval '6 months' AS recent FROM customer_deposits
        WHERE as_of <= {as_of}) known
), statements AS (
    SELECT customer_id, as_of, max(balance) AS balance FROM customer_deposits
    WHERE as_of <= {as_of} AND as_of > {as_of} - interval '6 months' GROUP BY customer_id, as_of
), deposits AS (
    SELECT customer_id, avg(balance) FILTER (WHERE 2 * place <= days + 1) AS deposit_before,
        avg(balance) FILTER (WHERE 2 * place >= days + 1) AS deposit_after
    FROM statements JOIN statement_days USING (as_of) WHERE days > 1
    GROUP BY customer_id HAVING min(place) = 1 AND max(place) = max(days)
), sightings AS (
    SELECT customer_id, as_of FROM customer_deposits WHERE as_of <= {as_of}
    UNION ALL
    SELECT c.id, o.as_of FROM customer_orphans o JOIN customers c USING (number)
    WHERE o.as_of <= {as_of} AND EXISTS (SELECT FROM customer_deposits d WHERE d.department = o.department)
), arrivals AS (
    SELECT customer_id, {as_of} - d.before AS tenure_days
    FROM (SELECT customer_id, min(as_of) AS as_of FROM sightings GROUP BY customer_id) first
    JOIN statement_days d USING (as_of)
)
SELECT s.customer_id, c.number, s.assets, {products}, s.loans, s.logins, s.transfers, s.transfers_in_amount,
    s.transfers_out_amount, s.transfers_in, s.transfers_out,
    CASE WHEN s.last_transfer_at IS NOT NULL
        THEN {as_of} - (s.last_transfer_at AT TIME ZONE {zone})::date END AS idle_days,
    s.has_activity, d.deposit_before, d.deposit_after,
    coalesce({as_of} - s.customer_since, a.tenure_days) AS tenure_days,
    extract(year FROM age({as_of}, s.birth_date)) AS age, s.cards, s.counter_uses AS counter_dealings,
    s.atm_uses, s.transfer_uses, s.online_uses, s.consumption, {qualities}, {windows},
    s.counter_uses::float8 / nullif(s.counter_uses + s.atm_uses + s.transfer_uses + s.online_uses, 0) AS counter_share
FROM customer_snapshots s JOIN customers c ON c.id = s.customer_id
LEFT JOIN deposits d ON d.customer_id = s.customer_id
LEFT JOIN arrivals a ON a.customer_id = s.customer_id
WHERE s.as_of = {as_of} ORDER BY s.customer_id
"""
TEXT = dict.fromkeys(("customer_id", "number", "letter", "has_activity", *QUALITIES), pa.string())
NUMBERS = (
    "assets",
    *ASSET_PRODUCTS,
    "loans",
    "logins",
    "transfers",
    "transfers_in_amount",
    "transfers_out_amount",
    "idle_days",
    "deposit_before",
    "deposit_after",
    "tenure_days",
    "age",
    "cards",
    "counter_dealings",
    "counter_share",
    "transfers_in",
    "transfers_out",
    "atm_uses",
    "transfer_uses",
    "online_uses",
    "consumption",
    *WINDOWED,
    *SEASONAL,
)


def snapshot_frame(connection: psycopg.Connection, as_of: date, zone: str) -> pd.DataFrame:
    """One row per customer of that day, by customer id: the columns that segmentation.features reads, and `number`.

    Money in fen. Numbers are floats, exact below 2^53 fen; unknown is NaN.
    """
    query = sql.SQL(SNAPSHOTS).format(
        as_of=sql.Literal(as_of),
        zone=sql.Literal(zone),
        products=_columns(ASSET_PRODUCTS),
        qualities=_columns(QUALITIES),
        windows=_columns((*WINDOWED, *SEASONAL)),
    )
    table = _copy_out(connection, query)
    frame: pd.DataFrame = table.to_pandas().set_index("customer_id")
    frame["has_activity"] = frame["has_activity"] == "t"
    return frame


def _columns(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier("s", name) for name in names)


def firm_letters(connection: psycopg.Connection, run: UUID) -> pd.Series:
    """The letters of a run by customer id, without the provisional ones."""
    query = sql.SQL("SELECT customer_id, letter FROM customer_classes WHERE run_id = {} AND NOT provisional")
    letters: pd.Series = (
        _copy_out(connection, query.format(sql.Literal(run))).to_pandas().set_index("customer_id")["letter"]
    )
    return letters


def _copy_out(connection: psycopg.Connection, query: sql.Composed) -> pa.Table:
    # The server's other processors may help: by its own reckoning it would not ask them, since every row is sent on.
    connection.execute("SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0")
    with connection.cursor().copy(sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER)").format(query)) as copy:
        data = b"".join(bytes(part) for part in copy)
    numbers = dict.fromkeys(NUMBERS, pa.float64())
    options = arrow_csv.ConvertOptions(column_types={**TEXT, **numbers})
    return arrow_csv.read_csv(pa.BufferReader(data), convert_options=options)
