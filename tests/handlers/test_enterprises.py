"""Enterprises, fields to ask again, and what was known then, as an operator sees them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import main
from bot.commands.exits import REFUSED
from segmentation.synthetic import AS_OF, AUM, invent_people, write_csv, write_delivery, write_enterprises

PEOPLE = invent_people(40)
INTERVIEWS = ("cust_no", "occupation", "income", "district", "risk", "asked_on")


def run(*words: object) -> Result:
    return CliRunner().invoke(main.app, [str(word) for word in words])


@pytest.fixture
def bank(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test's own database with persons, enterprises and an old interview, and its delivery."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    place = tmp_path / "bank"
    write_delivery(place, PEOPLE, compress=False)
    write_enterprises(place, 30)
    asked = [(PEOPLE[0].number, "受雇", "中", "朝阳区", "C3", "2017-09-01")]
    write_csv(place, "interviews", INTERVIEWS, asked, compress=False)
    done = run("import", place, "--profile", "cn-bank", "--as-of", AS_OF)
    assert done.exit_code == 0, done.output
    assert "30 enterprises." in done.output
    return place


def test_tiers_are_printed_and_an_enterprise_is_explained(bank: Path) -> None:
    assert "战略客户 strategic" in run("segment").output
    assert json.loads(run("segment", "--json").stdout)["report"]["enterprises"]["customers"] == 30
    said = run("explain", "E000001", "--language", "en")
    assert "E000001: an enterprise, " in said.output
    assert json.loads(run("explain", "E000001", "--json").stdout)["kind"] == "enterprise"
    assert run("explain", "E999999").exit_code == REFUSED


def test_stale_fields_are_listed_with_whom_to_ask(bank: Path) -> None:
    assert PEOPLE[0].number in run("stale", "--language", "en").output
    found = json.loads(run("stale", "--json").stdout)
    assert [field["name"] for field in found["customers"][0]["fields"]] == [
        "district", "income_band", "occupation", "risk_appetite",
    ]  # fmt: skip
    assert run("stale", "--as-of", "2001-01-01").exit_code == REFUSED


def test_a_look_back_gives_the_file_of_then(bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, now = tmp_path / "clock.json", datetime.now(UTC)
    monkeypatch.setenv("CLOCK_FILE", str(clock))
    run("segment", "--out", tmp_path / "then.csv")
    later = now + timedelta(days=2)
    clock.write_text(json.dumps({"anchor_real": now.timestamp(), "anchor_domain": later.isoformat(), "rate": 1}))
    write_csv(bank, "aum", AUM, ((p.number, *p.aum) for p in PEOPLE[:30]), compress=False)
    assert "30 customers" in run("import", bank, "--profile", "cn-bank", "--as-of", AS_OF).output
    run("segment", "--out", tmp_path / "now.csv")
    moment = f"{now + timedelta(days=1, hours=8):%Y-%m-%d %H:%M}"
    back = run("segment", "--known-by", moment, "--out", tmp_path / "again.csv")
    assert "nothing was kept" in back.output
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "then.csv").read_bytes()
    assert (tmp_path / "again.csv").read_bytes() != (tmp_path / "now.csv").read_bytes()
    assert run("segment", "--known-by", moment, "--compare", "2019-06-30").exit_code == REFUSED
