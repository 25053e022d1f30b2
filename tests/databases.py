"""Databases for tests: migrated copies of the session's template."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from storage.private_postgres import PrivatePostgres

TEMPLATE = "template_welfare"
MEMORY = Path("/dev/shm")  # noqa: S108 - every folder in it is a fresh one of the session's own.
ROOM = 4 * 1024**3  # Bytes that must be free there.


def brief_folder() -> Path | None:
    """Where data may lie that die with the session: in memory where there is room, else where temporary files go.

    A database copied in memory costs 0.02 s, on a disk ten to thirty times as much.
    """
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM else None


@contextmanager
def fresh_database(postgres: PrivatePostgres) -> Iterator[str]:
    """The address of a migrated database that is dropped when the block ends."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE)
            )
        )
        try:
            yield postgres.url(name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
