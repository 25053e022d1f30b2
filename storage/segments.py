"""Segmentation runs in the database: policies by version, runs, and a class per customer and run."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

import pandas as pd
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from psycopg.types.json import Jsonb

from campaigns.customers.class_lists import ClassLists
from campaigns.customers.policies import PolicyEntry
from campaigns.customers.segments import PolicyVersion, RunKey, SegmentationRun
from segmentation.drift import Frozen
from segmentation.json_columns import objects_of
from segmentation.policy import SegmentationPolicy
from segmentation.portraits import Portraits
from storage.action_runs import SqlActionRuns
from storage.audiences import SqlAudiences
from storage.champions import SqlChampionStore
from storage.class_lists import SqlClassLists
from storage.copying import Copying
from storage.database import libpq_url
from storage.enterprise_runs import SqlEnterpriseRuns
from storage.frames import firm_letters, snapshot_frame
from storage.history import look_back
from storage.intakes import TOGETHER
from storage.potentials import SqlPotentials

SEGMENT_LOCK = 7302


@contextmanager
def open_segments(
    url: str, zone: str, *, known_by: datetime | None = None, until: date | None = None
) -> Iterator["SqlSegmentStore"]:
    """A store on one transaction, which commits when the block ends well; two runs at once wait for each other.

    Everything is read from one snapshot, taken after the wait, so that an import beside it is seen whole or not at all.
    With `known_by` the bank is seen as it was known at that moment, for a run of the latest day not after `until`, and
    nothing is kept when the block ends.
    """
    with psycopg.connect(libpq_url(url), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [SEGMENT_LOCK])
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with connection.transaction(force_rollback=known_by is not None):
            if known_by is not None:
                look_back(connection, known_by, until)
            yield SqlSegmentStore(connection, zone, known_by)


class SqlSegmentStore:
    """Policies, runs and classes; synchronous, for commands and jobs."""

    def __init__(self, connection: psycopg.Connection, zone: str, known_by: datetime | None = None) -> None:
        self._connection = connection
        self._zone = zone
        self.potentials = SqlPotentials(connection, known_by)
        self.champions = SqlChampionStore(connection)
        self.lists = SqlClassLists(connection)
        self._copying = Copying(connection)
        self.actions = SqlActionRuns(connection, self._copying, known_by)
        self.tags = SqlAudiences(connection, zone)
        self.enterprises = SqlEnterpriseRuns(connection)

    def latest_day(self, until: date | None) -> date | None:
        """The latest day with snapshots, not after `until`."""
        row = self._connection.execute(
            "SELECT max(as_of) FROM customer_snapshots WHERE as_of <= coalesce(%s, 'infinity'::date)", [until]
        ).fetchone()
        return row[0] if row else None

    def data_digest(self, as_of: date) -> str:
        """A digest of the published files that speak of this day or earlier; contacts do not matter."""
        row = self._connection.execute(
            """SELECT encode(sha256(coalesce(string_agg(department || true_at || sha256 || mapping, ' '
                   ORDER BY department, true_at), '')::bytea), 'hex')
               FROM (SELECT DISTINCT ON (department, true_at) department, true_at, sha256, mapping
                   FROM intake_files f JOIN intakes i ON i.id = f.intake_id
                   WHERE true_at <= %s AND subject <> 'contacts'
                   ORDER BY department, true_at, published_at DESC) latest""",
            [as_of],
        ).fetchone()
        return str(row[0]) if row else ""

    def current_policy(self) -> PolicyVersion | None:
        """The newest policy; None before the first run."""
        return self._policy("SELECT version, body FROM segmentation_policies ORDER BY version DESC LIMIT 1", [])

    def policy(self, version: int) -> PolicyVersion | None:
        """One version."""
        return self._policy("SELECT version, body FROM segmentation_policies WHERE version = %s", [version])

    def policy_history(self) -> list[PolicyEntry]:
        """Every version, the newest first."""
        query = "SELECT version, made_by, made_at, note FROM segmentation_policies ORDER BY version DESC"
        return [PolicyEntry(*row) for row in self._connection.execute(query)]

    def change_policy(self, policy: SegmentationPolicy, made_by: str, now: datetime, note: str = "") -> int:
        """Keep a new version; returns its number."""
        row = self._connection.execute(
            """INSERT INTO segmentation_policies (version, body, made_by, made_at, note)
               SELECT coalesce(max(version), 0) + 1, %s, %s, %s, %s FROM segmentation_policies RETURNING version""",
            [Jsonb(policy.as_json()), made_by, now, note],
        ).fetchone()
        assert row is not None
        return int(row[0])

    def run_before(self, as_of: date) -> UUID | None:
        """The latest run of the last day before this one."""
        row = self._connection.execute(
            "SELECT id FROM segmentation_runs WHERE as_of < %s ORDER BY as_of DESC, made_at DESC LIMIT 1", [as_of]
        ).fetchone()
        return row[0] if row else None

    def day_of(self, run: UUID) -> date:
        """The day of a run."""
        row = self._connection.execute("SELECT as_of FROM segmentation_runs WHERE id = %s", [run]).fetchone()
        assert row is not None
        found: date = row[0]
        return found

    def run_of(self, until: date) -> tuple[UUID, date] | None:
        """The latest run of the last day that has one, not after `until`, with its day."""
        return self._connection.execute(
            "SELECT id, as_of FROM segmentation_runs WHERE as_of <= %s ORDER BY as_of DESC, made_at DESC LIMIT 1",
            [until],
        ).fetchone()

    def firm_letters(self, run: UUID) -> pd.Series:
        """See storage.frames.firm_letters."""
        return firm_letters(self._connection, run)

    def find_run(self, key: RunKey) -> tuple[UUID, list[dict[str, Any]], dict[str, Any]] | None:
        """An earlier run of the same key, with its summary and report."""
        return self._connection.execute(
            """SELECT id, summary, report FROM segmentation_runs
               WHERE (as_of, classifier, policy_version, data_digest) = (%s, %s, %s, %s)
                   AND previous_run IS NOT DISTINCT FROM %s AND potential_model IS NOT DISTINCT FROM %s""",
            [key.as_of, key.classifier, key.policy_version, key.data_digest, key.previous, key.model],
        ).fetchone()

    def told_on(self, as_of: date) -> dict[str, date]:
        """By subject the day that its newest published file is true at, not after `as_of`."""
        query = "SELECT subject, max(true_at) FROM intake_files WHERE true_at <= %s GROUP BY subject"
        return dict(self._connection.execute(query, [as_of]).fetchall())

    def snapshots(self, as_of: date) -> pd.DataFrame:
        """See storage.frames.snapshot_frame."""
        return snapshot_frame(self._connection, as_of, self._zone)

    @contextmanager
    def saving(self, run: SegmentationRun, portraits: Portraits, now: datetime) -> Iterator[None]:
        """Keep a run and what it says of every customer; written meanwhile, and finished when the block ends.

        Inside, only `actions.save` may use the database.
        """
        key = run.key
        facts = [run.id, key.as_of, key.classifier, key.policy_version, key.data_digest, now, Jsonb(run.summary)]
        self._connection.execute(
            "INSERT INTO segmentation_runs VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [*facts, key.previous, Jsonb(run.report), key.model],
        )
        plain = ("run_id", "customer_id", *portraits.table.columns)
        with self._copying.running():
            self._copying.begin("customer_classes", _class_tables(run.id, portraits), plain)
            yield

    def save_report(self, run: SegmentationRun, frozen: Mapping[str, Frozen]) -> None:
        """Keep what is told beside a run's classes, and what later days are measured against."""
        self._connection.execute(
            "UPDATE segmentation_runs SET (summary, report) = (%s, %s) WHERE id = %s",
            [Jsonb(run.summary), Jsonb(run.report), run.id],
        )
        indicators = Jsonb({name: each.as_json() for name, each in frozen.items()})
        self._connection.execute("INSERT INTO frozen_days VALUES (%s, %s)", [run.id, indicators])

    def frozen_day(self, run: UUID) -> dict[str, Frozen] | None:
        """What an earlier run saw of its day; None for one of before this was kept."""
        row = self._connection.execute("SELECT indicators FROM frozen_days WHERE run_id = %s", [run]).fetchone()
        return {name: Frozen.from_json(each) for name, each in row[0].items()} if row else None

    def class_lists(self, run: SegmentationRun, first: int) -> ClassLists:
        """The first customers of each list beside a run, under the policy of that run."""
        made = self.policy(run.key.policy_version)
        watch_line = made.policy.watch_line if made else 0.0
        return ClassLists(
            watched=tuple(self.lists.watched(run.id, watch_line, first)),
            to_develop=tuple(self.lists.worth_developing(run.id, first)),
            apart=tuple(self.lists.apart_from_quadrant(run.id, first)),
        )

    def _policy(self, query: LiteralString, given: list[int]) -> PolicyVersion | None:
        row = self._connection.execute(query, given).fetchone()
        return PolicyVersion(row[0], SegmentationPolicy.from_json(row[1])) if row else None


def clear_cases(url: str, count: int) -> list[tuple[str, str]]:
    """Customers of the latest run as (letter, number), A B C D in turn, the surest of each class first.

    The demo's people are bound to them; the same database always gives the same ones.
    """
    with psycopg.connect(libpq_url(url)) as connection:
        return connection.execute(
            """SELECT letter, number FROM (
                   SELECT letter, number,
                       row_number() OVER (PARTITION BY letter ORDER BY confidence DESC, number) AS place
                   FROM customer_classes k JOIN customers c ON c.id = k.customer_id
                   WHERE run_id = (SELECT id FROM segmentation_runs ORDER BY as_of DESC, made_at DESC LIMIT 1)) ranked
               ORDER BY place, letter LIMIT %s""",
            [count],
        ).fetchall()


def _class_tables(run: UUID, portraits: Portraits) -> Iterator[pa.Table]:
    """The columns of customer_classes as COPY takes them, lists written as JSON and as PostgreSQL's array.

    Some customers at a time: the first are on their way while the next are put into words, and never all are in memory.
    """
    for start in range(0, len(portraits.table), TOGETHER):
        rows = slice(start, start + TOGETHER)
        table = portraits.table[rows]
        yield pa.table(
            {
                "run_id": pa.repeat(pa.scalar(str(run)), len(table)),
                "customer_id": pa.array(table.index, pa.string()),
                **{name: pa.array(table[name], from_pandas=True) for name in table.columns},
                "reasons": portraits.reasons.part(rows).as_stored(),
                "potential_reasons": portraits.potential_reasons.part(rows).as_stored(),
                "churn_reasons": portraits.churn_reasons.part(rows).as_stored(),
                "steps": portraits.steps.part(rows).as_json(),
                "value_parts": parts_json(portraits.parts[rows]),
                "missing": pa.array([f"{{{','.join(names)}}}" for names in portraits.missing[rows]], pa.string()),
            }
        )


def parts_json(parts: pd.DataFrame) -> pa.StringArray:
    """Per customer a JSON object of the parts of the value that are not 0, in fen."""
    columns = [
        pc.if_else(
            pa.array(parts[name].to_numpy() != 0),
            pc.binary_join_element_wise(f'"{name}":', pc.cast(pa.array(parts[name]), pa.string()), ""),
            pa.scalar(None, pa.string()),
        )
        for name in parts.columns
    ]
    return objects_of(columns)
