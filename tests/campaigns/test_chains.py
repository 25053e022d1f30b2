"""Chains by their rules: one place per person, never over capacity, gapless places, never late."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.chains.claims import decide
from campaigns.chains.model import Chain, ChainState, Claim, ClaimCode, ClaimOutcome, PlanFault, Verb
from campaigns.chains.rules import LONGEST_PRODUCT, MOST_PLACES, check, moved, remind_at
from campaigns.chains.waitlist import is_over

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DEADLINE = NOON + timedelta(hours=8)
PEOPLE = st.integers(1, 12)
CHAT = -100


def chain(places: int = 3, state: ChainState = ChainState.OPEN) -> Chain:
    return Chain(1, 1, CHAT, "联名信用卡", places, DEADLINE, state, leader_id=99)


def joins(member: int) -> Claim:
    return Claim(Verb.JOIN, member, f"王{member}*", CHAT)


def leaves(member: int) -> Claim:
    return Claim(Verb.LEAVE, member, f"王{member}*", CHAT)


def after(start: Chain, *claims: Claim, now: datetime = NOON) -> tuple[Chain, list[ClaimOutcome]]:
    outcomes = []
    for claim in claims:
        start, outcome = decide(start, claim, now)
        outcomes.append(outcome)
    return start, outcomes


def test_the_first_comer_gets_the_first_place() -> None:
    joined, [outcome] = after(chain(), joins(7))
    assert outcome == ClaimOutcome(ClaimCode.JOINED, place=1, taken=1, places=3, quantity=1)
    assert joined.place_of(7) == 1


def test_who_joins_twice_keeps_the_one_place() -> None:
    once, _ = after(chain(), joins(7))
    again, [outcome] = after(once, joins(7))
    assert outcome == ClaimOutcome(ClaimCode.TWICE, place=1, taken=1, places=3, quantity=1)
    assert again == once


def test_a_full_chain_offers_the_waitlist() -> None:
    full, _ = after(chain(places=1), joins(7))
    still, [outcome] = after(full, joins(8))
    assert outcome == ClaimOutcome(ClaimCode.WAITLISTED, taken=1, places=1, waiting=1, quantity=1)
    assert still.entries == full.entries


def test_who_has_a_place_in_a_full_chain_hears_of_it_and_not_that_it_is_full() -> None:
    _, outcomes = after(chain(places=1), joins(7), joins(7))
    assert outcomes[-1].code is ClaimCode.TWICE


def test_who_leaves_gives_the_place_back_and_those_behind_move_up() -> None:
    left, [*_, outcome] = after(chain(), joins(7), joins(8), joins(9), leaves(7))
    assert outcome == ClaimOutcome(ClaimCode.LEFT, taken=2, places=3)
    assert [left.place_of(member) for member in (7, 8, 9)] == [None, 1, 2]


def test_who_comes_back_queues_at_the_end_and_not_in_the_old_place() -> None:
    back, outcomes = after(chain(), joins(7), joins(8), leaves(7), joins(7))
    assert outcomes[-1].place == 2
    assert [entry.sequence for entry in back.entries] == [2, 3]


def test_who_is_not_in_cannot_leave() -> None:
    _, [outcome] = after(chain(), leaves(7))
    assert outcome.code is ClaimCode.NOT_IN


def test_who_came_and_who_went_is_told_by_two_states() -> None:
    before, _ = after(chain(places=9), joins(7), joins(8))
    then, _ = after(before, leaves(7), joins(9), joins(5), leaves(8), joins(8))
    assert moved(before, then) == ([9, 5], [7])
    assert moved(then, then) == ([], [])


@pytest.mark.parametrize(
    ("now", "state", "over"),
    [
        (DEADLINE - timedelta(microseconds=1), ChainState.OPEN, False),
        (DEADLINE, ChainState.OPEN, True),
        (DEADLINE + timedelta(days=1), ChainState.OPEN, True),
        (NOON, ChainState.CLOSED, True),
    ],
)
def test_the_moment_of_the_deadline_is_late(now: datetime, state: ChainState, over: bool) -> None:
    assert is_over(chain(state=state), now) is over


def test_after_the_deadline_nobody_joins_and_nobody_leaves() -> None:
    joined, _ = after(chain(), joins(7))
    same, outcomes = after(joined, joins(8), leaves(7), now=DEADLINE)
    assert [outcome.code for outcome in outcomes] == [ClaimCode.CLOSED, ClaimCode.CLOSED]
    assert same == joined


@given(st.lists(st.tuples(st.sampled_from([joins, leaves]), PEOPLE)), st.integers(1, 5))
def test_a_chain_never_holds_more_than_its_places_and_nobody_twice(
    wanted: list[tuple[object, int]], places: int
) -> None:
    claims = [joins(member) if make is joins else leaves(member) for make, member in wanted]
    done, _ = after(chain(places), *claims)
    members = [entry.member_id for entry in done.entries]
    assert len(members) <= places
    assert len(set(members)) == len(members)
    assert [done.place_of(member) for member in members] == list(range(1, len(members) + 1))
    assert [entry.sequence for entry in done.entries] == sorted({entry.sequence for entry in done.entries})


@given(st.integers(1, 100_000))
def test_the_reminder_comes_before_the_deadline_and_not_before_the_opening(minutes: int) -> None:
    deadline = NOON + timedelta(minutes=minutes)
    assert NOON < remind_at(NOON, deadline) < deadline


def test_a_short_chain_is_reminded_half_way() -> None:
    assert remind_at(NOON, NOON + timedelta(hours=1)) == NOON + timedelta(minutes=30)
    assert remind_at(NOON, NOON + timedelta(days=1)) == NOON + timedelta(hours=22)


@pytest.mark.parametrize(
    ("product", "places", "deadline", "fault"),
    [
        ("  ", 3, DEADLINE, PlanFault.NO_PRODUCT),
        ("x" * (LONGEST_PRODUCT + 1), 3, DEADLINE, PlanFault.LONG_PRODUCT),
        ("水杯", None, DEADLINE, PlanFault.BAD_PLACES),
        ("水杯", 0, DEADLINE, PlanFault.BAD_PLACES),
        ("水杯", MOST_PLACES + 1, DEADLINE, PlanFault.BAD_PLACES),
        ("水杯", 3, None, PlanFault.BAD_DEADLINE),
        ("水杯", 3, NOON, PlanFault.PAST_DEADLINE),
    ],
)
def test_a_plan_is_refused_with_the_first_thing_wrong(
    product: str, places: int | None, deadline: datetime | None, fault: PlanFault
) -> None:
    assert check(product, places, deadline, NOON) is fault


@pytest.mark.parametrize("verb", Verb)
def test_a_claim_from_another_group_finds_no_chain(verb: Verb) -> None:
    full, _ = after(chain(), joins(1))
    assert decide(full, Claim(verb, 1, "王1*", -200), NOON) == (full, ClaimOutcome(ClaimCode.NO_CHAIN))
