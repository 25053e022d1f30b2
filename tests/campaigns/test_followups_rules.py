"""Until when a follow-up is done, who may touch it, and what its end says."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Customer, Letter
from campaigns.followups.model import CloseReason, FollowUp, FollowUpRefusal, FollowUpState, Source
from campaigns.followups.rules import (
    DAYS,
    DEFAULT_CLOCK,
    MOST_DEFERRALS,
    days_for,
    due_after,
    put_off,
    state_after,
    succeeded,
    touch,
)

ZONE = ZoneInfo("Asia/Shanghai")
FRIDAY = date(2026, 11, 20)


def followup(**known: object) -> FollowUp:
    due = datetime(2026, 11, 20, 18, tzinfo=ZONE)
    facts = {"id": 1, "customer": Customer(UUID(int=1), "1"), "owner_id": 7, "source": Source.CARD, "why": "回电话"}
    return FollowUp(**{**facts, "opened_at": due, "due_at": due, **known})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("standing", "source", "days"),
    [
        (Letter.A, Source.CARD, 1),
        (Letter.B, Source.CARD, 2),
        (Letter.C, Source.OFFER_ANSWERED, 3),
        (Letter.D, Source.CLASS_CHANGE, 5),
        (Tier.STRATEGIC, Source.CARD, 1),
        (Tier.KEY, Source.CARD, 2),
        (Tier.GENERAL, Source.CARD, 5),
        (None, Source.CARD, 3),
        (Letter.D, Source.COMPLAINT, 1),
    ],
)
def test_the_service_clock_counts_bank_days_by_class_and_tier_and_a_complaint_has_one(
    standing: Letter | Tier | None, source: Source, days: int
) -> None:
    assert days_for(DEFAULT_CLOCK, standing, source) == days


def test_every_class_and_every_tier_has_a_clock() -> None:
    assert set(DAYS) == {*Letter, *Tier}


@pytest.mark.parametrize(
    ("today", "days", "due"),
    [
        (FRIDAY, 1, date(2026, 11, 23)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # The National Day's holidays lie between.
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # A Saturday on which the bank works before the Spring Festival.
    ],
)
def test_what_is_due_after_bank_days_is_due_at_the_end_of_business(today: date, days: int, due: date) -> None:
    assert due_after(today, days, ZONE) == datetime(due.year, due.month, due.day, 18, tzinfo=ZONE)


def test_only_whoever_has_it_or_stands_in_touches_what_is_open() -> None:
    found = followup()
    assert touch(found, [7]) is found
    assert touch(found, [1, 7]) is found
    assert touch(found, [1]) is FollowUpRefusal.NOT_YOURS
    assert touch(None, [7]) is FollowUpRefusal.UNKNOWN
    assert touch(followup(state=FollowUpState.DONE), [7]) is FollowUpRefusal.CLOSED


def test_it_is_put_off_by_a_bank_day_from_the_later_of_today_and_the_due_day_and_three_times_at_most() -> None:
    assert put_off(followup(), date(2026, 11, 18), ZONE) == due_after(FRIDAY, 1, ZONE)
    assert put_off(followup(), date(2026, 11, 24), ZONE) == due_after(date(2026, 11, 24), 1, ZONE)
    assert put_off(followup(deferrals=MOST_DEFERRALS), FRIDAY, ZONE) is FollowUpRefusal.PUT_OFF_ENOUGH


@pytest.mark.parametrize(
    ("reason", "state", "outcome"),
    [
        (None, FollowUpState.DONE, True),
        (CloseReason.NOT_INTERESTED, FollowUpState.REFUSED, False),
        (CloseReason.HAS_ELSEWHERE, FollowUpState.REFUSED, False),
        (CloseReason.TERMS, FollowUpState.REFUSED, False),
        (CloseReason.NOT_REACHED, FollowUpState.DROPPED, None),
        (CloseReason.NOT_NEEDED, FollowUpState.DROPPED, None),
    ],
)
def test_the_end_says_yes_no_or_nothing_of_the_action_behind_it(
    reason: CloseReason | None, state: FollowUpState, outcome: bool | None
) -> None:
    assert state_after(reason) is state
    assert succeeded(state) is outcome
