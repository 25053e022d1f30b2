"""Referrals by their rules: paid once, for real newcomers only, taken back when the account closes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from campaigns.referrals.model import (
    AccountClosed,
    AccountOpened,
    Doubt,
    Event,
    Named,
    Opener,
    Programme,
    Referral,
    Rejected,
    Released,
    Stage,
    StartCode,
)
from campaigns.referrals.rules import after, begin, is_due, lapses, may_start, months_later, pay

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
TODAY = date(2026, 11, 22)
ZONE = ZoneInfo("Asia/Shanghai")
PROGRAMME = Programme(1, 7, 10_000, NOW, NOW + timedelta(days=90))
PENDING = Referral(1, 1, referrer_id=11, newcomer_id=12, made_at=NOW)
NEWCOMER, REFERRER = UUID(int=12), UUID(int=11)
NAMED = Named(NEWCOMER, REFERRER, None)


def opener(
    member: int = 12, *, referred: bool = False, customer: bool = False, brought: frozenset[int] = frozenset()
) -> Opener:
    return Opener(member, referred, customer, brought)


def passed(referral: Referral, *events: Event) -> Referral:
    for event in events:
        referral = after(PROGRAMME, referral, event, ZONE)
    return referral


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (opener(), StartCode.STARTED),
        (opener(11), StartCode.OWN_LINK),
        (opener(referred=True), StartCode.REFERRED_ALREADY),
        (opener(customer=True), StartCode.CUSTOMER_ALREADY),
        (replace(opener(), is_staff=True), StartCode.STAFF),
        (replace(opener(), places_left=0), StartCode.FULL),
        (opener(brought=frozenset({11, 13})), StartCode.RING),
    ],
)
def test_who_opens_a_link_and_what_comes_of_it(who: Opener, code: StartCode) -> None:
    assert may_start(PROGRAMME, 11, who, NOW) is code


def test_before_and_after_the_programme_and_for_an_unknown_link_nothing_starts() -> None:
    assert may_start(PROGRAMME, 11, opener(), PROGRAMME.ends_at) is StartCode.NOT_NOW
    assert may_start(PROGRAMME, 11, opener(), NOW - timedelta(seconds=1)) is StartCode.NOT_NOW
    assert may_start(None, 11, opener(), NOW) is StartCode.UNKNOWN_LINK


@pytest.mark.parametrize(
    ("known_since", "customer", "stage", "doubt"),
    [
        (None, NEWCOMER, Stage.NAMED, None),
        (TODAY, NEWCOMER, Stage.NAMED, None),
        (TODAY - timedelta(days=1), NEWCOMER, Stage.HELD, Doubt.EXISTING_CUSTOMER),
        (None, REFERRER, Stage.HELD, Doubt.SELF),
    ],
)
def test_only_a_newcomer_to_the_bank_counts(
    known_since: date | None, customer: UUID, stage: Stage, doubt: Doubt | None
) -> None:
    found = passed(PENDING, Named(customer, REFERRER, known_since))
    assert (found.stage, found.doubt) == (stage, doubt)


def test_it_pays_after_the_account_is_open_and_the_cooling_time_over() -> None:
    opened = passed(PENDING, NAMED, AccountOpened(TODAY + timedelta(days=2)))
    pays_at = datetime(2026, 12, 1, tzinfo=ZONE)
    assert (opened.stage, opened.pays_at) == (Stage.OPENED, pays_at)
    assert not is_due(opened, pays_at - timedelta(seconds=1))
    assert is_due(opened, pays_at)
    paid = pay(PROGRAMME, opened, date(2026, 12, 1))
    assert (paid.stage, paid.free_until) == (Stage.PAID, date(2027, 3, 1))
    assert not is_due(paid, pays_at)


def test_an_account_without_a_name_or_from_before_the_referral_pays_nothing() -> None:
    assert passed(PENDING, AccountOpened(TODAY)) == PENDING
    found = passed(PENDING, NAMED, AccountOpened(TODAY - timedelta(days=1)))
    assert (found.stage, found.doubt) == (Stage.HELD, Doubt.EXISTING_CUSTOMER)


def test_a_closed_account_is_void_before_the_pay_and_clawed_back_after_it() -> None:
    opened = passed(PENDING, NAMED, AccountOpened(TODAY))
    assert passed(opened, AccountClosed(TODAY)).stage is Stage.VOID
    assert passed(pay(PROGRAMME, opened, TODAY), AccountClosed(TODAY)).stage is Stage.CLAWED_BACK
    assert passed(PENDING, AccountClosed(TODAY)) == PENDING


def test_the_hundred_and_first_within_a_minute_is_held_and_a_person_lets_it_go_on() -> None:
    burst = [NOW - timedelta(seconds=59)] * 100
    held = begin(PROGRAMME, PENDING, burst)
    assert (held.stage, held.doubt) == (Stage.HELD, Doubt.BURST)
    assert begin(PROGRAMME, PENDING, burst[1:]) == PENDING
    assert begin(PROGRAMME, PENDING, [NOW - timedelta(seconds=60)] * 500) == PENDING
    assert passed(held, Released()) == PENDING
    assert passed(held, NAMED, AccountOpened(TODAY), Released()).stage is Stage.OPENED
    assert passed(held, Rejected()).stage is Stage.VOID


def test_who_never_opens_an_account_is_late_after_the_patience() -> None:
    late = NOW + PROGRAMME.patience
    assert lapses(PROGRAMME, PENDING, late).doubt is Doubt.LATE
    assert lapses(PROGRAMME, PENDING, late - timedelta(seconds=1)) == PENDING
    opened = passed(PENDING, NAMED, AccountOpened(TODAY))
    assert lapses(PROGRAMME, opened, late) == opened


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 9, 15), 3, date(2026, 12, 15)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(0, 60))
def test_months_later_never_leaves_the_month(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


class ReferralMachine(RuleBasedStateMachine):
    """Events in any order: nobody is paid without a name and an account, nor twice, nor after an end."""

    def __init__(self) -> None:
        super().__init__()
        self.referral, self.paid, self.now = PENDING, 0, NOW

    def take(self, event: Event) -> None:
        before, self.referral = self.referral, after(PROGRAMME, self.referral, event, ZONE)
        if before.stage in {Stage.VOID, Stage.CLAWED_BACK}:
            assert self.referral == before

    @rule(existing=st.booleans(), itself=st.booleans())
    def is_named(self, existing: bool, itself: bool) -> None:
        since = date(2020, 1, 1) if existing else None
        self.take(Named(REFERRER if itself else NEWCOMER, REFERRER, since))

    @rule(days=st.integers(-3, 10))
    def account_opens(self, days: int) -> None:
        self.take(AccountOpened(TODAY + timedelta(days=days)))

    @rule(event=st.sampled_from([AccountClosed(TODAY), Released(), Rejected()]))
    def something_happens(self, event: Event) -> None:
        self.take(event)

    @rule(days=st.integers(1, 20))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.referral = lapses(PROGRAMME, self.referral, self.now)

    @rule()
    def payday(self) -> None:
        if is_due(self.referral, self.now):
            self.referral, self.paid = pay(PROGRAMME, self.referral, self.now.date()), self.paid + 1

    @invariant()
    def paid_once_and_for_a_real_account(self) -> None:
        assert self.paid <= 1
        if self.paid:
            assert self.referral.stage in {Stage.PAID, Stage.CLAWED_BACK}
            assert self.referral.opened_on is not None
            assert self.referral.customer_id is not None
        if self.referral.stage is Stage.HELD:
            assert self.referral.doubt is not None
            assert self.referral.resumes is not None


TestReferrals = ReferralMachine.TestCase


def test_a_held_referral_keeps_its_first_doubt() -> None:
    held = passed(PENDING, Named(REFERRER, REFERRER, None))
    assert passed(held, Named(NEWCOMER, REFERRER, None)) == held


def test_a_name_that_tells_more_replaces_the_doubt_of_a_burst() -> None:
    held = begin(PROGRAMME, PENDING, [NOW] * 100)
    itself = passed(held, Named(REFERRER, REFERRER, None))
    assert (itself.stage, itself.doubt, itself.resumes) == (Stage.HELD, Doubt.SELF, Stage.NAMED)
    assert passed(held, NAMED).doubt is Doubt.BURST
    assert passed(held, NAMED, AccountOpened(TODAY - timedelta(days=1))).doubt is Doubt.EXISTING_CUSTOMER


def test_a_day_is_the_banks_day() -> None:
    early = replace(PENDING, made_at=datetime(2026, 11, 21, 17, tzinfo=UTC))  # One o'clock on the 22nd in Shanghai.
    yesterday = date(2026, 11, 21)
    assert after(PROGRAMME, early, Named(NEWCOMER, REFERRER, yesterday), ZONE).doubt is Doubt.EXISTING_CUSTOMER


def test_a_person_who_was_brought_before_or_finds_no_place_left_is_told_so_and_holds_none() -> None:
    for named, doubt in (
        (Named(NEWCOMER, REFERRER, None, was_brought=True), Doubt.TWICE),
        (Named(NEWCOMER, REFERRER, None, places_left=0), Doubt.FULL),
    ):
        ended = passed(PENDING, named)
        assert (ended.stage, ended.doubt, ended.customer_id) == (Stage.VOID, doubt, None)


def test_a_ring_is_held_from_its_first_moment() -> None:
    assert begin(PROGRAMME, PENDING, [], in_ring=True).doubt is Doubt.RING


def test_a_closing_from_before_the_account_says_nothing() -> None:
    opened = passed(PENDING, NAMED, AccountOpened(TODAY))
    assert passed(opened, AccountClosed(TODAY - timedelta(days=1))) == opened
