"""What goes wrong with deliveries in real life: told clearly, never half-stored; on a real PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from campaigns.customers.intake import FileReport, IntakeReport, IntakeService
from handlers.terminal import page
from handlers.terminal.intakes import print_report, report_json
from segmentation.intake.faults import Fault
from segmentation.synthetic import (
    AS_OF,
    AUM,
    BEHAVIOR,
    DEPOSITS,
    invent_orphans,
    invent_people,
    write_csv,
    write_delivery,
)
from storage.intakes import open_intakes
from storage.vault import Vault

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
NEXT = date(2019, 12, 31)
PEOPLE = invent_people(60)
TRAITS = ("cust_no", "birth_date", "sex", "open_date", "cards")
Import = Callable[..., IntakeReport | Fault]


class Unwatched:
    """A watcher who looks away."""

    def expect(self, steps: int) -> None: ...

    def begin(self, step: str) -> None: ...


@pytest.fixture
def import_(database_url: str, vault: Vault) -> Import:
    """Import a folder, on a connection of its own."""

    def imported(
        place: Path, as_of: date = AS_OF, max_rejected: float = 0.0, profile: str = "cn-bank"
    ) -> IntakeReport | Fault:
        with open_intakes(database_url, vault) as store:
            return IntakeService(store, Unwatched(), NOW).import_delivery(place, profile, as_of, max_rejected)

    return imported


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole delivery of 60 customers."""
    write_delivery(tmp_path / "delivery", PEOPLE, compress=False)
    return tmp_path / "delivery"


def published(outcome: IntakeReport | Fault) -> IntakeReport:
    assert isinstance(outcome, IntakeReport), str(outcome)
    return outcome


def refused(outcome: IntakeReport | Fault) -> str:
    assert isinstance(outcome, Fault)
    return str(outcome)


def of_file(report: IntakeReport, name: str) -> FileReport:
    return next(file for file in report.files if file.quality.file.startswith(name))


def fetch(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def nothing_is_stored(url: str) -> bool:
    tables = ("intakes", "customers", "customer_snapshots", "customer_traits", "delivered_records", "quarantined_rows")
    return all(fetch(url, f"SELECT count(*) FROM {table}") == [(0,)] for table in tables)  # noqa: S608


def test_a_department_that_is_missing_is_named_and_nobody_gains_by_it(
    folder: Path, import_: Import, database_url: str
) -> None:
    (folder / "behavior.csv").unlink()
    report = published(import_(folder))
    assert "electronic bank 电子银行部" in report.not_delivered
    assert fetch(database_url, "SELECT DISTINCT has_activity, logins FROM customer_snapshots") == [(False, None)]


def test_a_quarter_without_its_monthly_files_is_taken(folder: Path, tmp_path: Path, import_: Import) -> None:
    published(import_(folder))
    later = tmp_path / "later"
    write_csv(later, "aum", AUM, ((p.number, *p.aum) for p in PEOPLE), compress=False)
    write_csv(later, "deposits_2019q4", DEPOSITS, ((p.number, f"{p.deposit:.2f}", "1") for p in PEOPLE), compress=False)
    report = published(import_(later, NEXT))
    assert of_file(report, "deposits_2019q4").quality.true_at == NEXT
    assert "deposits, monthly 存款部(月)" in report.not_delivered


def test_a_renamed_column_refuses_the_delivery(folder: Path, import_: Import, database_url: str) -> None:
    aum = folder / "aum.csv"
    aum.write_text(aum.read_text().replace("X3", "X3_new", 1))
    assert 'If "X3_new" is its new name' in refused(import_(folder))
    assert nothing_is_stored(database_url)


def test_fen_instead_of_yuan_is_another_unit_and_refused(folder: Path, import_: Import, database_url: str) -> None:
    published(import_(folder))
    before = fetch(database_url, "SELECT as_of, sum(assets) FROM customer_snapshots GROUP BY 1")
    rows = ((p.number, *(f"{round(float(value) * 100)}" for value in p.aum)) for p in PEOPLE)
    write_csv(folder, "aum", AUM, rows, compress=False)
    sentence = refused(import_(folder, NEXT))
    assert "aum.csv, column X3: the median amount went from" in sentence
    assert "fen instead of yuan" in sentence
    assert fetch(database_url, "SELECT as_of, sum(assets) FROM customer_snapshots GROUP BY 1") == before


def test_fen_in_one_month_of_several_is_found_inside_the_delivery(folder: Path, import_: Import) -> None:
    rows = [(p.number, f"{p.deposit * 100:.0f}", "1") for p in PEOPLE]
    rows += [(number, "1234", "1") for number in invent_orphans(20)]
    write_csv(folder, "deposits_2019m09", DEPOSITS, rows, compress=False)
    assert refused(import_(folder)).startswith("deposits_2019m09.csv, column C1: the median amount")


def test_a_department_that_delivers_half_is_told(folder: Path, import_: Import) -> None:
    published(import_(folder))
    write_csv(folder, "behavior", BEHAVIOR, ((p.number, *p.behavior) for p in PEOPLE[:30]), compress=False)
    jumps = of_file(published(import_(folder, NEXT)), "behavior").jumps
    assert "the number of rows went from 60 to 30" in [str(jump) for jump in jumps]


def test_a_delivery_like_the_one_before_has_no_jumps(folder: Path, import_: Import) -> None:
    published(import_(folder))
    report = published(import_(folder, NEXT))
    assert all(file.jumps == () for file in report.files)


def test_old_files_are_stale(folder: Path, import_: Import) -> None:
    report = published(import_(folder, NEXT))
    assert {file.quality.file: file.stale for file in report.files}["deposits_2019m07.csv"]
    assert not of_file(report, "aum").stale


def test_three_percent_of_broken_rows_are_refused_or_kept_in_quarantine(
    folder: Path, import_: Import, database_url: str
) -> None:
    rows = [[p.number, *p.behavior] for p in PEOPLE]
    rows[10][1], rows[20] = "many", rows[20][:4]
    write_csv(folder, "behavior", BEHAVIOR, rows, compress=False)
    assert "(2 of 60 rows of this file are bad)" in refused(import_(folder))
    assert nothing_is_stored(database_url)
    report = published(import_(folder, max_rejected=0.05))
    assert of_file(report, "behavior").quality.rejected == 2
    kept = fetch(database_url, "SELECT line, code, body FROM quarantined_rows ORDER BY line")
    assert [(line, code) for line, code, _ in kept] == [(12, "count"), (22, "bad_row")]
    assert '"many"' in kept[0][2]
    assert PEOPLE[20].number in kept[1][2]


def test_a_bad_phone_number_stands_in_quarantine_without_its_text(
    folder: Path, tmp_path: Path, import_: Import, database_url: str
) -> None:
    published(import_(folder))
    rows = [(PEOPLE[0].number, "王芳", "+86 100 0000 0001"), (PEOPLE[1].number, "李雷", "not-a-phone")]
    write_csv(tmp_path / "contacts", "contacts", ("cust_no", "name", "phone"), rows, compress=False)
    published(import_(tmp_path / "contacts", max_rejected=0.5))
    assert fetch(database_url, "SELECT line, body FROM quarantined_rows") == [(3, None)]


@pytest.mark.parametrize("data", [b"", b"cust_no,C1,C2\n", b"cust_no,C1,C2\na,1.00,1\nb,2"])
def test_an_empty_or_cut_file_refuses_the_delivery(
    folder: Path, import_: Import, database_url: str, data: bytes
) -> None:
    (folder / "deposits_2019q3.csv").write_bytes(data)
    assert refused(import_(folder)).startswith("deposits_2019q3.csv, line ")
    assert nothing_is_stored(database_url)


def test_a_compressed_file_cut_in_the_middle_refuses_the_delivery(
    folder: Path, import_: Import, database_url: str
) -> None:
    path = write_csv(folder, "behavior", BEHAVIOR, ((p.number, *p.behavior) for p in PEOPLE), compress=True)
    (folder / "behavior.csv").unlink()
    path.write_bytes(path.read_bytes()[:-200])
    assert "the compressed file breaks off here" in refused(import_(folder))
    assert nothing_is_stored(database_url)


def test_columns_that_no_field_needs_are_left_in_the_file(folder: Path, import_: Import, database_url: str) -> None:
    rows = [(*p.behavior, p.number, f"secret-{at}") for at, p in enumerate(PEOPLE)]
    write_csv(folder, "behavior", (*BEHAVIOR[1:], "cust_no", "remark"), rows, compress=False)
    assert of_file(published(import_(folder)), "behavior").quality.rejected == 0
    assert fetch(database_url, "SELECT count(*) FROM customer_snapshots s WHERE s::text LIKE '%secret%'") == [(0,)]
    assert fetch(database_url, "SELECT count(*) FROM intakes i WHERE i.report::text LIKE '%secret%'") == [(0,)]


def test_dates_in_three_forms_become_one(folder: Path, import_: Import, database_url: str) -> None:
    days = ("1980-02-03", "1980/02/03", "19800203")
    rows = ((PEOPLE[at].number, day, "女", "2011-05-06", "2") for at, day in enumerate(days))
    write_csv(folder, "traits", TRAITS, rows, compress=False)
    report = published(import_(folder))
    assert "birth_date in several forms: 1 as %Y-%m-%d" in of_file(report, "traits").quality.notes[0]
    query = "SELECT birth_date, sex, customer_since, cards, count(*) FROM customer_snapshots GROUP BY 1, 2, 3, 4"
    told = {row[:4]: row[4] for row in fetch(database_url, query)}
    assert told == {(date(1980, 2, 3), "f", date(2011, 5, 6), 2): 3, (None, None, None, None): 57}


TWO_REGISTERS = """
name: two
zone: Asia/Shanghai
customer: "no"
departments:
  money:
    {title: money, file: money, true_at: as_of, subject: deposits, sample: false, columns: &d {
      C1: {field: balance, type: yuan}, C2: {field: products, type: count}}}
  accounts:
    {title: accounts, file: accounts, true_at: as_of, subject: accounts, sample: true, columns: {
      since: {field: opened_on, type: date}}}
  branch:
    {title: branch, file: branch_{year}{month}, true_at: month_end, subject: traits, confidence: 0.4, columns: {
      born: {field: birth_date, type: date, may_be_empty: true}, sex: {field: sex, type: code, codes: {F: f, M: m}}}}
  cards:
    {title: cards, file: cards_{year}{month}, true_at: month_end, subject: traits, confidence: 0.8, stale_after: 60,
      columns: {born: {field: birth_date, type: date, may_be_empty: true}}}
"""


@pytest.fixture
def two_registers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bank of two customers whose branch and card departments both tell birthdays."""
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "two.yaml").write_text(
        TWO_REGISTERS.replace("_{year}{month}", '_{year}m{month}"')
        .replace("file: branch", 'file: "branch')
        .replace("file: cards", 'file: "cards')
    )
    monkeypatch.setattr("segmentation.intake.profiles.load_profile.__defaults__", (tmp_path / "profiles",))
    bank = tmp_path / "bank"
    write_csv(bank, "accounts", ("no", "since"), [("0xa1", "2001-01-01"), ("0012", "2002-02-02")], compress=False)
    return bank


def test_two_birthdays_of_one_customer_are_shown_and_the_surer_department_is_believed(
    two_registers: Path, import_: Import, database_url: str
) -> None:
    branch = [("0xa1", "1950-01-01", "F"), ("0012", "1960-02-02", "M")]
    write_csv(two_registers, "branch_2019m09", ("no", "born", "sex"), branch, compress=False)
    cards = [("0xa1", "1955-05-05"), ("0012", "1960-02-02")]
    write_csv(two_registers, "cards_2019m07", ("no", "born"), cards, compress=False)
    report = published(import_(two_registers, profile="two"))
    assert report.conflicts == 1
    assert str(report.conflicts_listed[0]) == (
        "customer 0xa1, birth_date: 1955-05-05 by cards (61 days old, confidence 0.8); "
        "1950-01-01 by branch (0 days old, confidence 0.4); the first is used"
    )
    assert report.stale_traits == {"birth_date": 2}
    query = "SELECT number, birth_date, sex FROM customer_snapshots JOIN customers ON id = customer_id ORDER BY 1"
    assert fetch(database_url, query) == [("0012", date(1960, 2, 2), "m"), ("0xa1", date(1955, 5, 5), "f")]


def test_the_report_tells_every_doubt_to_people_and_to_machines(
    two_registers: Path, import_: Import, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(two_registers, "branch_2019m09", ("no", "born", "sex"), [("0xa1", "1950-01-01", "F")], compress=False)
    write_csv(two_registers, "cards_2019m06", ("no", "born"), [("0xa1", "1955-05-05")], compress=False)
    report = published(import_(two_registers, profile="two"))
    print_report(report, page())
    told = capsys.readouterr().out
    assert "Conflict: customer 0xa1, birth_date" in told
    assert "Stale: cards_2019m06.csv is 92 days old." in told
    assert '"conflicts": 1' in report_json(report)
