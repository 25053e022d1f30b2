"""What departments tell of customers, by department and day; the one value of each trait that a snapshot shows."""

from datetime import date
from itertools import groupby

import psycopg
from psycopg import sql

from segmentation.intake.profiles import Profile
from segmentation.intake.subjects import FACTS, TRAITS
from segmentation.intake.traits import Telling, TraitConflict

# The same order as segmentation.intake.traits.by_trust, for many customers at once.
ORDER = "{trust} DESC, t.told_at DESC, t.department"
SURE, FADING = "t.confidence", "t.confidence * power(0.5::float8, ({day} - t.told_at)::float8 / t.stale_after)"
# Every word on customers up to a day; a row that says when it was told is as old as that, others as their file.
TOLD = """
SELECT t.*, coalesce(t.told_on, t.as_of) AS told_at, coalesce(d.confidence, 0.5) AS confidence,
    coalesce(d.stale_after, 92) AS stale_after,
    {day} - coalesce(t.told_on, t.as_of) > coalesce(d.stale_after, 92) AS stale
FROM customer_traits t LEFT JOIN delivery_departments d ON d.name = t.department
WHERE t.as_of <= {day} AND t.customer_id IN (SELECT id FROM sample)
"""


def keep_departments(connection: psycopg.Connection, profile: Profile) -> None:
    """Remember how far each department of a profile is trusted, and for how long; the newest profile's word holds."""
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO delivery_departments VALUES (%s, %s, %s, %s, %s) ON CONFLICT (name) DO UPDATE SET
               (title, subject, confidence, stale_after) =
               (excluded.title, excluded.subject, excluded.confidence, excluded.stale_after)""",
            [(d.name, d.title, d.subject, d.confidence, d.stale_after) for d in profile.departments],
        )


class TraitTable:
    """The traits of one publishing transaction; expects its table `sample` for resolving."""

    def __init__(self, connection: psycopg.Connection, as_of: date) -> None:
        self._connection = connection
        self._as_of = as_of

    def publish(self, department: str, day: date, relation: sql.Identifier, fields: tuple[str, ...]) -> None:
        """Write what a department says of a day, for everybody whom the bank knows as a customer."""
        columns = sql.SQL(", ").join(map(sql.Identifier, fields))
        query = sql.SQL(
            """INSERT INTO customer_traits (department, as_of, customer_id, {columns})
               SELECT {department}, {day}, c.id, {columns} FROM {relation} d JOIN customers c USING (number)"""
        )
        place = {"department": sql.Literal(department), "day": sql.Literal(day)}
        self._connection.execute(query.format(columns=columns, relation=relation, **place))

    def are_known(self) -> bool:
        """Whether any department told any trait up to the as-of date."""
        query = "SELECT EXISTS (SELECT FROM customer_traits WHERE as_of <= %s)"
        row = self._connection.execute(query, [self._as_of]).fetchone()
        return bool(row and row[0])

    def resolve(self) -> dict[str, int]:
        """Write the value of each trait into the day's snapshots; returns how many are stale, by trait."""
        picks = sql.SQL(", ").join(self._pick(name) for name in TRAITS)
        query = sql.SQL(
            """CREATE TEMPORARY TABLE resolved_traits ON COMMIT DROP AS
               SELECT customer_id, {picks} FROM ({told}) t GROUP BY customer_id"""
        )
        self._connection.execute(query.format(picks=picks, told=self._told()))
        pairs = sql.SQL(", ").join(sql.SQL("{0} = r.{0}").format(sql.Identifier(name)) for name in TRAITS)
        update = "UPDATE customer_snapshots s SET {} FROM resolved_traits r WHERE s.as_of = {} AND {}"
        same = sql.SQL("s.customer_id = r.customer_id")
        self._connection.execute(sql.SQL(update).format(pairs, sql.Literal(self._as_of), same))
        counts = sql.SQL(", ").join(sql.SQL("count(*) FILTER (WHERE {})").format(_stale(name)) for name in TRAITS)
        row = self._connection.execute(sql.SQL("SELECT {} FROM resolved_traits").format(counts)).fetchone()
        return {name: count for name, count in zip(TRAITS, row or (), strict=False) if count}

    def conflicts(self) -> tuple[TraitConflict, ...]:
        """Customers of the day about whom the latest words of departments differ, by trait and number."""
        return tuple(conflict for name in TRAITS for conflict in self._conflicts_of(name))

    def _conflicts_of(self, name: str) -> list[TraitConflict]:
        query = sql.SQL(
            """WITH latest AS (
                   SELECT DISTINCT ON (t.customer_id, t.department) t.*, t.{name}::text AS value FROM ({told}) t
                   WHERE t.{name} IS NOT NULL ORDER BY t.customer_id, t.department, t.told_at DESC, t.as_of DESC
               ), odd AS (SELECT customer_id FROM latest GROUP BY 1 HAVING count(DISTINCT value) > 1)
               SELECT number, department, value, {day} - t.told_at, confidence, stale_after
               FROM latest t JOIN odd USING (customer_id) JOIN sample s ON s.id = t.customer_id
               ORDER BY number, {order}"""
        )
        parts = {"name": sql.Identifier(name), "order": self._order(name), "day": sql.Literal(self._as_of)}
        rows = self._connection.execute(query.format(told=self._told(), **parts)).fetchall()
        return [
            TraitConflict(number, name, tuple(Telling(*rest) for _, *rest in said))
            for number, said in groupby(rows, key=lambda row: str(row[0]))
        ]

    def _told(self) -> sql.Composed:
        return sql.SQL(TOLD).format(day=sql.Literal(self._as_of))

    def _order(self, name: str) -> sql.Composed:
        trust = sql.SQL(SURE if name in FACTS else FADING).format(day=sql.Literal(self._as_of))
        return sql.SQL(ORDER).format(trust=trust)

    def _pick(self, name: str) -> sql.Composed:
        """The first known value in the order of trust, and whether it is stale."""
        first = "(array_agg({value} ORDER BY {order}) FILTER (WHERE {name} IS NOT NULL))[1] AS {alias}"
        column, order = sql.Identifier(name), self._order(name)
        value = sql.SQL(first).format(value=column, order=order, name=column, alias=column)
        stale = sql.SQL(first).format(value=sql.Identifier("stale"), order=order, name=column, alias=_stale(name))
        return sql.SQL("{}, {}").format(value, stale)


def _stale(name: str) -> sql.Identifier:
    return sql.Identifier(f"{name}_is_stale")
