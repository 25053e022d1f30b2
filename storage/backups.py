"""A backup: one file with a manifest, a dump of the database and the uploads; the keys are never in it."""

import json
import os
import zipfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import psycopg
from psycopg import sql

from storage import postgres_tools
from storage.database import libpq_url

FORMAT = 1
MANIFEST, DUMP, UPLOADS = "manifest.json", "database.dump", "uploads/"


class BackupError(RuntimeError):
    """A backup cannot be made or read; the message says why."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: schema revision, time, server version, the wrapping keys it needs, rows per table."""

    revision: str
    made_at: str
    server: str
    wrapping_keys: list[str]
    counts: dict[str, int]
    format: int = FORMAT

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """Read a manifest.

        Raises:
            BackupError: it is none, or of a later format.
        """
        try:
            found: dict[str, Any] = json.loads(text)
            manifest = cls(**found)
        except (ValueError, TypeError) as error:
            raise BackupError("The file's manifest cannot be read: it is no backup of this product.") from error
        if manifest.format != FORMAT:
            raise BackupError(f"The backup has format {manifest.format}, this program reads {FORMAT}: update it first.")
        return manifest


def write(url: str, uploads: Path, file: Path, now: datetime) -> Manifest:
    """Make a backup of one moment; the file appears whole or not at all, readable by its owner only.

    Raises:
        BackupError: the file exists, or the database has no schema.
        storage.postgres_tools.ToolError: pg_dump is missing or failed.
    """
    if file.exists():
        raise BackupError(f"{file} exists already: name a new file, nothing is overwritten.")
    draft = file.with_name(f"{file.name}.draft")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    try:
        with draft.open("wb") as stream:
            manifest = _fill(url, uploads, stream, now)
            stream.flush()
            os.fsync(stream.fileno())
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def read_manifest(file: Path) -> Manifest:
    """What a backup says about itself.

    Raises:
        BackupError: the file is no backup.
    """
    if not file.exists():
        raise BackupError(f"{file} does not exist: name the file that `backup` wrote.")
    try:
        with zipfile.ZipFile(file) as archive:
            return Manifest.parse(archive.read(MANIFEST))
    except (zipfile.BadZipFile, KeyError) as error:
        raise BackupError(f"{file} is no backup of this product, or it was cut short.") from error


def restore_database(file: Path, url: str) -> None:
    """Fill an empty database from a backup, whole or not at all, and count every table against the manifest.

    Raises:
        BackupError: the file is damaged, or the counts differ.
        storage.postgres_tools.ToolError: pg_restore is missing or failed.
    """
    manifest = read_manifest(file)
    with psycopg.connect(libpq_url(url)) as connection:
        tool = postgres_tools.find_tool("pg_restore", max(_major(connection), int(manifest.server.split(".")[0])))
    try:
        with zipfile.ZipFile(file) as archive, archive.open(DUMP) as dump:
            postgres_tools.load(url, tool, dump)
    except zipfile.BadZipFile as error:
        raise BackupError(f"{file} is damaged ({error}): use another backup.") from error
    with psycopg.connect(libpq_url(url)) as connection:
        if row_counts(connection) != manifest.counts:
            raise BackupError(f"The restored tables do not hold as many rows as {file} says: use another backup.")


def restore_uploads(file: Path, uploads: Path) -> int:
    """Put the uploads back where they were; returns how many."""
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name.startswith(UPLOADS)]
        for name in names:
            archive.extract(name, uploads.parent)
    return len(names)


def is_empty(url: str) -> bool:
    """Whether a database has no tables at all."""
    with psycopg.connect(libpq_url(url)) as connection:
        return not _tables(connection)


def row_counts(connection: psycopg.Connection) -> dict[str, int]:
    """Rows by table, as this transaction sees them."""
    return {
        f"{schema}.{table}": _number(
            connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
        )
        for schema, table in _tables(connection)
    }


def _fill(url: str, uploads: Path, stream: Any, now: datetime) -> Manifest:
    """Manifest and dump see one snapshot, so that the counts are the dump's own."""
    with (
        psycopg.connect(libpq_url(url)) as connection,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True) as archive,
    ):
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tool = postgres_tools.find_tool("pg_dump", _major(connection))
        manifest = _describe(connection, now)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=2))
        with archive.open(DUMP, "w", force_zip64=True) as member:
            postgres_tools.dump(url, tool, _text(connection, "SELECT pg_export_snapshot()"), member)
        for upload in sorted(path for path in uploads.rglob("*") if path.is_file()):
            archive.write(upload, f"{UPLOADS}{upload.relative_to(uploads)}")
    return manifest


def _describe(connection: psycopg.Connection, now: datetime) -> Manifest:
    if ("public", "alembic_version") not in _tables(connection):
        raise BackupError("The database has no schema yet, so there is nothing to keep: run `migrate` first.")
    wrapping = connection.execute("SELECT DISTINCT key_name FROM data_keys ORDER BY key_name").fetchall()
    return Manifest(
        revision=_text(connection, "SELECT version_num FROM alembic_version"),
        made_at=now.isoformat(timespec="seconds"),
        server=_text(connection, "SHOW server_version"),
        wrapping_keys=[name for (name,) in wrapping],
        counts=row_counts(connection),
    )


def _tables(connection: psycopg.Connection) -> list[tuple[str, str]]:
    query = (
        "SELECT schemaname, tablename FROM pg_tables "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
    )
    return connection.execute(query).fetchall()


def _major(connection: psycopg.Connection) -> int:
    return connection.info.server_version // 10_000


def _text(connection: psycopg.Connection, query: str) -> str:
    row = connection.execute(query).fetchone()
    assert row is not None
    return str(row[0])


def _number(connection: psycopg.Connection, query: sql.Composed) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])
