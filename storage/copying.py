"""Tables copied into the database in a thread of their own, while the caller goes on reckoning; for commands only."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain

import psycopg
import pyarrow as pa
from psycopg import sql

from storage.intakes import csv_of


class Copying:
    """Copies tables one after another on one connection, which nobody else may use inside `running`."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._thread: ThreadPoolExecutor | None = None
        self._begun: list[Future[None]] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        """Ends when everything that was begun inside is written, or raises what the server said first."""
        with ThreadPoolExecutor(max_workers=1) as self._thread:
            yield
        for done in self._begun:
            done.result()

    def begin(self, name: str, tables: Iterator[pa.Table], plain: Sequence[str]) -> None:
        """Copy a table's rows, which the thread asks for; statistics are made of the `plain` columns.

        What is written is read before the server would look at the new rows by itself. Nothing is looked for in JSON,
        whose statistics would take longer than all others.
        """
        assert self._thread is not None, "only inside running()"
        self._begun.append(self._thread.submit(self._copy, name, tables, plain))

    def _copy(self, name: str, tables: Iterator[pa.Table], plain: Sequence[str]) -> None:
        first = next(tables)
        into = sql.SQL("{} ({})").format(sql.Identifier(name), _names(first.column_names))
        parts = (part for table in chain([first], tables) for part in csv_of(table))
        with self._connection.cursor().copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(into)) as copy:
            for part in _ahead(parts):
                copy.write(part)
        self._connection.execute(sql.SQL("ANALYZE {} ({})").format(sql.Identifier(name), _names(plain)))


def _ahead(parts: Iterator[pa.Buffer]) -> Iterator[pa.Buffer]:
    """The same parts; the next is made while the server takes one."""
    with ThreadPoolExecutor(max_workers=1) as maker:
        coming = maker.submit(next, parts, None)
        while (part := coming.result()) is not None:
            coming = maker.submit(next, parts, None)
            yield part


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
