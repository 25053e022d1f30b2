"""From staged files to customers, snapshots, deposits and orphans: the statements of one publishing transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import psycopg
from psycopg import sql

from segmentation.intake.deliveries import Delivery
from segmentation.intake.subjects import ENTERPRISES, SUBJECTS, USES
from segmentation.intake.traits import TraitConflict
from segmentation.windowed import WINDOWS
from storage.enterprises import publish_enterprises, refuse_other_kind
from storage.history import PartHistory
from storage.traits import TraitTable, keep_departments

BALANCES = tuple(SUBJECTS["balances"].fields)
ACTIVITY = tuple(SUBJECTS["activity"].fields)


@dataclass(frozen=True)
class Staged:
    """One department's rows about one subject in a staging relation; `fields` are the columns beside `number`."""

    file: str
    department: str
    subject: str
    sample: bool
    true_at: date
    relation: sql.Identifier
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Published:
    """Counts of one publication; `orphans` and `missing` by file name, `shared_phones` that several customers have.

    `stale_traits`: how many customers' birthdays and the like come from a delivery that is too old, by field.
    `customers` are persons; `enterprises` are counted apart.
    """

    customers: int
    new_customers: int
    orphans: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)
    shared_phones: int = 0
    conflicts: tuple[TraitConflict, ...] = ()
    stale_traits: Mapping[str, int] = field(default_factory=dict)
    enterprises: int = 0


class Publication:
    """The statements that publish one delivery; runs inside the caller's transaction."""

    def __init__(
        self, connection: psycopg.Connection, delivery: Delivery, staged: Sequence[Staged], now: datetime
    ) -> None:
        self._connection = connection
        self._as_of = delivery.as_of
        self._profile = delivery.profile
        self._staged = staged
        self._traits = TraitTable(connection, delivery.as_of)
        self._history = PartHistory(connection, now)

    def run(self) -> Published:
        """Publish every staged file."""
        keep_departments(self._connection, self._profile)
        if not self._staged:
            return Published(0, 0)
        self._execute("SET LOCAL work_mem = '64MB'")
        new = self._make_sample()
        self._history.renew("customer_snapshots", "", self._as_of)
        self._publish_snapshots()
        orphans: dict[str, int] = {}
        missing: dict[str, int] = {}
        enterprises = self._publish_enterprises()
        for staged in self._staged:
            if staged.subject == ENTERPRISES:
                continue
            if staged.subject == WINDOWS:
                self._update_windows(staged)
                continue
            if staged.subject == "deposits":
                self._publish_deposits(staged)
            elif staged.subject == "traits":
                self._history.replace("customer_traits", staged.department, staged.true_at)
                self._traits.publish(staged.department, staged.true_at, staged.relation, staged.fields)
            if not staged.sample:
                orphans[staged.file] = self._keep_orphans(staged)
                missing[staged.file] = self._count_missing(staged.relation)
        # What comes next reads all of this, before the server would look at the new rows by itself.
        self._execute("ANALYZE customers, customer_snapshots, customer_deposits")
        people = self._count("SELECT count(*) FROM sample")
        published = Published(people, new, orphans, missing, enterprises=enterprises)
        if not self._traits.are_known():
            return published
        stale = self._traits.resolve()
        return replace(published, conflicts=self._traits.conflicts(), stale_traits=stale)

    def _publish_enterprises(self) -> int:
        return sum(
            publish_enterprises(self._connection, self._history, staged.relation, staged.fields, staged.true_at)
            for staged in self._staged
            if staged.subject == ENTERPRISES
        )

    def _make_sample(self) -> int:
        """The customers of this as-of date, in a table of the transaction's own; returns how many are new."""
        staged = next((staged.relation for staged in self._staged if staged.sample), None)
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
            refuse_other_kind(self._connection, staged, "enterprise")
        self._execute("ANALYZE sample")
        return new

    def _publish_snapshots(self) -> None:
        """Write the delivered subjects; what another delivery said of this day in other subjects stays."""
        subjects = {staged.subject: staged for staged in self._staged}
        balances, activity = subjects.get("balances"), subjects.get("activity")
        if balances is not None:
            self._execute(
                """DELETE FROM customer_snapshots s
                   WHERE as_of = {as_of} AND NOT EXISTS (SELECT FROM sample WHERE id = s.customer_id)"""
            )
            self._insert_snapshots(balances.relation, activity)
        elif activity is not None:
            self._update_activity(activity)

    def _insert_snapshots(self, balances: sql.Identifier, activity: Staged | None) -> None:
        told = dict(zip(BALANCES, BALANCES, strict=True)) | (self._activity(activity) if activity else {})
        kept = list(told)
        told |= {} if activity else {"has_activity": "false"}
        self._execute(
            """INSERT INTO customer_snapshots (as_of, customer_id, {names})
               SELECT {as_of}, s.id, {told} FROM sample s JOIN {balances} b USING (number) {join}
               ORDER BY s.id ON CONFLICT (as_of, customer_id) DO UPDATE SET {kept}""",
            names=_list(list(told)),
            told=_raw(list(told.values())),
            balances=balances,
            join=sql.SQL("LEFT JOIN {} a USING (number)").format(activity.relation) if activity else sql.SQL(""),
            kept=sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in kept),
        )

    def _update_activity(self, activity: Staged) -> None:
        pairs = self._activity(activity).items()
        self._execute(
            """UPDATE customer_snapshots t SET {pairs} FROM sample s LEFT JOIN {activity} a USING (number)
               WHERE t.as_of = {as_of} AND t.customer_id = s.id""",
            activity=activity.relation,
            pairs=sql.SQL(", ").join(sql.SQL("{} = {}").format(sql.Identifier(n), _raw([t])) for n, t in pairs),
        )

    def _update_windows(self, windows: Staged) -> None:
        """What single transactions tell of the day's customers; of those without any nothing is known."""
        pairs = sql.SQL(", ").join(sql.SQL("{0} = w.{0}").format(sql.Identifier(name)) for name in windows.fields)
        self._execute(
            """UPDATE customer_snapshots t SET {pairs} FROM sample s LEFT JOIN {windows} w USING (number)
               WHERE t.as_of = {as_of} AND t.customer_id = s.id""",
            windows=windows.relation,
            pairs=pairs,
        )

    def _activity(self, activity: Staged) -> dict[str, str]:
        """The activity's columns and what fills them; the bank's local time becomes a point in time."""
        zone = sql.Literal(self._profile.zone).as_string()
        told = {name: f"a.{name}" for name in ACTIVITY if name in activity.fields or name not in USES}
        told["last_transfer_at"] = f"a.last_transfer_at AT TIME ZONE {zone}"
        return told | {"has_activity": "a.number IS NOT NULL"}

    def _publish_deposits(self, staged: Staged) -> None:
        """Replace what this department said of this day, for everybody whom the bank knows as a customer."""
        place = {"department": sql.Literal(staged.department), "day": sql.Literal(staged.true_at)}
        self._history.replace("customer_deposits", staged.department, staged.true_at)
        self._execute(
            """INSERT INTO customer_deposits
               SELECT {department}, {day}, c.id, d.balance, d.products
               FROM {staged} d JOIN customers c USING (number) ORDER BY c.id""",
            staged=staged.relation,
            **place,
        )

    def _keep_orphans(self, staged: Staged) -> int:
        """Keep and count the numbers that belong to no customer."""
        place = {"department": sql.Literal(staged.department), "day": sql.Literal(staged.true_at)}
        self._history.replace("customer_orphans", staged.department, staged.true_at)
        return self._execute(
            """INSERT INTO customer_orphans SELECT {department}, {day}, d.number FROM {staged} d
               WHERE NOT EXISTS (SELECT FROM customers c WHERE c.number = d.number) ORDER BY d.number""",
            staged=staged.relation,
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
