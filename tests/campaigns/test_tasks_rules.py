"""Tasks by their rules: every day reopens, streaks count days in a row, bonuses come once, forms say what is wrong."""

import contextlib
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.forms.model import FaultCode, FormError
from campaigns.tasks.model import Rhythm, Step, Task, TaskKind, TaskPlan
from campaigns.tasks.reading import read_tasks
from campaigns.tasks.rules import next_bonus, next_step, period_of, rewards, streak_now

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = st.dates(date(2024, 1, 1), date(2030, 1, 1))
PERIODIC = st.sampled_from([Rhythm.DAY, Rhythm.WEEK, Rhythm.MONTH])
PLAN = TaskPlan(TaskKind.CHECK_IN, Rhythm.DAY, "每日打卡", "Daily", 2, bonuses=((3, 5), (7, 20), (30, 100)))
GOOD = """
tasks:
- {kind: check_in, title_zh: 每日打卡, title_en: Daily check-in, points: 2, bonuses: {3: 5, 7: 20}}
- {kind: read, title_zh: 读一读, title_en: Read, points: 5, body_zh: 防诈骗三问, body_en: Three questions}
- {kind: question, title_zh: 答一答, title_en: Answer, points: 3, body_zh: 问, body_en: Q, options: [甲, 乙], answer: 2}
"""


def walk(rhythm: Rhythm, days: list[date]) -> list[Step]:
    steps: list[Step] = []
    for day in days:
        if step := next_step(rhythm, steps[-1] if steps else None, day):
            steps.append(step)
    return steps


@given(PERIODIC, st.lists(DAYS, max_size=60).map(sorted))
def test_each_period_counts_once_and_a_streak_is_the_run_of_periods_that_ends_with_it(
    rhythm: Rhythm, days: list[date]
) -> None:
    steps = walk(rhythm, days)
    periods = sorted({period_of(rhythm, day) for day in days})
    assert [step.on for step in steps] == periods
    for step in steps:
        run, on = 0, step.on
        while on in periods:
            run, on = run + 1, period_of(rhythm, on - timedelta(days=1))
        assert step.streak == run


@given(PERIODIC, DAYS)
def test_a_period_holds_its_day_and_begins_in_itself(rhythm: Rhythm, day: date) -> None:
    first = period_of(rhythm, day)
    assert first <= day < first + timedelta(days=31)
    assert period_of(rhythm, first) == first
    assert period_of(rhythm, first - timedelta(days=1)) < first


def test_the_next_day_reopens_however_much_was_done_before() -> None:
    start = date(2026, 11, 1)
    steps = walk(Rhythm.DAY, [start + timedelta(days=n) for n in range(400)])
    assert steps[-1].streak == len(steps) == 400
    assert next_step(Rhythm.DAY, steps[-1], start + timedelta(days=399)) is None
    assert next_step(Rhythm.DAY, steps[-1], start + timedelta(days=400)) == Step(start + timedelta(days=400), 401)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 16, 0, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2028, 2, 28, 16, 0, 0, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_midnight_is_that_of_the_bank_which_keeps_no_summer_time(moment: datetime, day: date) -> None:
    today = moment.astimezone(ZONE).date()
    assert today == day
    assert next_step(Rhythm.DAY, Step(day - timedelta(days=1), 4), today) == Step(day, 5)


def test_a_day_left_out_begins_again_and_a_clock_turned_back_adds_nothing() -> None:
    last = Step(date(2026, 11, 20), 9)
    assert next_step(Rhythm.DAY, last, date(2026, 11, 22)) == Step(date(2026, 11, 22), 1)
    assert next_step(Rhythm.DAY, last, date(2026, 11, 19)) is None
    assert streak_now(Rhythm.DAY, last, date(2026, 11, 21)) == 9
    assert streak_now(Rhythm.DAY, last, date(2026, 11, 22)) == 0


def test_what_is_done_once_is_done_for_good() -> None:
    [step] = walk(Rhythm.ONCE, [date(2026, 11, 1), date(2027, 11, 1)])
    assert step.streak == 1


@given(st.integers(1, 100))
def test_bonuses_come_at_three_seven_and_thirty(streak: int) -> None:
    earned = rewards(Task(1, 1, PLAN), Step(date(2026, 11, 22), streak))
    assert sum(reward.points for reward in earned) == 2 + {3: 5, 7: 20, 30: 100}.get(streak, 0)
    assert len({reward.occasion for reward in earned}) == len(earned)


def test_the_next_bonus_is_the_nearest_that_is_not_reached() -> None:
    assert [next_bonus(PLAN, streak) for streak in (0, 3, 29, 30)] == [(3, 5), (4, 20), (1, 100), None]


def test_a_form_becomes_tasks() -> None:
    daily, article, question = read_tasks(GOOD)
    assert (daily.rhythm, daily.bonuses, daily.points) == (Rhythm.DAY, ((3, 5), (7, 20)), 2)
    assert (article.rhythm, article.body_zh) == (Rhythm.ONCE, "防诈骗三问")
    assert (question.options, question.answer) == (("甲", "乙"), 2)


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("points: 2", "points: 0", FaultCode.BAD_NUMBER, "tasks.1.points"),
        ("points: 2", "points: true", FaultCode.BAD_NUMBER, "tasks.1.points"),
        ("points: 2", "pionts: 2", FaultCode.MISSING, "tasks.1.points"),
        ("points: 2", "points: 2, more: 1", FaultCode.UNKNOWN_FIELD, "tasks.1.more"),
        ("kind: check_in", "kind: dance", FaultCode.BAD_CHOICE, "tasks.1.kind"),
        ("kind: check_in", "kind: check_in, every: once", FaultCode.BAD_CHOICE, "tasks.1.every"),
        ("title_zh: 每日打卡", "title_zh: ''", FaultCode.BAD_TEXT, "tasks.1.title_zh"),
        ("{3: 5, 7: 20}", "{3: -5}", FaultCode.BAD_NUMBER, "tasks.1.bonuses"),
        ("[甲, 乙]", "[甲, 甲]", FaultCode.BAD_LIST, "tasks.3.options"),
        ("answer: 2", "answer: 3", FaultCode.BAD_NUMBER, "tasks.3.answer"),
        ("防诈骗三问", "全网第一", FaultCode.FORBIDDEN_WORD, "tasks.2.title_zh"),
        ("防诈骗三问", "买基金", FaultCode.NO_RISK_NOTICE, "tasks.2.title_zh"),
        ("tasks:", "things:", FaultCode.BAD_LIST, "tasks"),
        ("- {kind: read", "- {kind: [read", FaultCode.NOT_YAML, "4"),
    ],
)
def test_a_form_that_cannot_be_taken_says_where_and_why(old: str, new: str, code: FaultCode, place: str) -> None:
    with pytest.raises(FormError) as refused:
        read_tasks(GOOD.replace(old, new, 1))
    assert (refused.value.fault.code, refused.value.fault.place) == (code, place)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(FormError):
        read_tasks(text)
