"""Who is in a morning's brief, when it leaves, and texts that may leave."""

from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.briefs.model import Brief, BriefItem, BriefRefusal, Candidate, ItemState
from campaigns.briefs.rules import MOST, choose, is_afternoon, is_morning, read_hour, settle, week_of
from campaigns.compliance.words import forbidden, lacks_risk_notice
from campaigns.customers.model import Customer
from campaigns.customers.next_actions import ActionKind
from campaigns.followups.model import Source
from campaigns.members.model import Language
from handlers.wording.briefs import TEXTS, TITLES, BriefWords
from handlers.wording.next_actions import PRODUCTS

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 23)


def candidate(number: int, value: int = 0, due: int | None = None) -> Candidate:
    return Candidate(
        Customer(UUID(int=number), str(number)),
        followup_id=due,
        source=Source.CARD if due else None,
        due_at=datetime(2026, 11, due, 10, tzinfo=UTC) if due else None,
        action=ActionKind.PRODUCT,
        product="funds",
        expected_value_fen=value,
    )


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9), st.one_of(st.none(), st.integers(1, 28)))))
def test_a_brief_holds_at_most_ten_customers_each_once_and_what_is_due_stands_first(
    drawn: list[tuple[int, int, int | None]],
) -> None:
    found = choose(candidate(*each) for each in drawn)
    numbers = [each.customer.number for each in found]
    assert len(found) <= MOST
    assert len(set(numbers)) == len(numbers)
    assert all(each.due_at or each.expected_value_fen > 0 for each in found)
    due = [each.due_at is not None for each in found]
    assert due == sorted(due, reverse=True)
    waiting = {number for number, _, day in drawn if day}
    assert len(waiting) >= MOST or {str(number) for number in waiting} <= set(numbers)


def test_what_is_worth_most_is_proposed_first_and_nothing_is_no_proposal() -> None:
    nothing = Candidate(Customer(UUID(int=9), "9"), action=ActionKind.NOTHING, expected_value_fen=5)
    found = choose([candidate(1, 10), nothing, candidate(2, 30), candidate(3, 0), candidate(4, 0, 20)])
    assert [each.customer.number for each in found] == ["4", "2", "1"]


@pytest.mark.parametrize(
    ("day", "hour", "morning", "afternoon"),
    [
        (23, time(8, 30), True, False),
        (23, time(16, 29), True, False),
        (23, time(16, 30), False, True),
        (22, time(8, 30), False, False),  # A Sunday.
    ],
)
def test_briefs_leave_on_bank_days_until_the_afternoons_reminder(
    day: int, hour: time, morning: bool, afternoon: bool
) -> None:
    now = datetime.combine(date(2026, 11, day), hour, tzinfo=ZONE)
    assert (is_morning(now, ZONE) is not None, is_afternoon(now, ZONE) is not None) == (morning, afternoon)


@pytest.mark.parametrize(
    ("said", "hour"),
    [("8:30", time(8, 30)), ("08.15", time(8, 15)), ("8：05", time(8, 5)), ("5:59", None), ("12:01", None),
     ("25:00", None), ("8", None), ("8:61", None), ("８:００", time(8)), ("a:b", None), ("", None)],
)  # fmt: skip
def test_a_mornings_hour_is_read(said: str, hour: time | None) -> None:
    assert read_hour(said) == hour


def test_only_the_own_open_item_is_settled() -> None:
    item = BriefItem(1, 1, candidate(1, 5))
    brief = Brief(1, 7, MONDAY, (item,))
    assert settle((brief, item), [7]) is item
    assert settle((brief, item), [8]) is BriefRefusal.UNKNOWN
    assert settle(None, [7]) is BriefRefusal.UNKNOWN
    done = BriefItem(1, 1, candidate(1, 5), ItemState.CALLED)
    assert settle((brief, done), [7]) is BriefRefusal.SETTLED
    assert week_of(date(2026, 11, 22)) == date(2026, 11, 16)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", list(TEXTS))
def test_every_approved_text_passes_the_gate_for_words(kind: ActionKind, language: Language) -> None:
    for product in PRODUCTS:
        item = BriefItem(1, 1, Candidate(Customer(UUID(int=1), "1"), action=kind, product=product))
        text = BriefWords(ZONE).approved(item, "李敏", language).text
        assert "李敏" in text
        assert not forbidden(text)
        assert not lacks_risk_notice(text)


def test_every_action_but_none_has_a_text_with_a_title() -> None:
    assert set(TEXTS) == set(TITLES) == set(ActionKind) - {ActionKind.NOTHING}
