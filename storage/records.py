"""Records as delivered — accounts, cards, transactions — kept as Parquet in parts, and what they say as of a day."""

import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import psycopg
import pyarrow as pa
from pyarrow import parquet

from campaigns.bankdays.festivals import spring_festivals
from segmentation.engine.records import Assembled, RecordFiles, assemble
from segmentation.engine.session import open_engine
from segmentation.intake.deliveries import Delivery
from segmentation.intake.profiles import Department, Profile
from segmentation.windowed import WINDOWS, windowed_table

PART = 8 * 2**20


def keep_records(connection: psycopg.Connection, sha256: str, mapping: str, table: pa.Table) -> None:
    """Keep a file's good rows, in the order delivered; the same file under the same mapping is kept once."""
    sink = io.BytesIO()
    parquet.write_table(table, sink, compression="zstd")
    body = sink.getbuffer()
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO delivered_records VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [(sha256, mapping, at, body[start : start + PART]) for at, start in enumerate(range(0, len(body), PART))],
        )


def forget_unpublished(connection: psycopg.Connection) -> None:
    """Drop the records and the quarantined rows of files that no published delivery names."""
    connection.execute(
        """DELETE FROM delivered_records r WHERE NOT EXISTS
               (SELECT FROM intake_files f WHERE (f.sha256, f.mapping) = (r.sha256, r.mapping))"""
    )
    connection.execute(
        """DELETE FROM quarantined_rows q WHERE NOT EXISTS
               (SELECT FROM intake_files f WHERE (f.sha256, f.mapping, f.true_at) = (q.sha256, q.mapping, q.true_at))"""
    )


@contextmanager
def delivered_records(
    connection: psycopg.Connection,
    profile: Profile,
    as_of: date,
    *,
    newest: Sequence[str] = (),
    scratch: Path | None = None,
) -> Iterator[list[RecordFiles]]:
    """The record files that are valid at a day, as Parquet files in a folder under `scratch` until the block ends.

    Of a department that tells its whole history each time, the latest file; of one that delivers by month or quarter,
    every month's latest. Files whose SHA-256 is among `newest` win over others that were published at the same moment.
    """
    with tempfile.TemporaryDirectory(dir=scratch, prefix="records-") as folder:
        yield [
            RecordFiles(department, paths)
            for department in profile.departments
            if department.is_record
            and (paths := _write_out(connection, department, profile, as_of, newest, Path(folder)))
        ]


def assemble_records(connection: psycopg.Connection, delivery: Delivery, scratch: Path | None = None) -> Assembled:
    """What all records say as of a delivery's day, its own files and those of departments that said nothing new.

    Single transactions tell, beside the activity of the quarter, windows and seasons (`segmentation.windowed`).
    """
    newest = [file.sha256 for file in delivery.files]
    profile, as_of = delivery.profile, delivery.as_of
    with (
        delivered_records(connection, profile, as_of, newest=newest, scratch=scratch) as records,
        tempfile.TemporaryDirectory(dir=scratch, prefix="spill-") as spill,
        open_engine(Path(spill)) as engine,
    ):
        assembled = assemble(engine, records, as_of)
        return replace(assembled, tables=(*assembled.tables, *_windows(engine, records, delivery)))


def _windows(
    engine: duckdb.DuckDBPyConnection, records: Sequence[RecordFiles], delivery: Delivery
) -> Iterator[tuple[Department, str, pa.Table]]:
    """Windows and seasons of the assembled movements, of the department of the transactions."""
    festivals = spring_festivals(delivery.as_of, delivery.profile.zone)
    for found in records:
        if found.department.subject == "transactions":
            yield found.department, WINDOWS, windowed_table(engine, "movements", delivery.as_of, festivals)


def _write_out(
    connection: psycopg.Connection,
    department: Department,
    profile: Profile,
    as_of: date,
    newest: Sequence[str],
    folder: Path,
) -> Sequence[Path]:
    rows = connection.execute(
        """SELECT DISTINCT ON (f.true_at) f.true_at, f.sha256, f.mapping
           FROM intake_files f JOIN intakes i ON i.id = f.intake_id
           WHERE i.profile = %s AND f.department = %s AND f.true_at <= %s
           ORDER BY f.true_at DESC, i.published_at DESC, f.sha256 = ANY(%s) DESC""",
        [profile.name, department.name, as_of, list(newest)],
    ).fetchall()
    chosen = rows[:1] if department.true_at == "as_of" else rows[::-1]
    return [
        _write_one(connection, sha256, mapping, folder / f"{department.name}-{day:%Y%m%d}.parquet")
        for day, sha256, mapping in chosen
    ]


def _write_one(connection: psycopg.Connection, sha256: str, mapping: str, path: Path) -> Path:
    query = "SELECT body FROM delivered_records WHERE (sha256, mapping) = (%s, %s) ORDER BY part"
    with path.open("wb") as file, connection.cursor() as cursor:
        for (body,) in cursor.stream(query, [sha256, mapping]):
            file.write(body)
    return path
