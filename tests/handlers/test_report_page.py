"""The command segment-report and its page: every section, words in both languages, refusals in one sentence."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import main
from campaigns.customers.champions import Why
from campaigns.customers.data_quality import DataQuality
from campaigns.customers.fields import FieldCount
from campaigns.customers.report import ChampionCard, ModelCard, SegmentReport
from campaigns.customers.reporting import ReportService
from handlers.pages.reports.page import compose_page, report_page
from handlers.pages.reports.writing import PageFileError, check_file, write_page
from handlers.wording.reports import CHAMPION, FIT, SECTIONS
from segmentation.findings import LetterProfile
from segmentation.fit import SENTENCES
from segmentation.synthetic import AS_OF, invent_people, write_delivery
from storage.private_postgres import PrivatePostgres
from storage.reports import open_reports
from storage.vault import Keyring, Vault
from tests.databases import fresh_database
from tests.storage.runs import NEXT, ZONE, deliver_next, import_folder, segment

PEOPLE = invent_people(120)
RICHER = {person.number: 9_000_000 for person in PEOPLE if person.letter == "A"}
QUALITY = DataQuality({"deposits": 1}, (FieldCount("contact", 90, 12),), {"birth_date": 3})
ESTIMATE = {"value": 0.79, "low": 0.78, "high": 0.8}
MODEL = ModelCard(
    "cn-bank",
    AS_OF,
    {"fell": 0.15, "same": 0.22, "rose": 0.63},
    {"quarter": {"macro_auc": ESTIMATE, "auc_fell": ESTIMATE, "lift_fell": ESTIMATE, "calibration_error": 0.011}},
)


@pytest.fixture(scope="module")
def bank(postgres: PrivatePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """120 customers of two quarters with a run over each; nothing writes to it."""
    folder = tmp_path_factory.mktemp("bank")
    vault = Vault(Keyring.open(folder / "keyring.json"))
    with fresh_database(postgres) as url:
        write_delivery(folder / "delivery", PEOPLE)
        import_folder(url, vault, folder / "delivery")
        segment(url)
        deliver_next(url, vault, folder / "next", PEOPLE, RICHER)
        segment(url)
        yield url


@pytest.fixture(scope="module")
def report(bank: str) -> SegmentReport:
    with open_reports(bank, ZONE) as store:
        found = ReportService(store).report(first=3)
    assert isinstance(found, SegmentReport)
    return found


@pytest.fixture
def run(bank: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Run":
    monkeypatch.setenv("DATABASE_URL", bank)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    return Run()


class Run:
    """The command as staff run it."""

    def __call__(self, *words: object) -> Result:
        return CliRunner().invoke(main.app, ["segment-report", *map(str, words)])


def test_the_command_writes_one_page_and_replaces_the_one_before(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text("an older page")
    found = run("--html", file)
    assert (found.exit_code, f"classes as of {NEXT}" in " ".join(found.output.split())) == (0, True)
    page = file.read_text("utf-8")
    assert all(f'id="{name}"' in page for name in SECTIONS)
    assert [path.name for path in tmp_path.iterdir() if path.name != "var"] == ["report.html"]


def test_json_holds_the_report_and_the_quality_of_its_data(run: Run) -> None:
    found = json.loads(run("--json", "--compare", AS_OF).stdout)
    assert (found["as_of"], found["migration"]["earlier"]) == (str(NEXT), str(AS_OF))
    assert found["data_quality"]["missing"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Name a file for the page"),
        (("--html", "no/such/report.html"), "there is no folder"),
        (("--html", "."), "is a folder"),
        (("--json", "--as-of", "2001-01-01"), "No run is known as of this day"),
        (("--json", "--compare", "2001-01-01"), "run segment --as-of 2001-01-01 first"),
        (("--json", "--model", "main.py"), "main.py"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    found = run(*words)
    assert (found.exit_code, "Traceback" in found.output) == (2, False)
    assert sentence in " ".join(found.stderr.split())


def test_a_page_that_cannot_be_written_leaves_the_one_before(tmp_path: Path) -> None:
    with pytest.raises(PageFileError, match="no folder"):
        check_file(tmp_path / "none" / "report.html")
    with pytest.raises(PageFileError, match="cannot be written"):
        write_page(tmp_path / "none" / "report.html", "page")


def test_the_page_names_nothing_outside_itself_and_runs_no_script(report: SegmentReport) -> None:
    page = report_page(report, QUALITY)
    addresses = set(re.findall(r"https?://[^\s\"'<)]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<script|<link(?![^>]*href=\"data:)|<img|\son\w+=|url\((?!data:)", page)


def test_the_page_says_everything_in_chinese_and_in_english(report: SegmentReport) -> None:
    page = compose_page(replace(report, model=MODEL), QUALITY)
    for part in (
        "客户分类报告", "Segment report", str(NEXT), "是否存在第五类", "Is there a fifth group?", "价格检查通过",
        "Prices are clean", "五折交叉验证", "five-fold cross-validation", "0.790", "0.780–0.800", "B 类流失关注",
        "customer numbers only", "联系方式", "部门缺数据的客户", "类别迁移", "手机银行登录", "95% 区间",
    ):  # fmt: skip
        assert part in page, part
    assert 'id="picture-sankey"' in page
    assert all(line.number in page for line in report.valuable)


def test_the_price_check_says_what_was_tried_and_what_failed(report: SegmentReport) -> None:
    price = report.fairness.price
    for changed, sentence in (
        (replace(price, traits_known=("sex",), customers_tried=77), "77 customers tried stay the same"),
        (replace(price, clean=False, values_changed=5), "价格检查未通过：5 位"),
        (replace(price, traits_known=()), "nobody delivers such traits"),
    ):
        assert sentence in compose_page(replace(report, fairness=replace(report.fairness, price=changed)), QUALITY)


def test_a_first_run_without_a_model_says_what_is_not_there(report: SegmentReport) -> None:
    page = compose_page(replace(report, migration=None, drift=None, grouping=None, model=None), QUALITY)
    for part in ("没有更早的运行可比较", "No model file was given", "Too few customers to cluster"):
        assert part in page
    assert all(f'id="{name}"' in page for name in SECTIONS)


def test_a_model_that_says_nothing_of_its_worth_is_named_without_figures(report: SegmentReport) -> None:
    page = compose_page(replace(report, model=replace(MODEL, parts={"balances": {}})), QUALITY)
    assert "仅余额" in page


def test_the_champion_s_judgement_stands_in_the_report(report: SegmentReport) -> None:
    assert report.champion == ChampionCard("no_model")
    assert "没有登记的模型" in compose_page(report, QUALITY)
    lead = {"value": 0.113, "low": 0.109, "high": 0.117}
    card = ChampionCard(
        why="beats_heuristic",
        model="ab" * 32,
        trained_on=date(2019, 9, 30),
        judged_on=date(2019, 12, 31),
        concordance={"outlook": ESTIMATE, "heuristic": ESTIMATE, "assets": ESTIMATE},
        lead={"heuristic": lead, "assets": lead},
        tenure=({"band": "longer, or not known", "customers": 64_177, "macro_auc": ESTIMATE, "auc_fell": ESTIMATE},),
    )
    page = compose_page(replace(report, champion=card), QUALITY)
    for part in (
        "在训练之后的窗口中胜过书面规则",
        "abababababab",
        "2019-12-31",
        "+0.113",
        "+0.109 – +0.117",
        "64,177",
        "更早或未知",
    ):
        assert part in page, part


def test_every_reason_of_the_choice_has_its_sentence() -> None:
    assert set(CHAMPION) == set(Why)


def test_a_report_that_data_have_overtaken_says_so(report: SegmentReport) -> None:
    assert "run segment again" in compose_page(replace(report, is_current=False), QUALITY)
    assert "run segment again" not in compose_page(report, QUALITY)


def test_a_class_without_customers_is_shown_empty(report: SegmentReport) -> None:
    nobody = LetterProfile("D", 0, 0.0, 0, None, None, None, None, None, 0.0, None, 0.0, None)
    page = compose_page(
        replace(
            report,
            classes=(*report.classes[:3], {"letter": "D", "customers": 0, "share": 0.0, "assets_fen": 0}),
            fit=replace(report.fit, profiles=(*report.fit.profiles[:3], nobody)),
            quadrant=replace(report.quadrant, sizes={**report.quadrant.sizes, "D": 0}),
        ),
        QUALITY,
    )
    assert "本类没有客户" in page


def test_a_customers_number_stays_text(report: SegmentReport) -> None:
    line = report.valuable[0]._replace(number="<script>alert(1)</script>")
    page = compose_page(replace(report, valuable=(line,)), QUALITY)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_every_sentence_of_the_study_has_its_words() -> None:
    assert {sentence.code for sentence in SENTENCES} == set(FIT)


def test_days_are_the_reports_own(report: SegmentReport) -> None:
    assert report.migration is not None
    assert (report.migration.earlier, report.as_of) == (AS_OF, date(2019, 12, 31))
