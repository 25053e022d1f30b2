"""Lists out of stored runs: every customer's line, the watch list, who is worth developing, migration between runs."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from campaigns.customers.class_lists import ABSENT, ACTED, ClassLine, ListKind, Migration
from campaigns.customers.model import Axis
from storage.customers import reasons_of

SAID: LiteralString = ", ".join(("number", *(f"k.{name}" for name in ClassLine._fields[1:] if name not in ACTED)))
COLUMNS: LiteralString = SAID + ", " + ", ".join(ACTED)
FROM: LiteralString = """ FROM customer_classes k JOIN customers c ON c.id = k.customer_id
    LEFT JOIN (SELECT run_id AS of_run, customer_id AS of_customer, action AS next_action,
            coalesce(product, products -> 0 ->> 'product') AS next_product, expected_value_fen AS expected_value,
            opportunity FROM customer_actions) a ON of_run = run_id AND of_customer = k.customer_id
    WHERE run_id = %(run)s """
LINES: LiteralString = "SELECT " + COLUMNS + FROM
BY_VALUE: LiteralString = "current_value DESC NULLS LAST"
AT_STAKE: LiteralString = """churn * (SELECT assets FROM customer_snapshots s WHERE s.customer_id = k.customer_id
    AND s.as_of = (SELECT as_of FROM segmentation_runs WHERE id = run_id)) DESC NULLS LAST"""
LISTS: Mapping[ListKind, tuple[LiteralString, LiteralString]] = {
    ListKind.WATCHED: ("AND letter = 'B' AND churn >= %(churn_from)s", AT_STAKE),
    ListKind.TO_DEVELOP: ("AND letter = 'C'", "development DESC NULLS LAST"),
    ListKind.APART: ("AND letter <> quadrant", BY_VALUE),
    ListKind.VALUABLE: ("", BY_VALUE),
    ListKind.MINE: (
        """AND EXISTS (SELECT FROM members m JOIN group_members i ON i.member_id = m.id AND i.left_at IS NULL
            JOIN groups g ON g.id = i.group_id WHERE m.customer_id = k.customer_id AND g.manager_id = %(manager)s)""",
        "letter, current_value DESC NULLS LAST",
    ),
}
MIGRATION: LiteralString = """SELECT coalesce(a.letter, %(absent)s), coalesce(b.letter, %(absent)s), count(*)
    FROM (SELECT customer_id, letter FROM customer_classes WHERE run_id = %(earlier)s) a
    FULL JOIN (SELECT customer_id, letter FROM customer_classes WHERE run_id = %(later)s) b USING (customer_id)
    GROUP BY 1, 2"""


class SqlClassLists:
    """Reads stored runs; synchronous, for commands and jobs."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def lines(self, run: UUID) -> Iterator[ClassLine]:
        """Every customer of a run, by number."""
        with self._connection.cursor("classes") as cursor:
            for row in cursor.execute(LINES + "ORDER BY number", {"run": run}):
                yield line_of(row)

    def watched(self, run: UUID, churn_from: float, limit: int) -> list[ClassLine]:
        """Class B with a churn score from `churn_from` on; the score times the assets at stake decides the order."""
        return self._first(ListKind.WATCHED, {"run": run, "churn_from": churn_from}, limit)

    def worth_developing(self, run: UUID, limit: int) -> list[ClassLine]:
        """Class C by its sub-score, the most promising first."""
        return self._first(ListKind.TO_DEVELOP, {"run": run}, limit)

    def apart_from_quadrant(self, run: UUID, limit: int) -> list[ClassLine]:
        """Those whose letter is not that of their two scores, the most valuable first."""
        return self._first(ListKind.APART, {"run": run}, limit)

    def most_valuable(self, run: UUID, limit: int) -> list[ClassLine]:
        """By current value."""
        return self._first(ListKind.VALUABLE, {"run": run}, limit)

    def migration(self, earlier: tuple[UUID, date], later: tuple[UUID, date]) -> Migration:
        """The matrix between two runs; who came and who left is counted too."""
        asked = {"absent": ABSENT, "earlier": earlier[0], "later": later[0]}
        rows = self._connection.execute(MIGRATION, asked).fetchall()
        return matrix_of({(before, after): heads for before, after, heads in rows}, earlier[1], later[1])

    def _first(self, kind: ListKind, facts: dict[str, Any], limit: int) -> list[ClassLine]:
        rows = self._connection.execute(LINES + ordered(kind), {**facts, "limit": limit, "offset": 0})
        return [line_of(row) for row in rows]


def line_of(row: Sequence[Any]) -> ClassLine:
    """A row of COLUMNS as the line that it says."""
    said = dict(zip(ClassLine._fields, row, strict=True))
    reasons, of_churn = reasons_of(Axis.LETTER, said["reasons"]), reasons_of(Axis.CHURN, said["churn_reasons"])
    return ClassLine(**{**said, "reasons": reasons, "churn_reasons": of_churn})


def ordered(kind: ListKind) -> LiteralString:
    """The rest of a query after its FROM: who is on the list, in which order, and the part that is asked for."""
    condition, order = LISTS[kind]
    return condition + " ORDER BY " + order + ", number LIMIT %(limit)s OFFSET %(offset)s"


def matrix_of(found: Mapping[tuple[str, str], int], earlier: date, later: date) -> Migration:
    """Counted pairs of letters as a whole matrix."""
    matrix = {a: {b: found.get((a, b), 0) for b in f"ABCD{ABSENT}"} for a in f"ABCD{ABSENT}"}
    both = sum(matrix[a][b] for a in "ABCD" for b in "ABCD")
    kept = sum(matrix[letter][letter] for letter in "ABCD")
    return Migration(earlier, later, matrix, round(kept / both, 4) if both else None)
