"""Visits by their rules: the hours that are meant, who may book until when, the order of the route."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.applications.model import Stage
from campaigns.visits.model import Hours, HoursFault, Slot, Visit, VisitRefusal, VisitState
from campaigns.visits.rules import LATEST_BOOKING, READY, book, close, read_hours, route

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 12, tzinfo=ZONE)
TOMORROW = datetime(2026, 11, 21, 9, tzinfo=ZONE)
LI, CHEN = 1, 2


def slot(number: int = 1, starts: datetime = TOMORROW, places: int = 2, taken: int = 0, manager: int = LI) -> Slot:
    return Slot(number, manager, Hours(starts, starts + timedelta(hours=3), places), taken)


def visit(number: int = 1, where: Slot | None = None, area: str = "幸福里", address: str | None = None) -> Visit:
    return Visit(number, 1, 11, where or slot(), area, address)


def test_days_times_hours_are_slots() -> None:
    found = read_hours("11-25 １１月２６日 09:00-12:00 14点到17点 4户", NOW, ZONE)
    assert isinstance(found, list)
    assert [(f"{hours.starts_at:%d %H}", f"{hours.ends_at:%H}", hours.places) for hours in found] == [
        ("25 09", "12", 4),
        ("25 14", "17", 4),
        ("26 09", "12", 4),
        ("26 14", "17", 4),
    ]
    short = read_hours("11-25 9:30~11:00", NOW, ZONE)
    assert isinstance(short, list)
    assert [(hours.starts_at.minute, hours.places) for hours in short] == [(30, 3)]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("", HoursFault.NO_DAY),
        ("09:00-12:00", HoursFault.NO_DAY),
        ("明天 09:00-12:00", HoursFault.NO_DAY),
        ("11-25", HoursFault.NO_HOURS),
        ("11-25 25:00-26:00", HoursFault.NO_HOURS),
        ("11-25 12:00-09:00", HoursFault.BACKWARDS),
        ("11-20 09:00-17:00", HoursFault.PAST),
        ("11-25 09:00-12:00 0", HoursFault.BAD_PLACES),
        ("11-25 09:00-12:00 99", HoursFault.BAD_PLACES),
        (" ".join(["11-25"] * 61) + " 09:00-12:00", HoursFault.TOO_MANY),
    ],
)
def test_what_is_no_offer_is_named(words: str, fault: HoursFault) -> None:
    assert read_hours(words, NOW, ZONE) is fault


@pytest.mark.parametrize("stage", list(Stage))
def test_only_a_delivered_card_is_visited(stage: Stage) -> None:
    refusal = book(stage, LI, slot(), None, NOW)
    assert refusal is (None if stage in READY else VisitRefusal.NOT_READY)


@pytest.mark.parametrize(
    ("wanted", "booked", "refusal"),
    [
        (slot(taken=2), None, VisitRefusal.FULL),
        (slot(manager=CHEN), None, VisitRefusal.NO_SLOT),
        (None, None, VisitRefusal.NO_SLOT),
        (slot(starts=NOW + LATEST_BOOKING), None, None),
        (slot(starts=NOW + LATEST_BOOKING - timedelta(seconds=1)), None, VisitRefusal.TOO_LATE),
        (slot(), visit(where=slot()), VisitRefusal.SAME),
        (slot(2), visit(where=slot(1, NOW + timedelta(hours=1))), VisitRefusal.TOO_LATE),
        (slot(2), visit(where=slot(1)), None),
    ],
)
def test_a_slot_is_booked_and_moved_in_time_while_there_is_room(
    wanted: Slot | None, booked: Visit | None, refusal: VisitRefusal | None
) -> None:
    assert book(Stage.VISIT_BOOKED if booked else Stage.DELIVERED, LI, wanted, booked, NOW) is refusal


@pytest.mark.parametrize(
    ("found", "managers", "now", "refusal"),
    [
        (visit(), [LI], TOMORROW, None),
        (visit(), [CHEN, LI], TOMORROW, None),
        (visit(), [CHEN], TOMORROW, VisitRefusal.NOT_YOURS),
        (visit(), [LI], NOW, VisitRefusal.TOO_EARLY),
        (replace(visit(), state=VisitState.DONE), [LI], TOMORROW, VisitRefusal.NO_VISIT),
        (None, [LI], TOMORROW, VisitRefusal.NO_VISIT),
    ],
)
def test_a_result_is_noted_once_by_who_goes_and_not_the_day_before(
    found: Visit | None, managers: list[int], now: datetime, refusal: VisitRefusal | None
) -> None:
    assert close(found, managers, now) is refusal


@given(st.permutations(range(5)))
def test_a_route_goes_by_the_hours_then_area_by_area_whatever_the_order_of_booking(order: list[int]) -> None:
    later = slot(2, TOMORROW + timedelta(hours=5))
    stops = [
        visit(1, area="幸福里", address="1栋"),
        visit(2, area="幸福里", address="2栋"),
        visit(3, area="阳光城"),
        visit(4, later, area="幸福里"),
        visit(5, later, area="阳光城"),
    ]
    assert route([stops[at] for at in order]) == stops


def test_hours_are_the_banks_whatever_the_servers_zone() -> None:
    found = read_hours("11-25 09:00-12:00", NOW.astimezone(UTC), ZONE)
    assert isinstance(found, list)
    assert found[0].starts_at.astimezone(UTC).hour == 1
