"""Deliveries in the database: one import at a time, files staged by their hash, the history of what was published."""

import secrets
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
import pyarrow as pa
from psycopg import sql
from psycopg.types.json import Jsonb
from pyarrow import csv as arrow_csv

from segmentation.intake.cleaning import NUMBER, CleanFile, FileQuality
from segmentation.intake.deliveries import DeliveredFile, Delivery
from segmentation.intake.faults import refuse
from segmentation.intake.subjects import CONTACTS
from storage.contacts import publish_contacts
from storage.database import libpq_url
from storage.publication import Publication, Published, Staged
from storage.records import assemble_records, forget_unpublished, keep_records
from storage.vault import Vault

INTAKE_LOCK = 7301
CUSTOMER_ID = "customer_id"
TOGETHER = 16_384  # Rows that COPY gets at once, so that their text is never in memory whole.
LOCK_PATIENCE = 3000  # The server needs a moment to notice that a killed import's connection is gone.
UUID_MARKS = 0xF << 76 | 0x3 << 62
UUID_VERSION = 0x7 << 76 | 0x2 << 62
TYPES: dict[str, LiteralString] = {
    "int64": "bigint",
    "int32": "integer",
    "timestamp[s]": "timestamp",
    "timestamp[us]": "timestamp",
    "date32[day]": "date",
    "string": "varchar",
    "double": "double precision",
}


@contextmanager
def open_intakes(
    url: str, vault: Vault, *, patience: int = LOCK_PATIENCE, scratch: Path | None = None
) -> Iterator["SqlIntakeStore"]:
    """A store on a connection of its own that holds the lock of imports until the block ends; `patience` in ms.

    Records that are larger than the engine's memory are worked on in `scratch`, by default the system's own folder.

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
        if scratch is not None:
            scratch.mkdir(parents=True, exist_ok=True)
        yield SqlIntakeStore(connection, vault, scratch)


class SqlIntakeStore:
    """Staging, publication and history of deliveries; synchronous, for commands and jobs."""

    def __init__(self, connection: psycopg.Connection, vault: Vault, scratch: Path | None = None) -> None:
        self._connection = connection
        self._vault = vault
        self._scratch = scratch

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
        if file.department.is_record:
            return FileQuality.from_json(quality)
        counted = self._connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(relation)))
        return FileQuality.from_json(quality) if counted.fetchone() == (rows,) else None

    def earlier(self, file: DeliveredFile, profile: str) -> FileQuality | None:
        """What the same department's delivery before this day held, as far as reports tell it."""
        row = self._connection.execute(
            """SELECT f -> 'quality' FROM intakes i, jsonb_array_elements(i.report -> 'files') f
               WHERE i.profile = %s AND f -> 'quality' ->> 'department' = %s
                   AND (f -> 'quality' ->> 'true_at')::date < %s
               ORDER BY (f -> 'quality' ->> 'true_at')::date DESC, i.published_at DESC LIMIT 1""",
            [profile, file.department.name, file.true_at],
        ).fetchone()
        return FileQuality.from_json(row[0]) if row else None

    def stage(self, file: DeliveredFile, mapping: str, clean: CleanFile, now: datetime) -> None:
        """Keep a file's good rows in staging and its bad ones in quarantine; all appear together or not at all."""
        name = relation_of(file, mapping)
        key = [file.sha256, mapping, file.true_at]
        with self._connection.transaction():
            # What a crash of the server would lose here is read again, so nothing waits for the disk.
            self._connection.execute("SET LOCAL synchronous_commit = off")
            self._connection.execute("DELETE FROM staged_files WHERE (sha256, mapping, true_at) = (%s, %s, %s)", key)
            if file.department.is_record:
                keep_records(self._connection, file.sha256, mapping, clean.table)
            else:
                self._connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(name)))
                table = _with_ids(clean.table) if file.department.sample else clean.table
                self._copy(table, name, "UNLOGGED TABLE", "")
            self.quarantine(file, mapping, clean)
            self._connection.execute(
                "INSERT INTO staged_files VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [*key, name, len(clean.table), Jsonb(clean.quality.as_json()), now],
            )

    def quarantine(self, file: DeliveredFile, mapping: str, clean: CleanFile) -> None:
        """Keep the rows that were not taken, each with its reason."""
        key = [file.sha256, mapping, file.true_at]
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO quarantined_rows VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [[*key, row.fault.line, row.fault.code, str(row.fault), row.text] for row in clean.quarantine],
            )

    def _copy(self, table: pa.Table, name: str, kind: LiteralString, end: LiteralString) -> None:
        """Copy a table into a new relation of the same columns."""
        relation = sql.Identifier(name)
        columns = sql.SQL(", ").join(
            sql.SQL("{} {}").format(
                sql.Identifier(column), sql.SQL("uuid" if column == CUSTOMER_ID else TYPES[str(table[column].type)])
            )
            for column in table.column_names
        )
        statement = sql.SQL("CREATE {} {} ({}) {}")
        self._connection.execute(statement.format(sql.SQL(kind), relation, columns, sql.SQL(end)))
        with self._connection.cursor().copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(relation)) as copy:
            for part in csv_of(table):
                copy.write(part)
        self._connection.execute(sql.SQL("ANALYZE {}").format(relation))

    def drop_staging(self) -> None:
        """Forget everything staged, also what an import of another folder left behind."""
        with self._connection.transaction():
            for (relation,) in self._connection.execute("SELECT relation FROM staged_files").fetchall():
                self._connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(relation)))
            self._connection.execute("DELETE FROM staged_files")
            forget_unpublished(self._connection)

    def transaction(self) -> AbstractContextManager[Any]:
        """One transaction around publishing, recording and clearing up."""
        return self._connection.transaction()

    def publish(self, delivery: Delivery, contacts: CleanFile | None, now: datetime) -> Published:
        """Turn everything staged into customers, snapshots, deposits and orphans; part of the caller's transaction.

        The delivery must be recorded before.
        """
        mapping = delivery.profile.digest
        flat = [f for f in delivery.files if not f.department.is_record and f.department.subject != CONTACTS]
        staged = [_staged(f, sql.Identifier(relation_of(f, mapping))) for f in flat]
        unknown: dict[str, int] = {}
        if any(f.department.is_record for f in delivery.files):
            assembled, unknown = self._stage_records(delivery)
            staged += assembled
        published = Publication(self._connection, delivery, staged, now).run()
        orphans = dict(published.orphans)
        for name, keys in unknown.items():
            orphans[name] = orphans.get(name, 0) + keys
        published = replace(published, orphans=orphans)
        if contacts is None:
            return published
        contact_file = next(f for f in delivery.files if f.department.subject == CONTACTS)
        self.quarantine(contact_file, mapping, contacts)
        rows = contacts.table.to_pylist()
        strangers, shared = publish_contacts(self._connection, self._vault, rows, delivery.as_of)
        return replace(published, orphans={**orphans, contacts.quality.file: strangers}, shared_phones=shared)

    def _stage_records(self, delivery: Delivery) -> tuple[list[Staged], dict[str, int]]:
        """What the records say as of the day, staged like files; and how many keys lead to nobody, by file."""
        found = assemble_records(self._connection, delivery, self._scratch)
        names = {f.department.name: f.name for f in delivery.files}
        staged = []
        for at, (department, subject, table) in enumerate(found.tables):
            sample = department.sample and subject == "balances"
            relation = f"assembled_{at}"
            self._copy(_with_ids(table) if sample else table, relation, "TEMPORARY TABLE", "ON COMMIT DROP")
            fields = tuple(name for name in table.column_names if name != NUMBER)
            file = names.get(department.name, department.name)
            identifier = sql.Identifier(relation)
            staged.append(Staged(file, department.name, subject, sample, delivery.as_of, identifier, fields))
        unknown = {names[name]: len(keys) for name, keys in found.unknown.items() if name in names}
        return staged, unknown

    def record(self, delivery: Delivery, rows: dict[str, int], now: datetime) -> UUID:
        """Write down what is being published; part of the caller's transaction."""
        intake = uuid4()
        self._connection.execute(
            "INSERT INTO intakes VALUES (%s, %s, %s, %s, '{}')", [intake, delivery.profile.name, delivery.as_of, now]
        )
        mapping = delivery.profile.digest
        for f in delivery.files:
            place = [f.department.name, f.true_at, f.department.subject]
            self._connection.execute(
                "INSERT INTO intake_files VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                [intake, *place, f.name, f.sha256, mapping, rows[f.name]],
            )
        return intake

    def report(self, intake: UUID, report: dict[str, Any]) -> None:
        """Keep the report of what was published; part of the caller's transaction."""
        self._connection.execute("UPDATE intakes SET report = %s WHERE id = %s", [Jsonb(report), intake])


def relation_of(file: DeliveredFile, mapping: str) -> str:
    """The staging table of a file under a mapping at a day."""
    return f"staged_{file.sha256[:24]}_{mapping[:8]}_{file.true_at:%Y%m%d}"


def csv_of(table: pa.Table) -> Iterator[pa.Buffer]:
    """A table as PostgreSQL's COPY reads it, some rows at a time: null is empty, text is quoted."""
    options = arrow_csv.WriteOptions(include_header=False, quoting_style="needed")
    for start in range(0, len(table), TOGETHER):
        sink = pa.BufferOutputStream()
        arrow_csv.write_csv(table.slice(start, TOGETHER), sink, options)
        yield sink.getvalue()


def _staged(file: DeliveredFile, relation: sql.Identifier) -> Staged:
    department = file.department
    place = (file.name, department.name, department.subject, department.sample, file.true_at)
    return Staged(*place, relation, department.fields)


def _with_ids(table: pa.Table) -> pa.Table:
    """Client-made ids, rising in time (UUID version 7, RFC 9562), so that indexes grow at their end."""
    stamp = time.time_ns() // 1_000_000 << 80
    ids = sorted(stamp | secrets.randbits(80) for _ in range(len(table)))
    text = [f"{number & ~UUID_MARKS | UUID_VERSION:032x}" for number in ids]
    return table.append_column(CUSTOMER_ID, pa.array(text, pa.string()))
