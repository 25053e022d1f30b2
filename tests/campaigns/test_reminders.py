"""Reminders as pure rules: when they come in every zone, what a line means, what an outage leaves, what is muted."""

from datetime import UTC, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.bankdays.feasts import LAST_YEAR, Festival, day_of
from campaigns.bankdays.rules import works
from campaigns.compliance.model import GatePolicy
from campaigns.groups.model import Group
from campaigns.reminders.model import (
    MOST_USEFUL,
    PROMPT,
    Audience,
    Happening,
    Outcome,
    Plan,
    Reminder,
    ReminderRefusal,
    State,
    Topic,
)
from campaigns.reminders.reading import Whom, kept, read_request, read_timing
from campaigns.reminders.rules import advertises, against, called_groups, check_plan, due, due_before, next_look
from campaigns.reminders.schedule import Before, Festive, Once, Rest, Thing, Timing, Weekly, Workdays, occurrences
from campaigns.reminders.topics import EVERYTHING, is_muted, step_of, topic_in_ledger

BANK = ZoneInfo("Asia/Shanghai")
ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")]
NOW = datetime(2026, 11, 25, 10, tzinfo=BANK)  # A Wednesday.
GROUPS = Audience(groups=(1,))
MINUTES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
MOMENTS = st.integers(1_577_836_800, 2_051_222_400).map(lambda second: datetime.fromtimestamp(second, UTC))  # 2020–2034
WEEKLY = st.builds(Weekly, st.frozensets(st.integers(0, 6), min_size=1), MINUTES, st.sampled_from(Rest))
TIMINGS: st.SearchStrategy[Timing] = st.one_of(
    st.builds(Once, MOMENTS),
    WEEKLY,
    st.builds(Workdays, MINUTES),
    st.builds(Festive, st.sampled_from(Festival), st.integers(0, 60), MINUTES),
    st.builds(Before, st.sampled_from(Thing), st.integers(1, 9_999).map(lambda minutes: timedelta(minutes=minutes))),
)


def plan(timing: Timing, **fields: object) -> Plan:
    return Plan(timing, GROUPS, "接龙今晚截止", **fields)  # type: ignore[arg-type]


def on(found: Plan, next_at: datetime) -> Reminder:
    return Reminder(1, 7, State.ON, 1, found, since=next_at, next_at=next_at)


@given(TIMINGS)
def test_a_time_is_kept_as_a_line_that_means_the_same(timing: Timing) -> None:
    assert read_timing(kept(timing), NOW, BANK) == timing


@settings(max_examples=50)
@given(WEEKLY, MOMENTS, st.sampled_from(ZONES))
def test_weekly_times_go_up_and_keep_the_wall_clock_over_every_change_of_it(
    timing: Weekly, after: datetime, zone: ZoneInfo
) -> None:
    found = list(islice(occurrences(timing, after, zone), 12))
    assert all(before < later for before, later in pairwise([after, *found]))
    days = [moment.astimezone(zone).date() for moment in found]
    assert len(set(days)) == len(days)
    for moment, day in zip(found, days, strict=True):
        wanted = datetime.combine(day, timing.at, zone)
        exists = wanted.astimezone(UTC).astimezone(zone).time() == timing.at
        assert moment.astimezone(zone).time() == timing.at or not exists
        assert works(day) or timing.rest is Rest.ANYWAY
        assert day.weekday() in timing.days or timing.rest is Rest.AFTER


def test_a_time_that_the_clock_leaves_out_comes_after_it_and_one_that_comes_twice_once() -> None:
    new_york = ZoneInfo("America/New_York")
    daily = Weekly(frozenset(range(7)), time(2, 30))
    spring = list(islice(occurrences(daily, datetime(2026, 3, 7, 12, tzinfo=UTC), new_york), 2))
    assert [f"{moment.astimezone(new_york):%d %H:%M}" for moment in spring] == ["08 03:30", "09 02:30"]
    early = Weekly(frozenset(range(7)), time(1, 30))
    autumn = list(islice(occurrences(early, datetime(2026, 10, 31, 12, tzinfo=UTC), new_york), 2))
    assert [f"{moment.astimezone(new_york):%d %H:%M %z}" for moment in autumn] == ["01 01:30 -0400", "02 01:30 -0500"]


@given(st.sampled_from(Festival), st.integers(0, 30), MOMENTS)
def test_before_a_festival_it_comes_once_a_year_to_the_end_of_the_tables(
    festival: Festival, days: int, after: datetime
) -> None:
    found = list(occurrences(Festive(festival, days, time(10)), after, BANK))
    local = [moment.astimezone(BANK).date() + timedelta(days=days) for moment in found]
    assert all(day_of(festival, day.year) == day for day in local)
    assert len({day.year for day in local}) == len(local)
    assert local[-1].year == LAST_YEAR


def test_holidays_are_left_out_or_moved_and_working_weekends_count() -> None:
    before = datetime(2025, 9, 27, 12, tzinfo=BANK)
    days = {
        rest: [
            f"{m.astimezone(BANK):%m-%d}"
            for m in islice(occurrences(Weekly(frozenset({2}), time(9), rest), before, BANK), 3)
        ]
        for rest in Rest
    }
    assert days == {
        Rest.ANYWAY: ["10-01", "10-08", "10-15"],
        Rest.SKIP: ["10-15", "10-22", "10-29"],
        Rest.AFTER: ["10-09", "10-15", "10-22"],
    }
    workdays = [f"{m.astimezone(BANK):%m-%d}" for m in islice(occurrences(Workdays(time(9)), before, BANK), 4)]
    assert workdays == ["09-28", "09-29", "09-30", "10-09"]  # A working Sunday, then eight days of holidays.


@pytest.mark.parametrize(
    ("line", "timing"),
    [
        ("周五 15:00", Once(datetime(2026, 11, 27, 15, tzinfo=BANK))),
        ("周三 9:00", Once(datetime(2026, 12, 2, 9, tzinfo=BANK))),
        ("下周一 下午3点半", Once(datetime(2026, 11, 30, 15, 30, tzinfo=BANK))),
        ("明天 9点", Once(datetime(2026, 11, 26, 9, tzinfo=BANK))),
        ("fri 15:00", Once(datetime(2026, 11, 27, 15, tzinfo=BANK))),
        ("每周一三五 9:00 节假日顺延", Weekly(frozenset({0, 2, 4}), time(9), Rest.AFTER)),
        ("每周三晚上8点", Weekly(frozenset({2}), time(20))),
        ("every mon,wed 9:00 skip-holidays", Weekly(frozenset({0, 2}), time(9), Rest.SKIP)),
        ("工作日8:50", Workdays(time(8, 50))),
        ("中秋节前3天 10:00", Festive(Festival.MID_AUTUMN, 3, time(10))),
        ("3d before mid-autumn 10:00", Festive(Festival.MID_AUTUMN, 3, time(10))),
        ("接龙截止前1天", Before(Thing.CHAIN, timedelta(days=1))),
        ("3h before seat", Before(Thing.SEAT, timedelta(hours=3))),
        ("很快", None),
        ("周八 9:00", None),
    ],
)
def test_a_time_is_read_as_people_write_it(line: str, timing: Timing | None) -> None:
    assert read_timing(line, NOW, BANK) == timing


def test_a_line_is_a_time_an_audience_and_words() -> None:
    asked = read_request("周五 15:00 本群 接龙今晚截止", NOW, BANK)
    assert (asked.whom, asked.words) == (Whom.HERE, "接龙今晚截止")
    asked = read_request("每周三 9:00 过时不发 全部群 东门设点，\n欢迎来", NOW, BANK)
    assert (asked.whom, asked.useful, asked.words) == (Whom.ALL_GROUPS, timedelta(), "东门设点，\n欢迎来")
    asked = read_request("明天 10:00 客户:王小明 补发3小时 请来领卡", NOW, BANK)
    assert (asked.whom, asked.named, asked.useful, asked.words) == (
        Whom.PERSON,
        "王小明",
        timedelta(hours=3),
        "请来领卡",
    )
    asked = read_request("周一 10:00 客群「女性 且 年龄 25-40」 来参加沙龙", NOW, BANK)
    assert (asked.whom, asked.named, asked.words) == (Whom.LINE, "女性 且 年龄 25-40", "来参加沙龙")
    asked = read_request("周一 10:00 群:幸福里、阳光城 明天发放", NOW, BANK)
    assert (asked.whom, asked.named, asked.words) == (Whom.GROUPS, "幸福里、阳光城", "明天发放")
    assert read_request("大家早上好", NOW, BANK).timing is None


def test_an_outage_of_two_days_is_made_good_or_dropped_as_agreed() -> None:
    daily = Weekly(frozenset(range(7)), time(9))
    since = datetime(2026, 11, 23, 9, tzinfo=BANK)
    late = due(on(plan(daily), since), plan(daily), NOW, BANK)
    assert [each.outcome for each in late] == [Outcome.MISSED, Outcome.MISSED, Outcome.PLANNED]
    assert late[-1].expires_at == datetime(2026, 11, 25, 21, tzinfo=BANK)
    long = plan(daily, useful=timedelta(days=7))
    assert [each.outcome for each in due(on(long, since), long, NOW, BANK)] == [
        Outcome.SUPERSEDED,
        Outcome.SUPERSEDED,
        Outcome.PLANNED,
    ]
    drop = plan(daily, useful=timedelta())
    assert {each.outcome for each in due(on(drop, since), drop, NOW, BANK)} == {Outcome.MISSED}
    prompt = due(on(drop, since), drop, datetime(2026, 11, 23, 9, 14, tzinfo=BANK), BANK)
    assert [each.outcome for each in prompt] == [Outcome.PLANNED]
    assert prompt[0].expires_at == since + PROMPT
    assert next_look(drop, NOW, BANK) == datetime(2026, 11, 26, 9, tzinfo=BANK)


@settings(max_examples=50)
@given(WEEKLY, MOMENTS, st.lists(st.integers(1, 100), min_size=1, max_size=6), st.sampled_from(ZONES))
def test_however_long_the_outages_each_time_is_decided_once(
    timing: Weekly, start: datetime, hours: list[int], zone: ZoneInfo
) -> None:
    found = plan(timing, useful=timedelta(hours=6))
    next_at, now, keys = next_look(found, start, zone), start, []
    for step in hours:
        now += timedelta(hours=step)
        if next_at is not None and next_at <= now:
            keys += [each.key for each in due(on(found, next_at), found, now, zone)]
            next_at = next_look(found, now, zone)
    expected = [moment for moment in islice(occurrences(timing, start, zone), 60) if moment <= now]
    assert keys == [f"{moment:%Y-%m-%dT%H:%MZ}" for moment in expected]


def test_before_a_thing_it_comes_once_its_time_is_there_and_never_for_what_was_too_near() -> None:
    chain = Happening(Thing.CHAIN, "chain:5", 1, "苹果", NOW + timedelta(hours=23), NOW - timedelta(days=3), 4)
    found = plan(Before(Thing.CHAIN, timedelta(days=1)), useful=MOST_USEFUL)
    planned = due_before(found, chain, NOW - timedelta(days=2), NOW)
    assert planned is not None
    assert (planned.outcome, planned.key, planned.expires_at) == (Outcome.PLANNED, "chain:5", chain.at)
    assert due_before(found, chain, NOW - timedelta(minutes=5), NOW) is None
    assert due_before(found, chain, NOW - timedelta(days=2), NOW - timedelta(hours=2)) is None
    dropping = plan(Before(Thing.CHAIN, timedelta(days=1)), useful=timedelta())
    missed = due_before(dropping, chain, NOW - timedelta(days=2), NOW)
    assert missed is not None
    assert missed.outcome is Outcome.MISSED


def test_plans_that_cannot_stand_are_refused_with_a_reason() -> None:
    def refusal(found: Plan) -> ReminderRefusal | None:
        return check_plan(found, GatePolicy(), NOW, BANK)

    assert refusal(plan(Once(NOW))) is ReminderRefusal.PAST
    assert refusal(plan(Weekly(frozenset({1}), time(22)))) is ReminderRefusal.QUIET
    assert refusal(plan(Before(Thing.CHAIN, timedelta(hours=2)))) is ReminderRefusal.STANDING
    assert refusal(plan(Before(Thing.EVENT, timedelta(days=1)))) is None
    assert (
        refusal(Plan(Before(Thing.EVENT, timedelta(days=1)), Audience(line="女性"), "")) is ReminderRefusal.ONLY_GROUPS
    )
    assert refusal(Plan(Workdays(time(9)), GROUPS, " ")) is ReminderRefusal.NO_WORDS
    assert refusal(plan(Workdays(time(9)), useful=timedelta(days=8))) is ReminderRefusal.BEYOND


def test_words_that_sell_are_advertising_whatever_they_are_called() -> None:
    assert advertises("本周理财新品上架，欢迎认购")
    assert advertises("办卡送好礼")
    assert not advertises("接龙今晚截止，还没报名的邻居请抓紧")
    assert advertises("本周五理财沙龙，老客户都来")
    assert not advertises("明天上午九点在东门设服务点")
    assert not advertises("您的信用卡已送到网点，请带身份证来领卡")
    assert advertises("您的信用卡已送到网点。办卡有好礼")
    assert against("本产品保本保收益，稳赚不赔", in_group=True)
    assert not against("接龙今晚截止", in_group=True)


def test_several_groups_are_called_by_what_only_their_titles_have() -> None:
    own = [
        Group(n, -n, f"A银行&{name}商户福利群", name, 1, NOW)
        for n, name in ((1, "幸福里"), (2, "阳光城"), (3, "阳光里"))
    ]
    assert [group.id for group in called_groups("幸福里、阳光城", own)] == [1, 2]
    assert called_groups("阳光", own) == called_groups("幸福里,月亮湾", own) == []


def test_what_can_be_muted_is_known_by_its_place_in_the_ledger() -> None:
    weekly = plan(Weekly(frozenset({2}), time(9)))
    assert topic_in_ledger("reminder:7", step_of(weekly, "2026", own=False)) is Topic.WEEKLY
    assert topic_in_ledger("reminder:7", step_of(weekly, "2026", own=True)) is None
    assert topic_in_ledger("points:ending", "2026-12-01") is Topic.POINTS
    assert topic_in_ledger("coupon:3", "ending") is Topic.COUPON
    assert topic_in_ledger("coupon:3", "redeemed:0") is None
    assert topic_in_ledger("application:3", "nudge:delivered") is Topic.CARD
    assert topic_in_ledger("chain:3", "offered:2") is None
    visit = topic_in_ledger("visit:4", "tomorrow")
    assert visit is Topic.VISIT
    assert not is_muted(visit, {EVERYTHING, Topic.VISIT})
    assert is_muted(Topic.POINTS, {EVERYTHING})
    assert is_muted(Topic.POINTS, {Topic.POINTS})
    assert not is_muted(Topic.POINTS, {Topic.COUPON})
    assert not is_muted(None, {EVERYTHING})
