"""A chain's files and lists: full names for the manager, masked for others, and nothing that a spreadsheet runs."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from campaigns.chains.model import Chain, ChainState, Entry
from campaigns.chains.sheets import sheet
from campaigns.members.model import Language
from handlers.chat.chain_files import csv_file, inert, workbook
from handlers.wording.chain_lists import copyable, missing
from handlers.wording.chains import LONGEST, ChainWords, units

NOW = datetime(2027, 1, 1, 4, tzinfo=UTC)
DEADLINE = datetime(2027, 1, 2, 4, tzinfo=UTC)
FRUIT = ("苹果", "香蕉")
ENTRIES = (
    Entry(1, "王*", 1, 1, 2, note="=1+1"),
    Entry(2, "张*明", 2, 2, 1, note="@晚点", proxy="李阿姨"),
    Entry(3, "赵*", 3, 1, confirm_by=DEADLINE),
)
CHAIN = Chain(1, 1, -100, "水果", 9, DEADLINE, ChainState.OPEN, 99, 5, ENTRIES, (Entry(4, "钱*", 4, 2, 9),), 9, FRUIT)
NAMES = {1: "=HYPERLINK(1)", 2: "张小明", 3: "+赵六", 4: "钱七"}
ZH = Language.ZH
CARDS = ChainWords(ZoneInfo("Asia/Shanghai"))


def test_the_file_names_everybody_for_whom_the_names_are_and_runs_no_formula() -> None:
    rows = list(csv.reader(StringIO(csv_file(sheet(CHAIN, NAMES), ZH).decode("utf-8-sig"))))
    assert rows == [
        ["序号", "状态", "姓名", "品种", "份数", "备注", "代报人"],
        ["1", "已报名", "'=HYPERLINK(1)", "苹果", "2", "'=1+1", ""],
        ["2", "已报名", "李阿姨", "香蕉", "1", "'@晚点", "张小明"],
        ["3", "待确认", "'+赵六", "苹果", "1", "", ""],
        ["1", "候补", "钱七", "香蕉", "9", "", ""],
    ]


def test_the_workbook_holds_the_same_rows_and_no_formula() -> None:
    page = load_workbook(BytesIO(workbook(sheet(CHAIN, NAMES), ZH))).active
    assert page is not None
    rows = list(page.iter_rows())
    assert [cell.value for cell in rows[1]][:6] == [1, "已报名", "'=HYPERLINK(1)", "苹果", 2, "'=1+1"]
    assert "f" not in {cell.data_type for row in rows for cell in row}


def test_who_may_not_see_names_gets_masked_ones_and_no_notes() -> None:
    masked = [(line.name, line.note, line.by) for line in sheet(CHAIN, None)]
    assert masked == [("王*", "", ""), ("李*姨", "", "张*明"), ("赵*", "", ""), ("钱*", "", "")]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_text_that_begins_like_a_formula_is_quoted(first: str) -> None:
    assert inert(f"{first}1") == f"'{first}1"


@given(st.text())
def test_whatever_a_text_is_a_spreadsheet_runs_nothing_and_xml_takes_it(text: str) -> None:
    assert not inert(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert all(character.isprintable() or character in "\t\r\n" for character in inert(text))


def test_the_list_to_copy_has_the_form_of_wechat() -> None:
    assert copyable(CHAIN, None, ZH).splitlines() == [
        "#接龙",
        "水果",
        "",
        "1. 王* 苹果 ×2",
        "2. 李*姨 香蕉 ×1 （张*明 代报）",
        "3. 赵* 苹果 ×1 （待确认）",
        "",
        "候补",
        "1. 钱* 香蕉 ×9",
    ]


@pytest.mark.parametrize("language", Language)
def test_the_card_shows_state_sums_and_waitlist_in_both_languages(language: Language) -> None:
    text = ChainWords(ZoneInfo("Asia/Shanghai"), language).card(CHAIN, NOW).text
    assert "A. 苹果 3 · B. 香蕉 1" in text
    assert ("候补 1 人" if language is ZH else "1 on the waitlist") in text
    assert "@晚点" not in text
    assert "李阿姨" not in text


def test_the_card_says_when_the_end_is_near_and_when_it_is_over() -> None:
    ending = replace(CHAIN, ending_at=NOW, places=20)
    assert "水果 · 即将结束" in CARDS.card(ending, NOW).text
    over = CARDS.card(replace(ending, state=ChainState.CLOSED), NOW)
    assert "水果 · 已结束" in over.text
    assert over.buttons == ()


def test_items_have_a_button_each_and_who_was_offered_a_place_can_confirm() -> None:
    labels = [[button.label for button in row] for row in CARDS.card(CHAIN, NOW).buttons]
    assert labels == [["A. 苹果 +1", "B. 香蕉 +1"], ["退出接龙"], ["确认名额"]]


@pytest.mark.parametrize("number", [1, 60, 100, 101, 500])
@pytest.mark.parametrize(("name", "proxy"), [("王*", None), ("𠮷***𠮷", "欧阳阿姨")])
def test_with_hundreds_of_entries_card_and_lists_stay_one_message(number: int, name: str, proxy: str | None) -> None:
    entries = tuple(Entry(n, name, n, 1, 99, "很长的备注" * 8, proxy, DEADLINE) for n in range(1, number + 1))
    items = tuple(f"{'很长的品种名' * 3}{n}" for n in range(20))
    many = replace(CHAIN, product="长" * 60, entries=entries, waiting=entries, items=items)
    assert units(CARDS.card(many, NOW).text) <= LONGEST
    assert units(copyable(many, dict.fromkeys(range(501), "欧阳" * 20), ZH)) <= LONGEST
    assert units(missing(many, ["欧阳" * 20] * number, ZH)) <= LONGEST
