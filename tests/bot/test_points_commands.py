"""Points on the command line: a campaign from its partners to its settlement sheet, and slips of the hand."""

import csv
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from openpyxl import load_workbook

import main
from bot.commands.exits import REFUSED
from bot.operations import OperationRefusedError
from bot.operations.points_files import campaign_order
from tests.bot.conftest import Types

COMPLAINTS = ("--complaints", "拨打95500")
CAMPAIGN = """title: 入群福利
price: 100
valid_days: 30
budget: 1000
until: 2099-12-31
share: {A银行: 60, =幸福里: 40}
"""


@pytest.fixture
def types(command_line: Types) -> Types:
    """Run a command of points on the test's database; returns its exit code and all that it said."""
    return partial(command_line, main.app, "points")


@pytest.fixture
def opened(types: Types, tmp_path: Path) -> str:
    """The number of a campaign whose second partner has a dangerous name."""
    for name in ("A银行", "=幸福里"):
        assert types("partner", "add", name)[0] == 0
    (tmp_path / "campaign.yaml").write_text(CAMPAIGN, "utf-8")
    code, said = types("open", "campaign.yaml", "--json")
    assert code == 0, said
    return str(json.loads(said)[0]["campaign"]["id"])


def test_a_campaign_from_partners_to_the_settlement_sheet(types: Types, opened: str, tmp_path: Path) -> None:
    names = [partner["name"] for partner in json.loads(types("partner", "list", "--json")[1])]
    assert names == ["A银行", "=幸福里"]
    flags = ["--title", "签到月", "--price", "50", "--valid-days", "7", "--budget", "10", "--until", "2099-01-01"]
    assert "签到月" in types("open", *flags, "--share", "A银行=100%")[1]
    found = json.loads(types("campaigns", "--json")[1])
    assert [(each["campaign"]["title"], each["totals"]["left"]) for each in found] == [
        ("签到月", 10),
        ("入群福利", 1000),
    ]
    item = ["洗车券", "--title-en", "Car wash", "--partner", "=幸福里", "--points", "20", "--stock", "5"]
    assert types("shelf", "add", *item, "--since", "2026-01-01", "--until", "2099-01-01")[0] == 0
    assert "5 points, 8 pieces left" in types("shelf", "change", "1", "--points", "5", "--more", "3")[1]
    assert "Say what changes" in types("shelf", "change", "1")[1]
    assert "no item 7" in types("shelf", "change", "7", "--more", "1")[1]
    assert "end before" in types("shelf", "change", "1", "--until", "2020-01-01")[1]
    assert json.loads(types("shelf", "list", "--json")[1])[0]["stock"] == 8
    for command in (["partner", "list"], ["campaigns"], ["shelf", "list"], ["settlement", opened], ["statement", "7"]):
        assert types(*command)[0] == 0, command
    for file in ("sheet.csv", "sheet.xlsx"):
        code, said = types("settlement", opened, "--out", file, "--json")
        assert (code, json.loads(said)["lines"][1]["basis_points"]) == (0, 4000)
    with (tmp_path / "sheet.csv").open(encoding="utf-8-sig", newline="") as stream:
        names = [row[0] for row in csv.reader(stream) if row]
    page = load_workbook(tmp_path / "sheet.xlsx").active
    assert page is not None
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    for written in (names, [str(cell.value) for cell in cells]):
        assert "'=幸福里" in written
        assert not any(name.startswith("=") for name in written)
    assert all(cell.data_type in "sn" for cell in cells)
    assert types("close", opened) == (REFUSED, "The campaign is still running: close it after its last day.\n")


def test_rules_are_simulated_against_budget_and_gate_before_they_are_activated(types: Types, opened: str) -> None:
    soon = (datetime.now(UTC).date() + timedelta(days=9)).isoformat()
    order = ("--title", "签到", "--price", "100", "--valid-days", "9", "--budget", "1000", "--share", "A银行=100")
    assert types("open", *order, "--until", soon)[0] == 0
    opened = str(int(opened) + 1)
    asked = ("simulate", "--campaign", opened, "--members", "10", "--take-up", "100", "--runs", "20")
    assert "has no rule that could pay" in types(*asked)[1]
    add = ("rule", "add", "--campaign", opened, "--points", "10", "--title-en", "Gift")
    assert types(*add, "join", "--limit", "once", "--title", "进群有礼")[0] == 0
    code, said = types(*asked, "--json")
    found = json.loads(said)
    assert (code, found["points"]["mean"], found["most_points"], found["budget"]) == (0, 100.0, 100, 1000)
    assert found == json.loads(types(*asked, "--json")[1])
    assert json.loads(types(*asked, "--share", "join=0", "--json")[1])["points"]["high"] == 0
    code, said = types(*asked[:4], "400", "--take-up", "100", "--runs", "5")
    assert (code, "does not last in 100.0%" in said, "4,000 points would be" in said) == (1, True, True)
    assert "one of join, bind" in types(*asked, "--share", "jion=3")[1]
    assert types(*add, "deposit", "--limit", "each", "--title", "存款有礼")[0] == 0
    code, said = types(*asked)
    assert (code, "refused" in said, "Notice 48" in said) == (1, True, True), said


def test_a_rule_for_deposits_is_refused_with_what_is_lawful(types: Types, opened: str, tmp_path: Path) -> None:
    def rule(event: str, limit: str, title: str, *more: str) -> str:
        options = ["--campaign", opened, "--points", "5", "--limit", limit, "--title", title, "--title-en", "Gift"]
        code, said = types("rule", "add", event, *options, *more, "--json")
        assert code == 0, said
        return str(json.loads(said)[0]["id"])

    deposit = rule("deposit", "each", "存款有礼")
    code, said = types("rule", "activate", deposit, *COMPLAINTS)
    assert code == REFUSED
    assert "Notice 48 (2018) forbids" in said
    assert "Lawful instead: pay for what does not depend on a balance" in said
    product = rule("product", "each", "开通手机银行", "--product", "mobile_bank")
    code, said = types("rule", "activate", product, *COMPLAINTS)
    assert (code, said.partition(";")[0]) == (0, f"Rule {product} is active")
    assert "only: give more points" in types("rule", "change", product, "--points", "4")[1]
    assert "version 2 of its page is published" in types("rule", "change", product, "--points", "6")[1]
    assert "between 1 and 100,000" in types("rule", "change", product, "--points", "100001")[1]
    again = rule("product", "each", "手机银行有礼", "--product", "mobile_bank")
    assert "pays for the same event" in types("rule", "activate", again, *COMPLAINTS)[1]
    task = rule("task", "each", "完成任务")
    assert "no rule pays for them" in types("rule", "activate", task, *COMPLAINTS)[1]
    states = [each["state"] for each in json.loads(types("rule", "list", "--campaign", opened, "--json")[1])]
    assert states == ["draft", "active", "draft", "draft"]
    (tmp_path / "events.csv").write_bytes("客户号,事件,日期\n1,mobile_bank,2026-01-05\n2,card,昨天\n".encode("gb18030"))
    code, said = types("events", "events.csv", "--campaign", opened)
    assert code == 0
    assert "2 lines: 1 unknown_customer, 1 unreadable." in said
    assert "line 3: unreadable: the date is none, e.g. 2026-11-30" in said
    report = json.loads(types("events", "events.csv", "--campaign", opened, "--json")[1])
    assert (report["points"], [line["line"] for line in report["lines"]]) == (0, [2, 3])
    assert types("rule", "stop", again) == (0, f"Rule {again} is stopped.\n")
    assert "version 3 of its page is published" in types("rule", "stop", product)[1]
    assert types("rule", "list", "--campaign", opened)[0] == 0


def test_a_slip_of_the_hand_is_one_sentence(types: Types, opened: str) -> None:
    for arguments, sentence in (
        (["open", "--title", "x"], "price: Field required. Give it as --price"),
        (["open", "campaign.yaml", "--share", "A银行=60"], "must add up to 100 %"),
        (["open", "campaign.yaml", "--share", "某店=100"], "There is no partner '某店'"),
        (["open", "campaign.yaml", "--group", "没有的群"], "There is no registered group '没有的群'"),
        (["open", "nowhere.yaml"], "No such file"),
        (["settlement", "999"], "There is no such campaign"),
        (["settlement", opened, "--out", "sheet.pdf"], "must end in .csv or .xlsx"),
        (["settlement", opened, "--out", "no/where.csv"], "does not exist"),
        (["events", "nowhere.csv", "--campaign", opened], "No such file"),
        (["rule", "activate", "999", *COMPLAINTS], "There is no such rule"),
        (["rule", "stop", "999"], "There is no such rule"),
        (["partner", "add", " "], "Give the partner a name"),
    ):
        code, said = types(*arguments)
        assert (code, sentence in said) == (REFUSED, True), said


@pytest.mark.parametrize(
    ("body", "shares", "sentence"),
    [
        (CAMPAIGN, ["A银行"], "write PARTNER=PERCENT"),
        (CAMPAIGN, ["A银行=many"], "share.A银行: .* Give it as --share"),
        ("{", None, "line 1: this is no YAML"),
        ("- 1", None, "must hold keys and values"),
        (f"{CAMPAIGN}prize: 1\n", None, "prize: Extra inputs are not permitted"),
        (CAMPAIGN.replace("2099-12-31", "soon"), None, "until: "),
    ],
)
def test_a_file_of_a_campaign_says_what_is_wrong_with_it(
    tmp_path: Path, body: str, shares: list[str] | None, sentence: str
) -> None:
    (tmp_path / "campaign.yaml").write_text(body, "utf-8")
    with pytest.raises(OperationRefusedError, match=sentence):
        campaign_order(tmp_path / "campaign.yaml", {"share": shares})
