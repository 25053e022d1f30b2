"""What the segment report reads of stored runs: the run, its classes as a frame, and the sexes of the day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

import pandas as pd
import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import csv as arrow_csv

from campaigns.customers.class_lists import ClassLine, Migration
from campaigns.customers.segments import RunKey, SegmentationRun
from storage.database import libpq_url
from storage.segments import SqlSegmentStore

KEY_COLUMNS: LiteralString = "as_of, classifier, policy_version, data_digest, previous_run, potential_model"
CLASS_TYPES = {
    "customer_id": pa.string(),
    "letter": pa.string(),
    "current": pa.float64(),
    "potential": pa.float64(),
    "churn": pa.float64(),
    "confidence": pa.float64(),
    "provisional": pa.string(),
}


@contextmanager
def open_reports(url: str, zone: str) -> Iterator["SqlReportStore"]:
    """A store that reads one snapshot and writes nothing; a run or an import beside it is seen whole or not at all."""
    with psycopg.connect(libpq_url(url)) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield SqlReportStore(connection, zone)


class SqlReportStore(SqlSegmentStore):
    """Implements `campaigns.customers.reporting.ReportStore`; synchronous, for commands and jobs."""

    def find_latest(self, until: date | None) -> tuple[SegmentationRun, datetime] | None:
        """The latest run of the last day that has one, not after `until`, and when it was made."""
        query = sql.SQL(
            """SELECT id, summary, report, made_at, {} FROM segmentation_runs
               WHERE as_of <= coalesce(%s, 'infinity'::date) ORDER BY as_of DESC, made_at DESC LIMIT 1"""
        )
        row = self._connection.execute(query.format(sql.SQL(KEY_COLUMNS)), [until]).fetchone()
        if row is None:
            return None
        run, summary, report, made_at, *key = row
        return SegmentationRun(run, RunKey(*key), summary, is_new=False, report=report), made_at

    def sexes(self, as_of: date) -> pd.Series:
        """ "f" or "m" by customer id, without those of whom nobody says it."""
        query = "SELECT customer_id::text, sex FROM customer_snapshots WHERE as_of = %s AND sex IS NOT NULL"
        return pd.Series(dict(self._connection.execute(query, [as_of]).fetchall()), dtype=object)

    def classes(self, run: UUID) -> pd.DataFrame:
        """Letter, both scores, churn, confidence and whether provisional, by customer id."""
        query = sql.SQL(
            """COPY (SELECT {} FROM customer_classes WHERE run_id = {} ORDER BY customer_id)
               TO STDOUT (FORMAT csv, HEADER)"""
        )
        names = sql.SQL(", ").join(map(sql.Identifier, CLASS_TYPES))
        with self._connection.cursor().copy(query.format(names, sql.Literal(run))) as copy:
            data = b"".join(bytes(part) for part in copy)
        options = arrow_csv.ConvertOptions(column_types=CLASS_TYPES)
        found: pd.DataFrame = arrow_csv.read_csv(pa.BufferReader(data), convert_options=options).to_pandas()
        return found.assign(provisional=found["provisional"] == "t").set_index("customer_id")

    def most_valuable(self, run: UUID, limit: int) -> list[ClassLine]:
        """The customers with the highest current value."""
        return self.lists.most_valuable(run, limit)

    def migration(self, earlier: tuple[UUID, date], later: tuple[UUID, date]) -> Migration:
        """See `SqlClassLists.migration`."""
        return self.lists.migration(earlier, later)
