"""The commands import, segment and demo-contacts as an operator runs them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import main
from bot.commands.exits import REFUSED
from segmentation.synthetic import AS_OF, DEPOSITS, invent_people, write_csv, write_delivery

PEOPLE = invent_people(40)


@pytest.fixture(autouse=True)
def deployment(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own database and keys, and a folder with a delivery."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    write_delivery(tmp_path / "delivery", PEOPLE)


def run(*words: object) -> Result:
    return CliRunner().invoke(main.app, [str(word) for word in words])


def import_(folder: Path, *more: object) -> Result:
    return run("import", folder, "--profile", "cn-bank", "--as-of", AS_OF, *more)


def test_an_import_prints_its_report_and_its_second_run_says_so(tmp_path: Path) -> None:
    first, second = import_(tmp_path / "delivery"), import_(tmp_path / "delivery")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "40 customers, 40 of them new" in first.output
    assert "deposits_2019m07.csv.gz" in first.output
    assert "already published, nothing changed" in second.output


def test_a_program_reads_one_json_object(tmp_path: Path) -> None:
    report = json.loads(import_(tmp_path / "delivery", "--json").stdout)
    assert (report["status"], report["customers"]) == ("published", 40)
    assert [file["quality"]["read"] for file in report["files"]] == [40, 40, 59, 59, 59, 39]


@pytest.mark.parametrize("as_json", [True, False])
def test_a_refusal_is_one_sentence_and_its_own_exit_code(tmp_path: Path, as_json: bool) -> None:
    write_csv(tmp_path / "delivery", "deposits_2019q3", DEPOSITS, [("a", "oops", "1")], compress=True)
    result = import_(tmp_path / "delivery", *(["--json"] if as_json else []))
    assert result.exit_code == REFUSED
    assert 'deposits_2019q3.csv.gz, line 2, column C1: "oops" is no amount' in result.stderr
    assert "Traceback" not in result.output
    if as_json:
        fault = json.loads(result.stdout)
        assert (fault["status"], fault["file"], fault["line"]) == ("refused", "deposits_2019q3.csv.gz", 2)


def test_bad_rows_that_are_allowed_are_listed(tmp_path: Path) -> None:
    rows = [(p.number, "1.00", "1") for p in PEOPLE] + [("a", "oops", "1")]
    write_csv(tmp_path / "delivery", "deposits_2019q3", DEPOSITS, rows, compress=True)
    result = import_(tmp_path / "delivery", "--max-rejected", 0.1)
    assert result.exit_code == 0
    assert "Rejected: deposits_2019q3.csv.gz, line 42, column C1" in result.output


def test_an_unknown_profile_and_a_bad_date_are_refused(tmp_path: Path) -> None:
    unknown = run("import", tmp_path / "delivery", "--profile", "other", "--as-of", AS_OF)
    bad = run("import", tmp_path / "delivery", "--profile", "cn-bank", "--as-of", "2019-09-31")
    assert (unknown.exit_code, bad.exit_code) == (2, 2)
    assert 'There is no profile "other"; known are: ' in unknown.stderr


def test_segment_needs_customers_and_demo_contacts_need_classes(tmp_path: Path) -> None:
    assert "import a delivery first" in run("segment").stderr
    assert "run segment first" in run("demo-contacts", "--out", tmp_path / "contacts").stderr


def test_from_a_delivery_to_classes_to_the_demo_s_people(tmp_path: Path) -> None:
    import_(tmp_path / "delivery")
    assert "B 培育期 cultivation" in run("segment", "--out", tmp_path / "classes.csv").output
    assert len((tmp_path / "classes.csv").read_text("utf-8-sig").splitlines()) == 41
    assert json.loads(run("segment", "--json").stdout)["is_new"] is False
    made = run("demo-contacts", "--out", tmp_path / "contacts", "--count", 8)
    assert "8 invented contacts" in made.output
    assert "A 2 B 2 C 2 D 2" in made.output
    bound = json.loads(import_(tmp_path / "contacts", "--json").stdout)
    assert (bound["status"], bound["files"][0]["orphans"]) == ("published", 0)
