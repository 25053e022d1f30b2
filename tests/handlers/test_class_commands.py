"""The commands segment, explain and segment-policy as staff run them, and the words of every reason."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

import main
from campaigns.customers.class_lists import ClassLine
from campaigns.customers.model import Axis, ClassReason, Letter
from campaigns.customers.portraits import Step
from campaigns.members.model import Language
from handlers.terminal.class_files import write_classes
from handlers.terminal.segments import drift_alarms
from handlers.wording.indicators import definition_of
from handlers.wording.segments import (
    DEPARTMENTS,
    DIMENSIONS,
    VALUE_PARTS,
    reason_words,
    step_words,
    steps_words,
)
from segmentation import dimensions
from segmentation.policy import SegmentationPolicy
from segmentation.synthetic import AS_OF, invent_people, write_delivery
from segmentation.values import DEALINGS, MARGINS

PEOPLE = invent_people(40)
ISSUE_COLUMNS = ["customer", "class", "band", "lifecycle", "current_value", "potential_value", "churn", "reasons"]


@pytest.fixture(autouse=True)
def bank(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own database and keys, with 40 customers."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    write_delivery(tmp_path / "delivery", PEOPLE)
    assert run("import", tmp_path / "delivery", "--profile", "cn-bank", "--as-of", AS_OF).exit_code == 0


def run(*words: object) -> Result:
    return CliRunner().invoke(main.app, [str(word) for word in words])


def test_segment_prints_classes_tables_and_lists() -> None:
    found = run("segment", "--first", 3)
    assert found.exit_code == 0
    for part in ("B 培育期 cultivation", "potential tercile", "Bands", "Lifecycle", "Left out for everybody: age"):
        assert part in found.output


def test_segment_writes_every_customer_as_words_or_as_figures(tmp_path: Path) -> None:
    assert run("segment", "--out", tmp_path / "c.csv").exit_code == 0
    assert run("segment", "--out", tmp_path / "c.parquet").exit_code == 0
    with (tmp_path / "c.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    table = pq.read_table(tmp_path / "c.parquet")
    assert (len(rows), table.num_rows) == (40, 40)
    assert list(rows[0])[:8] == table.column_names[:8] == ISSUE_COLUMNS
    assert [row["customer"] for row in rows] == table["customer"].to_pylist() == sorted(p.number for p in PEOPLE)
    assert "对本类" in rows[0]["reasons"]
    assert {len(reasons) for reasons in table["reasons"].to_pylist()} == {3}
    assert [int(row["current_value"]) for row in rows] == table["current_value"].to_pylist()


@pytest.mark.parametrize(("name", "sentence"), [("c.xlsx", "ends with .csv or .parquet"), ("no/c.csv", "no folder")])
def test_a_file_that_cannot_be_written_is_refused_before_the_run(tmp_path: Path, name: str, sentence: str) -> None:
    found = run("segment", "--out", tmp_path / name)
    assert (found.exit_code, "Traceback" in found.output) == (2, False)
    assert sentence in " ".join(found.stderr.split())
    assert json.loads(run("segment", "--json").stdout)["is_new"] is True


def test_the_classes_file_runs_no_formula(tmp_path: Path) -> None:
    why = (ClassReason("assets", Axis.LETTER, 100, 1.0),) * 3
    line = ClassLine("=cmd()", "A", "small", "new", 1, 1.0, 2.0, 3.0, why, 0.5, False, "A", None, [], [], ())
    write_classes(tmp_path / "out.csv", [line])
    assert "'=cmd()" in (tmp_path / "out.csv").read_text("utf-8-sig")


def test_compare_shows_who_moved_and_refuses_a_day_without_a_run() -> None:
    early = run("segment", "--compare", "2019-06-30")
    assert early.exit_code == 2
    assert "No run is known as of 2019-06-30" in early.stderr
    assert run("segment").exit_code == 0
    found = json.loads(run("segment", "--compare", AS_OF, "--json").stdout)["migration"]
    assert (found["kept"], sum(found["matrix"]["–"].values())) == (1.0, 0)
    assert "100.0% of those in both runs keep their letter" in run("segment", "--compare", AS_OF).output


def test_explain_says_why_in_both_languages() -> None:
    run("segment")
    zh, en = run("explain", PEOPLE[1].number), run("explain", PEOPLE[1].number, "--language", "en")
    assert (zh.exit_code, en.exit_code) == (0, 0)
    for part in (
        "B 培育期",
        "主要依据",
        "距离下一类",
        "当前价值：每年",
        "缺少数据的部门：存款部",
        "年龄（未交付）",
        "历史",
    ):
        assert part in zh.output
    for part in ("B cultivation", "Mainly because of", "Way to the next class", "yuan a year", "say nothing: deposits"):
        assert part in en.output
    found = json.loads(run("explain", PEOPLE[1].number, "--json").stdout)
    assert (found["letter"], found["as_of"], len(found["reasons"])) == ("B", AS_OF.isoformat(), 3)


def test_explain_refuses_an_unknown_number_with_one_sentence() -> None:
    found = run("explain", "0xnobody")
    assert found.exit_code == 2
    assert found.stderr.startswith('No run knows a customer "0xnobody"')
    assert len(found.stderr.strip().splitlines()) == 1


def test_the_policy_is_shown_tried_and_changed() -> None:
    run("segment")
    shown = run("segment-policy", "show").output
    assert "prototypes.A.assets = -0.5" in shown
    assert "Version 1 by segment" in shown
    tried = run("segment-policy", "what-if", "--set", "prototypes.B.assets=3", "--json")
    moving = json.loads(tried.stdout)["moving"]["letter"]
    assert moving > 0
    assert f"{moving} letters" in run("segment-policy", "what-if", "--set", "prototypes.B.assets=3").output
    kept = run("segment-policy", "change", "--set", "prototypes.B.assets=3", "--by", "王芳", "--note", "tried out")
    assert (kept.exit_code, "Version 2 of the policy is kept" in kept.output) == (0, True)
    again = run("segment-policy", "change", "--set", "prototypes.B.assets=3", "--by", "王芳")
    assert (again.exit_code, "Nothing changed" in again.output) == (0, True)
    history = json.loads(run("segment-policy", "show", "--json").stdout)["history"]
    assert [(entry["version"], entry["made_by"]) for entry in history] == [(2, "王芳"), (1, "segment")]
    assert json.loads(run("segment", "--json").stdout)["policy_version"] == 2


@pytest.mark.parametrize(
    "words",
    [
        ("change", "--set", "margn=1", "--by", "王芳"),
        ("change", "--set", "margin=much", "--by", "王芳"),
        ("change", "--by", "王芳"),
        ("change", "--set", "margin=1", "--by", " "),
        ("change", "--set", "margin=1"),
        ("what-if", "--set", "prototypes.B.assets=-9"),
        ("show", "--version", "9"),
    ],
)
def test_a_policy_command_that_cannot_be_is_refused(words: tuple[str, ...]) -> None:
    found = run("segment-policy", *words)
    assert (found.exit_code, "Traceback" in found.output) == (2, False)
    assert json.loads(run("segment-policy", "show", "--json").stdout)["version"] == 0


def test_a_step_is_said_in_both_languages() -> None:
    step = Step(Letter.B, 3_800_000)
    assert step_words(step, Language.ZH) == "再存 38,000 元，转为B 培育期"
    assert step_words(step, Language.EN) == "38,000 yuan more lead to B cultivation"
    assert step_words(Step(Letter.D, -250), Language.ZH) == "减少 2.50 元，转为D 一般"
    assert steps_words((), Language.ZH) == ["仅凭资产变化不会改变类别"]


@pytest.mark.parametrize("language", Language)
def test_every_reason_has_words(language: Language) -> None:
    policy = SegmentationPolicy()
    codes = [(code, Axis.LETTER) for code in dimensions.DIMENSIONS]
    codes += [(i.code, Axis.POTENTIAL) for i in policy.potential] + [(i.code, Axis.CHURN) for i in policy.churn]
    for code, axis in codes:
        assert definition_of(code) is not None
        for value, known in ((3.0, True), (None, True), (None, False)):
            text = reason_words(ClassReason(code, axis, value, -1.25, known), language)
            assert "-1.2" in text
            assert "None" not in text


def test_every_dimension_department_and_part_of_a_value_has_a_name() -> None:
    assert set(DIMENSIONS) == set(dimensions.DIMENSIONS)
    assert {dimension.department for dimension in dimensions.DIMENSIONS.values()} | {"deposits"} == set(DEPARTMENTS)
    assert set(VALUE_PARTS) == {*MARGINS, *DEALINGS, "account"}


def test_the_terminal_names_every_indicator_at_alarm_and_no_other() -> None:
    drift = {"logins": {"psi": 0.41, "level": "alarm"}, "assets": {"psi": 0.2, "level": "look"}}
    [line] = drift_alarms({"drift_since": "2019-09-30", "drift": drift})
    assert line.startswith("Drift alarm: logins moved far since 2019-09-30 (population stability index 0.41)")
    assert drift_alarms({}) == []


def test_a_second_quarter_that_differs_raises_the_alarm(tmp_path: Path) -> None:
    """The same people a quarter later, all as before: only the last dealing lies further back."""
    assert run("segment").exit_code == 0
    delivery = tmp_path / "delivery"
    assert run("import", delivery, "--profile", "cn-bank", "--as-of", "2019-12-31").exit_code == 0
    found = run("segment")
    assert "Drift alarm: idle_days moved far since 2019-09-30" in " ".join(found.output.split())
    assert json.loads(run("segment", "--json").stdout)["report"]["drift"]["assets"]["level"] == "calm"
