"""Rows to frames: what a day's snapshots and deposits say of each customer, for jobs and commands only."""

from datetime import date

import pandas as pd
import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import csv as arrow_csv

from segmentation.features import ASSET_PRODUCTS

# Deposits are looked at over the quarter before the day; only customers in the first and the last statement have a
# growth, since a gap is not a balance of nothing. Rows after the day are never read.
SNAPSHOTS = """
WITH span AS (
    SELECT min(as_of) AS first, max(as_of) AS last FROM customer_deposits
    WHERE as_of <= {as_of} AND as_of > {as_of} - interval '3 months'
), deposits AS (
    SELECT d.customer_id, max(balance) FILTER (WHERE d.as_of = span.first) AS deposit_first,
        max(balance) FILTER (WHERE d.as_of = span.last) AS deposit_last
    FROM customer_deposits d, span WHERE d.as_of IN (span.first, span.last) AND span.first < span.last
    GROUP BY d.customer_id
)
SELECT s.customer_id, c.number, s.assets, {products}, s.logins, s.transfers, s.transfers_in_amount,
    CASE WHEN s.last_transfer_at IS NOT NULL
        THEN {as_of} - (s.last_transfer_at AT TIME ZONE {zone})::date END AS idle_days,
    s.has_activity, d.deposit_first, d.deposit_last
FROM customer_snapshots s JOIN customers c ON c.id = s.customer_id
LEFT JOIN deposits d ON d.customer_id = s.customer_id
WHERE s.as_of = {as_of} ORDER BY s.customer_id
"""
TEXT = {"customer_id": pa.string(), "number": pa.string(), "has_activity": pa.string()}
NUMBERS = ("assets", *ASSET_PRODUCTS, "logins", "transfers", "transfers_in_amount", "idle_days")


def snapshot_frame(connection: psycopg.Connection, as_of: date, zone: str) -> pd.DataFrame:
    """One row per customer of that day, by customer id: the columns that segmentation.features reads, and `number`.

    Money in fen. Numbers are floats, exact below 2^53 fen; unknown is NaN.
    """
    query = sql.SQL(SNAPSHOTS).format(
        as_of=sql.Literal(as_of),
        zone=sql.Literal(zone),
        products=sql.SQL(", ").join(sql.Identifier("s", name) for name in ASSET_PRODUCTS),
    )
    table = _copy_out(connection, query)
    frame: pd.DataFrame = table.to_pandas().set_index("customer_id")
    frame["has_activity"] = frame["has_activity"] == "t"
    return frame


def _copy_out(connection: psycopg.Connection, query: sql.Composed) -> pa.Table:
    with connection.cursor().copy(sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER)").format(query)) as copy:
        data = b"".join(bytes(part) for part in copy)
    numbers = dict.fromkeys((*NUMBERS, "deposit_first", "deposit_last"), pa.float64())
    options = arrow_csv.ConvertOptions(column_types={**TEXT, **numbers})
    return arrow_csv.read_csv(pa.BufferReader(data), convert_options=options)
