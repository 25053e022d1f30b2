"""Enterprises in the database: what a department delivers of them, by day."""

from datetime import date

import psycopg
from psycopg import sql

from segmentation.intake.faults import refuse
from segmentation.intake.subjects import ENTERPRISES, SUBJECTS
from storage.history import PartHistory

SNAPSHOTS = "enterprise_snapshots"


def publish_enterprises(
    connection: psycopg.Connection, history: PartHistory, relation: sql.Identifier, fields: tuple[str, ...], day: date
) -> int:
    """Make the enterprises of a file customers, and replace what was known of that day; returns how many there are."""
    place = {"relation": relation, "day": sql.Literal(day)}
    connection.execute(
        sql.SQL(
            """INSERT INTO customers (id, number, first_as_of, kind)
               SELECT gen_random_uuid(), number, {day}, 'enterprise' FROM {relation} ON CONFLICT (number) DO NOTHING"""
        ).format(**place)
    )
    refuse_other_kind(connection, relation, "person")
    history.renew(SNAPSHOTS, "", day)
    connection.execute(sql.SQL("DELETE FROM enterprise_snapshots WHERE as_of = {day}").format(**place))
    columns = [name for name in SUBJECTS[ENTERPRISES].fields if name in fields]
    values = [sql.SQL("cross_border = 'yes'") if name == "cross_border" else sql.Identifier(name) for name in columns]
    query = sql.SQL(
        """INSERT INTO enterprise_snapshots (as_of, customer_id, {columns})
           SELECT {day}, c.id, {values} FROM {relation} d JOIN customers c USING (number)"""
    ).format(columns=sql.SQL(", ").join(map(sql.Identifier, columns)), values=sql.SQL(", ").join(values), **place)
    return connection.execute(query).rowcount


def refuse_other_kind(connection: psycopg.Connection, relation: sql.Identifier, kind: str) -> None:
    """A number cannot be a person's and an enterprise's.

    Raises:
        DeliveryRefusedError: a number of the relation belongs to a customer of that other kind; names the first.
    """
    query = sql.SQL("SELECT count(*), min(number) FROM {} d JOIN customers c USING (number) WHERE c.kind = {}").format(
        relation, sql.Literal(kind)
    )
    row = connection.execute(query).fetchone()
    if row and row[0]:
        own = "an enterprise" if kind == "person" else "a person"
        problem = f"{row[0]:,} customer numbers are delivered as {own} and known as {_a(kind)}, the first is {row[1]}."
        raise refuse("two_kinds", f"{problem} Ask both departments which is right.")


def _a(kind: str) -> str:
    return "a person" if kind == "person" else "an enterprise"
