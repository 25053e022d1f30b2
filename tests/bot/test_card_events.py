"""The file of card events on the command line: read in every form, reported, refused in one sentence."""

import json
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest
from openpyxl import Workbook

import main
from bot.commands.exits import REFUSED
from campaigns.applications.card_files import application_number, read_card_file
from campaigns.applications.model import Stage
from campaigns.applications.reconciling import CardCode, CardLine, CardOutcome
from segmentation.intake.faults import DeliveryRefusedError
from tests.bot.conftest import Types

TODAY = date(2026, 11, 20)


@pytest.fixture
def types(command_line: Types) -> Types:
    """Run a command on the test's database; returns exit code and what it said."""
    return partial(command_line, main.app)


def test_a_file_is_reported_line_by_line_and_a_bad_one_is_refused(types: Types, tmp_path: Path) -> None:
    assert types("card-events") == (0, "The bank's files and the chat agree.\n")
    (tmp_path / "cards.csv").write_text("客户号,事件,日期\n=1+1,激活,2020-01-01\nC1,[red]存款,2020-01-01\n", "gb18030")
    code, said = types("card-events", "cards.csv")
    assert code == 1
    assert "2 lines: 1 no_application, 1 unknown_event." in said
    assert "line 3: unknown_event: [red]存款" in said
    code, told = types("card-events", "cards.csv", "--json")
    assert code == 1
    assert [(line["line"], line["code"]) for line in json.loads(told)["lines"]] == [
        (2, "no_application"),
        (3, "unknown_event"),
    ]
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    for name, sentence in (
        ("other.csv", "The header needs one of: 客户号, 事件, 日期"),
        ("no.csv", "There is no file"),
    ):
        code, said = types("card-events", name)
        assert (code, sentence in said, "Traceback" in said) == (REFUSED, True, False)


def test_a_workbook_and_every_header_are_read_and_bad_lines_are_named(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("申请编号", "客户姓名", "事件", "日期"),
        ("SQ00000012", "王芳", "激活", datetime(2026, 11, 18)),  # noqa: DTZ001 - cells have no zone.
        (7, "赵强", "First_Use", "2026/11/19"),
        ("X-1", "孙丽", "激活", "2026-11-18"),
        ("SQ3", "李雷", "激活", "2026-11-21"),
        ("SQ3", "李雷", "激活", "昨天"),
    ):
        sheet.append(row)
    book.save(tmp_path / "cards.xlsx")
    found = read_card_file(tmp_path / "cards.xlsx", TODAY)
    assert found[:2] == [
        CardLine(2, "SQ00000012", Stage.ACTIVATED, date(2026, 11, 18)),
        CardLine(3, "SQ00000007", Stage.FIRST_USE, date(2026, 11, 19)),
    ]
    codes = [each.code for each in found if isinstance(each, CardOutcome)]
    assert codes == [CardCode.UNREADABLE, CardCode.FUTURE, CardCode.UNREADABLE]
    text = tmp_path / "cards.csv"
    text.write_text("date;customer_number;event\n20261118;C-1;approved\n20261118;C-1\n")
    read = read_card_file(text, TODAY)
    assert read[0] == CardLine(2, "C-1", Stage.APPROVED, date(2026, 11, 18))
    assert [each.line for each in read] == [2, 3]
    with pytest.raises(DeliveryRefusedError, match="is none of"):
        read_card_file(Path(__file__), TODAY)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("SQ00000012", "SQ00000012"),
        ("sq12", "SQ00000012"),
        ("12", "SQ00000012"),
        ("", None),
        ("SQ", None),
        ("1.5", None),
    ],
)
def test_an_application_number_is_read_as_people_write_it(written: str, number: str | None) -> None:
    assert application_number(written) == number
