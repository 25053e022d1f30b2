"""Classes out of files alone: the same as of one run over all, held from run to run, and clear about bad files."""

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner, Result

from campaigns.customers.file_classes import look, portraits, read_policy, write_policy
from handlers.terminal.class_tables import class_table
from main import app
from segmentation.classes import NOBODY
from segmentation.dimensions import LETTERS
from segmentation.engine.people import People, join_people
from segmentation.engine.session import open_engine
from segmentation.engine.transactions import EngineFileError, TransactionFiles, write_features
from segmentation.features import build_features
from segmentation.policy import PolicyError, SegmentationPolicy
from segmentation.portraits import portray

AS_OF = date(2019, 9, 30)
COUNT = 60
Engine = duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the transactions and balances of a few invented customers, some without the one or the other."""
    folder, draw = tmp_path_factory.mktemp("bank"), np.random.default_rng(3)
    numbers = [f"0x{0xB2D1 + at:04x}" for at in range(COUNT)]
    rows = COUNT * 30
    who = draw.integers(0, COUNT - 5, rows)
    parquet.write_table(
        pa.table(
            {
                "customer": [f"00{at}" if at < 3 else numbers[at] for at in who],
                "day": pa.array([AS_OF - timedelta(days=int(age)) for age in draw.integers(-5, 400, rows)]),
                "direction": draw.choice(["in", "out"], rows).tolist(),
                "amount": draw.integers(100, 5_000_000, rows),
                "channel": draw.choice(["counter", "atm", "online", "none"], rows).tolist(),
                "kind": draw.choice(["salary", "other", "interest"], rows).tolist(),
            }
        ),
        folder / "transactions.parquet",
    )
    unknown = draw.random(COUNT) < 0.2
    parquet.write_table(
        pa.table(
            {
                "customer": numbers,
                "demand_deposit": draw.integers(0, 500_000_000, COUNT) // 7 ** draw.integers(0, 6, COUNT),
                "funds": draw.integers(0, 2, COUNT) * 40_000_000,
                "age": pa.array(draw.integers(18, 90, COUNT), mask=unknown),
                "logins": draw.integers(0, 60, COUNT),
                "tenure_days": draw.integers(30, 3000, COUNT),
            }
        ),
        folder / "balances.parquet",
    )
    return folder


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_engine(tmp_path / "spill", memory_mb=128) as found:
        yield found


def joined(engine: Engine, bank: Path, folder: Path, previous: Path | None = None) -> People:
    files = TransactionFiles([bank / "transactions.parquet"], without=("interest", "fee"))
    write_features(engine, files, AS_OF, folder / "features.parquet")
    return join_people(
        engine, bank / "balances.parquet", folder / "features.parquet", previous, folder / "people.parquet"
    )


def run_command(bank: Path, out: Path, *more: str) -> Result:
    given = [str(bank / "transactions.parquet"), "--balances", str(bank / "balances.parquet"), "--as-of", str(AS_OF)]
    return CliRunner().invoke(app, ["segment-files", *given, "--out", str(out), *more])


def test_chunks_are_judged_as_one_run_over_all_of_them(
    engine: Engine, bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = joined(engine, bank, tmp_path)
    whole = pd.concat(people.chunks())
    monkeypatch.setattr("segmentation.engine.people.TOGETHER", 7)
    run = look(people, SegmentationPolicy(), AS_OF)
    found = pa.concat_tables(class_table(each) for each in portraits(people, run))
    assert found.equals(class_table(portray(build_features(whole), run.policy, np.full(COUNT, NOBODY))))
    assert found["customer"].to_pylist() == sorted(whole.index)
    assert run.letters.total() == COUNT
    assert run.left_out()["cards"] == "not_delivered"


def test_who_has_no_transaction_or_no_balances_is_counted(engine: Engine, bank: Path, tmp_path: Path) -> None:
    people = joined(engine, bank, tmp_path)
    assert (people.customers, people.silent, people.astray) == (COUNT, 8, 3)
    stored = pd.concat(people.chunks())
    assert stored.loc[~stored["has_activity"], "transfers"].isna().all()
    assert (stored["assets"] == stored["demand_deposit"] + stored["funds"]).all()


def test_the_command_writes_every_customer_with_reasons_and_the_policy_for_the_next_run(
    bank: Path, tmp_path: Path
) -> None:
    out, policy, windows = tmp_path / "a.parquet", tmp_path / "policy.json", tmp_path / "windows.parquet"
    told = run_command(bank, out, "--policy", str(policy), "--features", str(windows), "--json")
    assert told.exit_code == 0, told.output
    said = json.loads(told.stdout)
    rows = parquet.read_table(out).to_pylist()
    assert said["customers"] == len(rows) == COUNT
    assert said["scaler_fitted"]
    assert all(len(row["reasons"]) == 3 and row["class"] in LETTERS for row in rows)
    assert "count_in_365" in parquet.read_schema(windows).names
    assert read_policy(policy).scaler is not None
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".segment-") or path.suffix == ".part"]

    policy.write_text(policy.read_text().replace('"margin": 0.4', '"margin": 99.0'), "utf-8")
    again = run_command(bank, tmp_path / "b.csv", "--policy", str(policy), "--previous", str(out))
    assert again.exit_code == 0, again.output
    assert "60 customers as of 2019-09-30" in again.stdout
    with (tmp_path / "b.csv").open(encoding="utf-8-sig", newline="") as stream:
        later = list(csv.DictReader(stream))
    assert {row["customer"]: row["class"] for row in later} == {row["customer"]: row["class"] for row in rows}
    assert all("；" in row["reasons"] or ";" in row["reasons"] for row in later)


def test_an_earlier_letter_holds_unless_it_was_provisional(engine: Engine, bank: Path, tmp_path: Path) -> None:
    numbers = parquet.read_table(bank / "balances.parquet")["customer"].to_pylist()
    earlier = pa.table(
        {"customer": numbers, "class": ["A"] * COUNT, "provisional": [at % 2 == 0 for at in range(COUNT)]}
    )
    parquet.write_table(earlier, tmp_path / "earlier.parquet")
    stored = pd.concat(joined(engine, bank, tmp_path, tmp_path / "earlier.parquet").chunks())
    assert stored["previous"].loc[numbers].isna().tolist() == [at % 2 == 0 for at in range(COUNT)]


@pytest.mark.parametrize(
    ("balances", "sentence"),
    [
        ("customer,funds\na,5\na,6\nb,7\n", "1 customers stand there more than once, first a"),
        ("customer,age\na,5\n", "need customer and at least one of structured_deposit"),
        ("customer,funds\n,5\n", "1 rows have no customer"),
        ("customer,funds\na,much\n", "the engine cannot read this: Conversion Error"),
    ],
)
def test_balances_that_cannot_be_are_refused_in_one_sentence(
    engine: Engine, bank: Path, tmp_path: Path, balances: str, sentence: str
) -> None:
    (tmp_path / "balances.csv").write_text(balances, "utf-8")
    write_features(engine, TransactionFiles([bank / "transactions.parquet"]), AS_OF, tmp_path / "f.parquet")
    with pytest.raises(EngineFileError, match=sentence):
        join_people(engine, tmp_path / "balances.csv", tmp_path / "f.parquet", None, tmp_path / "people.parquet")


def test_a_cut_file_leaves_one_sentence_and_nothing_behind(bank: Path, tmp_path: Path) -> None:
    whole = (bank / "transactions.parquet").read_bytes()
    (tmp_path / "transactions.parquet").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "balances.parquet").write_bytes((bank / "balances.parquet").read_bytes())
    told = run_command(tmp_path, tmp_path / "out.parquet")
    assert told.exit_code == 2
    assert "transactions.parquet: the engine cannot read this" in told.output
    assert "Traceback" not in told.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["balances.parquet", "transactions.parquet"]


def test_no_customers_are_no_run(engine: Engine, bank: Path, tmp_path: Path) -> None:
    (tmp_path / "balances.csv").write_text("customer,funds\n", "utf-8")
    write_features(engine, TransactionFiles([bank / "transactions.parquet"]), AS_OF, tmp_path / "f.parquet")
    people = join_people(engine, tmp_path / "balances.csv", tmp_path / "f.parquet", None, tmp_path / "people.parquet")
    with pytest.raises(PolicyError, match="no customers in the balances"):
        look(people, SegmentationPolicy(), AS_OF)


def test_a_policy_file_goes_there_and_back_and_a_broken_one_is_told(tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    assert read_policy(file) == read_policy(None) == SegmentationPolicy()
    write_policy(file, SegmentationPolicy(margin=0.7))
    assert read_policy(file).margin == 0.7
    file.write_text("{", "utf-8")
    with pytest.raises(PolicyError, match="this is no JSON"):
        read_policy(file)
    file.write_text("[]", "utf-8")
    with pytest.raises(PolicyError, match="one JSON object"):
        read_policy(file)
