"""The command evaluate as a script or a person calls it: JSON alone on standard output, one sentence otherwise."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import main


def run(*words: object) -> Result:
    return CliRunner().invoke(main.app, ["evaluate", *map(str, words)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Three variants, 300 units, in a file of semicolons."""
    path = tmp_path / "campaign.csv"
    names = ("control", "call", "push")
    lines = (f"{at};{names[at % 3]};{'yes' if at % 7 < at % 3 else 'no'};{at % 11}\n" for at in range(300))
    path.write_text("customer;group;bought;before\n" + "".join(lines), "utf-8")
    return path


def test_evaluate_prints_one_json_object_and_nothing_else(file: Path) -> None:
    found = run(file, "--unit", "customer", "--variant", "group", "--outcome", "bought")
    assert (found.exit_code, found.stderr) == (0, "")
    told = json.loads(found.stdout)
    control, call, push = told["outcomes"][0]["variants"]
    assert [each["variant"] for each in (control, call, push)] == ["control", "call", "push"]
    assert [each["n"] for each in (control, call, push)] == [100, 100, 100]
    assert push["difference"] == pytest.approx(push["mean"] - control["mean"])
    assert push["interval"][0] < push["difference"] < push["interval"][1]
    assert push["always_valid"]["interval"][0] < push["interval"][0]
    assert call["p"] <= call["p_adjusted"]
    assert told["sample_ratio"]["passed"]


def test_evaluate_prints_tables_for_people(file: Path) -> None:
    options = ("--control", "CALL", "--shares", "call=50%,control=50%,push=50%", "--pre", "before", "--table")
    found = run(file, "--variant", "group", "--outcome", "bought", *options)
    assert found.exit_code == 0
    assert "control: call (given)" in found.stdout
    assert "every row is a unit of its own" in found.stdout


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--variant", "group"), "at least one outcome"),
        (("--variant", "group", "--outcome", "sold"), 'has no column "sold"'),
        (("--variant", "group", "--outcome", "bought", "--shares", "a"), '--shares cannot be read at "a"'),
        (("--variant", "group", "--outcome", "bought", "--shares", "call=x"), '--shares cannot be read at "call=x"'),
        (("--model", "m", "--outcome", "o"), "To judge a model give --model, --profile, --as-of and one --outcome"),
    ],
)
def test_evaluate_refuses_with_one_sentence(file: Path, words: tuple[str, ...], why: str) -> None:
    found = run(file, *words)
    assert (found.exit_code, found.stdout) == (2, "")
    assert why in found.stderr
    assert found.stderr.count("\n") == 1
