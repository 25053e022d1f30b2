"""Segmentation runs in the database: policies by version, runs, and a class per customer and run."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pandas as pd
import psycopg
import pyarrow as pa
from psycopg.types.json import Jsonb

from campaigns.customers.segments import PolicyVersion, RunKey, SegmentationRun
from segmentation.policy import SegmentationPolicy
from storage.database import libpq_url
from storage.frames import snapshot_frame
from storage.intakes import csv_of

SEGMENT_LOCK = 7302


@contextmanager
def open_segments(url: str, zone: str) -> Iterator["SqlSegmentStore"]:
    """A store on one transaction, which commits when the block ends well; two runs at once wait for each other.

    Everything is read from one snapshot, taken after the wait, so that an import beside it is seen whole or not at all.
    """
    with psycopg.connect(libpq_url(url), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [SEGMENT_LOCK])
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with connection.transaction():
            yield SqlSegmentStore(connection, zone)


class SqlSegmentStore:
    """Policies, runs and classes; synchronous, for commands and jobs."""

    def __init__(self, connection: psycopg.Connection, zone: str) -> None:
        self._connection = connection
        self._zone = zone

    def latest_day(self, until: date | None) -> date | None:
        """The latest day with snapshots, not after `until`."""
        row = self._connection.execute(
            "SELECT max(as_of) FROM customer_snapshots WHERE as_of <= coalesce(%s, 'infinity'::date)", [until]
        ).fetchone()
        return row[0] if row else None

    def data_digest(self, as_of: date) -> str:
        """A digest of the published files that speak of this day or earlier; contacts do not matter."""
        row = self._connection.execute(
            """SELECT encode(sha256(coalesce(string_agg(department || true_at || sha256 || mapping, ' '
                   ORDER BY department, true_at), '')::bytea), 'hex')
               FROM (SELECT DISTINCT ON (department, true_at) department, true_at, sha256, mapping
                   FROM intake_files f JOIN intakes i ON i.id = f.intake_id
                   WHERE true_at <= %s AND subject <> 'contacts'
                   ORDER BY department, true_at, published_at DESC) latest""",
            [as_of],
        ).fetchone()
        return str(row[0]) if row else ""

    def current_policy(self, now: datetime) -> PolicyVersion:
        """The newest policy; the documented defaults become version 1 where none is."""
        self._connection.execute(
            """INSERT INTO segmentation_policies SELECT 1, %s, 'default', %s
               WHERE NOT EXISTS (SELECT FROM segmentation_policies)""",
            [Jsonb(SegmentationPolicy().as_json()), now],
        )
        query = "SELECT version, body FROM segmentation_policies ORDER BY version DESC LIMIT 1"
        version, body = self._connection.execute(query).fetchone() or (0, {})
        return PolicyVersion(version, SegmentationPolicy.from_json(body))

    def change_policy(self, policy: SegmentationPolicy, made_by: str, now: datetime) -> int:
        """Keep a new version; returns its number."""
        version = self.current_policy(now).version + 1
        self._connection.execute(
            "INSERT INTO segmentation_policies VALUES (%s, %s, %s, %s)",
            [version, Jsonb(policy.as_json()), made_by, now],
        )
        return version

    def find_run(self, key: RunKey) -> tuple[UUID, list[dict[str, Any]]] | None:
        """An earlier run of the same key, with its summary."""
        return self._connection.execute(
            """SELECT id, summary FROM segmentation_runs
               WHERE (as_of, classifier, policy_version, data_digest) = (%s, %s, %s, %s)""",
            [key.as_of, key.classifier, key.policy_version, key.data_digest],
        ).fetchone()

    def snapshots(self, as_of: date) -> pd.DataFrame:
        """See storage.frames.snapshot_frame."""
        return snapshot_frame(self._connection, as_of, self._zone)

    def save_run(self, run: SegmentationRun, classes: pd.DataFrame, now: datetime) -> None:
        """Keep a run and the class of every customer in it."""
        key = run.key
        self._connection.execute(
            "INSERT INTO segmentation_runs VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [run.id, key.as_of, key.classifier, key.policy_version, key.data_digest, now, Jsonb(run.summary)],
        )
        with self._connection.cursor().copy(
            "COPY customer_classes (run_id, customer_id, letter, current, potential, reasons, confidence, missing)"
            " FROM STDIN (FORMAT csv)"
        ) as copy:
            copy.write(csv_of(_class_table(run.id, classes)))

    def classes(self, run: UUID) -> Iterator[tuple[Any, ...]]:
        """Every class of a run by customer number: number, letter, current, potential, reasons, confidence, missing."""
        with self._connection.cursor("classes") as cursor:
            yield from cursor.execute(
                """SELECT number, letter, current, potential, reasons, confidence, missing
                   FROM customer_classes k JOIN customers c ON c.id = k.customer_id
                   WHERE run_id = %s ORDER BY number""",
                [run],
            )


def clear_cases(url: str, count: int) -> list[tuple[str, str]]:
    """Customers of the latest run as (letter, number), A B C D in turn, the surest of each class first.

    The demo's people are bound to them; the same database always gives the same ones.
    """
    with psycopg.connect(libpq_url(url)) as connection:
        return connection.execute(
            """SELECT letter, number FROM (
                   SELECT letter, number,
                       row_number() OVER (PARTITION BY letter ORDER BY confidence DESC, number) AS place
                   FROM customer_classes k JOIN customers c ON c.id = k.customer_id
                   WHERE run_id = (SELECT id FROM segmentation_runs ORDER BY as_of DESC, made_at DESC LIMIT 1)) ranked
               ORDER BY place, letter LIMIT %s""",
            [count],
        ).fetchall()


def _class_table(run: UUID, classes: pd.DataFrame) -> pa.Table:
    """The columns of customer_classes in its order, lists written as JSON and as PostgreSQL's array."""
    return pa.table(
        {
            "run_id": pa.repeat(pa.scalar(str(run)), len(classes)),
            "customer_id": pa.array(classes.index, pa.string()),
            "letter": pa.array(classes["letter"], pa.string()),
            "current": pa.array(classes["current"], pa.float64()),
            "potential": pa.array(classes["potential"], pa.float64()),
            "reasons": pa.array([json.dumps(reasons) for reasons in classes["reasons"]], pa.string()),
            "confidence": pa.array(classes["confidence"], pa.float64()),
            "missing": pa.array([f"{{{','.join(names)}}}" for names in classes["missing"]], pa.string()),
        }
    )
