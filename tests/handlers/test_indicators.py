"""The command indicators, explain with its indicators, a scoring map tried out, and the page of the documents."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import main
from campaigns.customers.indicators import uses
from handlers.terminal.indicators import catalogue_page
from segmentation.catalogue import load_catalogue
from segmentation.policy import SegmentationPolicy
from segmentation.synthetic import AS_OF, invent_people, write_csv, write_delivery

PEOPLE = invent_people(30)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "indicators.md"
INTERVIEWS = ("cust_no", "occupation", "income", "district", "risk", "asked_on")


@pytest.fixture
def bank(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own database, with 30 customers of whom most were interviewed, and their classes."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    write_delivery(tmp_path / "delivery", PEOPLE)
    asked = [(p.number, "学生" if at % 2 else "退休", "高", "", "C3", "2019-09-01") for at, p in enumerate(PEOPLE[2:])]
    write_csv(tmp_path / "delivery", "interviews", INTERVIEWS, asked, compress=False)
    assert run("import", tmp_path / "delivery", "--profile", "cn-bank", "--as-of", AS_OF).exit_code == 0
    assert run("segment").exit_code == 0


def run(*words: object) -> Result:
    return CliRunner().invoke(main.app, [str(word) for word in words])


def lines_of(number: str) -> dict[str, dict[str, Any]]:
    found = json.loads(run("explain", number, "--indicators", "--json").stdout)
    assert (found["as_of"], found["fits"]) == (AS_OF.isoformat(), True)
    return {line["code"]: line for line in found["lines"]}


@pytest.mark.usefixtures("bank")
def test_the_catalogue_is_listed_under_the_policy_in_force() -> None:
    found = json.loads(run("indicators", "--json", "--profile", "cn-bank").stdout)
    entries = {entry["code"]: entry for entry in found["indicators"]}
    assert (found["policy_version"], set(entries)) == (1, set(load_catalogue().definitions))
    assert entries["logins"]["weights"] == {"letter": 0.5}
    assert entries["untied_share"]["weights"] == {"potential": 0.35, "churn": 0.45}
    assert entries["untied_share"]["lines"]["potential"][0] == [0, 100]
    assert (entries["logins"]["is_delivered"], entries["salary_day"]["is_delivered"]) == (True, False)
    assert entries["occupation"]["lines"]["map"][0] == ["employee", 60]
    assert entries["age"]["name"] == {"zh": "年龄", "en": "age"}
    shown = run("indicators", "--profile", "cn-bank").output
    for part in ("policy: version 1", "手机银行登录次数", "cost 10 fen", "C1 → 30", "✓"):
        assert part in shown
    refused = run("indicators", "--profile", "nobody")
    assert (refused.exit_code, "Traceback" in refused.output) == (2, False)


@pytest.mark.usefixtures("bank")
def test_explain_shows_every_indicator_and_its_points_make_up_the_scores() -> None:
    number = PEOPLE[5].number
    lines, portrait = lines_of(number), json.loads(run("explain", number, "--json").stdout)
    assert set(lines) == set(load_catalogue().definitions)
    for score in ("potential", "churn"):
        points = sum(line["points"].get(score, 0) for line in lines.values())
        assert points == pytest.approx(portrait[score], abs=0.06)
    assert sum(line["points"].get("letter", 0) for line in lines.values()) == pytest.approx(portrait["gap"], abs=0.01)
    brought = {
        code: line["points"]["current_value"] for code, line in lines.items() if "current_value" in line["points"]
    }
    assert brought == {code: fen for code, fen in portrait["value_parts"].items() if code != "account"}
    assert (lines["risk_appetite"]["category"], lines["risk_appetite"]["source"]) == ("C3", "traits")
    assert lines["transfers"]["by_quarter"] is True
    assert lines["salary_day"]["is_known"] is False
    assert lines["deposit_growth"]["age_days"] == 0


@pytest.mark.usefixtures("bank")
def test_a_run_says_which_indicators_counted_and_who_is_active_where() -> None:
    found = json.loads(run("segment", "--json").stdout)
    told = ["occupation", "income_band", "risk_appetite"]
    assert (found["report"]["catalogue"], found["report"]["qualitative"]) == (2, {"potential": told, "churn": []})
    assert [set(entry["channels"]) for entry in found["classes"]] == [{"mobile"}] * 4
    assert found["classes"][0]["channels"]["mobile"]["active"] == 1.0
    assert "mobile bank" in run("segment").output


@pytest.mark.usefixtures("bank")
def test_explain_prints_indicators_for_a_person() -> None:
    zh, en = (run("explain", PEOPLE[5].number, "--indicators", "--language", each).output for each in ("zh", "en"))
    for part in ("资产", "季度（约90天）", "个人金融部", "C3 平衡型", "Unknown: "):
        assert part in zh
    for part in ("mobile-bank logins", "C3 balanced", "Unknown: "):
        assert part in en


@pytest.mark.usefixtures("bank")
def test_a_day_that_was_published_again_no_longer_fits(tmp_path: Path) -> None:
    poorer = [(p.number, "0", "0", "1", "0", "0", "0", "0", "0") for p in PEOPLE]
    write_csv(tmp_path / "delivery", "aum", ("cust_no", *(f"X{at}" for at in range(1, 9))), poorer, compress=True)
    assert run("import", tmp_path / "delivery", "--profile", "cn-bank", "--as-of", AS_OF).exit_code == 0
    assert json.loads(run("explain", PEOPLE[1].number, "--indicators", "--json").stdout)["fits"] is False
    assert "published again after this run" in run("explain", PEOPLE[1].number, "--indicators").output


@pytest.mark.usefixtures("bank")
def test_a_scoring_map_is_tried_and_kept_like_any_key() -> None:
    tried = json.loads(run("segment-policy", "what-if", "--set", "maps.income_band.high=5.0", "--json").stdout)
    assert tried["changes"] == {"maps.income_band.high": {"from": 95.0, "to": 5.0}}
    assert (tried["moving"]["letter"], tried["moving"]["churn"]) == (0, 0)
    assert tried["moving"]["potential"] == len(PEOPLE) - 2
    assert "28 potential scores" in run("segment-policy", "what-if", "--set", "maps.income_band.high=5.0").output
    before = lines_of(PEOPLE[5].number)["income_band"]["points"]["potential"]
    kept = run("segment-policy", "change", "--set", "maps.income_band.high=5.0", "--by", "王芳")
    assert kept.exit_code == 0
    run("segment")
    assert before - lines_of(PEOPLE[5].number)["income_band"]["points"]["potential"] == pytest.approx(
        90 * 0.1 / 1.2, abs=0.01
    )


def test_the_page_of_the_documents_is_current() -> None:
    assert PAGE.read_text("utf-8") == catalogue_page(uses(SegmentationPolicy()))


def test_the_page_is_what_the_command_prints() -> None:
    assert run("indicators", "--page").stdout == PAGE.read_text("utf-8")
