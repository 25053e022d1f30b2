"""Audiences: saved conditions and their members, recomputed after every run; synchronous, for commands and jobs."""

from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from campaigns.tags.model import Audience, AudienceCondition, TagCount
from campaigns.tags.rules import DICTIONARY

EXPIRED = "expired"
# A tag is there when the run gave it or somebody set it.
MEMBERS = """
    SELECT k.customer_id FROM customer_classes k
    JOIN customer_actions a ON a.run_id = k.run_id AND a.customer_id = k.customer_id
    LEFT JOIN (SELECT customer_id, array_agg(code::text) AS codes FROM customer_tags
        WHERE ended_at IS NULL AND expires_at > %(now)s GROUP BY 1) t ON t.customer_id = k.customer_id
    WHERE k.run_id = %(run)s
        AND (%(letters)s::text[] = '{}' OR k.letter = ANY(%(letters)s::text[]))
        AND (%(bands)s::text[] = '{}' OR k.band = ANY(%(bands)s::text[]))
        AND (%(lifecycles)s::text[] = '{}' OR k.lifecycle = ANY(%(lifecycles)s::text[]))
        AND NOT EXISTS (SELECT FROM unnest(%(tags)s::text[]) wanted
            WHERE NOT (a.tags ? wanted OR wanted = ANY(coalesce(t.codes, '{}'))))
        AND NOT a.tags ?| %(without)s::text[] AND NOT coalesce(t.codes, '{}') && %(without)s::text[]
"""


class SqlAudiences:
    """Implements `campaigns.customers.action_runs.TagRunStore`, and keeps audiences."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def end_expired(self, now: datetime) -> int:
        """End the tags whose time is over; returns how many."""
        done = self._connection.execute(
            "UPDATE customer_tags SET ended_at = expires_at, ended_by = %s WHERE ended_at IS NULL AND expires_at <= %s",
            [EXPIRED, now],
        )
        return done.rowcount

    def save(self, name: str, condition: AudienceCondition, made_by: str, now: datetime) -> None:
        """Keep an audience, or another condition under its name; the next run tells who joins and leaves."""
        self._connection.execute(
            """INSERT INTO audiences VALUES (%s, %s, %s, %s) ON CONFLICT (name) DO UPDATE
               SET condition = excluded.condition, made_by = excluded.made_by, made_at = excluded.made_at""",
            [name, Jsonb(condition.as_json()), made_by, now],
        )

    def follow(self, run: UUID, now: datetime) -> None:
        """Recompute every audience by a run and by the tags that hold now."""
        rows = self._connection.execute("SELECT name, condition FROM audiences ORDER BY name").fetchall()
        for name, condition in rows:
            self._follow(name, AudienceCondition.from_json(condition), run, now)

    def all(self) -> list[Audience]:
        """Every audience with its latest count."""
        rows = self._connection.execute(
            """SELECT name, condition, made_by, coalesce(members, 0), coalesce(joined, 0), coalesce(departed, 0), as_of
               FROM audiences LEFT JOIN LATERAL (
                   SELECT members, joined, departed, as_of FROM audience_changes c
                   JOIN segmentation_runs r ON r.id = c.run_id
                   WHERE audience = name ORDER BY c.id DESC LIMIT 1) latest ON true
               ORDER BY name"""
        ).fetchall()
        return [Audience(name, AudienceCondition.from_json(condition), *rest) for name, condition, *rest in rows]

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

    def members(self, name: str) -> list[str]:
        """The numbers of an audience's customers."""
        rows = self._connection.execute(
            "SELECT number FROM audience_members JOIN customers c ON c.id = customer_id WHERE audience = %s ORDER BY 1",
            [name],
        ).fetchall()
        return [number for (number,) in rows]

    def _follow(self, name: str, condition: AudienceCondition, run: UUID, now: datetime) -> None:
        given = {**condition.as_json(), "run": run, "now": now, "name": name}
        self._connection.execute(f"CREATE TEMPORARY TABLE belonging ON COMMIT DROP AS {MEMBERS}", given)
        departed = self._connection.execute(
            """DELETE FROM audience_members m WHERE audience = %(name)s
               AND NOT EXISTS (SELECT FROM belonging b WHERE b.customer_id = m.customer_id)""",
            given,
        ).rowcount
        joined = self._connection.execute(
            """INSERT INTO audience_members SELECT %(name)s, customer_id,
                   (SELECT as_of FROM segmentation_runs WHERE id = %(run)s)
               FROM belonging ON CONFLICT DO NOTHING""",
            given,
        ).rowcount
        self._connection.execute(
            """INSERT INTO audience_changes (audience, run_id, changed_at, members, joined, departed)
               SELECT %(name)s, %(run)s, %(now)s, (SELECT count(*) FROM belonging), %(joined)s, %(departed)s""",
            {**given, "joined": joined, "departed": departed},
        )
        self._connection.execute("DROP TABLE belonging")
