"""Seasons and flows of a year of transactions: against plain Python, around the festival, blind for the future."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segmentation.engine.session import open_engine
from segmentation.seasons import SEASONAL, season_statement
from segmentation.windowed import WINDOWED, windowed_table

AS_OF = date(2019, 9, 30)
FESTIVAL = date(2019, 2, 5)
COLUMNS = ("customer", "day", "direction", "amount", "channel", "kind")
TYPES = (pa.string(), pa.date32(), pa.string(), pa.int64(), pa.string(), pa.string())
Row = tuple[str, date, str, int, str, str]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "0012"]),
        st.integers(-5, 480).map(lambda age: AS_OF - timedelta(days=age)),
        st.sampled_from(["in", "out"]),
        st.integers(0, 10**9),
        st.sampled_from(["counter", "transfer", "none"]),
        st.sampled_from(["salary", "other"]),
    ),
    max_size=60,
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """One engine for the module."""
    with open_engine(tmp_path_factory.mktemp("spill"), memory_mb=128) as found:
        yield found


def given_rows(engine: duckdb.DuckDBPyConnection, rows: list[Row]) -> None:
    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, TYPES, strict=True)]
    engine.register("given_rows", pa.table(arrays, names=list(COLUMNS)))


def seasons(engine: duckdb.DuckDBPyConnection, rows: list[Row], *festivals: date) -> dict[str, dict[str, Any]]:
    given_rows(engine, rows)
    found = engine.sql(season_statement("given_rows", AS_OF, festivals)).to_arrow_table().to_pylist()
    return {row.pop("customer"): row for row in found}


def plainly(rows: list[Row], festival: date) -> dict[str, dict[str, Any]]:
    """The same by loops."""
    found = {}
    for customer in {row[0] for row in rows if row[1] <= AS_OF}:
        mine = [((AS_OF - row[1]).days, row) for row in rows if row[0] == customer and row[1] <= AS_OF]
        year = [(age, row) for age, row in mine if age < 365]
        came = sum(row[3] for _, row in year if row[2] == "in")
        went = sum(row[3] for _, row in year if row[2] == "out")
        salaries = [(age, row) for age, row in year if row[2] == "in" and row[5] == "salary"]
        told: dict[str, Any] = dict.fromkeys(SEASONAL)
        told["income_months"] = len({age // 30 for age, row in mine if age < 360 and row[2] == "in"})
        if went:
            by_transfer = sum(row[3] for _, row in year if row[2] == "out" and row[4] == "transfer")
            told["transfer_out_share"] = by_transfer / went
            if any(row[1] <= festival - timedelta(days=7) for _, row in mine):
                around = [row[3] for _, row in year if row[2] == "out" and abs((row[1] - festival).days) <= 7]
                told["festival_out_share"] = sum(around) / went
        if salaries:
            days = [row[1].day for _, row in salaries]
            usual = min(days, key=lambda day: (-days.count(day), day))
            near = [day for day in days if min(abs(day - usual), 31 - abs(day - usual)) <= 2]
            told["salary_months"] = len({(row[1].year, row[1].month) for _, row in salaries})
            told["salary_concentration"] = len(near) / len(days)
            told["salary_share"] = sum(row[3] for _, row in salaries) / came if came else None
            told["salary_stay_days"] = stay(mine, {age for age, _ in salaries if age >= 30})
        found[customer] = told
    return found


def stay(mine: list[tuple[int, Row]], ages: set[int]) -> float | None:
    """Mean days until half of what was earned on a day has gone, 30 at most."""
    lasted = []
    for paid in ages:
        salary = sum(row[3] for age, row in mine if age == paid and row[2] == "in" and row[5] == "salary")
        out = [(paid - age, row[3]) for age, row in mine if row[2] == "out" and paid - 30 < age <= paid]
        gone = (
            after for after in sorted({day for day, _ in out}) if 2 * sum(a for d, a in out if d <= after) >= salary
        )
        lasted.append(next(gone, 30))
    return sum(lasted) / len(lasted) if lasted else None


@given(rows=ROWS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_the_engine_sees_seasons_as_plain_python_does(engine: duckdb.DuckDBPyConnection, rows: list[Row]) -> None:
    found, expected = seasons(engine, rows, FESTIVAL), plainly(rows, FESTIVAL)
    assert found.keys() == expected.keys()
    for customer, told in expected.items():
        assert {name: value is None for name, value in found[customer].items()} == {
            name: value is None for name, value in told.items()
        }
        known = {name: value for name, value in told.items() if value is not None}
        assert {name: found[customer][name] for name in known} == pytest.approx(known, rel=1e-12)


def test_spring_festival_is_the_fifteen_days_around_the_new_year(engine: duckdb.DuckDBPyConnection) -> None:
    outs = [(FESTIVAL + timedelta(days=days), 100) for days in (-30, -8, -7, 0, 7, 8)]
    rows: list[Row] = [("a", day, "out", amount, "counter", "other") for day, amount in outs]
    assert seasons(engine, rows, FESTIVAL)["a"]["festival_out_share"] == 0.5
    assert seasons(engine, rows)["a"]["festival_out_share"] is None
    assert seasons(engine, rows, date(2018, 2, 16))["a"]["festival_out_share"] is None


def test_who_came_after_the_festival_has_no_share_of_it(engine: duckdb.DuckDBPyConnection) -> None:
    rows: list[Row] = [("a", FESTIVAL, "out", 100, "counter", "other")]
    assert seasons(engine, rows, FESTIVAL)["a"]["festival_out_share"] is None


def test_a_salary_at_the_turn_of_the_month_is_near_its_day(engine: duckdb.DuckDBPyConnection) -> None:
    days = (date(2019, 3, 31), date(2019, 5, 31), date(2019, 7, 1), date(2019, 8, 15))
    rows: list[Row] = [("a", day, "in", 1000, "transfer", "salary") for day in days]
    found = seasons(engine, rows)["a"]
    assert (found["salary_months"], found["salary_concentration"], found["salary_share"]) == (4, 0.75, 1.0)
    assert found["salary_stay_days"] == 30


def test_half_of_a_salary_gone_on_the_tenth_day_stayed_ten_days(engine: duckdb.DuckDBPyConnection) -> None:
    paid = date(2019, 6, 10)
    rows: list[Row] = [
        ("a", paid, "in", 1000, "transfer", "salary"),
        ("a", paid + timedelta(days=3), "out", 400, "atm", "other"),
        ("a", paid + timedelta(days=10), "out", 100, "atm", "other"),
        ("a", paid + timedelta(days=20), "out", 900, "atm", "other"),
    ]
    assert seasons(engine, rows)["a"]["salary_stay_days"] == 10


def test_windows_and_seasons_are_one_table_blind_for_the_future(engine: duckdb.DuckDBPyConnection) -> None:
    rows: list[Row] = [("a", AS_OF - timedelta(days=age), "out", 100 + age, "atm", "other") for age in range(0, 400, 9)]
    given_rows(engine, rows)
    before = windowed_table(engine, "given_rows", AS_OF, [FESTIVAL])
    assert before.column_names == ["number", *WINDOWED, *SEASONAL]
    tomorrow = AS_OF + timedelta(days=1)
    given_rows(engine, [*rows, ("a", tomorrow, "out", 10**12, "online", "salary"), ("b", tomorrow, "in", 1, "", "")])
    assert windowed_table(engine, "given_rows", AS_OF, [FESTIVAL]).equals(before)
