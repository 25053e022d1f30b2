"""How a database stands, in numbers, for the person who runs it."""

from dataclasses import dataclass, field

import psycopg

from storage.database import libpq_url


@dataclass(frozen=True)
class Census:
    """Server version, schema revision (None before the first migration), ledger and inbox rows by state."""

    server: str
    revision: str | None
    deliveries: dict[str, int] = field(default_factory=dict)
    held: int = 0
    inbox: dict[str, int] = field(default_factory=dict)


def take(url: str) -> Census:
    """Count, in one snapshot.

    Raises:
        psycopg.OperationalError: the server does not answer.
    """
    with psycopg.connect(libpq_url(url), connect_timeout=10) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        server = connection.info.parameter_status("server_version") or "unknown"
        exists = connection.execute("SELECT to_regclass('public.alembic_version') IS NOT NULL").fetchone()
        if not exists or not exists[0]:
            return Census(server, None)
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        held = connection.execute("SELECT count(*) FROM deliveries WHERE awaits_release").fetchone()
        return Census(
            server,
            revision[0] if revision else None,
            dict(connection.execute("SELECT state, count(*) FROM deliveries GROUP BY state").fetchall()),
            held[0] if held else 0,
            dict(connection.execute("SELECT state, count(*) FROM inbox GROUP BY state").fetchall()),
        )
