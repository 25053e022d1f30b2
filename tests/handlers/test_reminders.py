"""What people read about reminders: every time, state and refusal in both languages, nothing left unfilled."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from campaigns.bankdays.feasts import Festival
from campaigns.deliveries.model import State as DeliveryState
from campaigns.members.model import Language, Member
from campaigns.reminders.festivals import AHEAD, IDEAS
from campaigns.reminders.model import (
    Audience,
    Happening,
    Line,
    Outcome,
    Past,
    Plan,
    Preview,
    Reminder,
    ReminderRefusal,
    State,
    Topic,
)
from campaigns.reminders.schedule import Before, Festive, Once, Rest, Thing, Timing, Weekly, Workdays
from campaigns.reminders.topics import EVERYTHING, MUTABLE
from handlers.wording.festivals import FestivalWords
from handlers.wording.mutes import mute_label, muted_words
from handlers.wording.paging import leaf
from handlers.wording.reminder_times import timing_words
from handlers.wording.reminders import ReminderWords, line_words, overview, preview_words, refusal

BANK = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 27, 7, tzinfo=UTC)
TIMINGS: tuple[Timing, ...] = (
    Once(AT),
    Workdays(time(8, 50)),
    *(Weekly(frozenset({0, 2}), time(9), rest) for rest in Rest),
    Weekly(frozenset(range(7)), time(9)),
    *(Festive(festival, days, time(10)) for festival in Festival for days in (0, 3)),
    *(Before(thing, timedelta(days=1)) for thing in Thing),
)


def line(timing: Timing, state: State, last: Past | None = None, useful: timedelta = timedelta(hours=12)) -> Line:
    plan = Plan(timing, Audience(groups=(1,)), "东门见", useful)
    return Line(Reminder(3, 7, state, 1, plan), (AT,), last, ("幸福里群",))


@pytest.mark.parametrize("language", Language)
def test_everything_has_its_words(language: Language) -> None:
    lines = [line(timing, state) for timing in TIMINGS for state in State]
    lines += [line(TIMINGS[0], State.ON, Past(AT, outcome, 2), timedelta()) for outcome in Outcome]
    said = [line_words(each, BANK, language) for each in lines]
    said += [overview(leaf(page, 1, len(lines)), BANK, language) for page in (lines, [])]
    said += [refusal(code, language) for code in ReminderRefusal]
    said += [mute_label(what, {EVERYTHING}, language) for what in (*MUTABLE, EVERYTHING)]
    said += [muted_words(topic, language) for topic in Topic]
    said += [FestivalWords().idea(idea, AHEAD, language) for idea in IDEAS.values()]
    assert all(text.strip() and "{" not in text for text in said)
    assert len({timing_words(timing, BANK, language) for timing in TIMINGS}) == len(TIMINGS)


def test_a_preview_shows_times_heads_and_what_became_of_the_last() -> None:
    last = Past(AT, Outcome.PLANNED, 3, {DeliveryState.SENT: 1, DeliveryState.SUPPRESSED: 1, DeliveryState.RETRY: 1})
    weekly = line(Weekly(frozenset({2}), time(15), Rest.AFTER), State.ON, last)
    assert preview_words(Preview(weekly, 42), BANK, Language.ZH).splitlines() == [
        "【预览】约 42 人会看到",
        "#3 每周三 15:00，节假日顺延到下一个工作日 · 已启用",
        "给：幸福里群",
        "「东门见」",
        "停机错过：12小时内补发",
        "接下来：11月27日（周五）15:00",
        "上一次：11月27日（周五）15:00 已安排 送达 1，未发（静音、退订等） 1，待发 1",
    ]


def test_a_group_reads_of_what_and_until_when_and_a_person_can_end_it() -> None:
    words, plan = ReminderWords(BANK), Plan(Before(Thing.SEAT, timedelta(hours=3)), Audience(groups=(1,)), "")
    seat = Happening(Thing.SEAT, "seat:5", 1, "苹果", AT, AT, 1)
    assert words.to_group(plan, seat).text == "⏰ 接龙「苹果」还差 1 位就满，11月27日（周五）15:00 截止。"
    reader = Member(9, "Ann", Language.EN)
    weekly = Plan(Workdays(time(9)), Audience(member_id=9), "Bring your card")
    [[button]] = words.to_person(weekly, reader, own=False).buttons
    assert (button.label, button.data) == ("No more of these", "hush:weekly")
    assert words.to_person(weekly, reader, own=True).buttons == ()
