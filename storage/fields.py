"""The departments' words on customers as fields: of one customer for the bot, and everybody's stale ones for a list."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.customers.fields import (
    CONTACT,
    CustomerField,
    FieldCount,
    StaleCustomer,
    StaleFields,
    read_fields,
)
from segmentation.intake.subjects import AGEING, TRAITS
from segmentation.intake.traits import Telling
from storage.database import libpq_url

DEFAULTS = "coalesce(d.confidence, 0.5) AS confidence, coalesce(d.stale_after, 92) AS stale_after"
# One row per customer, field and department: the newest word up to a day. A contact's value is never read.
WORDS = """
SELECT customer_id, field, value, department, told_at, day - told_at AS age_days, confidence, stale_after FROM (
    SELECT DISTINCT ON (t.customer_id, f.field, t.department) t.customer_id, f.field, f.value, t.department,
        coalesce(t.told_on, t.as_of) AS told_at, asked.day, {defaults}
    FROM (SELECT CAST({day} AS date) AS day) asked JOIN customer_traits t ON t.as_of <= asked.day
    CROSS JOIN LATERAL (VALUES {values}) f (field, value)
    LEFT JOIN delivery_departments d ON d.name = t.department
    WHERE f.value IS NOT NULL AND {who}
    ORDER BY t.customer_id, f.field, t.department, told_at DESC, t.as_of DESC
) told
UNION ALL
SELECT t.customer_id, '{contact}', '', coalesce(d.name, 'contacts'), t.as_of, asked.day - t.as_of, {defaults}
FROM (SELECT CAST({day} AS date) AS day) asked JOIN customer_contacts t ON t.as_of <= asked.day
LEFT JOIN (SELECT * FROM delivery_departments WHERE subject = 'contacts' ORDER BY name LIMIT 1) d ON true
WHERE {who}
"""
STALE = """
CREATE TEMPORARY TABLE used_words ON COMMIT DROP AS
SELECT DISTINCT ON (customer_id, field) *, age_days > stale_after AS stale
FROM ({words}) w WHERE customer_id IN (SELECT customer_id FROM customer_snapshots WHERE as_of = %(day)s)
ORDER BY customer_id, field, confidence * power(CAST(0.5 AS float8), age_days / CAST(stale_after AS float8)) DESC,
    age_days, department
"""
FIRST = """
WITH first AS (
    SELECT customer_id, count(*) AS fields FROM used_words WHERE stale GROUP BY customer_id
), ranked AS (
    SELECT f.*, c.number, s.assets FROM first f JOIN customers c ON c.id = f.customer_id
    JOIN customer_snapshots s ON s.customer_id = f.customer_id AND s.as_of = %(day)s
    ORDER BY fields DESC, assets DESC, number LIMIT %(first)s
)
SELECT r.number, r.assets, u.field, u.department, u.age_days, u.confidence
FROM ranked r JOIN used_words u USING (customer_id) WHERE u.stale
ORDER BY r.fields DESC, r.assets DESC, r.number, u.age_days DESC, u.field
"""


async def fields_of(session: AsyncSession, customer_id: UUID, as_of: date) -> tuple[CustomerField, ...]:
    """Everything that departments tell of one customer up to a day."""
    query = _words(TRAITS, day=":day", who="t.customer_id = :customer")
    rows = await session.execute(text(query), {"day": as_of, "customer": customer_id})
    words: dict[str, list[Telling]] = defaultdict(list)
    for _, field, value, department, _, age, confidence, stale_after in rows:
        words[field].append(Telling(department, value, age, confidence, stale_after))
    return read_fields(words, as_of)


def stale_fields(url: str, until: date | None, first: int) -> StaleFields | None:
    """What should be asked again as of the latest day with customers, not after `until`; None when there is none."""
    with psycopg.connect(libpq_url(url)) as connection:
        day = _latest_day(connection, until)
        if day is None:
            return None
        given: dict[str, Any] = {"day": day, "first": first}
        connection.execute(STALE.format(words=_words(AGEING, day="%(day)s", who="true")).encode(), given)
        counts = connection.execute(
            "SELECT field, count(*), count(*) FILTER (WHERE stale) FROM used_words GROUP BY field ORDER BY field"
        ).fetchall()
        rows = connection.execute(FIRST.encode(), given).fetchall()
    return StaleFields(day, tuple(FieldCount(*row) for row in counts), _customers(rows, day))


def conflicting_fields(url: str, as_of: date) -> dict[str, int]:
    """Of how many customers departments say different things, by field, in their newest words up to a day."""
    query = f"""SELECT field, count(*) FROM (
            SELECT customer_id, field FROM ({_words(TRAITS, day="%(day)s", who="true")}) w
            GROUP BY customer_id, field HAVING count(DISTINCT value) > 1) differing
        GROUP BY field ORDER BY field"""  # noqa: S608 - made of our own names; the day is a parameter
    with psycopg.connect(libpq_url(url)) as connection:
        return dict(connection.execute(query.encode(), {"day": as_of}).fetchall())


def _words(fields: tuple[str, ...], *, day: str, who: str) -> str:
    values = ", ".join(f"('{name}', CAST(t.{name} AS text))" for name in fields)
    return WORDS.format(values=values, day=day, who=who, defaults=DEFAULTS, contact=CONTACT)


def _latest_day(connection: psycopg.Connection, until: date | None) -> date | None:
    row = connection.execute(
        "SELECT max(as_of) FROM customer_snapshots WHERE as_of <= coalesce(%s, 'infinity'::date)", [until]
    ).fetchone()
    return row[0] if row else None


def _customers(rows: list[tuple[Any, ...]], day: date) -> tuple[StaleCustomer, ...]:
    found: dict[tuple[str, int], list[CustomerField]] = defaultdict(list)
    for number, assets, field, department, age, confidence in rows:
        told = CustomerField(field, None, department, day - timedelta(days=age), age, confidence, stale=True)
        found[number, assets].append(told)
    return tuple(StaleCustomer(*who, tuple(fields)) for who, fields in found.items())
