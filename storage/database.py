"""The engine and the unit of work: the one place of this product that commits."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import structlog
from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

log: structlog.stdlib.BoundLogger = structlog.get_logger("database")
RESTED = 1.0  # Real seconds after which a pooled connection is asked whether it still lives.


def sqlalchemy_url(url: str) -> str:
    """Any libpq address as SQLAlchemy's address for psycopg 3."""
    scheme, rest = urlsplit(url).scheme, urlsplit(url)
    if scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise ValueError(f"DATABASE_URL must start with postgresql://, not {scheme}://")
    return urlunsplit(rest._replace(scheme="postgresql+psycopg"))


def libpq_url(url: str) -> str:
    """The same address for psycopg, Alembic's COPY and pg_dump."""
    return urlunsplit(urlsplit(url)._replace(scheme="postgresql"))


class UnitOfWork:
    """One transaction: commits when its block ends well, rolls back otherwise.

    The session opens its connection at the first statement, so a unit of work that waits costs nothing.
    """

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self.session = sessions()
        self._after_commit: list[Callable[[], None]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                await self.session.commit()
                for call in self._after_commit:
                    call()
        finally:
            await self.session.close()

    def after_commit(self, call: Callable[[], None]) -> None:
        """Do something cheap once the transaction is safe, such as waking the sender."""
        self._after_commit.append(call)

    async def alone(self, work: Callable[[], Awaitable[None]], fault: str) -> bool:
        """Do one part by itself; False where it failed: it is undone and logged as `fault`, and the rest goes on."""
        try:
            async with self.session.begin_nested():
                await work()
        except Exception:  # One part that cannot go on must never stop the others.
            log.exception(fault)
            return False
        return True


class Database:
    """The connection pool of one process."""

    def __init__(self, url: str, *, pool_size: int = 12) -> None:
        self.url = libpq_url(url)
        self.engine: AsyncEngine = create_async_engine(
            sqlalchemy_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=30,
            hide_parameters=True,  # A fault that reaches a log must not carry what people wrote.
        )
        _ask_the_rested(self.engine)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False, autoflush=False)

    def unit_of_work(self) -> UnitOfWork:
        """A fresh transaction, not yet connected."""
        return UnitOfWork(self._sessions)

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.engine.dispose()


@asynccontextmanager
async def one_transaction(url: str) -> AsyncIterator[UnitOfWork]:
    """One unit of work on a connection of its own, for commands; commits when its block ends well."""
    database = Database(url, pool_size=1)
    try:
        async with database.unit_of_work() as uow:
            yield uow
    finally:
        await database.close()


def _ask_the_rested(engine: AsyncEngine) -> None:
    """Let a connection that lay in the pool for a while prove that it lives; to ask each time costs as much as to work.

    After a restart of the server the first that does not answer takes all others of the pool along.
    """
    dialect = engine.sync_engine.dialect

    @event.listens_for(engine.sync_engine, "checkin")
    def rest(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        if monotonic() - record.info.get("rests_since", monotonic()) < RESTED:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as fault:
            raise InvalidatePoolError from fault
