"""Quizzes by their rules: one answer each, right whatever the spelling, prizes that add up, late is late."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from campaigns.forms.model import FaultCode, FormError
from campaigns.forms.reading import decoded
from campaigns.quizzes.answers import normal, score
from campaigns.quizzes.model import Given, Guess, GuessCode, Quiz, QuizKind, QuizPlan, QuizState, Sharing
from campaigns.quizzes.reading import read_quiz, read_quizzes
from campaigns.quizzes.rules import answer, cost_of, keys_of, purse_of, read_answer, read_result, winners

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
CLOSES = NOW + timedelta(days=1)
ZONE = ZoneInfo("Asia/Shanghai")
RIDDLE = QuizPlan(
    QuizKind.RIDDLE, "灯谜", "Riddle", "谜面", "Question", 20, Sharing.EACH, 2, CLOSES, accepted=("月饼", "中秋月饼")
)
SCORE = QuizPlan(QuizKind.GUESS, "决赛", "Final", "比分？", "Score?", 100, Sharing.EQUAL, 0, CLOSES)
CHOICE = replace(SCORE, options=("主队胜", "平", "客队胜"))
GOOD = """
kind: riddle
title_zh: 中秋灯谜
title_en: Riddle
question_zh: 谜面
question_en: Question
answers: [月餅, "中秋 月饼！"]
prize: 20
sharing: each
winners: 10
closes_at: 明天20:00
"""


def quiz(plan: QuizPlan = RIDDLE) -> Quiz:
    return Quiz(5, 1, 1, -100, 9, plan)


def guess(member: int, said: str, chat: int | None = -100, customer: int | None = None) -> Guess:
    return Guess(member, "王*", UUID(int=customer) if customer is not None else None, said, chat)


def taken(number: int, said: str) -> Given:
    return Given(number, number, "王*", None, said)


@pytest.mark.parametrize("said", ["月饼", "月餅", " 月 饼。", "「月餅」", "Ａ月饼"[1:], "中秋月餅!"])
def test_an_answer_is_right_whatever_its_width_its_characters_and_its_punctuation(said: str) -> None:
    assert read_answer(RIDDLE, said) in RIDDLE.accepted


@pytest.mark.parametrize(
    ("said", "read"),
    [("2:1", "2-1"), ("２：１", "2-1"), ("2 比 1", "2-1"), ("02-1", "2-1"), ("2", None), ("二比一", None)],
)
def test_a_score_is_read_in_every_usual_form(said: str, read: str | None) -> None:
    assert score(said) == read


@given(st.text(max_size=60))
def test_normal_words_stay_as_they_are(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@pytest.mark.parametrize(("said", "read"), [("1", "1"), ("平", "2"), ("3", "3"), ("0", None), ("4", None), ("-1", "1")])
def test_an_option_that_was_never_there_is_no_answer(said: str, read: str | None) -> None:
    assert read_answer(CHOICE, said) == read


def test_one_answer_each_never_changed_never_late_never_from_elsewhere() -> None:
    guesses = [guess(1, "错"), guess(1, "月饼"), guess(2, "月饼", customer=7), guess(3, "月饼", customer=7)]
    codes = [outcome.code for outcome, _ in answer(quiz(), {}, guesses, NOW)]
    assert codes == [GuessCode.TAKEN, GuessCode.TWICE, GuessCode.TAKEN, GuessCode.TWICE]
    [(late, _)] = answer(quiz(), {}, [guess(4, "月饼")], CLOSES)
    [(elsewhere, _)] = answer(quiz(), {}, [guess(4, "月饼", chat=-7)], NOW)
    [(empty, _)] = answer(quiz(), {}, [guess(4, "！？")], NOW)
    [(settled, _)] = answer(replace(quiz(), state=QuizState.SETTLED), {}, [guess(4, "月饼")], NOW)
    assert [each.code for each in (late, elsewhere, empty, settled)] == [
        GuessCode.CLOSED,
        GuessCode.NO_QUIZ,
        GuessCode.UNREADABLE,
        GuessCode.CLOSED,
    ]


@given(st.integers(1, 10_000), st.lists(st.booleans(), max_size=300))
def test_equal_parts_add_up_to_the_prize_and_differ_by_one_at_most(prize: int, right: list[bool]) -> None:
    given_answers = [taken(n, "2-1" if is_right else "0-0") for n, is_right in enumerate(right, start=1)]
    wins = winners(replace(SCORE, prize=prize), given_answers, "2-1")
    points = [win.points for win in wins]
    assert len(wins) == sum(right)
    assert sum(points) == (prize if wins else 0)
    assert points == sorted(points, reverse=True)
    assert not points or points[0] - points[-1] <= 1


@given(st.integers(1, 30), st.lists(st.booleans(), max_size=60))
def test_a_fixed_prize_goes_to_the_first_who_are_right_and_never_costs_more_than_was_set_aside(
    places: int, right: list[bool]
) -> None:
    plan = replace(RIDDLE, winners=places)
    given_answers = [taken(n, "月饼" if is_right else "错") for n, is_right in enumerate(right, start=1)]
    wins = winners(plan, list(reversed(given_answers)), None)
    assert [win.points for win in wins] == [20] * min(places, len(wins)) + [0] * max(len(wins) - places, 0)
    assert sum(win.points for win in wins) <= cost_of(plan)
    assert [win.given.number for win in wins] == [n for n, is_right in enumerate(right, start=1) if is_right]


def test_a_void_result_makes_nobody_right() -> None:
    given_answers = [taken(1, "2-1"), taken(2, "-")]
    void = read_result(SCORE, "无效")
    assert void == "-"
    assert winners(SCORE, given_answers, void) == []
    assert winners(RIDDLE, [taken(1, "月饼")], void) == []
    assert read_result(SCORE, "谁知道") is None


def test_the_purse_of_a_quiz_is_no_draws() -> None:
    assert purse_of(5) < 0


class Answering(RuleBasedStateMachine):
    """Anybody answers at any time and in any batch: the first answer of each person is the one that counts."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, str] = {}
        self.first: dict[int, str] = {}

    @rule(batch=st.lists(st.tuples(st.integers(1, 6), st.sampled_from(["月饼", "错", ""]), st.booleans()), max_size=8))
    def people_answer(self, batch: list[tuple[int, str, bool]]) -> None:
        guesses = [guess(member, said, customer=member if bound else None) for member, said, bound in batch]
        earlier = {key: said for key, said in self.kept.items() if any(key in keys_of(each) for each in guesses)}
        for (outcome, kept), (member, said, _) in zip(answer(quiz(), earlier, guesses, NOW), batch, strict=True):
            if kept is not None:
                assert member not in self.first
                self.kept |= dict.fromkeys(keys_of(kept), outcome.answer)
                self.first[member] = said
            else:
                assert member in self.first or not said

    @invariant()
    def nobody_has_two(self) -> None:
        assert len([key for key in self.kept if key.startswith("member")]) == len(self.first)


TestAnswering = Answering.TestCase
TestAnswering.settings = settings(max_examples=30, stateful_step_count=10, deadline=None)


def test_a_form_becomes_a_quiz() -> None:
    plan = read_quiz(GOOD, NOW, ZONE)
    assert plan.accepted == ("月饼", "中秋月饼")
    assert (plan.closes_at, plan.winners, cost_of(plan)) == (datetime(2026, 11, 23, 12, tzinfo=UTC), 10, 200)


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("winners: 10", "", FaultCode.MISSING, "winners"),
        ("sharing: each", "sharing: equal", FaultCode.UNKNOWN_FIELD, "winners"),
        ("kind: riddle", "kind: guess", FaultCode.UNKNOWN_FIELD, "answers"),
        ("answers:", "options: [甲, 乙]\nanswers:", FaultCode.BAD_CHOICE, "answers"),
        ("明天20:00", "2026-11-01 10:00", FaultCode.BAD_MOMENT, "closes_at"),
        ("明天20:00", "很快", FaultCode.BAD_MOMENT, "closes_at"),
        ("question_zh: 谜面", "question_zh: 稳赚的基金", FaultCode.FORBIDDEN_WORD, "question_zh"),
        ("prize: 20", "prize: 0.5", FaultCode.BAD_NUMBER, "prize"),
    ],
)
def test_a_form_that_cannot_be_taken_says_where_and_why(old: str, new: str, code: FaultCode, place: str) -> None:
    with pytest.raises(FormError) as refused:
        read_quiz(GOOD.replace(old, new, 1), NOW, ZONE)
    assert (refused.value.fault.code, refused.value.fault.place) == (code, place)


PRIZE_LINE = GOOD.splitlines().index("prize: 20") + 1
HEADER = "kind,title_zh,title_en,question_zh,question_en,answers,options,prize,sharing,winners,closes_at"
ROW = "riddle,灯谜,Riddle,圆圆脸,Round,月饼|中秋月饼,,20,each,1,2天"


def test_a_table_and_a_list_of_forms_say_the_same() -> None:
    form = (
        "- {kind: riddle, title_zh: 灯谜, title_en: Riddle, question_zh: 圆圆脸, question_en: Round,\n"
        "   answers: [月饼, 中秋月饼], prize: 20, sharing: each, winners: 1, closes_at: 2天}\n"
    )
    table = read_quizzes(f"{HEADER}\n{ROW}\n{ROW}\n", "Quiz.CSV", NOW, ZONE)
    assert table == read_quizzes(f"quizzes:\n{form}{form}", "quiz.yaml", NOW, ZONE)
    assert [plan.accepted for plan in table] == [("月饼", "中秋月饼")] * 2
    assert read_quizzes(GOOD, "one.yml", NOW, ZONE) == [read_quiz(GOOD, NOW, ZONE)]


@pytest.mark.parametrize(
    ("text", "name", "code", "line", "place"),
    [
        (f"{HEADER}\n{ROW}\n{ROW.replace(',20,', ',many,')}\n", "a.csv", FaultCode.BAD_NUMBER, 3, "prize"),
        (f"{HEADER},colour\n{ROW},red\n", "a.csv", FaultCode.UNKNOWN_FIELD, 2, "colour"),
        (f"{HEADER}\n{ROW},too,much\n", "a.csv", FaultCode.NOT_A_FORM, 2, "['too', 'much']"),
        (f"{HEADER}\n", "a.csv", FaultCode.BAD_LIST, 1, "quizzes"),
        (GOOD.replace("prize: 20", "prize: many"), "a.yaml", FaultCode.BAD_NUMBER, PRIZE_LINE, "prize"),
        ("quizzes:\n- kind: riddle\n- kind: rhyme\n", "a.yaml", FaultCode.MISSING, 2, "quizzes.1.sharing"),
        ("quizzes: []\nmore: 1\n", "a.yaml", FaultCode.BAD_LIST, 1, "quizzes"),
    ],
)
def test_a_fault_in_a_file_names_its_line(text: str, name: str, code: FaultCode, line: int, place: str) -> None:
    with pytest.raises(FormError) as raised:
        read_quizzes(text, name, NOW, ZONE)
    fault = raised.value.fault
    assert (fault.code, fault.line, fault.place) == (code, line, place)


@given(st.text(max_size=60), st.sampled_from(["a.csv", "a.yaml"]))
def test_any_file_is_read_or_refused(text: str, name: str) -> None:
    with suppress(FormError):
        read_quizzes(text, name, NOW, ZONE)


@given(st.text())
def test_a_file_is_read_in_the_encodings_of_offices(text: str) -> None:
    assert decoded(text.encode()).lstrip("\ufeff") == text.lstrip("\ufeff")
    assert decoded("客户号,中秋".encode("gb18030")) == "客户号,中秋"
