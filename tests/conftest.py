"""One real PostgreSQL for the whole test session, migrated once; every test gets a fresh copy of the schema."""

import gc
import os
import ssl
import tempfile
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import hypothesis
import psycopg
import pytest
from psycopg import sql

from bot.clock import Clock
from storage import schema
from storage.database import Database, UnitOfWork
from storage.private_postgres import PrivatePostgres
from storage.vault import Keyring, Vault
from tests.databases import TEMPLATE, brief_folder, fresh_database

SETTINGS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_wal_size = '128MB'")

LONG = ("e2e/", "browser/", "segmentation/test_spark", "segmentation/test_outlook")  # Waiting for them last is a waste.


hypothesis.settings.register_profile("untimed", deadline=None)  # No test fails because the machine is busy.
hypothesis.settings.load_profile("untimed")
ssl.create_default_context = cache(ssl.create_default_context)  # type: ignore[assignment]  # 20 ms for each client else.
gc.disable()  # Everything that is made while modules load stays: looking through it again and again costs a fifth.


def pytest_collection_finish() -> None:
    """From here on garbage is collected, and what was loaded is left out of it."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules with long tests begin first, so that the workers end together."""
    items.sort(key=lambda item: not any(f"tests/{part}" in item.nodeid for part in LONG))


@pytest.fixture
def open_dir() -> Iterator[Path]:
    """A folder that a private PostgreSQL can live in: pytest keeps its own folders shut to other users."""
    with tempfile.TemporaryDirectory(prefix="welfare-", dir=brief_folder()) as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the server runs as another user when the tests run as root.
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """The server of this test process; without fsync, since the data die with the session."""
    with tempfile.TemporaryDirectory(prefix="welfare-", dir=brief_folder()) as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the server runs as another user when the tests run as root.
        server = PrivatePostgres(Path(folder) / "pg").start()
        try:
            with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
                for setting in SETTINGS:
                    connection.execute(sql.SQL("ALTER SYSTEM SET " + setting))
                connection.execute("SELECT pg_reload_conf()")
            server.create_database(TEMPLATE)
            schema.upgrade(server.url(TEMPLATE))
            yield server
        finally:
            server.stop()


@pytest.fixture
def database_url(postgres: PrivatePostgres) -> Iterator[str]:
    """A migrated database of the test's own, copied from the template."""
    with fresh_database(postgres) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The test's database behind a small pool."""
    found = Database(database_url, pool_size=8)
    yield found
    await found.close()


@pytest.fixture
async def uow(database: Database) -> AsyncIterator[UnitOfWork]:
    """One transaction that commits when the test ends well."""
    async with database.unit_of_work() as unit:
        yield unit


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """A vault with keys of the test's own."""
    return Vault(Keyring.open(tmp_path / "keys" / "keyring.json"))


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    """A clock that the test may turn by writing its file."""
    return Clock(tmp_path / "clock.json")
