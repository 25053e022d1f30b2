"""From staged files to customers, snapshots, deposits and orphans: the statements of one publishing transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from segmentation.intake.deliveries import DeliveredFile, Delivery
from segmentation.intake.profiles import SUBJECTS

BALANCES, ACTIVITY = tuple(SUBJECTS["balances"]), tuple(SUBJECTS["activity"])


@dataclass(frozen=True)
class Published:
    """Counts of one publication; `orphans` and `missing` by file name, `shared_phones` that several customers have."""

    customers: int
    new_customers: int
    orphans: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)
    shared_phones: int = 0


class Publication:
    """The statements that publish one delivery; runs inside the caller's transaction."""

    def __init__(self, connection: psycopg.Connection, delivery: Delivery, staged: Mapping[DeliveredFile, str]) -> None:
        self._connection = connection
        self._as_of = delivery.as_of
        self._zone = delivery.profile.zone
        self._staged = {file: sql.Identifier(relation) for file, relation in staged.items()}

    def run(self) -> Published:
        """Publish every staged file."""
        if not self._staged:
            return Published(0, 0)
        self._execute("SET LOCAL work_mem = '64MB'")
        new = self._make_sample()
        self._publish_snapshots()
        orphans, missing = {}, {}
        for file, relation in self._staged.items():
            if file.department.subject == "deposits":
                self._publish_deposits(file, relation)
            if not file.department.sample:
                orphans[file.name] = self._keep_orphans(file, relation)
                missing[file.name] = self._count_missing(relation)
        return Published(self._count("SELECT count(*) FROM sample"), new, orphans, missing)

    def _make_sample(self) -> int:
        """The customers of this as-of date, in a table of the transaction's own; returns how many are new."""
        staged = next((relation for file, relation in self._staged.items() if file.department.sample), None)
        self._execute("CREATE TEMPORARY TABLE sample (id uuid, number varchar) ON COMMIT DROP")
        if staged is None:
            new = 0
            self._execute(
                """INSERT INTO sample SELECT c.id, c.number
                   FROM customer_snapshots s JOIN customers c ON c.id = s.customer_id WHERE s.as_of = {as_of}"""
            )
        else:
            new = self._execute(
                """INSERT INTO customers SELECT customer_id, number, {as_of} FROM {staged}
                   ON CONFLICT (number) DO NOTHING""",
                staged=staged,
            )
            self._execute(
                "INSERT INTO sample SELECT c.id, c.number FROM {staged} JOIN customers c USING (number)", staged=staged
            )
        self._execute("ANALYZE sample")
        return new

    def _publish_snapshots(self) -> None:
        """Write the delivered subjects; what another delivery said of this day in other subjects stays."""
        subjects = {file.department.subject: relation for file, relation in self._staged.items()}
        balances, activity = subjects.get("balances"), subjects.get("activity")
        if balances is not None:
            self._execute(
                """DELETE FROM customer_snapshots s
                   WHERE as_of = {as_of} AND NOT EXISTS (SELECT FROM sample WHERE id = s.customer_id)"""
            )
            self._insert_snapshots(balances, activity)
        elif activity is not None:
            self._update_activity(activity)

    def _insert_snapshots(self, balances: sql.Identifier, activity: sql.Identifier | None) -> None:
        names = [*BALANCES, *(ACTIVITY if activity else ()), "has_activity"]
        told = [*BALANCES, *(self._activity() if activity else ()), "a.number IS NOT NULL" if activity else "false"]
        kept = names if activity else list(BALANCES)
        self._execute(
            """INSERT INTO customer_snapshots (as_of, customer_id, {names})
               SELECT {as_of}, s.id, {told} FROM sample s JOIN {balances} b USING (number) {join}
               ORDER BY s.id ON CONFLICT (as_of, customer_id) DO UPDATE SET {kept}""",
            names=_list(names),
            told=_raw(told),
            balances=balances,
            join=sql.SQL("LEFT JOIN {} a USING (number)").format(activity) if activity else sql.SQL(""),
            kept=sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in kept),
        )

    def _update_activity(self, activity: sql.Identifier) -> None:
        pairs = zip((*ACTIVITY, "has_activity"), (*self._activity(), "a.number IS NOT NULL"), strict=True)
        self._execute(
            """UPDATE customer_snapshots t SET {pairs} FROM sample s LEFT JOIN {activity} a USING (number)
               WHERE t.as_of = {as_of} AND t.customer_id = s.id""",
            activity=activity,
            pairs=sql.SQL(", ").join(sql.SQL("{} = {}").format(sql.Identifier(n), _raw([t])) for n, t in pairs),
        )

    def _activity(self) -> tuple[str, ...]:
        """The activity's columns; the bank's local time becomes a point in time."""
        zone = sql.Literal(self._zone).as_string()
        return tuple(
            f"a.{name} AT TIME ZONE {zone}" if name == "last_transfer_at" else f"a.{name}" for name in ACTIVITY
        )

    def _publish_deposits(self, file: DeliveredFile, relation: sql.Identifier) -> None:
        """Replace what this department said of this day, for everybody whom the bank knows as a customer."""
        place = {"department": sql.Literal(file.department.name), "day": sql.Literal(file.true_at)}
        self._execute("DELETE FROM customer_deposits WHERE department = {department} AND as_of = {day}", **place)
        self._execute(
            """INSERT INTO customer_deposits
               SELECT {department}, {day}, c.id, d.balance, d.products
               FROM {staged} d JOIN customers c USING (number) ORDER BY c.id""",
            staged=relation,
            **place,
        )

    def _keep_orphans(self, file: DeliveredFile, relation: sql.Identifier) -> int:
        """Keep and count the numbers that belong to no customer."""
        place = {"department": sql.Literal(file.department.name), "day": sql.Literal(file.true_at)}
        self._execute("DELETE FROM customer_orphans WHERE department = {department} AND as_of = {day}", **place)
        return self._execute(
            """INSERT INTO customer_orphans SELECT {department}, {day}, d.number FROM {staged} d
               WHERE NOT EXISTS (SELECT FROM customers c WHERE c.number = d.number) ORDER BY d.number""",
            staged=relation,
            **place,
        )

    def _count_missing(self, relation: sql.Identifier) -> int:
        query = sql.SQL("SELECT count(*) FROM sample s WHERE NOT EXISTS (SELECT FROM {} d WHERE d.number = s.number)")
        return self._count(query.format(relation))

    def _execute(self, statement: str, **parts: sql.Composable) -> int:
        query = sql.SQL(statement).format(as_of=sql.Literal(self._as_of), **parts)
        return self._connection.execute(query).rowcount

    def _count(self, query: sql.Composed | str) -> int:
        row = self._connection.execute(query).fetchone()
        return int(row[0]) if row else 0


def _list(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _raw(expressions: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL(expression) for expression in expressions)
