"""The answer clock in bank time, who may answer, and the gate that free words pass."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.answers.reading import read_entries
from campaigns.letters.model import ObjectionCode
from campaigns.letters.rules import LONGEST, next_to_fill, objections, write
from campaigns.members.model import Language, Member
from campaigns.questions.model import AnswerClock, AskCode, Question, QuestionRefusal, QuestionState
from campaigns.questions.rules import (
    GATHER,
    LONGEST_LINE,
    MOST_LINES,
    complains,
    due,
    half_time,
    may_answer,
    next_line,
    shortened,
)
from campaigns.staff.model import Role

ZONE = ZoneInfo("Asia/Shanghai")
CLOCK = AnswerClock()
ASKED = datetime(2026, 11, 20, 10, tzinfo=ZONE)
QUESTION = Question(1, 7, 20, QuestionState.OPEN, ASKED, ASKED + timedelta(hours=2), tell_at=ASKED + GATHER)
ENTRIES = read_entries((Path(__file__).resolve().parents[2] / "handlers/wording/answers.yaml").read_text("utf-8"))
VISIT = next(entry for entry in ENTRIES if entry.key == "letter-visit")


def member(number: int, *roles: Role) -> Member:
    return Member(number, "李敏", Language.ZH, frozenset({Role.CUSTOMER, *roles}))


@pytest.mark.parametrize(
    ("asked", "half", "end"),
    [
        ((20, 10, 0), (20, 11, 0), (20, 12, 0)),
        ((20, 16, 30), (23, 9, 30), (23, 10, 30)),  # Friday evening: half an hour is left of the day.
        ((21, 12, 0), (23, 10, 0), (23, 11, 0)),  # Saturday.
        ((20, 3, 0), (20, 10, 0), (20, 11, 0)),
    ],
)
def test_an_answer_is_due_two_open_hours_after_the_question_and_reminded_at_half(
    asked: tuple[int, int, int], half: tuple[int, int, int], end: tuple[int, int, int]
) -> None:
    moments = [datetime(2026, 11, *each, tzinfo=ZONE) for each in (asked, half, end)]
    assert half_time(moments[0], CLOCK, ZONE) == moments[1]
    assert due(moments[0], CLOCK, ZONE) == moments[2]


def test_lines_in_the_same_breath_are_one_question_and_there_is_an_end() -> None:
    assert next_line(QUESTION) is AskCode.QUIET
    assert next_line(replace(QUESTION, tell_at=None, told=1)) is AskCode.ADDED
    assert next_line(replace(QUESTION, lines=MOST_LINES)) is AskCode.FULL
    assert len(shortened("长" * 5_000)) == LONGEST_LINE


@pytest.mark.parametrize(
    ("question", "by", "refusal"),
    [
        (QUESTION, member(20, Role.WEALTH_MANAGER), None),
        (QUESTION, member(30, Role.TEAM_LEAD), None),
        (QUESTION, member(21, Role.WEALTH_MANAGER), QuestionRefusal.NOT_YOURS),
        (QUESTION, member(7, Role.TEAM_LEAD), QuestionRefusal.NOT_YOURS),
        (replace(QUESTION, owner_id=None), member(20, Role.WEALTH_MANAGER), QuestionRefusal.NOT_YOURS),
        (replace(QUESTION, state=QuestionState.ANSWERED), member(20), QuestionRefusal.OVER),
        (replace(QUESTION, state=QuestionState.SOLVED), member(30, Role.TEAM_LEAD), QuestionRefusal.OVER),
        (replace(QUESTION, state=QuestionState.WITHDRAWN), member(20), QuestionRefusal.OVER),
        (None, member(20), QuestionRefusal.UNKNOWN),
    ],
)
def test_the_owner_and_leads_answer_and_nobody_an_own_or_settled_question(
    question: Question | None, by: Member, refusal: QuestionRefusal | None
) -> None:
    assert may_answer(question, by) is refusal


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("快递明天到，请留意。", ()),
        ("请不要把密码、验证码告诉任何人。", ()),
        ("Never send your password to anybody.", ()),
        ("理财非存款，产品有风险，投资须谨慎。这只基金周五开放。", ()),
        ("  ", (ObjectionCode.EMPTY,)),
        ("长" * (LONGEST + 1), (ObjectionCode.TOO_LONG,)),
        ("这款产品保 本，全网第一", (ObjectionCode.FORBIDDEN_WORD, ObjectionCode.FORBIDDEN_WORD)),
        ("低风险、秒到账", (ObjectionCode.INDUCING_WORD, ObjectionCode.INDUCING_WORD)),
        ("这只基金周五开放", (ObjectionCode.NO_RISK_NOTICE,)),
        ("请把验证码发给我", (ObjectionCode.ASKS_SECRET,)),
        ("Please send me your password", (ObjectionCode.ASKS_SECRET,)),
        ("卡号 6222 0000 1111 2222 333", (ObjectionCode.LONG_NUMBER,)),
        ("加我微信聊", (ObjectionCode.ADDRESS,)),
        ("见 https://example.com", (ObjectionCode.ADDRESS,)),
    ],
)
def test_the_gate_for_free_words_says_every_reason(text: str, codes: tuple[ObjectionCode, ...]) -> None:
    assert tuple(each.code for each in objections(text)) == codes


@given(st.text(max_size=200))
def test_the_gate_takes_any_text_and_always_gives_the_same_word(text: str) -> None:
    assert objections(text) == objections(text)
    assert bool(text.strip()) or objections(text)


def test_a_text_is_written_once_everything_is_filled_in_and_in_the_readers_language() -> None:
    values = {"bank": "A银行", "manager": "李敏", "date": "周五", "time": "10:00"}
    assert next_to_fill(VISIT, values) == "place"
    assert write(VISIT, values, Language.ZH) is None
    whole = values | {"place": "{bank}"}
    assert next_to_fill(VISIT, whole) is None
    assert "周五 10:00 在{bank}见面" in str(write(VISIT, whole, Language.ZH))
    assert "We meet on 周五 at 10:00" in str(write(VISIT, whole, Language.EN))


@pytest.mark.parametrize(
    ("text", "is_complaint"),
    [
        ("我要投诉，网点排队两个小时没人管", True),
        ("投訴你們的客服態度很差", True),
        ("I want to complain about the queue at your branch", True),
        ("我要投诉", False),
        ("I want to complain", False),
        ("投诉电话是多少", False),
        ("怎么投诉你们的网点", False),
        ("我不是投诉，只是问一下进度", False),
        ("网点几点开门", False),
    ],
)
def test_a_complaint_says_what_about_and_who_asks_where_to_complain_makes_none(text: str, is_complaint: bool) -> None:
    assert complains(text) is is_complaint
