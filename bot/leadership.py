"""One worker per bot: an advisory lock decides which process polls, works and sends; another takes over."""

import asyncio

import psycopg
import structlog

from bot import metrics
from storage.database import libpq_url

LOCK_CLASS = 7301
ASK_AGAIN = 1.0  # Real seconds.

log: structlog.stdlib.BoundLogger = structlog.get_logger("leadership")


class LeadershipLostError(RuntimeError):
    """The connection that held the bot's lock is gone, so another process may lead: stop at once."""


class Leadership:
    """Holds the bot's lock on a connection of its own."""

    def __init__(self, url: str, bot_id: int, *, ask_again: float = ASK_AGAIN) -> None:
        self._url = url
        self._ask_again = ask_again
        self._key = bot_id % 2**31
        self._connection: psycopg.AsyncConnection | None = None

    async def win(self) -> None:
        """Wait until the lock is ours; says once that another process leads."""
        self._connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
        told = False
        while not await self._try(self._connection):
            if not told:
                log.info("standing_by")
                told = True
            await asyncio.sleep(self._ask_again)
        metrics.LEADER.set(1)
        log.info("leading")

    async def keep(self) -> None:
        """Watch the connection that holds the lock.

        Raises:
            LeadershipLostError: it is gone.
        """
        assert self._connection is not None
        while True:
            await asyncio.sleep(self._ask_again)
            try:
                await self._connection.execute("SELECT 1")
            except psycopg.OperationalError as fault:
                metrics.LEADER.set(0)
                raise LeadershipLostError("The database connection that held the bot's lock is gone.") from fault

    async def resign(self) -> None:
        """Give the lock back."""
        metrics.LEADER.set(0)
        if self._connection is not None:
            await self._connection.close()

    async def _try(self, connection: psycopg.AsyncConnection) -> bool:
        found = await connection.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, self._key])
        row = await found.fetchone()
        return bool(row and row[0])


def leading(url: str) -> list[int]:
    """The keys of the bots that a process leads on this database right now."""
    with psycopg.connect(libpq_url(url), connect_timeout=10) as connection:
        found = connection.execute(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND granted "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [LOCK_CLASS],
        )
        return [key for (key,) in found.fetchall()]
