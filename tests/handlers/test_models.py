"""The commands evaluate and model as staff run them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import main
from bot.commands.exits import REFUSED
from tests.segmentation.quarters import AS_OF, NEXT_AS_OF, OUTCOME, quarters_with_model


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three quarters, and a model of the first."""
    return quarters_with_model(tmp_path_factory.getbasetemp())


@pytest.fixture(autouse=True)
def bank(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own database and keys."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))


def run(*words: object) -> Result:
    return CliRunner().invoke(main.app, [str(word) for word in words])


def window(place: Path, quarter: str = "q4", as_of: object = NEXT_AS_OF) -> tuple[object, ...]:
    outcome = next((place / quarter).glob(f"{OUTCOME}*"))
    return ("--profile", "cn-bank", "--outcome", outcome, "--as-of", as_of)


def test_evaluate_says_how_it_was_held_out_and_what_it_beats(place: Path) -> None:
    words = ("evaluate", place / "q4", *window(place), "--model", place / "model")
    card = json.loads(run(*words, "--json").stdout)
    assert card["held_out"].startswith("a later window")
    assert card["comparison"]["lead"]["assets"]["low"] > 0
    page = " ".join(run(*words).output.split())
    assert "documented heuristic" in page
    assert "By tenure" in page


def test_a_model_is_accepted_listed_and_retired(place: Path) -> None:
    accepted = run(
        "model", "accept", place / "model", "--delivery", place / "q4", *window(place), "--by", "risk", "--json"
    )
    assert accepted.exit_code == 0, accepted.output
    (model,) = json.loads(accepted.stdout)["models"]
    assert (model["profile"], model["judged_on"], model["accepted_by"]) == ("cn-bank", NEXT_AS_OF.isoformat(), "risk")
    assert model["digest"][:12] in run("model", "list").output
    assert "is retired" in run("model", "retire", model["digest"][:8], "--by", "risk").output
    (listed,) = json.loads(run("model", "list", "--json").stdout)["models"]
    assert (listed["standing"], listed["retired_by"]) == ("retired", "risk")


def test_what_cannot_be_registered_is_refused_in_one_sentence(place: Path) -> None:
    words = ("model", "accept", place / "model", "--delivery", place / "q3")
    same_day = run(*words, *window(place, "q3", AS_OF), "--by", "risk")
    assert (same_day.exit_code, same_day.stderr.count("\n")) == (REFUSED, 1)
    assert "evaluate it on a later delivery" in same_day.stderr
    nobody = run("model", "retire", "abc", "--by", "risk")
    assert (nobody.exit_code, "0 models have a digest" in nobody.stderr) == (REFUSED, True)
    assert "No model is known" in run("model", "list").output
