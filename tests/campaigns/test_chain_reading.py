"""Reading plans and deadlines as managers type them; whatever is typed, nothing raises."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.chains.model import Plan, PlanFault
from campaigns.chains.reading import normal, read_deadline, read_places, read_plan

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 21, 12, tzinfo=SHANGHAI)
TYPED = st.text() | st.text("0123456789:-/.年月日号点时分今明后天晚小钟dhm min２０：　", max_size=20)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("明天20:00", at(2026, 11, 22, 20)),
        ("明天 20:00", at(2026, 11, 22, 20)),
        ("明天20点", at(2026, 11, 22, 20)),
        ("明天20点30分", at(2026, 11, 22, 20, 30)),
        ("明天", at(2026, 11, 22, 20)),
        ("今晚21:30", at(2026, 11, 21, 21, 30)),
        ("后天9:05", at(2026, 11, 23, 9, 5)),
        ("tomorrow 18:00", at(2026, 11, 22, 18)),
        ("12-31 18:00", at(2026, 12, 31, 18)),
        ("12/31 18:00", at(2026, 12, 31, 18)),
        ("12月31日18:00", at(2026, 12, 31, 18)),
        ("1-15 18:00", at(2027, 1, 15, 18)),  # That day has passed this year.
        ("2026-12-31", at(2026, 12, 31, 20)),
        ("2026-12-31 18:00", at(2026, 12, 31, 18)),
        ("2026年12月31日 18:00", at(2026, 12, 31, 18)),
        ("20:00", at(2026, 11, 21, 20)),
        ("２０：００", at(2026, 11, 21, 20)),
        ("9:00", at(2026, 11, 22, 9)),  # Nine o'clock has passed today.
        ("12:00", at(2026, 11, 22, 12)),  # This very moment is no deadline.
        ("24:00", at(2026, 11, 21, 23, 59)),
        ("3天", NOON + timedelta(days=3)),
        ("３天后", NOON + timedelta(days=3)),
        ("2小时", NOON + timedelta(hours=2)),
        ("90分钟", NOON + timedelta(minutes=90)),
        ("2h", NOON + timedelta(hours=2)),
    ],
)
def test_a_deadline_is_read_as_it_is_meant(typed: str, meant: datetime) -> None:
    assert read_deadline(typed, NOON.astimezone(UTC), SHANGHAI) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "很快",
        "2-31 18:00",
        "31 February",
        "2026-02-30",
        "13-01",
        "25:00",
        "20:60",
        "明天25:00",
        "明天晚上",
        "0-0",
        "99",
    ],
)
def test_what_is_no_deadline_is_not_guessed(typed: str) -> None:
    assert read_deadline(typed, NOON, SHANGHAI) is None


def test_the_29th_of_february_is_the_next_one_there_is_or_none() -> None:
    in_march = datetime(2028, 3, 1, 12, tzinfo=SHANGHAI)
    assert read_deadline("2-29 18:00", in_march, SHANGHAI) is None


def test_a_deadline_keeps_its_wall_clock_over_the_end_of_summer_time() -> None:
    before = datetime(2026, 10, 24, 12, tzinfo=BERLIN)
    meant = read_deadline("明天20:00", before, BERLIN)
    assert meant is not None
    assert (meant.day, meant.hour, meant.utcoffset()) == (25, 20, timedelta(hours=1))


@given(TYPED)
def test_whatever_is_typed_a_deadline_is_aware_or_nothing(typed: str) -> None:
    found = read_deadline(typed, NOON, SHANGHAI)
    assert found is None or found.tzinfo is not None


@given(TYPED)
def test_whatever_is_typed_a_plan_or_its_fault_comes_back(typed: str) -> None:
    assert isinstance(read_plan(typed, NOON, SHANGHAI), Plan | PlanFault)


@given(st.text())
def test_whatever_is_typed_places_are_a_number_or_nothing(typed: str) -> None:
    found = read_places(typed)
    assert found is None or found >= 0


@pytest.mark.parametrize(
    ("typed", "plan"),
    [
        ("联名信用卡 100 明天20:00", Plan("联名信用卡", 100, at(2026, 11, 22, 20))),
        ("米 家 水杯 20份 3天", Plan("米 家 水杯", 20, NOON + timedelta(days=3))),
        ("水杯　２０　１２-３１ １８：００", Plan("水杯", 20, at(2026, 12, 31, 18))),
        ("Cup 2026 20人 20:00", Plan("Cup 2026", 20, at(2026, 11, 21, 20))),
    ],
)
def test_product_places_and_deadline_are_told_apart(typed: str, plan: Plan) -> None:
    assert read_plan(typed, NOON, SHANGHAI) == plan


@pytest.mark.parametrize(
    "typed",
    [
        "水果 9 明天20:00 每人4份 候补确认6小时 品种：苹果、香蕉",
        "水果 9 明天20:00 确认6小时 限4 品项: 苹果 香蕉",
        "水果 9 明天20:00 max 4 confirm 6h items: 苹果, 香蕉",
    ],
)
def test_a_plan_may_say_how_many_each_what_to_choose_and_how_long_to_confirm(typed: str) -> None:
    meant = Plan("水果", 9, at(2026, 11, 22, 20), 4, ("苹果", "香蕉"), timedelta(hours=6))
    assert read_plan(typed, NOON, SHANGHAI) == meant


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("水果 9 明天20:00 每人10份", PlanFault.BAD_LIMIT),
        ("水果 9 明天20:00 品种：苹果", PlanFault.BAD_ITEMS),
        ("水果 9 明天20:00 品种：苹果、苹果", PlanFault.BAD_ITEMS),
        ("水果 9 明天20:00 确认9天", PlanFault.BAD_CONFIRMING),
        ("", PlanFault.NO_PRODUCT),
        ("联名信用卡", PlanFault.BAD_PLACES),
        ("联名信用卡 很多 明天", PlanFault.BAD_PLACES),
        ("联名信用卡 0 明天", PlanFault.BAD_PLACES),
        ("联名信用卡 10 不久", PlanFault.BAD_DEADLINE),
        ("联名信用卡 10 2026-01-01", PlanFault.PAST_DEADLINE),
        (f"{'长' * 61} 10 明天", PlanFault.LONG_PRODUCT),
    ],
)
def test_a_plan_that_cannot_be_read_says_what_is_missing(typed: str, fault: PlanFault) -> None:
    assert read_plan(typed, NOON, SHANGHAI) is fault


def test_full_width_forms_are_folded() -> None:
    assert normal("　２０：００ ＋１ ") == "20:00 +1"
