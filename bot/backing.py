"""The database that this process works on: DATABASE_URL's server, or the private one under VAR_DIR."""

import asyncio
import fcntl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import IO, TypeVar

from bot.settings import Settings
from storage.database import UnitOfWork, libpq_url, one_transaction

Found = TypeVar("Found")


@contextmanager
def migrated_database(settings: Settings) -> Iterator[str]:
    """The address of a database whose schema is up to date.

    The private server is started when it does not run, and stopped by the last of our processes that leaves.
    Raises: storage.private_postgres.PrivatePostgresError, sqlalchemy.exc.OperationalError.
    """
    from storage import schema

    with open_database(settings) as url:
        schema.upgrade(url)
        yield url


@contextmanager
def open_database(settings: Settings) -> Iterator[str]:
    """The address of the database, with no look at its schema."""
    if settings.database_url:
        yield libpq_url(settings.database_url)
        return
    from storage.private_postgres import PrivatePostgres

    settings.var_dir.mkdir(parents=True, exist_ok=True)
    server = PrivatePostgres(settings.postgres_dir)
    with (settings.var_dir / "postgres.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield server.start().url()
        finally:
            if _is_last(users):
                server.stop()


def in_one_transaction(url: str, do: Callable[[UnitOfWork], Awaitable[Found]]) -> Found:
    """Do one thing of a command in one transaction."""

    async def work() -> Found:
        async with one_transaction(url) as uow:
            return await do(uow)

    return asyncio.run(work())


def _is_last(users: IO[str]) -> bool:
    """Whether no other process of ours uses the server (a shared lock dies with its process, kill -9 included)."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
