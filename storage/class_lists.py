"""Lists out of stored runs: every customer's line, the watch list, who is worth developing, migration between runs."""

from collections.abc import Iterator
from datetime import date
from typing import LiteralString
from uuid import UUID

import psycopg
from psycopg import sql

from campaigns.customers.class_lists import ABSENT, ClassLine, Migration

COLUMNS: LiteralString = ", ".join(("number", *(f"k.{name}" for name in ClassLine._fields[1:])))
LINES = sql.SQL(
    "SELECT "  # noqa: S608 - the names are this module's own.
    + COLUMNS
    + " FROM customer_classes k JOIN customers c ON c.id = k.customer_id WHERE run_id = {run}"
)


class SqlClassLists:
    """Reads stored runs; synchronous, for commands and jobs."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def lines(self, run: UUID) -> Iterator[ClassLine]:
        """Every customer of a run, by number."""
        with self._connection.cursor("classes") as cursor:
            query = LINES.format(run=sql.Literal(run)) + sql.SQL(" ORDER BY number")
            for row in cursor.execute(query):
                yield ClassLine(*row)

    def watched(self, run: UUID, churn_from: float, limit: int) -> list[ClassLine]:
        """Class B with a churn score from `churn_from` on; the score times the assets at stake decides the order."""
        return self._ordered(
            run,
            sql.SQL("AND letter = 'B' AND churn >= {}").format(sql.Literal(churn_from)),
            sql.SQL("churn * (SELECT assets FROM customer_snapshots s WHERE s.customer_id = k.customer_id"
                    " AND s.as_of = (SELECT as_of FROM segmentation_runs WHERE id = run_id)) DESC NULLS LAST"),
            limit,
        )  # fmt: skip

    def worth_developing(self, run: UUID, limit: int) -> list[ClassLine]:
        """Class C by its sub-score, the most promising first."""
        return self._ordered(run, sql.SQL("AND letter = 'C'"), sql.SQL("development DESC NULLS LAST"), limit)

    def apart_from_quadrant(self, run: UUID, limit: int) -> list[ClassLine]:
        """Those whose letter is not that of their two scores, the most valuable first."""
        return self._ordered(run, sql.SQL("AND letter <> quadrant"), sql.SQL("current_value DESC NULLS LAST"), limit)

    def most_valuable(self, run: UUID, limit: int) -> list[ClassLine]:
        """By current value."""
        return self._ordered(run, sql.SQL(""), sql.SQL("current_value DESC NULLS LAST"), limit)

    def migration(self, earlier: tuple[UUID, date], later: tuple[UUID, date]) -> Migration:
        """The matrix between two runs; who came and who left is counted too."""
        rows = self._connection.execute(
            """SELECT coalesce(a.letter, %s), coalesce(b.letter, %s), count(*)
               FROM (SELECT customer_id, letter FROM customer_classes WHERE run_id = %s) a
               FULL JOIN (SELECT customer_id, letter FROM customer_classes WHERE run_id = %s) b USING (customer_id)
               GROUP BY 1, 2""",
            [ABSENT, ABSENT, earlier[0], later[0]],
        ).fetchall()
        found = {(before, after): heads for before, after, heads in rows}
        matrix = {a: {b: found.get((a, b), 0) for b in f"ABCD{ABSENT}"} for a in f"ABCD{ABSENT}"}
        both = sum(matrix[a][b] for a in "ABCD" for b in "ABCD")
        kept = sum(matrix[letter][letter] for letter in "ABCD")
        return Migration(earlier[1], later[1], matrix, round(kept / both, 4) if both else None)

    def _ordered(self, run: UUID, condition: sql.Composable, order: sql.Composable, limit: int) -> list[ClassLine]:
        query = sql.SQL("{} {} ORDER BY {}, number LIMIT {}").format(
            LINES.format(run=sql.Literal(run)), condition, order, sql.Literal(limit)
        )
        return [ClassLine(*row) for row in self._connection.execute(query)]
