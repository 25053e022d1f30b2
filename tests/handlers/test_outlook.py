"""The commands train and score as an operator runs them: on files alone, wherever the database may be."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import main
from bot.commands.exits import REFUSED
from tests.segmentation.quarters import AS_OF, NEXT_AS_OF, OUTCOME, write_next_quarter, write_quarter

COLUMNS = [
    "customer",
    "class",
    "band",
    "lifecycle",
    "current_value",
    "potential_value",
    "churn",
    "reasons",
    "p_fall",
    "p_same",
    "p_rise",
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two quarters, and the model that `train` made of the first with its card beside it."""
    folder = tmp_path_factory.mktemp("commands")
    write_quarter(folder / "q3", customers=400)
    write_next_quarter(folder / "q4", customers=400)
    result = train(folder, "--json")
    assert result.exit_code == 0, result.output
    (folder / "card.json").write_text(result.stdout, "utf-8")
    return folder


def run(*words: object) -> Result:
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing"}
    return CliRunner().invoke(main.app, [str(word) for word in words], env=nowhere)


def train(folder: Path, *more: object) -> Result:
    outcome = folder / "q3" / f"{OUTCOME}.csv.gz"
    words = ("train", folder / "q3", "--profile", "cn-bank", "--outcome", outcome, "--as-of", AS_OF)
    return run(*words, "--model", folder / "model", *more)


def score(folder: Path, out: Path, *more: object) -> Result:
    words = ("score", folder / "q4", "--profile", "cn-bank", "--as-of", NEXT_AS_OF, "--model", folder / "model")
    return run(*words, "--out", out, *more)


def test_the_model_card_says_how_each_figure_was_held_out(place: Path) -> None:
    card = json.loads((place / "card.json").read_text("utf-8"))
    assert card["customers"] == 400
    assert "inside one quarter" in card["held_out"]
    assert list(card["parts"]) == ["balances", "activity", "quarter", "since", "months"]
    interval = card["parts"]["months"]["macro_auc"]
    assert interval["low"] < interval["value"] < interval["high"]
    assert {column["name"] for column in card["columns"]} >= {"assets", "growth"}


def test_scores_are_one_row_per_customer_in_csv_and_parquet(place: Path, tmp_path: Path) -> None:
    report = json.loads(score(place, tmp_path / "scores.csv", "--json").stdout)
    assert (report["used"], report["missing"], report["customers"]) == ("since", ["months"], 400)
    with (tmp_path / "scores.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == COLUMNS
    assert len({row["customer"] for row in rows}) == 400
    assert score(place, tmp_path / "scores.parquet").exit_code == 0
    found = pd.read_parquet(tmp_path / "scores.parquet")
    assert found["p_fall"].tolist() == pytest.approx([float(row["p_fall"]) for row in rows])


def test_what_lowers_the_confidence_is_said(place: Path, tmp_path: Path) -> None:
    output = score(place, tmp_path / "scores.csv").output
    assert "Growth is counted from the deposits of 2019-09-30" in output
    assert "Less sure: the monthly statements of the deposits are not there." in output


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 and nothing else", b"\x80\x04}\x94."])
def test_a_model_from_elsewhere_is_refused_in_one_sentence(place: Path, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "model").write_bytes(data)
    words = ("score", place / "q4", "--profile", "cn-bank", "--as-of", NEXT_AS_OF)
    result = run(*words, "--model", tmp_path / "model", "--out", tmp_path / "scores.csv")
    assert result.exit_code == REFUSED
    assert result.stderr.count("\n") == 1
    assert "is no model of this product" in result.stderr
    assert not (tmp_path / "scores.csv").exists()


def test_a_training_without_its_outcome_is_refused_and_writes_nothing(place: Path, tmp_path: Path) -> None:
    words = ("train", place / "q3", "--profile", "cn-bank", "--as-of", AS_OF)
    result = run(*words, "--outcome", tmp_path / "none.csv", "--model", tmp_path / "model")
    assert (result.exit_code, list(tmp_path.iterdir())) == (REFUSED, [])
    assert "There is no outcome file" in result.stderr
