"""The gate of words: what must be blocked is blocked however it is hidden, and what only sounds like it passes."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.compliance.amounts import amounts
from campaigns.compliance.lexicon import FILE, RULES, LexiconError, read_lexicon
from campaigns.compliance.readings import read
from campaigns.compliance.verdicts import Context, ContextError, Outcome, Venue, context_of
from campaigns.compliance.words import check, forbidden
from campaigns.members.model import Language
from handlers.wording.gate import objections_to
from scripts.sounds import TABLE, table

TEXTS = Path(__file__).with_name("gate_texts")
SAID = [json.loads(line) for file in sorted(TEXTS.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
WORDING = Path(objections_to.__code__.co_filename).parent
SHORTEST_SENTENCE = 12  # Shorter ones are names of buttons.
GRAVE = ("保本保息", "稳赚不赔", "零风险", "最终解释权")
FILLERS = (" ", "\u200b", "🎉", ".", "·", "\u0335", "*", "\ufe0f", "|", "　", "\n", "+")
TRADITIONAL = {"稳赚不赔": "穩賺不賠", "零风险": "零風險", "最终解释权": "最終解釋權", "保本保息": "保本保息"}


def rules_of(text: str, **fields: Any) -> set[str]:
    return {hit.rule for hit in check(text, context_of(fields)).hits if hit.verdict is Outcome.BLOCK}


def test_what_the_rules_forbid_is_blocked_and_what_they_allow_leaves() -> None:
    """Texts in both scripts and languages, written from the rules; most of them after the word list was frozen."""
    blocked = {row["text"]: check(row["text"], context_of(row)).outcome is Outcome.BLOCK for row in SAID}
    assert len(blocked) > 450
    assert [row["text"] for row in SAID if row["must"] == "block" and not blocked[row["text"]]] == []
    assert [row["text"] for row in SAID if row["must"] == "pass" and blocked[row["text"]]] == []


def sentences(file: Path) -> set[str]:
    """What a module of the wording says in Chinese, its own descriptions left out."""
    tree = ast.parse(file.read_text("utf-8"))
    described = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    said = {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in described}
    return {each for each in said if len(each) > SHORTEST_SENTENCE and any("一" <= c <= "鿿" for c in each)}


def test_nothing_that_the_bot_says_of_itself_is_blocked() -> None:
    """Every sentence of handlers/wording is lawful."""
    said = set[str]().union(*map(sentences, sorted(WORDING.glob("*.py"))))
    assert len(said) > 1_000
    assert [each for each in said if check(each, Context(venue=Venue.PRIVATE)).outcome is Outcome.BLOCK] == []


def test_a_blocked_text_is_blocked_for_its_reason_and_every_rule_is_met() -> None:
    named = [(row["text"], row["for"], rules_of(**{k: row[k] for k in row if k not in {"id", "must", "for"}}))
             for row in SAID if row.get("for")]  # fmt: skip
    assert [(text, rule, found) for text, rule, found in named if rule not in found] == []
    assert {rule for _, rule, _ in named} == set(RULES)


@given(word=st.sampled_from(GRAVE), filler=st.sampled_from(FILLERS), times=st.integers(1, 3), old=st.booleans())
def test_nothing_put_between_characters_hides_a_grave_word(word: str, filler: str, times: int, old: bool) -> None:
    written = TRADITIONAL[word] if old else word
    text = "本行活动：" + (filler * times).join(written) + "，欢迎"
    [hit] = [hit for hit in check(text).hits if hit.rule in {"guarantee", "last_word"}][:1]
    assert text[hit.start : hit.end] == hit.span
    assert hit.span[0] == written[0]


@given(st.text(max_size=60))
def test_a_reading_remembers_where_each_character_stood(text: str) -> None:
    reading = read(text)
    assert len(reading.text) == len(reading.places)
    assert list(reading.places) == sorted(reading.places)
    assert all(0 <= place < len(text) for place in reading.places)


@given(st.text(max_size=40), st.sampled_from(["group", "private", "page", None]))
def test_any_text_has_a_verdict_and_every_hit_its_words(text: str, venue: str | None) -> None:
    verdict = check(text, context_of({"venue": venue}))
    assert all(text[hit.start : hit.end] == hit.span for hit in verdict.hits)
    assert (verdict.outcome is Outcome.PASS) == (not verdict.hits)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("保本", "guarantee"), ("不仅保本", "guarantee"), ("特别稳赚", "guarantee"),
        ("这不是骗局，稳赚不赔", "guarantee"),
        ("别家都是骗局，我们才是保本", "guarantee"), ("bao ben bao xi", "guarantee"), ("稳砖不陪", "guarantee"),
        ("Gu4ranteed returns", "guarantee"), ("guаranteed returns", "guarantee"), ("⻛险低，收益高", "inducing"),
    ],
)  # fmt: skip
def test_a_promise_in_disguise_is_a_promise(text: str, rule: str) -> None:
    assert rule in rules_of(text)


@pytest.mark.parametrize(
    "text",
    ["红包本月发放", "业务风险提示", "支付宝本周立减", "请问专家门诊在哪", "特别提醒：谨防保本骗局", "首年免年费"],
)
def test_what_only_sounds_like_a_promise_is_none(text: str) -> None:
    assert check(text).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("fields", "blocked"),
    [
        ({"risk_level": "R3", "customer_risk": "C2"}, True),
        ({"risk_level": "R3", "customer_risk": "C3"}, False),
        ({"risk_level": "R3"}, False),
        ({"customer_risk": "C1"}, False),
        ({"risk_level": 5, "customer_risk": "c4"}, True),
    ],
)
def test_no_product_above_the_customers_level(fields: dict[str, object], blocked: bool) -> None:
    """R ≤ C, and the higher of two levels counts."""
    assert ("suitability" in rules_of("理财非存款、产品有风险、投资须谨慎", **fields)) is blocked


def test_the_higher_of_two_levels_counts_and_a_lower_one_is_no_level() -> None:
    assert "suitability" in rules_of("R4产品，投资有风险", risk_level="R2", customer_risk="C3")
    assert "suitability" in rules_of("R2产品，投资有风险", risk_level="R4", customer_risk="C5")


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("奖金5万元", 50_000),
        ("六万元", 60_000),
        ("¥88,000", 88_000),
        ("十二万八千元", 128_000),
        ("5万9千元", 59_000),
        ("陆万元整", 60_000),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, yuan: float) -> None:
    assert [amount for _, _, amount in amounts(text)] == [yuan]


@pytest.mark.parametrize(
    "fields",
    [{"risk_level": "R6"}, {"customer_risk": True}, {"venue": "street"}, {"prize_value_yuan": "much"}, {"kind": 3},
     {"prize_value_yuan": -1}, {"prize_value_yuan": "nan"}],
)  # fmt: skip
def test_a_context_that_cannot_be_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ContextError, match=next(iter(fields))):
        context_of(fields)


def test_the_writer_reads_rule_basis_and_advice_in_the_own_language() -> None:
    said = objections_to("稳赚不赔", Context(venue=Venue.GROUP), Language.ZH)
    assert "稳赚不赔" in said
    assert "广告法第二十五条" in said
    assert "理财非存款" in said
    assert "Advertising Law art. 25" in objections_to("稳赚不赔", Context(), Language.EN)
    assert objections_to("明天营业", Context(), Language.ZH) == ""
    assert forbidden("全网第一")[0].law_zh.startswith("广告法第九条")


def test_every_row_of_the_lexicon_is_an_expression_that_can_be_used() -> None:
    """Rows are compiled when a text first has their words."""
    cases = [case for rule in read_lexicon().rules.values() for case in rule.cases]
    rows = [row for case in cases for row in (*case.patterns, *case.exceptions, *case.unless)]
    assert len(rows) > 500
    assert all(row.regex.groups == 0 for row in rows)


def test_every_rule_tells_its_basis_and_a_lawful_rewording_in_both_languages() -> None:
    for rule in read_lexicon().rules.values():
        assert all((rule.name.zh, rule.name.en, rule.basis.zh, rule.basis.en, rule.advice.zh, rule.advice.en))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("version: 1", "version: new", "line 12: new is no whole number"),
        ("{必定} ~2", "{必订} ~2", "there is no set called 必订"),
        ("id: last_word", "id: last_wrod", "last_wrod is no rule of the gate"),
        ("- 仅此一家", "- (仅此|一家", "a bracket is not closed"),
        ("- 仅此一家", "- 仅此[二-一]{1,2}", "“[二-一]{1,2}” cannot be used"),
        ('礼品: ["{实物}"', '礼品: ["{食物}"', "there is no set called 食物 above"),
        ("<percent> ~3 (收益", "<per cent> ~3 (收益", "<per cent> is none of"),
        ("  inside: [", "  inside: ]", "it is no YAML"),
        ("    zh: 删去该句", "    zn: 删去该句", "zh is missing"),
    ],
)
def test_a_mistake_in_the_lexicon_is_told_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = FILE.read_text("utf-8")
    assert old in text
    file = tmp_path / "lexicon.yaml"
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(LexiconError) as told:
        read_lexicon(file)
    assert says in str(told.value)
    assert "line" in str(told.value)


def test_a_lexicon_that_is_missing_empty_or_in_another_encoding_is_told(tmp_path: Path) -> None:
    file = tmp_path / "lexicon.yaml"
    with pytest.raises(LexiconError, match="cannot be read"):
        read_lexicon(file)
    file.write_text("", "utf-8")
    with pytest.raises(LexiconError, match="is empty"):
        read_lexicon(file)
    file.write_bytes("规则".encode("gb18030"))
    with pytest.raises(LexiconError, match="not UTF-8"):
        read_lexicon(file)


def test_the_table_of_sounds_is_what_the_dictionary_says() -> None:
    assert TABLE.read_text("utf-8") == table()


def test_the_gate_is_loaded_when_the_first_text_comes() -> None:
    heavy = "{'yaml', 'opencc', 'pypinyin', 'ahocorasick'}"
    code = f"import sys, campaigns.compliance.rules; print({heavy} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
