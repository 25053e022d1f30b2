"""Importing a delivery: whole or not at all, once, resumable, one at a time; on a real PostgreSQL."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from campaigns.customers.intake import FileReport, IntakeReport, IntakeService, Status
from campaigns.customers.model import Customer
from campaigns.customers.rules import only_holder
from segmentation.intake.faults import DeliveryRefusedError, Fault
from segmentation.synthetic import (
    AS_OF,
    AUM,
    BEHAVIOR,
    DEPOSITS,
    invent_people,
    write_contacts,
    write_csv,
    write_delivery,
)
from storage.intakes import open_intakes
from storage.vault import Vault

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
PEOPLE = invent_people(60)
TABLES = (
    "intakes", "intake_files", "staged_files", "customers", "customer_snapshots", "customer_deposits",
    "customer_orphans", "customer_contacts", "data_keys",
)  # fmt: skip
Import = Callable[..., IntakeReport | Fault]


class Unwatched:
    """A watcher that keeps the steps it was told."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def expect(self, steps: int) -> None: ...

    def begin(self, step: str) -> None:
        self.steps.append(step)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole delivery of 60 customers with 20 orphans."""
    write_delivery(tmp_path / "delivery", PEOPLE)
    return tmp_path / "delivery"


@pytest.fixture
def import_(database_url: str, vault: Vault) -> Import:
    """Import a folder as of the synthetic delivery's day, on a connection of its own."""

    def imported(place: Path, as_of: date = AS_OF, max_rejected: float = 0.0) -> IntakeReport | Fault:
        with open_intakes(database_url, vault) as store:
            return IntakeService(store, Unwatched(), NOW).import_delivery(place, "cn-bank", as_of, max_rejected)

    return imported


def counts(url: str) -> dict[str, int]:
    """Rows by table, and the staging tables that lie about."""
    with psycopg.connect(url) as connection:
        found = {}
        for table in TABLES:
            row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
            found[table] = int(row[0]) if row else -1
        lying = connection.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'staged\\_%_2%'").fetchone()
        return {**found, "staging": int(lying[0]) if lying else -1}


def published(outcome: IntakeReport | Fault) -> IntakeReport:
    assert isinstance(outcome, IntakeReport), str(outcome)
    assert outcome.status is Status.PUBLISHED
    return outcome


def of_file(report: IntakeReport, name: str) -> FileReport:
    return next(file for file in report.files if file.quality.file.startswith(name))


def test_a_whole_delivery_becomes_customers_deposits_and_orphans(
    folder: Path, import_: Import, database_url: str
) -> None:
    report = published(import_(folder))
    assert (report.customers, report.new_customers) == (60, 60)
    assert of_file(report, "deposits_2019m09").orphans == 20
    assert of_file(report, "deposits_2019m09").missing == 1
    assert of_file(report, "deposits_2019m07").age_days == 61
    found = counts(database_url)
    assert (found["customers"], found["customer_snapshots"], found["customer_deposits"]) == (60, 60, 4 * 59)
    assert (found["customer_orphans"], found["staging"], found["staged_files"]) == (60, 0, 0)


def test_assets_are_the_sum_of_the_products_without_loans(folder: Path, import_: Import, database_url: str) -> None:
    published(import_(folder))
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "SELECT number, assets, loans FROM customer_snapshots s JOIN customers c ON c.id = s.customer_id"
        ).fetchall()
    expected = {
        p.number: (sum(round(float(p.aum[at]) * 100) for at in (0, 1, 2, 3, 4, 5, 7)), int(p.aum[6]) * 100)
        for p in PEOPLE
    }
    assert {number: (assets, loans) for number, assets, loans in rows} == expected


def test_the_bank_s_local_time_becomes_a_point_in_time(folder: Path, import_: Import, database_url: str) -> None:
    published(import_(folder))
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            """SELECT last_transfer_at FROM customer_snapshots s JOIN customers c ON c.id = s.customer_id
               WHERE number = %s""",
            [PEOPLE[0].number],
        ).fetchone()
    assert row is not None
    assert row[0].astimezone(UTC).strftime("%H:%M") == "02:45"


def test_the_same_delivery_again_changes_nothing(folder: Path, import_: Import, database_url: str) -> None:
    published(import_(folder))
    before = counts(database_url)
    again = import_(folder)
    assert isinstance(again, IntakeReport)
    assert again.status is Status.ALREADY_PUBLISHED
    assert counts(database_url) == before


def test_a_customer_keeps_the_id_through_later_deliveries(folder: Path, import_: Import, database_url: str) -> None:
    published(import_(folder))

    def ids() -> dict[str, str]:
        with psycopg.connect(database_url) as connection:
            return dict(connection.execute("SELECT number, id::text FROM customers").fetchall())

    before = ids()
    write_delivery(folder, invent_people(61), compress=True)
    assert published(import_(folder)).new_customers == len(ids().keys() - before.keys())
    assert all(ids()[number] == known for number, known in before.items())


def test_a_corrected_delivery_replaces_its_day(folder: Path, import_: Import, database_url: str) -> None:
    published(import_(folder))
    fewer = PEOPLE[:50]
    write_csv(folder, "aum", AUM, ((p.number, *p.aum) for p in fewer), compress=True)
    assert published(import_(folder)).customers == 50
    found = counts(database_url)
    assert (found["customers"], found["customer_snapshots"]) == (60, 50)


def test_a_later_quarter_stands_beside_the_earlier(folder: Path, import_: Import, database_url: str) -> None:
    published(import_(folder))
    published(import_(folder, date(2019, 12, 31)))
    assert counts(database_url)["customer_snapshots"] == 120


def test_one_department_alone_corrects_its_own_part(
    folder: Path, tmp_path: Path, import_: Import, database_url: str
) -> None:
    published(import_(folder))
    write_csv(tmp_path / "part", "behavior", BEHAVIOR, ((p.number, *p.behavior) for p in PEOPLE[1:]), compress=False)
    assert of_file(published(import_(tmp_path / "part")), "behavior").missing == 1
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE has_activity), min(assets) FROM customer_snapshots"
        ).fetchone()
    assert row is not None
    assert (row[0], row[1]) == (60, 59)
    assert row[2] > 0


def test_a_department_alone_needs_known_customers(tmp_path: Path, import_: Import) -> None:
    write_csv(tmp_path, "deposits_2019m09", DEPOSITS, [("a", "1.00", "1")], compress=False)
    outcome = import_(tmp_path)
    assert isinstance(outcome, Fault)
    assert str(outcome).startswith("aum.csv[.gz]: is missing")


def test_a_refused_delivery_leaves_nothing_behind(folder: Path, import_: Import, database_url: str) -> None:
    empty = counts(database_url)
    rows = [(p.number, "1.00", "1") for p in PEOPLE] + [("x", "oops", "1")]
    write_csv(folder, "deposits_2019q3", DEPOSITS, rows, compress=True)
    outcome = import_(folder)
    assert isinstance(outcome, Fault)
    assert (outcome.file, outcome.line, outcome.column) == ("deposits_2019q3.csv.gz", 62, "C1")
    assert counts(database_url) == empty


def test_a_refused_correction_leaves_the_published_day_as_it_was(
    folder: Path, import_: Import, database_url: str
) -> None:
    published(import_(folder))
    before = counts(database_url)
    write_csv(folder, "aum", AUM[:-1], ((p.number, *p.aum[:-1]) for p in PEOPLE), compress=True)
    assert isinstance(import_(folder), Fault)
    assert counts(database_url) == before


def test_allowed_bad_rows_are_listed_and_the_rest_is_published(folder: Path, import_: Import) -> None:
    rows = [(p.number, "1.00", "1") for p in PEOPLE[:-1]] + [(PEOPLE[-1].number, "oops", "1")]
    write_csv(folder, "deposits_2019q3", DEPOSITS, rows, compress=True)
    report = published(import_(folder, max_rejected=0.05))
    found = of_file(report, "deposits_2019q3")
    assert (found.quality.rejected, found.quality.rejections[0].line, found.missing) == (1, 61, 1)


def test_contacts_alone_are_sealed_and_leave_the_balances_alone(
    folder: Path, tmp_path: Path, import_: Import, database_url: str, vault: Vault
) -> None:
    published(import_(folder))
    before = counts(database_url)
    write_contacts(tmp_path / "contacts", [PEOPLE[0].number, PEOPLE[1].number, "0xunknown"])
    report = published(import_(tmp_path / "contacts"))
    assert of_file(report, "contacts").orphans == 1
    after = counts(database_url)
    assert (after["customer_contacts"], after["data_keys"]) == (2, 2)
    assert after["customer_snapshots"] == before["customer_snapshots"]
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT name, phone, phone_index FROM customer_contacts").fetchall()
    assert vault.index("+8610000000001") in [row[2] for row in rows]
    assert not any(b"100000000" in value or "王".encode() in value for row in rows for value in row)


def test_new_contacts_replace_the_old_ones_under_the_same_key(
    folder: Path, tmp_path: Path, import_: Import, database_url: str, vault: Vault
) -> None:
    published(import_(folder))
    for number in (PEOPLE[0].number, PEOPLE[1].number):
        write_contacts(tmp_path / "contacts", [number, PEOPLE[2].number])
        published(import_(tmp_path / "contacts"))
    assert counts(database_url)["customer_contacts"] == 3
    assert counts(database_url)["data_keys"] == 3


def test_two_imports_at_once_are_told_apart(database_url: str, vault: Vault) -> None:
    with (
        open_intakes(database_url, vault),
        pytest.raises(DeliveryRefusedError, match="Another import is running"),
        open_intakes(database_url, vault, patience=50),
    ):
        pytest.fail("two imports ran at once")


def test_an_import_after_a_crash_of_the_server_reads_emptied_staging_again(
    folder: Path, tmp_path: Path, import_: Import, database_url: str
) -> None:
    with locked(database_url, "intakes"), running_import(folder, database_url, tmp_path) as process:
        wait_for_staged(database_url, 6)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with psycopg.connect(database_url) as connection:
        relations = connection.execute("SELECT relation FROM staged_files").fetchall()
        connection.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(relations[0][0])))
    report = published(import_(folder))
    assert sum(file.reused for file in report.files) == 5
    assert report.customers == 60


@pytest.mark.e2e
def test_a_killed_import_stores_nothing_and_the_next_reuses_what_was_staged(
    folder: Path, tmp_path: Path, import_: Import, database_url: str
) -> None:
    with locked(database_url, "customers"), running_import(folder, database_url, tmp_path) as process:
        wait_for_staged(database_url, 6)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert counts(database_url)["customers"] == 0
    report = published(import_(folder))
    assert all(file.reused for file in report.files)
    assert counts(database_url)["customers"] == 60


@pytest.mark.e2e
def test_an_import_killed_while_it_stages_leaves_no_half_file(
    folder: Path, tmp_path: Path, import_: Import, database_url: str
) -> None:
    with locked(database_url, "staged_files"), running_import(folder, database_url, tmp_path) as process:
        wait_until(database_url, "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND locktype = 'relation'")
        process.send_signal(signal.SIGKILL)
        process.wait()
    report = published(import_(folder))
    assert not any(file.reused for file in report.files)


@contextmanager
def locked(url: str, table: str) -> Iterator[None]:
    """Hold writers of a table back while the block runs, readers not."""
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.Identifier(table)))
        yield


@contextmanager
def running_import(folder: Path, url: str, var_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The real command in a process of its own."""
    command = [sys.executable, "main.py", "import", str(folder), "--profile", "cn-bank", "--as-of", AS_OF.isoformat()]
    environment = {**os.environ, "DATABASE_URL": url, "VAR_DIR": str(var_dir)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for_staged(url: str, files: int) -> None:
    wait_until(url, sql.SQL("SELECT count(*) = {} FROM staged_files").format(sql.Literal(files)))


def wait_until(url: str, query: str | sql.Composed) -> None:
    """Ask until the answer is yes; the test's own time limit ends it."""
    with psycopg.connect(url, autocommit=True) as connection:
        while (row := connection.execute(query).fetchone()) is None or not row[0]:
            connection.execute("SELECT pg_sleep(0.02)")


def test_only_one_holder_of_a_number_is_recognised() -> None:
    first, second = Customer(uuid4(), "a"), Customer(uuid4(), "b")
    assert only_holder([first]) == first
    assert only_holder([first, second]) is None
    assert only_holder([]) is None
