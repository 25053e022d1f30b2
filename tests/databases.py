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
_unwritten: dict[str, list[str]] = {}  # By server, databases that are as they were copied.


def brief_folder() -> Path | None:
    """Where data may lie that die with the session: in memory where there is room, else where temporary files go.

    A database copied in memory costs 0.02 s, on a disk ten to thirty times as much.
    """
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM else None


@contextmanager
def fresh_database(postgres: PrivatePostgres) -> Iterator[str]:
    """The address of a migrated database; dropped when the block ends, or kept for the next if nothing was written.

    To copy and to drop one costs the server 0.05 s; every third test is refused whatever it asks for.
    """
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        unwritten = _unwritten.setdefault(postgres.url("postgres"), [])
        name = unwritten.pop() if unwritten else _copied(connection)
        before = _next_transaction(connection)
        try:
            yield postgres.url(name)
        finally:
            is_unwritten = _next_transaction(connection) == before and _emptied(connection, name)
            if is_unwritten and _next_transaction(connection) == before:
                unwritten.append(name)
            else:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _copied(connection: psycopg.Connection) -> str:
    name = f"test_{uuid4().hex}"
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
    connection.execute(copy.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
    return name


def _next_transaction(connection: psycopg.Connection) -> str:
    """The number that the server's next transaction that writes will have: the same means that none wrote."""
    [found] = connection.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").fetchone() or [""]
    return str(found)


def _emptied(connection: psycopg.Connection, name: str) -> bool:
    """End whoever is still connected to a database; True once nobody is."""
    ended = connection.execute(
        "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = %s", (name,)
    ).fetchall()
    return all(is_gone for (is_gone,) in ended)
