"""Earlier words on a day: what a correction replaces is kept, and a look back shows what was known at a moment."""

from collections.abc import Iterator
from datetime import date, datetime

import psycopg
import pyarrow as pa
from psycopg import sql

PART_BYTES = 8 * 2**20
# What is published in parts, a day each, and whether each department has a part of its own.
PARTED = {
    "customer_snapshots": False,
    "customer_deposits": True,
    "customer_orphans": True,
    "customer_traits": True,
    "enterprise_snapshots": False,
}
LIKE = sql.SQL("INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY INCLUDING INDEXES")


class PartHistory:
    """The parts that one publishing transaction writes: a part is a table's rows of a day, and of a department."""

    def __init__(self, connection: psycopg.Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def renew(self, relation: str, department: str, day: date) -> None:
        """Keep the part as it stands, and note that from now on something else is known; to be called before writing.

        A part that nobody could have seen at an earlier moment is not kept.
        """
        key = [relation, department, day]
        row = self._connection.execute(
            "SELECT known_since FROM published_parts WHERE (relation, department, day) = (%s, %s, %s)", key
        ).fetchone()
        if row is not None and row[0] < self._now:
            self._keep(relation, department, day, row[0])
        self._connection.execute(
            """INSERT INTO published_parts VALUES (%s, %s, %s, %s)
               ON CONFLICT (relation, department, day) DO UPDATE SET known_since = excluded.known_since""",
            [*key, self._now],
        )

    def replace(self, relation: str, department: str, day: date) -> None:
        """Keep a department's part and empty it."""
        self.renew(relation, department, day)
        self._connection.execute(
            sql.SQL("DELETE FROM {} WHERE (department, as_of) = (%s, %s)").format(sql.Identifier(relation)),
            [department, day],
        )

    def _keep(self, relation: str, department: str, day: date, known_since: datetime) -> None:
        """As compressed CSV with a header, so that a later form of the table still takes it."""
        query = sql.SQL("COPY (SELECT {} FROM {} WHERE {}) TO STDOUT (FORMAT csv, HEADER)").format(
            sql.SQL(", ").join(map(sql.Identifier, self._columns(relation))),
            sql.Identifier(relation),
            _where(relation, department, day),
        )
        sink = pa.BufferOutputStream()
        with pa.CompressedOutputStream(sink, "zstd") as packed, self._connection.cursor().copy(query) as copy:
            for piece in copy:
                packed.write(bytes(piece))
        body = memoryview(sink.getvalue())
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO replaced_parts VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [
                    (relation, department, day, known_since, self._now, at, body[start : start + PART_BYTES])
                    for at, start in enumerate(range(0, len(body), PART_BYTES))
                ],
            )

    def _columns(self, relation: str) -> list[str]:
        rows = self._connection.execute(
            """SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0
               AND NOT attisdropped AND attgenerated = '' ORDER BY attnum""",
            [relation],
        )
        return [str(name) for (name,) in rows]


def _where(relation: str, department: str, day: date) -> sql.Composed:
    """The condition of a part."""
    condition = sql.SQL("as_of = {}").format(sql.Literal(day))
    if PARTED[relation]:
        condition += sql.SQL(" AND department = {}").format(sql.Literal(department))
    return condition


def look_back(connection: psycopg.Connection, known_by: datetime, until: date | None) -> None:
    """Show this transaction, which is to be rolled back, the bank as it was known at a moment.

    It is for a run of the latest day not after `until`. Temporary relations stand in front of the real ones, so that
    everything that reads and writes by name works unchanged: deliveries and policies of up to the moment, runs of days
    before with what they said, no run of the day. Without a policy of that time, today's are used.
    """
    schema = _one(connection, "SELECT current_schema()")
    moment = sql.Literal(known_by)
    for relation, by_department in PARTED.items():
        _show_parts(connection, schema, relation, moment, by_department)
    _run(
        connection,
        "CREATE TEMPORARY VIEW intakes AS SELECT * FROM {schema}.intakes WHERE published_at <= {moment}",
        schema=sql.Identifier(schema),
        moment=moment,
    )
    _shadow(connection, schema, "segmentation_policies")
    known = _run(
        connection,
        "INSERT INTO segmentation_policies SELECT * FROM {schema}.segmentation_policies WHERE made_at <= {moment}",
        schema=sql.Identifier(schema),
        moment=moment,
    )
    if not known:
        statement = "INSERT INTO segmentation_policies SELECT * FROM {schema}.segmentation_policies"
        _run(connection, statement, schema=sql.Identifier(schema))
    _show_runs(connection, schema, moment, until)


def _show_parts(
    connection: psycopg.Connection, schema: str, relation: str, moment: sql.Literal, by_department: bool
) -> None:
    """The parts that stood at the moment and still stand, and those that were replaced since."""
    past = f"past_{relation}"
    names = {"schema": sql.Identifier(schema), "name": sql.Identifier(relation), "past": sql.Identifier(past)}
    _run(connection, "CREATE TEMPORARY TABLE {past} (LIKE {schema}.{name} {like})", **names, like=LIKE)
    for packed in _replaced(connection, relation, moment):
        _unpack(connection, past, packed)
    _run(
        connection,
        """CREATE TEMPORARY VIEW {name} AS SELECT c.* FROM {schema}.{name} c WHERE EXISTS
               (SELECT FROM published_parts v WHERE v.relation = {relation} AND v.day = c.as_of
                   AND v.department = {department} AND v.known_since <= {moment})
           UNION ALL SELECT * FROM {past}""",
        **names,
        department=sql.SQL("c.department" if by_department else "''"),
        relation=sql.Literal(relation),
        moment=moment,
    )


def _replaced(connection: psycopg.Connection, relation: str, moment: sql.Literal) -> Iterator[bytes]:
    rows = connection.execute(
        sql.SQL(
            """SELECT string_agg(body, ''::bytea ORDER BY part) FROM replaced_parts
               WHERE relation = {} AND known_since <= {moment} AND {moment} < known_until
               GROUP BY department, day, known_since"""
        ).format(sql.Literal(relation), moment=moment)
    )
    for (body,) in rows:
        with pa.CompressedInputStream(pa.py_buffer(body), "zstd") as stream:
            yield stream.read()


def _unpack(connection: psycopg.Connection, relation: str, text: bytes) -> None:
    columns = text.partition(b"\n")[0].decode().split(",")
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER)").format(
        sql.Identifier(relation), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor().copy(statement) as copy:
        copy.write(text)


def _show_runs(connection: psycopg.Connection, schema: str, moment: sql.Literal, until: date | None) -> None:
    """Runs of days before, made up to the moment, and what the last of them said; new ones are written beside."""
    _shadow(connection, schema, "segmentation_runs")
    _run(
        connection,
        """INSERT INTO segmentation_runs SELECT * FROM {schema}.segmentation_runs
           WHERE made_at <= {moment} AND as_of <
               (SELECT max(as_of) FROM customer_snapshots WHERE as_of <= coalesce({until}, 'infinity'::date))""",
        schema=sql.Identifier(schema),
        moment=moment,
        until=sql.Literal(until),
    )
    said = connection.execute(
        """WITH RECURSIVE keys AS (
               SELECT conrelid, confrelid, conkey[1] AS first, confkey[1] AS meant FROM pg_constraint
               WHERE contype = 'f' AND conrelid <> confrelid
           ), said AS (
               SELECT conrelid, first FROM keys WHERE confrelid = (%s || '.segmentation_runs')::regclass
               UNION SELECT k.conrelid, k.first FROM keys k JOIN said s
                   ON s.conrelid = k.confrelid AND s.first = k.meant
           ) SELECT conrelid::regclass::text, attname FROM said
             JOIN pg_attribute ON attrelid = conrelid AND attnum = first""",
        [schema],
    ).fetchall()
    for relation, column in said:
        _shadow(connection, schema, relation)
        _run(
            connection,
            """INSERT INTO {name} OVERRIDING SYSTEM VALUE SELECT * FROM {schema}.{name} WHERE {column} =
               (SELECT id FROM segmentation_runs ORDER BY as_of DESC, made_at DESC LIMIT 1)""",
            schema=sql.Identifier(schema),
            name=sql.Identifier(relation),
            column=sql.Identifier(column),
        )


def _shadow(connection: psycopg.Connection, schema: str, relation: str) -> None:
    """An empty temporary table of the same name and columns, without references to others."""
    names = {"schema": sql.Identifier(schema), "name": sql.Identifier(relation)}
    _run(connection, "CREATE TEMPORARY TABLE {name} (LIKE {schema}.{name} {like})", **names, like=LIKE)


def _run(connection: psycopg.Connection, statement: str, **parts: sql.Composable) -> int:
    return connection.execute(sql.SQL(statement).format(**parts)).rowcount


def _one(connection: psycopg.Connection, query: str) -> str:
    row = connection.execute(sql.SQL(query)).fetchone()
    return str(row[0]) if row else ""
