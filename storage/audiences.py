"""Audiences in the database: counted and sampled at once, saved lines and their members, recomputed by every run."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from campaigns.audiences.model import (
    Audience,
    Change,
    Expression,
    Fault,
    Frame,
    Headcount,
    Sampled,
    Unreachable,
    masked_number,
)
from campaigns.audiences.parser import parse
from campaigns.tags.model import TagCount
from campaigns.tags.rules import DICTIONARY
from storage.audience_sql import AS_BEFORE, HASHED, Statement, among, belonging, counting, following, sampling
from storage.database import UnitOfWork

EXPIRED = "expired"
LATEST_RUN = """SELECT id, as_of, report -> 'unknown_tags' FROM segmentation_runs
    ORDER BY as_of DESC, made_at DESC LIMIT 1"""
LATEST_DAY = "SELECT max(as_of) FROM customer_snapshots"
SAVED = """SELECT name, expression, made_by, coalesce(members, 0), coalesce(joined, 0), coalesce(departed, 0), as_of
    FROM audiences LEFT JOIN LATERAL (
        SELECT members, joined, departed, as_of FROM audience_changes c JOIN segmentation_runs r ON r.id = c.run_id
        WHERE audience = name ORDER BY c.id DESC LIMIT 1) latest ON true"""
CHANGES = """SELECT as_of, members, joined, departed FROM audience_changes c JOIN segmentation_runs r ON r.id = run_id
    WHERE audience = %(name)s ORDER BY c.id DESC LIMIT %(limit)s"""
SAVE = """INSERT INTO audiences (name, expression, made_by, made_at) VALUES (%(name)s, %(line)s, %(by)s, %(now)s)
    ON CONFLICT (name) DO UPDATE
    SET expression = excluded.expression, made_by = excluded.made_by, made_at = excluded.made_at"""
RESTRICT = """INSERT INTO customer_restrictions (customer_id, kind, since, set_by)
    SELECT id, %(kind)s, %(now)s, %(by)s FROM customers WHERE number = %(number)s
    ON CONFLICT (customer_id, kind) WHERE ended_at IS NULL DO UPDATE SET set_by = excluded.set_by"""
LIFT = """UPDATE customer_restrictions SET ended_at = %(now)s, ended_by = %(by)s
    WHERE ended_at IS NULL AND kind = %(kind)s
        AND customer_id = (SELECT id FROM customers WHERE number = %(number)s)"""


class SqlAudienceStore:
    """Implements `campaigns.audiences.service.AudienceStore` inside one unit of work."""

    def __init__(self, uow: UnitOfWork, zone: str) -> None:
        self._session = uow.session
        self._zone = zone

    async def frame(self) -> Frame:
        """What audiences are looked at by: the latest run, or the latest delivery before the first run."""
        found = await self._rows(Statement(LATEST_RUN, {}))
        if found:
            run, day, unknown = found[0]
            return Frame(run, day, frozenset(unknown or ()))
        return Frame(None, (await self._rows(Statement(LATEST_DAY, {})))[0][0])

    async def count(self, expression: Expression, frame: Frame, now: datetime) -> Headcount:
        """How many belong, and how many of them a message may reach."""
        rows = await self._all(counting(expression, frame, now, self._zone))
        stands: dict[str, int] = {row[0]: row[1] for row in rows}
        undecided, reachable = stands.pop("undecided", 0), stands.pop("reachable", 0)
        missed = {reason: stands[reason] for reason in Unreachable if reason in stands}
        return Headcount(reachable + sum(missed.values()), reachable, undecided, missed, frame.day)

    async def sample(self, expression: Expression, frame: Frame, now: datetime, size: int) -> tuple[Sampled, ...]:
        """Some who belong, with masked numbers, the same ones each time."""
        rows = await self._all(sampling(expression, frame, now, self._zone, size))
        return tuple(
            Sampled(masked_number(number), letter, band, stage, Unreachable(reason) if reason else None)
            for number, letter, band, stage, reason in rows
        )

    async def belonging(self, expression: Expression, frame: Frame, now: datetime) -> frozenset[UUID]:
        """The ids of all who belong."""
        return frozenset(row[0] for row in await self._all(belonging(expression, frame, now, self._zone)))

    async def among(
        self, expression: Expression, frame: Frame, now: datetime, customers: Collection[UUID]
    ) -> frozenset[UUID]:
        """Which of these customers belong."""
        statement = among(expression, frame, now, self._zone, customers)
        return frozenset(row[0] for row in await self._rows(statement))

    async def save(self, name: str, line: str, made_by: str, now: datetime) -> None:
        """Keep an audience, or another line under its name."""
        await self._run(Statement(SAVE, {"name": name, "line": line, "by": made_by, "now": now}))

    async def follow(self, name: str, expression: Expression, frame: Frame, now: datetime) -> None:
        """Count the members of a saved audience anew, by a run."""
        connection = await self._session.connection()
        await connection.exec_driver_sql(HASHED)
        await self._run(following(name, expression, frame, now, self._zone))
        await connection.exec_driver_sql(AS_BEFORE)

    async def saved(self) -> tuple[Audience, ...]:
        """Every audience with its latest count, by name."""
        return tuple(Audience(*row) for row in await self._rows(Statement(f"{SAVED} ORDER BY name", {})))

    async def find(self, name: str) -> Audience | None:
        """The audience of a name."""
        rows = await self._rows(Statement(f"{SAVED} WHERE name = %(name)s", {"name": name}))
        return Audience(*rows[0]) if rows else None

    async def changes(self, name: str, limit: int) -> tuple[Change, ...]:
        """What the latest runs made of an audience, the newest first."""
        rows = await self._rows(Statement(CHANGES, {"name": name, "limit": limit}))
        return tuple(Change(*row) for row in rows)

    async def restrict(self, number: str, kind: str, by: str, now: datetime, *, lift: bool) -> bool:
        """Set or lift what keeps personal messages from a customer; False where there was nobody, or nothing."""
        facts = {"number": number, "kind": kind, "by": by, "now": now}
        return bool(await self._run(Statement(LIFT if lift else RESTRICT, facts)))

    async def _all(self, statement: Statement) -> Sequence[Any]:
        """What a statement over all customers says."""
        connection = await self._session.connection()
        await connection.exec_driver_sql(HASHED)
        rows = await self._rows(statement)
        await connection.exec_driver_sql(AS_BEFORE)
        return rows

    async def _rows(self, statement: Statement) -> Sequence[Any]:
        connection = await self._session.connection()
        return (await connection.exec_driver_sql(statement.sql, dict(statement.facts))).all()

    async def _run(self, statement: Statement) -> int:
        connection = await self._session.connection()
        return (await connection.exec_driver_sql(statement.sql, dict(statement.facts))).rowcount


class SqlAudiences:
    """Implements `campaigns.customers.action_runs.TagRunStore`; synchronous, for commands and jobs."""

    def __init__(self, connection: psycopg.Connection, zone: str) -> None:
        self._connection = connection
        self._zone = zone

    def end_expired(self, now: datetime) -> int:
        """End the tags whose time is over; returns how many."""
        done = self._connection.execute(
            "UPDATE customer_tags SET ended_at = expires_at, ended_by = %s WHERE ended_at IS NULL AND expires_at <= %s",
            [EXPIRED, now],
        )
        return done.rowcount

    def follow(self, run: UUID, now: datetime) -> None:
        """Recompute every audience by a run and what holds now; one whose line is no longer understood stays."""
        row = self._connection.execute(
            "SELECT as_of, report -> 'unknown_tags' FROM segmentation_runs WHERE id = %s", [run]
        ).fetchone()
        assert row is not None
        frame = Frame(run, row[0], frozenset(row[1] or ()))
        self._connection.execute(HASHED)
        for name, line in self._connection.execute("SELECT name, expression FROM audiences ORDER BY name").fetchall():
            expression = parse(line)
            if not isinstance(expression, Fault):
                statement = following(name, expression, frame, now, self._zone)
                self._connection.execute(statement.sql.encode(), dict(statement.facts))
        self._connection.execute(AS_BEFORE)

    def counts(self, now: datetime) -> list[TagCount]:
        """Every tag of the dictionary with its customers: by the run of the latest day, and by what people set."""
        row = self._connection.execute(
            """SELECT report -> 'tags', report -> 'unknown_tags', body -> 'tags' FROM segmentation_runs r
               JOIN segmentation_policies ON version = policy_version ORDER BY as_of DESC, r.made_at DESC LIMIT 1"""
        ).fetchone()
        derived, unknown, rules = (found or {} for found in row) if row else ({}, {}, {})
        said: dict[str, int] = dict(
            self._connection.execute(
                """SELECT code, count(*) FROM customer_tags WHERE ended_at IS NULL AND expires_at > %s GROUP BY code""",
                [now],
            ).fetchall()
        )
        return [
            TagCount(each, derived.get(code, 0) + said.get(code, 0), code not in unknown, tuple(rules.get(code, ())))
            for code, each in DICTIONARY.items()
        ]
