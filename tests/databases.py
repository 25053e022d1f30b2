"""Databases for tests: migrated copies of the session's template."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg import sql

from storage.private_postgres import PrivatePostgres

TEMPLATE = "template_welfare"


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
