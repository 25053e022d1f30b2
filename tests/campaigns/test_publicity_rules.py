"""Publicity's rules: the plan before an event, reminders, approval of copy, and whom a code may count."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.compliance.hours import is_quiet
from campaigns.compliance.model import GatePolicy
from campaigns.members.model import Language
from campaigns.prospects.model import Note, ProspectRefusal, ProspectState
from campaigns.prospects.rules import read_note, state_of
from campaigns.publicity.model import (
    Copy,
    Event,
    EventPlan,
    Opened,
    Opening,
    PlanRefusal,
    PlanRefused,
    PublicistKind,
    Tally,
    TaskTemplate,
    Traced,
)
from campaigns.publicity.rules import (
    LONGEST_AHEAD,
    NOTICE,
    TEMPLATES,
    check,
    due_day,
    is_over,
    is_personal_use,
    judge_copy,
    kind_of,
    may_remind,
    reminder_at,
    tally,
)
from campaigns.staff.model import Role
from handlers.wording.joins import opened
from handlers.wording.publicity import PublicityWords, copy_text
from segmentation.intake.phones import normalise_phone

NOW = datetime(2026, 12, 20, 4, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
PLAN = EventPlan("社区开卡节", "新户送券", NOW + timedelta(days=3), "95500")

templates = st.sampled_from([each for plan in TEMPLATES.values() for each in plan])
zones = st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]).map(ZoneInfo)
moments = st.timedeltas(timedelta(0), timedelta(days=700)).map(lambda span: NOW + span)
policies = st.builds(
    GatePolicy, quiet_from=st.builds(time, st.integers(18, 23)), quiet_until=st.builds(time, st.integers(0, 11))
)
people = st.lists(
    st.builds(Traced, code_id=st.integers(1, 3), member_id=st.integers(1, 99)), unique_by=lambda each: each.member_id
)


def test_every_kind_of_publicist_has_a_task_on_each_of_the_last_four_days() -> None:
    assert set(TEMPLATES) == set(PublicistKind)
    for plan in TEMPLATES.values():
        assert [each.days_before for each in plan] == [3, 2, 1, 0]


def test_a_title_in_one_language_is_read_by_everybody_and_never_makes_mixed_copy() -> None:
    both = replace(PLAN, title="开卡节 ｜ Card fair", benefits="送券 | A coupon")
    assert (both.title_in(Language.ZH), both.title_in(Language.EN), both.is_bilingual) == ("开卡节", "Card fair", True)
    assert (PLAN.title_in(Language.EN), PLAN.is_bilingual) == ("社区开卡节", False)
    words = PublicityWords("A银行", "bot", ZONE)
    template = TEMPLATES[PublicistKind.BANK][0]
    for plan in (both, PLAN, replace(both, benefits="送券")):
        copy = words.copy("幸福里", plan, PublicistKind.BANK, template, "X" * 8)
        assert bool(copy.en) == plan.is_bilingual
        assert copy_text(copy).startswith(copy.zh)
    assert check(replace(PLAN, title=f"{'长' * 40} | {'l' * 40}"), NOW) is None
    assert check(replace(PLAN, title=f"短 | {'l' * 41}"), NOW) is PlanRefusal.LONG_TEXT
    assert check(replace(PLAN, title=" | Card fair"), NOW) is PlanRefusal.NO_TITLE


def test_an_event_is_over_with_its_day_not_with_its_hour() -> None:
    event = Event(1, 1, -1, "幸福里", 7, PLAN)
    midnight = datetime.combine(PLAN.starts_at.astimezone(ZONE).date() + timedelta(days=1), time(), ZONE)
    assert not is_over(event, midnight - timedelta(seconds=1), ZONE)
    assert is_over(event, midnight, ZONE)
    for language in Language:
        told = opened(Opened(Opening.OVER, event, "https://t.me/+x"), "A银行", ZONE, language)
        assert PLAN.benefits not in told
        assert PLAN.title in told


@given(templates, moments, st.timedeltas(NOTICE, LONGEST_AHEAD), zones)
def test_a_task_is_due_between_today_and_the_event(
    template: TaskTemplate, now: datetime, ahead: timedelta, zone: ZoneInfo
) -> None:
    starts = now + ahead
    day = due_day(template, starts, now, zone)
    assert now.astimezone(zone).date() <= day <= starts.astimezone(zone).date()
    left = (starts.astimezone(zone).date() - day).days
    assert left <= template.days_before
    assert left == template.days_before or day == now.astimezone(zone).date()


@given(templates, moments, st.timedeltas(NOTICE, LONGEST_AHEAD), zones, policies)
def test_a_reminder_is_never_in_the_past_nor_at_night_nor_after_the_event(
    template: TaskTemplate, now: datetime, ahead: timedelta, zone: ZoneInfo, policy: GatePolicy
) -> None:
    moment = reminder_at(template, now + ahead, now, zone, policy)
    if moment is not None:
        assert now < moment < now + ahead
        assert not is_quiet(moment, zone, policy)
        assert may_remind(moment, zone, policy)


def test_a_plan_made_in_time_reminds_at_the_hour_of_the_task() -> None:
    starts = datetime(2026, 12, 25, 15, tzinfo=ZONE)
    found = [reminder_at(each, starts, NOW, ZONE, GatePolicy()) for each in TEMPLATES[PublicistKind.PARTNER]]
    assert [moment and (moment.astimezone(ZONE).day, moment.astimezone(ZONE).hour) for moment in found] == [
        (22, 18), (23, 18), (24, 18), (25, 10),
    ]  # fmt: skip
    assert due_day(TaskTemplate(3, TEMPLATES[PublicistKind.BANK][0].material, 11), starts, NOW, ZONE) == date(
        2026, 12, 22
    )


@pytest.mark.parametrize(
    ("roles", "kind"),
    [
        ({Role.CUSTOMER}, None),
        ({Role.CUSTOMER, Role.PARTNER}, PublicistKind.PARTNER),
        ({Role.PROPERTY}, PublicistKind.PROPERTY),
        ({Role.WEALTH_MANAGER}, PublicistKind.BANK),
        ({Role.BRANCH}, PublicistKind.BANK),
        ({Role.COMPLIANCE}, None),
    ],
)
def test_the_role_says_the_kind_of_publicist(roles: set[Role], kind: PublicistKind | None) -> None:
    assert kind_of(roles) is kind


@pytest.mark.parametrize(
    ("plan", "refusal"),
    [
        (PLAN, None),
        (EventPlan(" ", "送券", PLAN.starts_at, "95500"), PlanRefusal.NO_TITLE),
        (EventPlan("节", "", PLAN.starts_at, "95500"), PlanRefusal.NO_TITLE),
        (EventPlan("节", "送券", PLAN.starts_at, ""), PlanRefusal.NO_COMPLAINTS),
        (EventPlan("节" * 41, "送券", PLAN.starts_at, "95500"), PlanRefusal.LONG_TEXT),
        (EventPlan("节", "送券", NOW + timedelta(minutes=59), "95500"), PlanRefusal.TOO_SOON),
        (EventPlan("节", "送券", NOW + timedelta(days=91), "95500"), PlanRefusal.TOO_FAR),
    ],
)
def test_an_event_needs_words_and_time(plan: EventPlan, refusal: PlanRefusal | None) -> None:
    assert check(plan, NOW) is refusal


def test_copy_with_a_promise_or_without_a_notice_is_not_approved() -> None:
    assert judge_copy([Copy("新户送券", "A voucher")]) is None
    refused = judge_copy([Copy("好", "fine"), Copy("保本高息", "fine")])
    assert refused is not None
    assert refused.reason is PlanRefusal.FORBIDDEN_WORDS
    assert refused.finding is not None
    assert refused.finding.word == "保本"
    assert judge_copy([Copy("理财沙龙", "Evening")]) == PlanRefused(PlanRefusal.NO_RISK_NOTICE)


@given(people, st.sets(st.integers(1, 99)), st.sets(st.integers(1, 99)))
def test_staff_and_oneself_are_seen_apart_and_counted_nowhere_else(
    found: list[Traced], staff: set[int], selves: set[int]
) -> None:
    marked = [
        Traced(each.code_id, each.member_id, True, is_staff=each.member_id in staff, is_self=each.member_id in selves)
        for each in found
    ]
    counted = tally(marked)
    apart = sum(each.member_id in staff | selves for each in marked)
    assert (counted.apart, counted.opened, counted.joined) == (apart, len(found) - apart, len(found) - apart)


@given(people, st.data())
def test_the_codes_add_up_to_the_total_and_no_step_has_more_heads_than_came(
    found: list[Traced], data: st.DataObject
) -> None:
    flags = st.booleans()
    traced = [Traced(each.code_id, each.member_id, *(data.draw(flags) for _ in range(10))) for each in found]
    total = tally(traced)
    parts = [tally(each for each in traced if each.code_id == code) for code in (1, 2, 3)]
    for field in fields(Tally):
        assert sum(getattr(part, field.name) for part in parts) == getattr(total, field.name)
        assert getattr(total, field.name) <= len(traced)
    assert total.opened + total.apart == len(traced)


def test_a_personal_code_works_for_the_first_who_opens_it_alone() -> None:
    assert is_personal_use([], 7)
    assert is_personal_use([7], 7)
    assert not is_personal_use([7], 8)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("王芳", Note("王芳")),
        ("王芳 想办联名卡", Note("王芳", None, "想办联名卡")),
        ("王芳 138 0013 8000 周末有空", Note("王芳", "+8613800138000", "周末有空")),
        ("王芳，13800138000，周末有空", Note("王芳", "+8613800138000", "周末有空")),
        ("王芳 00000000", ProspectRefusal.BAD_PHONE),
        ("", ProspectRefusal.NO_NAME),
        ("13800138000", ProspectRefusal.NO_NAME),
        ("很" * 21, ProspectRefusal.NO_NAME),
    ],
)
def test_a_note_is_a_name_with_or_without_number_and_words(text: str, found: Note | ProspectRefusal) -> None:
    assert read_note(text, normalise_phone) == found


@given(st.text(max_size=80))
def test_any_text_gives_a_note_or_a_refusal(text: str) -> None:
    found = read_note(text, normalise_phone)
    assert isinstance(found, ProspectRefusal) or 0 < len(found.name) <= 20


def test_an_invitation_goes_from_invited_to_joined_or_left() -> None:
    assert state_of(opened=False, joined=False, left=False) is ProspectState.INVITED
    assert state_of(opened=True, joined=False, left=False) is ProspectState.OPENED
    assert state_of(opened=True, joined=True, left=False) is ProspectState.JOINED
    assert state_of(opened=True, joined=True, left=True) is ProspectState.LEFT
