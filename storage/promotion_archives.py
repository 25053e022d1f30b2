"""What a version of a promotion reached and what came of it, straight from the tables into files; for commands."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

# Customers stand here by their number, never by name or chat; the reason of a failure is a code, never what was said.
TABLES: Mapping[str, str] = {
    "recipients.csv": """SELECT c.number AS customer, r.letter AS class, r.place, r.arm, r.channel, r.excluded,
            r.assigned_at, r.is_free
        FROM promotion_recipients r JOIN customers c ON c.id = r.customer_id
        WHERE r.promotion_id = {promotion} AND r.version = {version} ORDER BY r.customer_id""",
    "deliveries.csv": """SELECT c.number AS customer, 'private' AS channel, d.step, d.state, d.reason, d.attempts,
            d.planned_at, d.ended_at
        FROM promotion_recipients r JOIN customers c ON c.id = r.customer_id
        JOIN deliveries d ON d.recipient = r.member_id AND d.campaign = {campaign} AND d.step = ANY({steps})
        WHERE r.promotion_id = {promotion} AND r.version = {version}
        UNION ALL
        SELECT c.number, m.channel, m.step, m.state, m.reason, m.attempts, m.planned_at, m.ended_at
        FROM channel_messages m JOIN customers c ON c.id = m.customer_id
        WHERE m.campaign = {campaign} AND m.step = ANY({steps})
        ORDER BY 1, 2""",
    # Who did what to it and when, staff by their number; what was ready, and a lead's word where it was not.
    "acts.csv": """SELECT at, actor, action, subject FROM audit_events
        WHERE (action = 'review_refused' OR starts_with(action, 'promotion_') OR starts_with(action, 'checklist_'))
            AND (subject IN ({named}, {prepared}) OR starts_with(subject, {named} || ' ')
                OR starts_with(subject, {prepared} || ' '))
        ORDER BY id""",
}


def write_table(
    connection: psycopg.Connection, query: str, facts: Mapping[str, Any], steps: Sequence[str], file: Path
) -> str:
    """Write the rows of a query as CSV with a header; returns the SHA-256 of the file."""
    named = {name: sql.Literal(value) for name, value in {**facts, "steps": list(steps)}.items()}
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER)").format(sql.SQL(query).format(**named))
    digest = sha256()
    with file.open("wb") as out, connection.cursor().copy(statement) as rows:
        for part in rows:
            out.write(part)
            digest.update(part)
    return digest.hexdigest()
