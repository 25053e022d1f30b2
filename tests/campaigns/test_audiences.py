"""The language of audiences: what lines mean in both languages, trees that survive being printed, errors that help."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.audiences.fields import FIELDS
from campaigns.audiences.lexicon import TRADITIONAL, fold
from campaigns.audiences.model import (
    LONGEST,
    Between,
    Both,
    Compared,
    Comparison,
    Either,
    Everybody,
    Expected,
    Expression,
    Fault,
    FaultCode,
    Happened,
    Known,
    Not,
    OneOf,
    Within,
    masked_number,
    terms,
)
from campaigns.audiences.parser import parse
from campaigns.audiences.printer import say
from campaigns.members.model import Language
from handlers.wording.audiences import EXPECTED, FAULTS, LEXICON, REASONS, fault_words, marked, pointed
from tests.audience_trees import trees

WOMEN = Both(
    (
        Compared("gender", Comparison.EQUAL, "female"),
        Between("age", Decimal(25), Decimal(40)),
        Compared("monthly_spend", Comparison.MORE, 500_000),
    )
)


def read(line: str) -> Expression:
    found = parse(line, LEXICON, me=7)
    assert not isinstance(found, Fault), fault_words(found, Language.EN)
    return found


def fault(line: str) -> Fault:
    found = parse(line, LEXICON)
    assert isinstance(found, Fault)
    return found


@pytest.mark.parametrize(
    "line",
    [
        "gender = female and age 25..40 and monthly_spend > 5000",
        "women 25–40 with monthly spend over 5,000",
        "女 且 年龄 25-40 且 月消费 > 5000",
        "女性且年龄在25到40之间并且月消费超过5千元",
        "女　且　年齡：２５～４０　且　月消費＞５，０００",
        "性别＝女 and age between 25 and 40 and 月消费 > 0.5万",
    ],
)
def test_women_of_25_to_40_who_spend_over_5000_a_month_stand_in_one_line(line: str) -> None:
    assert read(line) == WOMEN


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("资产 >= 50万", Compared("assets", Comparison.AT_LEAST, 50_000_000)),
        ("assets under 3k", Compared("assets", Comparison.LESS, 300_000)),
        ("monthly spend 1,234.56", Compared("monthly_spend", Comparison.EQUAL, 123_456)),
        ("class in (A, B)", OneOf("class", ("A", "B"))),
        ("类别 不属于（A、B）", Not(OneOf("class", ("A", "B")))),
        ("class is not B", Not(Compared("class", Comparison.EQUAL, "B"))),
        ("高净值", Compared("band", Comparison.EQUAL, "high_net_worth")),
        ("近30天接龙", Within("chain_entry", 30)),
        ("30天内加群", Within("joined_group", 30)),
        ("stamp in the last 2 weeks", Within("stamp", 14)),
        ("last_transfer within 3 months", Within("last_transfer", 90)),
        ("收到福利", Happened("offer_received")),
        ("开户日期 晚于 2019年1月31日", Compared("customer_since", Comparison.MORE, date(2019, 1, 31))),
        ("近30天转入 > 5000", Compared("inflow_30", Comparison.MORE, 500_000)),
        ("流失分 未知", Known("churn", is_known=False)),
        ("churn is not known", Known("churn", is_known=False)),
        ("客户经理 = 我", Compared("owner", Comparison.EQUAL, 7)),
        ("标签 = 偏好基金", Compared("tag", Comparison.EQUAL, "funds_lover")),
        ("偏好基金", Compared("tag", Comparison.EQUAL, "funds_lover")),
        ("risk >= C3", Compared("risk", Comparison.AT_LEAST, "C3")),
        ("区域=朝阳区且所有客户", Both((Compared("district", Comparison.EQUAL, "朝阳区"), Everybody()))),
        (
            "群=商户福利群7且30天内加群",
            Both((Compared("group", Comparison.EQUAL, "商户福利群7"), Within("joined_group", 30))),
        ),
        ("trend", None),
    ],
)
def test_a_line_means_what_it_says(line: str, meant: Expression | None) -> None:
    assert fault(line).code is FaultCode.UNKNOWN_NAME if meant is None else read(line) == meant


def test_and_binds_closer_than_or_and_not_closest() -> None:
    female, male, bound = read("女"), read("男"), Happened("bound")
    assert read("女 或 男 且 非 绑定") == Either((female, Both((male, Not(bound)))))
    assert read("(女 或 男) 且 非 绑定") == Both((Either((female, male)), Not(bound)))


@settings(max_examples=50)
@given(trees)
def test_a_tree_that_is_printed_and_read_is_the_same_tree_in_both_languages(tree: Expression) -> None:
    for in_chinese in (False, True):
        line = say(tree, LEXICON, in_chinese=in_chinese)
        if len(line) <= LONGEST:
            assert parse(line, LEXICON) == tree


@settings(max_examples=50)
@given(st.text(alphabet="女且年龄标签资产>=<.()（）25，、\"“天内近 andorwithin万k-非未知@类A'", max_size=40))
def test_whatever_is_typed_is_a_tree_or_a_fault_with_a_place_and_words(line: str) -> None:
    found = parse(line, LEXICON)
    if isinstance(found, Fault):
        assert 0 <= found.start <= found.end <= len(line)
        assert all(fault_words(found, language) for language in Language)
        assert len(pointed(found).splitlines()[-1].strip("　 ^")) == 0
    else:
        assert parse(say(found), LEXICON) == found


@pytest.mark.parametrize(
    ("line", "code", "place", "said"),
    [
        ("", FaultCode.EMPTY, 1, "Write a condition"),
        ("女 且 年纪 25-40", FaultCode.UNKNOWN_NAME, 5, "Did you mean 年龄?"),
        ("montly spend > 5000", FaultCode.UNKNOWN_NAME, 1, "Did you mean monthly_spend"),
        ("class = E", FaultCode.UNKNOWN_VALUE, 9, "Did you mean A, B, C, D?"),
        ("标签 = 偏爱基金", FaultCode.UNKNOWN_VALUE, 6, "偏好基金"),
        ("middle", FaultCode.AMBIGUOUS, 1, "income = middle, band = middle"),
        ("age >", FaultCode.EXPECTED, 6, "A number should follow, but the line ends here."),
        ("assets > many", FaultCode.EXPECTED, 10, "amount of yuan (500000, 5,000, 3k) should stand here, not “many”"),
        ("(age > 3", FaultCode.EXPECTED, 9, "A comma or a closing bracket"),
        ("age > 3 assets > 4", FaultCode.EXPECTED, 9, "“and” or “or”, or the end"),
        ("age", FaultCode.EXPECTED, 4, "within 30 days"),
        ("gender > female", FaultCode.WRONG_TEST, 8, "Values take ="),
        ("stamp > 3", FaultCode.WRONG_TEST, 7, "just “stamp”"),
        ("age within 30 days", FaultCode.WRONG_TEST, 5, "cannot be tested"),
        ("tag is known", FaultCode.WRONG_TEST, 8, "cannot be tested"),
        ("age 40..25", FaultCode.BACKWARDS, 5, "begins above its end"),
        ("customer_since > 2019-02-31", FaultCode.EXPECTED, 18, "A day"),
        ("owner = me", FaultCode.NOBODY_ASKS, 9, "the manager's id"),
        ("女 @ 男", FaultCode.STRAY_CHARACTER, 3, "“@” has no meaning"),
        ("district = 'x", FaultCode.OPEN_QUOTE, 12, "missing its partner"),
        ("not " * 21 + "stamp", FaultCode.TOO_DEEP, 81, "20 deep"),
        ("(" * 21, FaultCode.TOO_DEEP, 21, "20 deep"),
        ("stamp or " * 60 + "stamp", FaultCode.TOO_MANY_TERMS, 541, "60 conditions"),
        ("x" * (LONGEST + 1), FaultCode.TOO_LONG, LONGEST + 1, "1000 characters"),
        ("owner in (" + "1, " * 201 + "1)", FaultCode.TOO_MANY_VALUES, None, "200 values"),
    ],
)  # fmt: skip
def test_an_error_says_where_what_was_expected_and_what_may_have_been_meant(
    line: str, code: FaultCode, place: int | None, said: str
) -> None:
    found = fault(line)
    assert found.code is code
    assert place is None or found.start + 1 == place
    assert said in fault_words(found, Language.EN)
    assert fault_words(found, Language.ZH)


def test_the_caret_stands_below_the_place_though_chinese_is_twice_as_wide() -> None:
    found = fault("女 且 年纪 25")
    assert pointed(found) == "女 且 年纪 25\n　 　 ^^^^"
    assert marked(found) == "女 且 👉年纪 25"


def test_every_fault_expectation_and_reason_has_words_in_both_languages() -> None:
    assert set(FAULTS) == set(FaultCode)
    assert set(EXPECTED) == set(Expected)
    for phrase in (*FAULTS.values(), *EXPECTED.values(), *REASONS.values()):
        assert phrase.zh
        assert phrase.en


def test_every_field_is_known_by_both_names_and_every_value_by_code_and_word() -> None:
    for name, field in FIELDS.items():
        assert LEXICON.field(name) == LEXICON.field(field.zh) == field
        for choice in LEXICON.choices(field):
            assert LEXICON.value(field, choice.code) == LEXICON.value(field, choice.zh) == choice.code


def test_the_page_of_the_language_has_every_field_and_its_examples_are_understood() -> None:
    page = (Path(__file__).parents[2] / "docs" / "audiences.md").read_text("utf-8")
    for name, field in FIELDS.items():
        assert f"| `{name}` | {field.zh} |" in page
    examples = page.split("```")[1].strip().splitlines()
    assert [parse(line, LEXICON) for line in examples] == [WOMEN] * 3


def test_folding_keeps_every_place() -> None:
    assert fold("Ａ≥㎡（年齡）") == "a≥㎡(年龄)"
    assert len(TRADITIONAL) == len(set(TRADITIONAL))


def test_terms_come_in_the_order_of_the_line() -> None:
    assert [type(each) for each in terms(read("非 绑定 且 (流失分 未知 或 所有客户)"))] == [Happened, Known, Everybody]


def test_a_number_is_masked_but_for_its_end() -> None:
    assert (masked_number("0xb2d10007"), masked_number("1234")) == ("…0007", "…")
