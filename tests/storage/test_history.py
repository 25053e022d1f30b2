"""Computed again after corrections: what was known at a moment gives the same files, bit for bit; nothing is kept."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from campaigns.customers.intake import IntakeReport, IntakeService
from campaigns.customers.segments import SegmentationRun, SegmentService
from handlers.terminal.class_files import write_classes
from segmentation.synthetic import AS_OF, AUM, BEHAVIOR, DEPOSITS, invent_people, write_csv, write_delivery
from storage.intakes import open_intakes
from storage.segments import open_segments
from storage.vault import Vault

FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)
CORRECTED = FIRST + timedelta(days=3)
HOUR = timedelta(hours=1)
NEXT = date(2019, 12, 31)
PEOPLE = invent_people(60)
TRAITS = ("cust_no", "birth_date", "sex", "open_date", "cards")
ZONE = "Asia/Shanghai"


class Unwatched:
    """A watcher who looks away."""

    def expect(self, steps: int) -> None: ...

    def begin(self, step: str) -> None: ...


class Bank:
    """A bank whose deliveries arrive and are corrected at moments that the test names."""

    def __init__(self, url: str, vault: Vault, folder: Path) -> None:
        self.url, self._vault, self.folder = url, vault, folder

    def imports(self, place: str, now: datetime, as_of: date = AS_OF) -> None:
        with open_intakes(self.url, self._vault) as store:
            outcome = IntakeService(store, Unwatched(), now).import_delivery(self.folder / place, "cn-bank", as_of, 0.0)
        assert isinstance(outcome, IntakeReport), str(outcome)

    def segments(self, now: datetime, until: date | None = None) -> tuple[SegmentationRun, bytes]:
        """A run, and its file."""
        found = self._segments(now, until, None)
        assert found is not None
        return found

    def looks_back(self, known_by: datetime, until: date | None = None) -> tuple[SegmentationRun, bytes] | None:
        """The same, from what was known at that moment."""
        return self._segments(CORRECTED + 100 * HOUR, until, known_by)

    def _segments(
        self, now: datetime, until: date | None, known_by: datetime | None
    ) -> tuple[SegmentationRun, bytes] | None:
        out = self.folder / "out.csv"
        with open_segments(self.url, ZONE, known_by=known_by, until=until) as store:
            run = SegmentService(store, now).segment(until)
            if run is None:
                return None
            write_classes(out, store.lists.lines(run.id))
        return run, out.read_bytes()

    def rows(self) -> dict[str, int]:
        """What is stored, by table."""
        tables = ("customer_snapshots", "segmentation_runs", "customer_classes", "replaced_parts")
        with psycopg.connect(self.url) as connection:
            found = [connection.execute(f"SELECT count(*) FROM {name}").fetchone() for name in tables]  # noqa: S608
        return {name: row[0] for name, row in zip(tables, found, strict=True) if row}


@pytest.fixture
def bank(database_url: str, vault: Vault, tmp_path: Path) -> Bank:
    """A quarter with its deposits and particulars, delivered, segmented, then the next quarter likewise."""
    found = Bank(database_url, vault, tmp_path)
    write_delivery(tmp_path / "q3", PEOPLE)
    born = [(p.number, f"19{50 + at % 40}-03-04", "F", "2011-05-06", "2") for at, p in enumerate(PEOPLE)]
    write_csv(tmp_path / "q3", "traits", TRAITS, born, compress=False)
    found.imports("q3", FIRST)
    found.segments(FIRST + HOUR)
    write_csv(tmp_path / "q4", "aum", AUM, ((p.number, *p.aum) for p in PEOPLE), compress=False)
    write_csv(tmp_path / "q4", "behavior", BEHAVIOR, ((p.number, *p.behavior) for p in PEOPLE), compress=False)
    found.imports("q4", FIRST + 2 * HOUR, NEXT)
    return found


def correct(bank: Bank) -> None:
    """Another truth about the earlier quarter: richer people, fewer of them, other deposits, other birthdays."""
    richer = [(p.number, "0", "0", "3000000.0", "0", "0", "0", "0", "0") for p in PEOPLE[:20]]
    folder = bank.folder / "corrected"
    write_csv(folder, "aum", AUM, [*richer, *((p.number, *p.aum) for p in PEOPLE[20:50])], compress=False)
    deposits = [(p.number, f"{p.deposit + 5000:.2f}", "1") for p in PEOPLE[10:]]
    write_csv(folder, "deposits_2019m07", DEPOSITS, deposits, compress=False)
    born = [(p.number, "1999-09-09", "M", "2018-05-06", "1") for p in PEOPLE]
    write_csv(folder, "traits", TRAITS, born, compress=False)
    bank.imports("corrected", CORRECTED)


def test_what_was_known_then_gives_the_same_file_after_a_correction(bank: Bank) -> None:
    first_run, first = bank.segments(FIRST + 3 * HOUR, AS_OF)
    correct(bank)
    later_run, later = bank.segments(CORRECTED + HOUR, AS_OF)
    assert later != first
    before = bank.rows()
    again = bank.looks_back(FIRST + 4 * HOUR, AS_OF)
    assert again is not None
    assert again[1] == first
    assert again[0].key == first_run.key
    assert again[0].is_new
    assert again[0].id != first_run.id
    now = bank.looks_back(CORRECTED + 2 * HOUR, AS_OF)
    assert now is not None
    assert (now[0].key, now[1]) == (later_run.key, later)
    assert bank.rows() == before


def test_letters_of_the_quarter_before_hold_as_they_held_then(bank: Bank) -> None:
    _, first = bank.segments(FIRST + 3 * HOUR, NEXT)
    correct(bank)
    bank.segments(CORRECTED + HOUR, AS_OF)
    _, later = bank.segments(CORRECTED + HOUR, NEXT)
    assert later != first
    again = bank.looks_back(FIRST + 4 * HOUR, NEXT)
    assert again is not None
    assert again[1] == first


def test_before_anything_was_known_there_is_nothing_to_segment(bank: Bank) -> None:
    assert bank.looks_back(FIRST - HOUR) is None


def test_a_day_that_was_not_delivered_yet_was_not_known(bank: Bank) -> None:
    found = bank.looks_back(FIRST + HOUR)
    assert found is not None
    assert found[0].key.as_of == AS_OF


def test_a_table_with_a_new_column_still_takes_what_was_kept_before(bank: Bank) -> None:
    _, first = bank.segments(FIRST + 3 * HOUR, AS_OF)
    correct(bank)
    with psycopg.connect(bank.url) as connection:
        connection.execute("ALTER TABLE customer_deposits ADD COLUMN currency varchar NOT NULL DEFAULT 'CNY'")
    again = bank.looks_back(FIRST + 4 * HOUR, AS_OF)
    assert again is not None
    assert again[1] == first
