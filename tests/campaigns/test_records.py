"""A bank of registers and single transactions, by the profile `berka`: as of a day, blind for what came later."""

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from campaigns.customers.intake import FileReport, IntakeReport, IntakeService, Status
from segmentation.features import build_features
from segmentation.intake.faults import Fault
from storage.frames import snapshot_frame
from storage.intakes import open_intakes
from storage.vault import Vault

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
AS_OF = date(1994, 3, 31)
FILES = {
    "client": ['"client_id";"birth_number";"district_id"', '0xb1;"706213";18', '02;"450204";1', '3;"405112";1'],
    "disp": [
        '"disp_id";"client_id";"account_id";"type"',
        '1;0xb1;11;"OWNER"',
        '2;02;22;"OWNER"',
        '3;3;22;"DISPONENT"',
        '4;3;33;"OWNER"',
    ],
    "account": [
        '"account_id";"district_id";"frequency";"date"',
        '11;1;"POPLATEK MESICNE";930101',
        '22;1;"POPLATEK TYDNE";940301',
        '33;1;"POPLATEK MESICNE";950101',
    ],
    "card": [
        '"card_id";"disp_id";"type";"issued"',
        '1;1;"classic";931107 00:00:00',
        '2;1;"gold";940401 00:00:00',
    ],
    "loan": [
        '"loan_id";"account_id";"date";"amount";"duration";"payments";"status"',
        '1;11;930930;1200.00;12;100.00;"B"',
        '2;11;940401;9900.00;12;825.00;"A"',
    ],
    "trans": [
        '"trans_id";"account_id";"date";"type";"operation";"amount";"balance";"k_symbol";"bank";"account"',
        '1;11;930105;"PRIJEM";"VKLAD";900.00;900.00;"";;',
        '2;11;940110;"PRIJEM";"PREVOD Z UCTU";5000.00;5900.00;"DUCHOD";"YZ";"1"',
        '3;11;940310;"VYDAJ";"VYBER KARTOU";700.00;5200.00;"";;',
        '4;11;940331;"PRIJEM";"";18.90;5218.90;"UROK";;',
        '5;22;940320;"VYDAJ";"PREVOD NA UCET";250.50;-250.50;"SIPO";"AB";"2"',
        '6;11;940401;"VYDAJ";"VYBER";5000.00;218.90;"";;',
        '7;99;940320;"PRIJEM";"VKLAD";1.00;1.00;" ";;',
    ],
    "order": ['"order_id";"account_id"', "1;11"],
}
Import = Callable[..., IntakeReport | Fault]


class Unwatched:
    """A watcher who looks away."""

    def expect(self, steps: int) -> None: ...

    def begin(self, step: str) -> None: ...


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two customers with an account at that day, one a year later."""
    for name, lines in FILES.items():
        write(tmp_path / "bank", name, lines)
    return tmp_path / "bank"


@pytest.fixture
def import_(database_url: str, vault: Vault) -> Import:
    """Import a folder as of a day, on a connection of its own."""

    def imported(place: Path, as_of: date = AS_OF) -> IntakeReport | Fault:
        with open_intakes(database_url, vault) as store:
            return IntakeService(store, Unwatched(), NOW).import_delivery(place, "berka", as_of, 0.0)

    return imported


def write(folder: Path, name: str, lines: list[str]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.asc.gz").write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0))


def published(outcome: IntakeReport | Fault) -> IntakeReport:
    assert isinstance(outcome, IntakeReport), str(outcome)
    return outcome


def of_file(report: IntakeReport, name: str) -> FileReport:
    return next(file for file in report.files if file.quality.file.startswith(name))


def snapshot(url: str, number: str, as_of: date, *columns: str) -> tuple[Any, ...]:
    query = f"""SELECT {", ".join(columns)} FROM customer_snapshots s JOIN customers c ON c.id = customer_id
        WHERE number = %s AND as_of = %s"""  # noqa: S608
    with psycopg.connect(url) as connection:
        row = connection.execute(query, [number, as_of]).fetchone()
    assert row is not None
    return row


def everything(url: str, as_of: date) -> list[tuple[Any, ...]]:
    query = """SELECT number, s.* FROM customer_snapshots s JOIN customers c ON c.id = customer_id
        WHERE as_of = %s ORDER BY number"""
    with psycopg.connect(url) as connection:
        return connection.execute(query, [as_of]).fetchall()


def test_registers_and_transactions_become_customers_of_the_day(
    folder: Path, import_: Import, database_url: str
) -> None:
    report = published(import_(folder))
    assert (report.customers, report.new_customers) == (2, 2)
    assert of_file(report, "client").orphans == 1
    assert (of_file(report, "account").quality.later, of_file(report, "card").quality.later) == (1, 1)
    assert [name for name, _ in report.left_out] == ["order.asc.gz"]
    traits = ("birth_date", "sex", "customer_since", "cards")
    assert snapshot(database_url, "0xb1", AS_OF, *traits) == (date(1970, 12, 13), "f", date(1993, 1, 1), 1)
    assert snapshot(database_url, "02", AS_OF, *traits) == (date(1945, 2, 4), "m", date(1994, 3, 1), 0)


def test_balances_and_debts_are_those_of_the_day(folder: Path, import_: Import, database_url: str) -> None:
    published(import_(folder))
    assert snapshot(database_url, "0xb1", AS_OF, "assets", "loans") == (521_890, 60_000)
    assert snapshot(database_url, "02", AS_OF, "assets", "loans") == (0, 25_050)


def test_activity_is_the_customers_own_of_ninety_days(folder: Path, import_: Import, database_url: str) -> None:
    published(import_(folder))
    columns = ("transfers_in", "transfers_in_amount", "transfers_out", "transfers_out_amount", "logins")
    assert snapshot(database_url, "0xb1", AS_OF, *columns) == (1, 500_000, 1, 70_000, None)
    uses = ("counter_uses", "atm_uses", "transfer_uses", "online_uses", "has_activity")
    assert snapshot(database_url, "0xb1", AS_OF, *uses) == (0, 1, 1, 0, True)
    last = snapshot(database_url, "0xb1", AS_OF, "(last_transfer_at AT TIME ZONE 'Europe/Prague')::date")
    assert last == (date(1994, 3, 10),)


def test_windows_and_seasons_stand_beside_the_balances(folder: Path, import_: Import, database_url: str) -> None:
    published(import_(folder))
    windows = ("count_in_30", "count_in_90", "amount_in_365", "amount_out_30", "atm_365", "known_days")
    assert snapshot(database_url, "0xb1", AS_OF, *windows) == (0, 1, 500_000, 70_000, 1, 450)
    seasons = ("salary_day", "salary_months", "salary_share", "salary_stay_days", "income_months", "festival_out_share")
    assert snapshot(database_url, "0xb1", AS_OF, *seasons) == (10, 1, 1.0, 30.0, 1, None)
    assert snapshot(database_url, "02", AS_OF, "salary_day", "transfer_out_share", "amount_out_7") == (None, 1.0, 0)


def test_an_earlier_day_has_its_own_windows(folder: Path, import_: Import, database_url: str) -> None:
    published(import_(folder))
    published(import_(folder, date(1994, 1, 31)))
    assert snapshot(database_url, "0xb1", date(1994, 1, 31), "count_in_30", "amount_out_30") == (1, 0)
    with psycopg.connect(database_url) as connection:
        features = build_features(snapshot_frame(connection, date(1994, 1, 31), "Europe/Prague")).iloc[0]
    assert (features["count_in_30"], features["salary_day"], features["known_days"]) == (1, 10, 391)


def test_a_transaction_of_an_unknown_account_is_counted(folder: Path, import_: Import) -> None:
    assert of_file(published(import_(folder)), "trans").orphans == 1


def test_the_future_changes_nothing(folder: Path, import_: Import, database_url: str) -> None:
    published(import_(folder))
    before = everything(database_url, AS_OF)
    kept = {name: [line for line in FILES[name] if "9404" not in line] for name in ("trans", "card", "loan")}
    for name, lines in kept.items():
        write(folder, name, lines)
    assert published(import_(folder)).status is Status.PUBLISHED
    assert everything(database_url, AS_OF) == before


def test_an_earlier_day_is_computed_from_the_same_delivery(folder: Path, import_: Import, database_url: str) -> None:
    published(import_(folder))
    earlier = date(1994, 1, 31)
    assert published(import_(folder, earlier)).customers == 1
    assert snapshot(database_url, "0xb1", earlier, "assets", "cards") == (590_000, 1)
    with psycopg.connect(database_url) as connection:
        kept = connection.execute("SELECT count(DISTINCT sha256) FROM delivered_records").fetchone()
    assert kept == (5,)


def test_a_day_computed_again_is_the_same_bit_for_bit(folder: Path, import_: Import, database_url: str) -> None:
    published(import_(folder))
    before = everything(database_url, AS_OF)
    published(import_(folder, date(1994, 2, 28)))
    write(folder, "order", ['"order_id";"account_id"', "2;22"])
    write(folder, "client", [*FILES["client"], '9;"500101";1'])
    published(import_(folder))
    assert everything(database_url, AS_OF) == before


def test_transactions_alone_correct_their_part(
    folder: Path, tmp_path: Path, import_: Import, database_url: str
) -> None:
    published(import_(folder))
    more = '8;11;940331;"VYDAJ";"VYBER";18.90;5200.00;"";;'
    write(tmp_path / "part", "trans", [*FILES["trans"], more])
    report = published(import_(tmp_path / "part"))
    assert report.customers == 2
    assert snapshot(database_url, "0xb1", AS_OF, "assets", "counter_uses") == (520_000, 1)


def test_the_same_transaction_with_two_amounts_is_a_conflict(folder: Path, import_: Import) -> None:
    write(folder, "trans", [*FILES["trans"], '3;11;940310;"VYDAJ";"VYBER KARTOU";701.00;5199.00;"";;'])
    outcome = import_(folder)
    assert isinstance(outcome, Fault)
    assert str(outcome).startswith("trans.asc.gz, line 4, column trans_id: the same record stands on line 9")


def test_an_unknown_code_is_named(folder: Path, import_: Import) -> None:
    write(folder, "disp", [*FILES["disp"], '5;3;44;"FRIEND"'])
    outcome = import_(folder)
    assert isinstance(outcome, Fault)
    assert str(outcome) == 'disp.asc.gz, line 6, column type: "FRIEND" is no code of the profile\'s list.'
