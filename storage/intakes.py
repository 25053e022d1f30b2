"""Deliveries in the database: one import at a time, files staged by their hash, the history of what was published."""

import secrets
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import uuid4

import psycopg
import pyarrow as pa
from psycopg import sql
from psycopg.types.json import Jsonb
from pyarrow import csv as arrow_csv

from segmentation.intake.cleaning import NUMBER, CleanFile, FileQuality
from segmentation.intake.deliveries import DeliveredFile, Delivery
from segmentation.intake.faults import refuse
from storage.contacts import publish_contacts
from storage.database import libpq_url
from storage.publication import Publication, Published
from storage.vault import Vault

INTAKE_LOCK = 7301
LOCK_PATIENCE = 3000  # The server needs a moment to notice that a killed import's connection is gone.
UUID_MARKS = 0xF << 76 | 0x3 << 62
UUID_VERSION = 0x7 << 76 | 0x2 << 62
TYPES: dict[str, LiteralString] = {"yuan": "bigint", "count": "integer", "moment": "timestamp"}


@contextmanager
def open_intakes(url: str, vault: Vault, *, patience: int = LOCK_PATIENCE) -> Iterator["SqlIntakeStore"]:
    """A store on a connection of its own that holds the lock of imports until the block ends; `patience` in ms.

    Raises:
        DeliveryRefusedError: another import is running.
    """
    with psycopg.connect(libpq_url(url), autocommit=True) as connection:
        connection.execute("SET client_connection_check_interval = '500ms'")
        connection.execute(sql.SQL("SET lock_timeout = {}").format(sql.Literal(patience)))
        try:
            connection.execute("SELECT pg_advisory_lock(%s)", [INTAKE_LOCK])
        except psycopg.errors.LockNotAvailable as error:
            raise refuse("busy", "Another import is running; start this one when it has ended.") from error
        connection.execute("RESET lock_timeout")
        yield SqlIntakeStore(connection, vault)


class SqlIntakeStore:
    """Staging, publication and history of deliveries; synchronous, for commands and jobs."""

    def __init__(self, connection: psycopg.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def is_current(self, delivery: Delivery) -> bool:
        """Whether every file of the delivery is what was published last for its place."""
        found = self._connection.execute(
            """SELECT DISTINCT ON (f.department, f.true_at) f.department, f.true_at, f.sha256, f.mapping
               FROM intake_files f JOIN intakes i ON i.id = f.intake_id
               WHERE i.as_of = %s ORDER BY f.department, f.true_at, i.published_at DESC""",
            [delivery.as_of],
        ).fetchall()
        mapping = delivery.profile.digest
        return {(f.department.name, f.true_at, f.sha256, mapping) for f in delivery.files} <= set(found)

    def has_customers(self, as_of: date | None) -> bool:
        """Whether customers are known, at that day or at all."""
        if as_of is None:
            query, given = "SELECT EXISTS (SELECT FROM customers)", None
        else:
            query, given = "SELECT EXISTS (SELECT FROM customer_snapshots WHERE as_of = %s)", [as_of]
        row = self._connection.execute(query, given).fetchone()
        return bool(row and row[0])

    def staged(self, file: DeliveredFile, mapping: str) -> FileQuality | None:
        """What was found in a file that is completely staged already; None when it must be read.

        An unlogged table is empty after a crash of the server, so its rows are counted again.
        """
        row = self._connection.execute(
            "SELECT relation, rows, quality FROM staged_files WHERE (sha256, mapping, true_at) = (%s, %s, %s)",
            [file.sha256, mapping, file.true_at],
        ).fetchone()
        if row is None:
            return None
        relation, rows, quality = row
        counted = self._connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(relation)))
        return FileQuality.from_json(quality) if counted.fetchone() == (rows,) else None

    def stage(self, file: DeliveredFile, mapping: str, clean: CleanFile, now: datetime) -> None:
        """Copy a file's good rows to an unlogged table; the table and its entry appear together or not at all."""
        relation = sql.Identifier(relation_of(file, mapping))
        key = [file.sha256, mapping, file.true_at]
        with self._connection.transaction():
            # What a crash of the server would lose here is read again, so nothing waits for the disk.
            self._connection.execute("SET LOCAL synchronous_commit = off")
            self._connection.execute("DELETE FROM staged_files WHERE (sha256, mapping, true_at) = (%s, %s, %s)", key)
            self._connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(relation))
            self._connection.execute(_create_staging(file, relation))
            table = _with_ids(clean.table) if file.department.sample else clean.table
            with self._connection.cursor().copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(relation)) as copy:
                copy.write(csv_of(table))
            self._connection.execute(sql.SQL("ANALYZE {}").format(relation))
            self._connection.execute(
                "INSERT INTO staged_files VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [*key, relation_of(file, mapping), len(table), Jsonb(clean.quality.as_json()), now],
            )

    def drop_staging(self) -> None:
        """Forget everything staged, also what an import of another folder left behind."""
        with self._connection.transaction():
            for (relation,) in self._connection.execute("SELECT relation FROM staged_files").fetchall():
                self._connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(relation)))
            self._connection.execute("DELETE FROM staged_files")

    def transaction(self) -> AbstractContextManager[Any]:
        """One transaction around publishing, recording and clearing up."""
        return self._connection.transaction()

    def publish(self, delivery: Delivery, contacts: CleanFile | None) -> Published:
        """Turn everything staged into customers, snapshots, deposits and orphans; part of the caller's transaction."""
        mapping = delivery.profile.digest
        staged = {f: relation_of(f, mapping) for f in delivery.files if f.department.subject != "contacts"}
        published = Publication(self._connection, delivery, staged).run()
        if contacts is None:
            return published
        rows = contacts.table.to_pylist()
        unknown, shared = publish_contacts(self._connection, self._vault, rows, delivery.as_of)
        orphans = {**published.orphans, contacts.quality.file: unknown}
        return replace(published, orphans=orphans, shared_phones=shared)

    def record(self, delivery: Delivery, rows: dict[str, int], report: dict[str, Any], now: datetime) -> None:
        """Write down what was published; part of the caller's transaction."""
        intake = uuid4()
        self._connection.execute(
            "INSERT INTO intakes VALUES (%s, %s, %s, %s, %s)",
            [intake, delivery.profile.name, delivery.as_of, now, Jsonb(report)],
        )
        mapping = delivery.profile.digest
        for f in delivery.files:
            place = [f.department.name, f.true_at, f.department.subject]
            self._connection.execute(
                "INSERT INTO intake_files VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                [intake, *place, f.name, f.sha256, mapping, rows[f.name]],
            )


def relation_of(file: DeliveredFile, mapping: str) -> str:
    """The staging table of a file under a mapping at a day."""
    return f"staged_{file.sha256[:24]}_{mapping[:8]}_{file.true_at:%Y%m%d}"


def csv_of(table: pa.Table) -> pa.Buffer:
    """A table as PostgreSQL's COPY reads it: null is empty, text is quoted."""
    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(table, sink, arrow_csv.WriteOptions(include_header=False, quoting_style="needed"))
    return sink.getvalue()


def _create_staging(file: DeliveredFile, relation: sql.Identifier) -> sql.Composed:
    columns: list[sql.Composable] = [sql.SQL("{} varchar").format(sql.Identifier(NUMBER))]
    columns += [
        sql.SQL("{} {}").format(sql.Identifier(c.field), sql.SQL(TYPES[c.type])) for c in file.department.columns
    ]
    columns += [sql.SQL("customer_id uuid")] if file.department.sample else []
    return sql.SQL("CREATE UNLOGGED TABLE {} ({})").format(relation, sql.SQL(", ").join(columns))


def _with_ids(table: pa.Table) -> pa.Table:
    """Client-made ids, rising in time (UUID version 7, RFC 9562), so that indexes grow at their end."""
    stamp = time.time_ns() // 1_000_000 << 80
    ids = sorted(stamp | secrets.randbits(80) for _ in range(len(table)))
    text = [f"{number & ~UUID_MARKS | UUID_VERSION:032x}" for number in ids]
    return table.append_column("customer_id", pa.array(text, pa.string()))
