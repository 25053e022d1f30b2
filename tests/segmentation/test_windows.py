"""Windowed features of transactions: against plain Python, to the fen, and blind for the future."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from segmentation.engine.session import open_engine
from segmentation.engine.transactions import CHOSEN, TransactionFiles, features_table, write_features
from segmentation.engine.windows import window_statement

AS_OF = date(2019, 9, 30)
Row = tuple[str, date, str, int, str, str]
COLUMNS = ("customer", "day", "direction", "amount", "channel", "kind")
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["0xb2d1b6d1", "0012", "1e5"]),
        st.integers(-5, 500).map(lambda age: AS_OF - timedelta(days=age)),
        st.sampled_from(["in", "out"]),
        st.integers(0, 10**13),
        st.sampled_from(["counter", "atm", "transfer", "online", "none"]),
        st.sampled_from(["salary", "interest", "fee", "other"]),
    ),
    max_size=60,
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """One engine for the module; every test writes its own file."""
    with open_engine(tmp_path_factory.mktemp("spill"), memory_mb=128) as found:
        yield found


def written(rows: list[Row], path: Path) -> TransactionFiles:
    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    types = (pa.string(), pa.date32(), pa.string(), pa.int64(), pa.string(), pa.string())
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
    parquet.write_table(pa.table(arrays, names=list(COLUMNS)), path)
    return TransactionFiles([path])


def by_customer(table: pa.Table) -> dict[str, dict[str, float | None]]:
    return {row.pop("customer"): row for row in table.to_pylist()}


def plainly(rows: list[Row]) -> dict[str, dict[str, float | None]]:
    """The same by loops."""
    found: dict[str, dict[str, float | None]] = {}
    for customer in {row[0] for row in rows if row[1] <= AS_OF}:
        seen = [((AS_OF - row[1]).days, row) for row in rows if row[0] == customer and row[1] <= AS_OF]
        told: dict[str, float | None] = {
            "recency_days": min(age for age, _ in seen),
            "known_days": max(age for age, _ in seen),
        }
        for days in (7, 30, 90, 365):
            for way in ("in", "out"):
                amounts = [row[3] for age, row in seen if age < days and row[2] == way]
                told |= {f"count_{way}_{days}": len(amounts), f"amount_{way}_{days}": sum(amounts)}
        for days in (90, 365):
            for channel in ("counter", "atm", "transfer", "online"):
                told[f"{channel}_{days}"] = sum(age < days and row[4] == channel for age, row in seen)
        for way in ("in", "out"):
            now = sum(row[3] for age, row in seen if age < 90 and row[2] == way)
            before = sum(row[3] for age, row in seen if 90 <= age < 180 and row[2] == way)
            told[f"trend_{way}"] = (now - before) / (now + before) if now + before else None
        paid = [row[1].day for age, row in seen if age < 365 and row[5] == "salary" and row[2] == "in"]
        told["salary_day"] = min(paid, key=lambda day: (-paid.count(day), day)) if paid else None
        found[customer] = told
    return found


@given(rows=ROWS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_the_engine_counts_as_plain_python_does_in_one_pass_and_by_spans(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, rows: list[Row]
) -> None:
    in_one_pass = features_table(engine, written(rows, tmp_path / "t.parquet"), AS_OF)
    by_spans = engine.sql(f"{window_statement(CHOSEN, AS_OF, by_spans=True)} ORDER BY customer").to_arrow_table()
    assert by_spans.equals(in_one_pass)
    found, expected = by_customer(in_one_pass), plainly(rows)
    assert found.keys() == expected.keys()
    for customer, told in expected.items():
        assert {name: value is None for name, value in found[customer].items()} == {
            n: v is None for n, v in told.items()
        }
        known = {name: value for name, value in told.items() if value is not None}
        assert {name: found[customer][name] for name in known} == pytest.approx(known, rel=1e-12)


def test_a_planted_future_row_changes_nothing(engine: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows: list[Row] = [("a", AS_OF - timedelta(days=age), "in", 100 + age, "atm", "salary") for age in range(0, 400, 9)]
    before = features_table(engine, written(rows, tmp_path / "before.parquet"), AS_OF)
    tomorrow = AS_OF + timedelta(days=1)
    planted: list[Row] = [*rows, ("a", tomorrow, "out", 10**12, "online", "salary"), ("b", tomorrow, "in", 1, "", "")]
    assert features_table(engine, written(planted, tmp_path / "after.parquet"), AS_OF).equals(before)


def test_numbers_of_customers_in_text_files_stay_text(engine: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("no,day,direction,amount\n0xb2d1b6d1,2019-09-30,in,5\n0012,2019-09-29,out,7\n")
    found = by_customer(features_table(engine, TransactionFiles([path], (("customer", "no"),)), AS_OF))
    assert sorted(found) == ["0012", "0xb2d1b6d1"]
    assert found["0012"]["amount_out_7"] == 7


def test_a_missing_column_is_named(engine: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("customer,day,amount\na,2019-09-30,5\n")
    with pytest.raises(ValueError, match="no column direction; there are: customer, day, amount"):
        features_table(engine, TransactionFiles([path]), AS_OF)


def test_several_files_are_one_history(engine: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    first = written([("a", AS_OF, "in", 1, "atm", "other")], tmp_path / "1.parquet")
    second = written([("a", AS_OF, "in", 2, "atm", "other")], tmp_path / "2.parquet")
    found = features_table(engine, TransactionFiles([*first.paths, *second.paths]), AS_OF)
    assert found["amount_in_7"].to_pylist() == [3]


def test_what_does_not_fit_in_memory_is_worked_on_in_the_scratch_folder(tmp_path: Path) -> None:
    count = 200_000
    numbers = pa.array([f"customer-with-a-long-number-{at:08d}" for at in range(count)])
    days = pa.array([AS_OF] * count, pa.date32())
    words = {name: pa.array([word] * count) for name, word in (("direction", "in"), ("channel", "atm"), ("kind", "x"))}
    table = pa.table({"customer": numbers, "day": days, "amount": pa.array(range(count)), **words})
    parquet.write_table(table, tmp_path / "t.parquet")
    with open_engine(tmp_path / "spill", memory_mb=96, threads=1) as engine:
        found = write_features(engine, TransactionFiles([tmp_path / "t.parquet"]), AS_OF, tmp_path / "out.parquet")
    assert found == count
    assert parquet.read_table(tmp_path / "out.parquet", columns=["amount_in_7"])["amount_in_7"].to_numpy().sum() == (
        count * (count - 1) // 2
    )
