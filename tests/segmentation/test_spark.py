"""One statement on two engines: whatever the transactions, Spark says what the embedded engine says."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from segmentation.classes import build_space
from segmentation.engine import spark as on_spark
from segmentation.engine import transactions as embedded
from segmentation.engine.letters import letters_statement
from segmentation.engine.session import open_engine
from segmentation.engine.transactions import TransactionFiles
from segmentation.engine.windows import window_statement
from tests.segmentation.test_engine_letters import POLICY

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LEAP_DAY = date(2020, 2, 29)


def days_before(days: int) -> date:
    return LEAP_DAY - timedelta(days=days)


SCHEMA = pa.schema(
    {
        "customer": pa.string(), "day": pa.date32(), "direction": pa.string(), "amount": pa.int64(),
        "channel": pa.string(), "kind": pa.string(),
    }
)  # fmt: skip
NUMBERS = ["0xb2d1b6d1", "0xb2d1", "0012", "12", "1e5", "客户", ""]
EDGES = [-1, 0, 6, 7, 29, 30, 89, 90, 179, 180, 364, 365, 366, 1461]
Row = tuple[str | None, date | None, str | None, int | None, str | None, str | None]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(NUMBERS),
        st.one_of(st.none(), st.one_of(st.sampled_from(EDGES), st.integers(-5, 500)).map(days_before)),
        st.sampled_from(["in", "out", None]),
        st.one_of(st.none(), st.integers(0, 10**13)),
        st.sampled_from(["counter", "atm", "transfer", "online", "none", None]),
        st.sampled_from(["salary", "interest", "other", None]),
    ),
    min_size=80,
    max_size=200,
)


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator["SparkSession"]:
    """One local session for the module; the tests are skipped where Spark cannot run, and say why."""
    if missing := on_spark.why_no_spark():
        pytest.skip(missing)
    with on_spark.open_spark(tmp_path_factory.mktemp("spark"), master="local[1]", memory_mb=512) as session:
        session.conf.set("spark.sql.shuffle.partitions", "1")
        yield session


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_engine(tmp_path_factory.mktemp("spill"), memory_mb=128) as found:
        yield found


def written(rows: list[Row], path: Path) -> TransactionFiles:
    parquet.write_table(pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in rows], SCHEMA), path)
    return TransactionFiles([path])


def assert_same(ours: pa.Table, theirs: pa.Table) -> None:
    """The same columns and customers in the same order, whole numbers exact, shares to the twelfth digit."""
    assert ours.schema.names == theirs.schema.names
    for name in ours.schema.names:
        assert ours.schema.field(name).type == theirs.schema.field(name).type, name
        left, right = ours[name].to_pylist(), theirs[name].to_pylist()
        if pa.types.is_floating(ours.schema.field(name).type):
            assert [value is None for value in left] == [value is None for value in right], name
            left, right = ([value or 0.0 for value in values] for values in (left, right))
            assert left == pytest.approx(right, rel=1e-12, abs=1e-12), name
        else:
            assert left == right, name


@given(rows=ROWS)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=2,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
def test_both_engines_say_the_same_of_any_transactions(
    spark: "SparkSession", engine: duckdb.DuckDBPyConnection, tmp_path: Path, rows: list[Row]
) -> None:
    files = written(rows, tmp_path / "t.parquet")
    assert_same(embedded.features_table(engine, files, LEAP_DAY), on_spark.features_table(spark, files, LEAP_DAY))


def test_both_engines_cut_the_windows_at_the_same_day_and_keep_numbers_as_text(
    spark: "SparkSession", engine: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows: list[Row] = [
        (number, days_before(days), way, 100 + days, "atm", "salary")
        for number in NUMBERS
        for days in EDGES
        for way in ("in", "out")
    ]
    files = written(rows, tmp_path / "t.parquet")
    found = on_spark.features_table(spark, files, LEAP_DAY)
    assert_same(embedded.features_table(engine, files, LEAP_DAY), found)
    assert found["customer"].to_pylist() == sorted(NUMBERS)
    assert found["count_in_7"].to_pylist() == [2] * len(NUMBERS)
    assert found["count_in_365"].to_pylist() == [10] * len(NUMBERS)


def test_a_column_of_another_name_is_read_and_a_missing_one_is_named(
    spark: "SparkSession", engine: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    table = pa.table(
        {"no": ["0012", "0xb2d1"], "day": [LEAP_DAY, LEAP_DAY], "direction": ["in", "out"], "amount": [5, 7]}
    )
    parquet.write_table(table, tmp_path / "t.parquet")
    files = TransactionFiles([tmp_path / "t.parquet"], (("customer", "no"),))
    found = on_spark.features_table(spark, files, LEAP_DAY)
    assert_same(embedded.features_table(engine, files, LEAP_DAY), found)
    with pytest.raises(ValueError, match="no column customer; there are: no, day, direction, amount"):
        on_spark.features_table(spark, TransactionFiles(files.paths), LEAP_DAY)


def test_spark_reads_parquet_alone(spark: "SparkSession", tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="as Parquet files"):
        on_spark.write_features(spark, TransactionFiles([tmp_path / "t.csv"]), LEAP_DAY, tmp_path / "out.parquet")


def test_the_translation_says_days_and_quotes_as_spark_does() -> None:
    assert "DATEDIFF(DAY, day, CAST('2020-02-29' AS DATE))" in on_spark.spark_text(window_statement("t", LEAP_DAY))
    assert on_spark.spark_text('SELECT CAST("no" AS VARCHAR) AS customer') == "SELECT CAST(`no` AS STRING) AS customer"


def test_both_engines_give_the_same_letters(spark: "SparkSession", engine: duckdb.DuckDBPyConnection) -> None:
    features = pd.DataFrame(
        [
            {"assets": assets, "transfers": transfers, "age": age, "logins": 3.0, "counter_share": 0.5, "cards": 1.0}
            for assets in (0.0, 5e5, 7e7, 3e9)
            for transfers in (0.0, 40.0, None)
            for age in (22.0, 71.0, None)
        ]
    )
    space = build_space(features, POLICY)
    columns = {name: pa.array(features[name], from_pandas=True) for name in features.columns}
    count = len(features)
    previous = pa.array([None, "A", "B"] * (count // 3), pa.string())
    beside = {"customer": pa.array(range(count)), "previous": previous, "tenure_days": pa.array([90.0] * count)}
    people = pa.table({**beside, **columns})
    engine.register("people", people)
    spark.createDataFrame(people).createOrReplaceTempView("people")
    statement = f"{letters_statement('people', space, POLICY)} ORDER BY customer"
    assert_same(engine.sql(statement).to_arrow_table(), spark.sql(on_spark.spark_text(statement)).toArrow())
