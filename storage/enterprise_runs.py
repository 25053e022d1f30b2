"""Tiers of enterprises in the transaction of a segmentation run; for commands and jobs."""

from datetime import date
from uuid import UUID

import pandas as pd
import psycopg
import pyarrow as pa
from psycopg import sql

from segmentation.enterprises import Tiers
from storage.intakes import csv_of

READ = ("industry", "credit_grade", "loans", "deposits", "settlement_volume", "cross_border")
LATEST = "(SELECT max(as_of) FROM enterprise_snapshots WHERE as_of <= %(day)s)"


class SqlEnterpriseRuns:
    """What a run reads of enterprises, and what it says of them; in the run's transaction."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def enterprises(self, as_of: date) -> pd.DataFrame:
        """The enterprises of the last day that has any, not after `as_of`, by customer id; see `judge`."""
        columns = ", ".join(("customer_id::text", *READ))
        query = f"SELECT {columns} FROM enterprise_snapshots WHERE as_of = {LATEST} ORDER BY 1"  # noqa: S608
        rows = self._connection.execute(query.encode(), {"day": as_of}).fetchall()
        frame = pd.DataFrame(rows, columns=["customer_id", *READ]).set_index("customer_id")
        money = ["loans", "deposits", "settlement_volume"]
        return frame.astype(dict.fromkeys(money, float))

    def save(self, run: UUID, as_of: date, tiers: Tiers) -> None:
        """Keep what a run says of every enterprise."""
        row = self._connection.execute(f"SELECT {LATEST}".encode(), {"day": as_of}).fetchone()
        table, told_on = tiers.table, row[0] if row else as_of
        found = pa.table(
            {
                "run_id": pa.repeat(pa.scalar(str(run)), len(table)),
                "customer_id": pa.array(table.index, pa.string()),
                "told_on": pa.repeat(pa.scalar(told_on), len(table)),
                **{name: pa.array(table[name]) for name in table.columns},
            }
        )
        names = sql.SQL(", ").join(map(sql.Identifier, found.column_names))
        statement = sql.SQL("COPY enterprise_tiers ({}) FROM STDIN (FORMAT csv)").format(names)
        with self._connection.cursor().copy(statement) as copy:
            for part in csv_of(found):
                copy.write(part)
