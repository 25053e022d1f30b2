"""A stored day in the form in which files give it to the outlook, for jobs and commands only."""

from datetime import date, timedelta

import pandas as pd
import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import csv as arrow_csv

from segmentation.intake.profiles import load_profile
from segmentation.outlook.delivered import ACTIVITY, BALANCES, LAST_TRANSFER, LONGEST_DAYS, Delivered, by_age

CUSTOMERS = """SELECT customer_id, {numbers},
        (last_transfer_at AT TIME ZONE {zone})::text AS last_transfer_at, has_activity
    FROM customer_snapshots WHERE as_of = {as_of} ORDER BY customer_id"""
# Whom a department knew before the sample did has a row without figures: no newcomer, and no growth either.
DEPOSITS = """SELECT customer_id, as_of::text, max(balance) AS balance, max(products) AS products FROM customer_deposits
    WHERE as_of BETWEEN {first} AND {as_of} GROUP BY customer_id, as_of
    UNION ALL
    SELECT DISTINCT c.id, o.as_of::text, NULL::bigint, NULL::integer
    FROM customer_orphans o JOIN customers c USING (number)
    WHERE o.as_of BETWEEN {first} AND {as_of} AND o.department IN (SELECT DISTINCT department FROM customer_deposits)
        AND NOT EXISTS (SELECT FROM customer_deposits d WHERE d.customer_id = c.id AND d.as_of = o.as_of)"""


def delivered_day(connection: psycopg.Connection, as_of: date, profile_name: str) -> Delivered:
    """The customers of a day by customer id, and the deposit statements of that day and before."""
    profile = load_profile(profile_name)
    numbers = [name for name in (*BALANCES, *ACTIVITY) if name != LAST_TRANSFER]
    place = {"as_of": sql.Literal(as_of), "zone": sql.Literal(profile.zone)}
    query = sql.SQL(CUSTOMERS).format(numbers=sql.SQL(", ").join(map(sql.Identifier, numbers)), **place)
    customers = _rows(connection, query, numbers).set_index("customer_id")
    known = customers.pop("has_activity") == "t"
    customers[LAST_TRANSFER] = pd.to_datetime(customers[LAST_TRANSFER], format="ISO8601")
    first = sql.Literal(as_of - timedelta(days=LONGEST_DAYS))
    rows = _rows(connection, sql.SQL(DEPOSITS).format(first=first, **place), ["balance", "products"])
    by_day = {date.fromisoformat(str(day)): found.set_index("customer_id") for day, found in rows.groupby("as_of")}
    statement, earlier = by_age({day: found[["balance", "products"]] for day, found in by_day.items()}, as_of)
    told = {"balances"} | ({"activity"} if known.any() else set()) | ({"deposits"} if statement else set())
    return Delivered(profile, as_of, customers[[*BALANCES, *ACTIVITY]], frozenset(told), statement, earlier, (), ())


def _rows(connection: psycopg.Connection, query: sql.Composed, numbers: list[str]) -> pd.DataFrame:
    """The rows of a query, these columns as numbers and all others as text."""
    with connection.cursor().copy(sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER)").format(query)) as copy:
        data = b"".join(bytes(part) for part in copy)
    names = data.split(b"\n", 1)[0].decode().split(",")
    kinds = {name: pa.float64() if name in numbers else pa.string() for name in names}
    options = arrow_csv.ConvertOptions(column_types=kinds, strings_can_be_null=True)
    found: pd.DataFrame = arrow_csv.read_csv(pa.BufferReader(data), convert_options=options).to_pandas()
    return found
