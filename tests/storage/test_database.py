"""The connection pool: what lay in it for a while is asked whether it lives before it is used."""

import psycopg
import pytest
from sqlalchemy import text

from storage import database as pool
from storage.database import Database

END_ALL = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
)


async def test_connections_that_died_while_they_rested_are_replaced_unnoticed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "RESTED", 0.0)
    async with database.unit_of_work() as uow:
        before = await uow.session.scalar(text("SELECT pg_backend_pid()"))
    async with await psycopg.AsyncConnection.connect(database.url, autocommit=True) as other:
        await other.execute(END_ALL, [other.info.backend_pid])
    async with database.unit_of_work() as uow:
        assert await uow.session.scalar(text("SELECT pg_backend_pid()")) != before
