"""The bench in small: our way from files to classes says what the frozen script in pandas and scikit-learn says."""

from pathlib import Path

import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from bench import classes as bench
from bench import classes_pandas
from main import app


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small invented bank, judged by both."""
    folder = tmp_path_factory.mktemp("bench")
    bench.write_bank(folder, rows=20_000, customers=900)
    told = CliRunner().invoke(app, bench.engine_command(folder, "engine")[2:])
    assert told.exit_code == 0, told.output
    classes_pandas.main(*bench.pandas_command(folder, "straightforward")[2:])
    return folder


def test_both_give_every_customer_the_same_windows_letters_and_reasons(judged: Path) -> None:
    bench.compare(judged)
    straightforward = parquet.read_table(judged / "pandas.parquet")
    classes_pandas.main(*bench.pandas_command(judged, "careful")[2:])
    assert parquet.read_table(judged / "pandas.parquet").equals(straightforward)
    assert set(parquet.read_table(judged / "engine.parquet")["class"].to_pylist()) == set("ABCD")


def test_the_comparison_sees_a_letter_a_window_and_a_reason_that_differ(judged: Path) -> None:
    classes = parquet.read_table(judged / "engine.parquet").to_pandas().set_index("customer")
    windows = parquet.read_table(judged / "engine-windows.parquet").to_pandas().set_index("customer")
    theirs = parquet.read_table(judged / "pandas.parquet").to_pandas()
    assert bench.difference(classes, windows, theirs) == ""
    other = theirs.assign(letter=theirs["runner_up"])
    assert bench.difference(classes, windows, other) == "The engine and pandas give different letters."
    later = theirs.assign(amount_in_30=theirs["amount_in_30"] + 1)
    assert bench.difference(classes, windows, later) == "The engine and pandas differ in amount_in_30."
    turned = theirs.assign(points_1=-theirs["points_1"])
    assert "points of reason 1" in bench.difference(classes, windows, turned)
    assert bench.difference(classes.iloc[1:], windows, theirs) == "The engine and pandas know different customers."
