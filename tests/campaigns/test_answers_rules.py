"""What the bot understands of plain words: rather nothing than something wrong; and what may be said at all."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from campaigns.answers.intents import INTENTS, intent_of
from campaigns.answers.matching import likeness, units_of
from campaigns.answers.model import (
    AnswerEntry,
    EntryError,
    EntryKind,
    ImportCode,
    Intent,
    Known,
    Near,
    Understood,
    Variable,
    Wanted,
)
from campaigns.answers.reading import read_entries
from campaigns.answers.rules import Understanding, check_version, fill, sayable
from campaigns.compliance.words import forbidden, lacks_risk_notice
from campaigns.forms.model import FaultCode, FormError

STARTING = (Path(__file__).resolve().parents[2] / "handlers" / "wording" / "answers.yaml").read_text("utf-8")
TODAY = date(2026, 11, 20)
ENTRIES = read_entries(STARTING, "陈静", TODAY)
UNDERSTANDING = Understanding(sayable(ENTRIES))
BOTH_WAYS = {"怎么退出"}  # Of a chain or of the group: asked back.

ASKED = yaml.safe_load((Path(__file__).parent / "questions.yaml").read_text("utf-8"))
PARAPHRASES, FOREIGN = ASKED["paraphrases"], ASKED["foreign"]


def key_of(found: Understood | None) -> str | None:
    """What was understood, in one word."""
    match found:
        case Known(entry):
            return entry.key
        case Near(entries):
            return "?" + "|".join(entry.key for entry in entries)
        case Wanted(intent):
            return f"!{intent}"
    return None


def entry(**changes: object) -> AnswerEntry:
    return replace(ENTRIES[0], **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("each", [each for each in ENTRIES if each.asked], ids=lambda each: each.key)
def test_an_entry_answers_its_own_questions_and_no_other_does(each: AnswerEntry) -> None:
    expected = {asked: each.key for asked in each.asked if asked not in BOTH_WAYS}
    assert {asked: key_of(UNDERSTANDING.of(asked)) for asked in expected} == expected


@pytest.mark.parametrize("key", PARAPHRASES)
def test_other_words_for_the_same_are_understood(key: str) -> None:
    asked = PARAPHRASES[key]
    assert {words: key_of(UNDERSTANDING.of(words)) for words in asked} == dict.fromkeys(asked, key)


def test_no_sentence_about_something_else_is_ever_answered() -> None:
    assert {words: key_of(UNDERSTANDING.of(words)) for words in FOREIGN} == dict.fromkeys(FOREIGN)


def test_what_may_mean_two_things_is_asked_back() -> None:
    assert key_of(UNDERSTANDING.of("怎么退出？")) == "?chain-leave|leave"
    assert key_of(UNDERSTANDING.of("我的豆豆怎么花")) == "?points-use|points-what"


def test_a_person_is_shown_what_is_near_first() -> None:
    near = UNDERSTANDING.nearest("为什么我的抽奖没有公平的结果 还有奖品什么时候发")
    assert near[0].key == "draw-fair"
    assert UNDERSTANDING.nearest("快递单号") == []


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("我的積分", Intent.POINTS),
        ("查 一 下 我的 积分！", Intent.POINTS),
        ("請問我有多少積分呢？", Intent.POINTS),
        ("my POINTS??", Intent.POINTS),
        ("怎么查我的积分", Intent.POINTS),
        ("我的接龍", Intent.CHAINS),
        ("我参加了哪些接龙？", Intent.CHAINS),
        ("我有什么券", Intent.COUPONS),
        ("show my coupons", Intent.COUPONS),
        ("我的集章", Intent.STAMPS),
        ("我的進度", Intent.PROGRESS),
        ("信用卡办到哪一步了", Intent.PROGRESS),
        ("幫助", Intent.HELP),
        ("換語言", Intent.LANGUAGE),
        ("找人工。", Intent.PERSON),
        ("转人工客服", Intent.PERSON),
        ("Can I speak to a real person", Intent.PERSON),
        ("您好！", Intent.GREETING),
        ("hello there", Intent.GREETING),
        ("请问一下", Intent.GREETING),
        ("مرحبا", None),
        ("謝謝", Intent.THANKS),
        ("谢谢～", Intent.THANKS),
        ("我的积分为什么少了", None),
        ("积分是什么", None),
        ("", None),
        ("？？？", None),
    ],
)
def test_intents_in_every_script_width_and_spacing(words: str, intent: Intent | None) -> None:
    assert intent_of(words) is intent


def test_every_phrase_of_the_table_means_its_intent() -> None:
    told = {phrase: intent for intent, phrases in INTENTS.items() for phrase in phrases}
    assert {phrase: intent_of(phrase) for phrase in told} == told


@given(st.text(max_size=120))
def test_whatever_is_written_raises_nothing_and_means_at_most_three_things(text: str) -> None:
    found = UNDERSTANDING.of(text)
    assert not isinstance(found, Near) or 2 <= len(found.entries) <= 3


@given(st.sampled_from([asked for each in ENTRIES for asked in each.asked_zh]), st.data())
def test_spaces_and_punctuation_change_nothing(asked: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(asked)))
    noise = data.draw(st.sampled_from([" ", "，", "？", "…", "！", "\u3000"]))
    assert key_of(UNDERSTANDING.of(asked[:at] + noise + asked[at:])) == key_of(UNDERSTANDING.of(asked))


@given(st.sampled_from(FOREIGN), st.sampled_from([asked for each in ENTRIES for asked in each.asked]))
def test_likeness_is_symmetric_and_between_nothing_and_one(one: str, other: str) -> None:
    there, back = likeness(units_of(one), units_of(other)), likeness(units_of(other), units_of(one))
    assert there == back
    assert 0 <= there < 1
    assert likeness(units_of(other), units_of(other)) == 1


def test_the_starting_set_is_whole_and_says_nothing_forbidden() -> None:
    texts = [text for each in ENTRIES for text in (each.title_zh, each.text_zh, each.title_en, each.text_en)]
    assert not [found for text in texts for found in forbidden(text)]
    assert not [text for text in texts if lacks_risk_notice(text)]
    assert not [each.key for each in ENTRIES if bool(each.asked_zh) != bool(each.asked_en)]
    assert not [each.key for each in read_entries(STARTING) if each.is_reviewed]


def test_only_the_newest_reviewed_version_is_said_and_a_retired_one_silences() -> None:
    versions = [entry(version=1), entry(version=2), entry(version=3, reviewer=None)]
    assert [each.version for each in sayable(versions)] == [2]
    assert sayable([*versions, entry(version=4, retired=True)]) == []
    assert Understanding(read_entries(STARTING)).of("怎么参加接龙") is None


def test_a_version_is_taken_once_gains_a_reviewer_and_never_changes() -> None:
    unread = entry(reviewer=None, reviewed_on=None)
    assert check_version(entry(), None, 0) is ImportCode.ADDED
    assert check_version(entry(), entry(), 1) is ImportCode.SAME
    assert check_version(unread, entry(), 1) is ImportCode.SAME
    assert check_version(entry(), unread, 1) is ImportCode.ADDED
    with pytest.raises(EntryError, match="raise its version"):
        check_version(entry(text_zh="别的"), entry(), 1)
    with pytest.raises(EntryError, match="the next one is 4"):
        check_version(entry(version=2), None, 3)


FORM = """
author: 李敏
entries:
- key: hours
  version: 1
  title_zh: 营业时间
  title_en: Opening hours
  text_zh: 网点周一到周五营业。
  text_en: Branches are open Monday to Friday.
  asked_zh: [几点下班]
  asked_en: [opening hours]
"""


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("entries:", "entries: [", FaultCode.NOT_YAML, "4"),
        ("  version: 1\n", "", FaultCode.MISSING, "entries.1.version"),
        ("version: 1", "version: one", FaultCode.BAD_NUMBER, "entries.1.version"),
        ("key: hours", "key: 营业", FaultCode.BAD_CHOICE, "entries.1.key"),
        ("  title_en", "  titel_en", FaultCode.MISSING, "entries.1.title_en"),
        ("营业。", "营业，收益全网第一。", FaultCode.FORBIDDEN_WORD, "entries.1.text_zh"),
        ("营业。", "营业，可买基金。", FaultCode.NO_RISK_NOTICE, "entries.1.text_zh"),
        ("营业。", "{place}营业。", FaultCode.BAD_CHOICE, "entries.1.text_en"),
        ("author: 李敏\n", "", FaultCode.MISSING, "entries.1.author"),
        ("asked_zh:", "kind: advice\n  asked_zh:", FaultCode.BAD_CHOICE, "entries.1.kind"),
        ("asked_zh:", "colour: red\n  asked_zh:", FaultCode.UNKNOWN_FIELD, "entries.1.colour"),
        ("asked_zh:", "reviewer: 陈静\n  asked_zh:", FaultCode.MISSING, "entries.1.reviewed_on"),
        ("asked_zh:", "reviewer: 陈静\n  reviewed_on: 昨天\n  asked_zh:", FaultCode.BAD_TEXT, "entries.1.reviewed_on"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_by_place(old: str, new: str, code: FaultCode, place: str) -> None:
    with pytest.raises(FormError) as refused:
        read_entries(FORM.replace(old, new, 1))
    assert (refused.value.fault.code, refused.value.fault.place) == (code, place)


def test_nobody_reviews_an_own_text_and_no_key_stands_twice() -> None:
    with pytest.raises(EntryError, match="a second person must"):
        read_entries(FORM, "李敏", TODAY)
    with pytest.raises(EntryError, match="stands twice"):
        read_entries(FORM + FORM.split("entries:")[1])
    with pytest.raises(EntryError, match=r"leave open \{bank\} only"):
        read_entries(FORM.replace("营业。", "营业，{manager}。").replace("Friday.", "Friday, {manager}."))
    with pytest.raises(EntryError, match="split it"):
        read_entries(FORM + "#" * 50_000)
    named = FORM.replace("asked_zh", "reviewer: 陈静\n  reviewed_on: '2026-11-02'\n  asked_zh")
    assert read_entries(named)[0].reviewed_on == date(2026, 11, 2)


def test_variables_are_filled_once_and_in_order() -> None:
    letter = next(each for each in ENTRIES if each.key == "letter-activity")
    assert letter.kind is EntryKind.MARKETING
    assert letter.to_fill == (Variable.DATE, Variable.TIME, Variable.PLACE, Variable.PRODUCT)
    assert fill("{bank}：{date}", {"bank": "{date}", "date": "周五"}) == "{date}：周五"
    with pytest.raises(KeyError):
        fill("{place}", {})
