"""Scoring: what speaks against a visitor, and that it does not speak against honest people."""

import random
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.suspicions.model import Seen, Sign, Spot, Suspicion
from campaigns.suspicions.rules import BAR, bursts, held, score, together, too_fast
from tests.stamp_market import OPENS, example_plan, market, rehearsed, use

SPOTS = {1: Spot(0, 0), 2: Spot(160, 0), 3: Spot(10, 0)}


def at(seconds: float) -> datetime:
    return OPENS + timedelta(seconds=seconds)


def scan(member: int, booth: int, seconds: float) -> Seen:
    return use(member, booth, at(seconds), at(seconds))


def signs(found: list[Suspicion], member: int) -> set[Sign]:
    return {reason.sign for each in found if each.member_id == member for reason in each.reasons}


@pytest.mark.parametrize("seed", range(3))
def test_a_planted_ring_is_found_and_at_most_one_honest_visitor_in_a_hundred_is_held(seed: int) -> None:
    day = market(seed, 400)
    suspects = {each.member_id for each in held(score(day.seen, day.spots))}
    assert day.ring <= suspects
    assert day.hunters <= suspects
    assert len(suspects & day.honest) <= len(day.honest) / 100


@pytest.mark.parametrize("pace", [0.5, 1, 10])
@pytest.mark.parametrize("visitors", [60, 500, 2_000])
def test_a_ring_that_goes_home_with_three_stamps_is_found_in_every_crowd(visitors: int, pace: float) -> None:
    day = rehearsed(example_plan(), visitors, 1, pace)
    suspects = {each.member_id for each in held(score(day.seen, day.spots))}
    assert len(day.ring) >= 10
    assert day.ring <= suspects
    assert len(suspects & day.honest) <= len(day.honest) / 100


@pytest.mark.parametrize(("booths", "at"), [(4, 2), (6, 3)])
def test_a_ring_at_two_or_three_booths_is_found_among_parties(booths: int, at: int) -> None:
    day = market(2, 1_000, booths=booths, ring_booths=at, hours=1.5)
    suspects = {each.member_id for each in held(score(day.seen, day.spots))}
    assert day.ring <= suspects
    assert len(suspects & day.honest) <= len(day.honest) / 100


def test_one_booth_together_is_nobodys_doing() -> None:
    assert together([scan(member, 1, 0) for member in range(10)]) == []


def test_a_picture_that_is_used_half_a_minute_long_shows_the_ring_by_its_code() -> None:
    slow = [use(each, booth, at(booth * 300), at(booth * 300 + each * 2.5)) for booth in (1, 2) for each in range(10)]
    assert together(slow) == [(Sign.RING, frozenset(range(10)))]


def test_a_code_that_is_scanned_again_before_its_game_counts_once() -> None:
    ring = [scan(member, booth, booth * 300 + member / 3) for booth in (1, 2, 3) for member in range(10)]
    again = [scan(4, 1, 900 + each) for each in range(5)]
    assert together([*ring, *again]) == [(Sign.RING, frozenset(range(10)))]


def test_two_booths_say_nothing_of_anybody_in_a_crowd_where_chance_makes_such_groups() -> None:
    dice = random.Random(1)
    crowd = [scan(member, booth, booth * 3_000 + dice.uniform(0, 60)) for booth in (1, 2) for member in range(400)]
    assert together(crowd) == []


def test_the_ring_is_told_with_everybody_in_it() -> None:
    day = market(1, 100)
    found = {each.member_id: each for each in score(day.seen, day.spots)}
    for member in day.ring:
        (reason,) = [each for each in found[member].reasons if each.sign is Sign.RING]
        assert set(reason.others) == day.ring - {member}


def test_two_booths_sooner_than_anybody_runs_are_noticed_and_neighbours_are_not() -> None:
    assert too_fast([scan(7, 1, 0), scan(7, 2, 10)], SPOTS) == 1
    assert too_fast([scan(7, 1, 0), scan(7, 3, 1)], SPOTS) == 0
    assert too_fast([scan(7, 1, 0), scan(7, 2, 120)], SPOTS) == 0


def test_one_old_code_is_nobodys_fault_and_many_are() -> None:
    def old(times: int) -> list[Seen]:
        return [use(7, 1, at(0), at(600 + each)) for each in range(times)]

    assert score(old(1), SPOTS) == []
    assert [each.score for each in score(old(2), SPOTS)] == [20]
    assert held(score(old(5), SPOTS))


def test_forged_codes_are_held_from_the_third_on() -> None:
    def forged(times: int) -> list[Seen]:
        return [Seen(7, at(each)) for each in range(times)]

    assert held(score(forged(2), SPOTS)) == []
    assert [each.member_id for each in held(score(forged(3), SPOTS))] == [7]


def test_a_code_with_far_more_people_than_usual_is_a_burst_and_never_holds_anybody_alone() -> None:
    usual = [scan(member, 1, member * 20) for member in range(1, 40)]
    crowd = [scan(member, 1, 5_000 + member % 10) for member in range(100, 140)]
    assert set(bursts([*usual, *crowd])) == set(range(100, 140))
    again = [
        scan(member, 1, start + member % 10) for start in (6_000, 7_000, 8_000, 9_000) for member in range(100, 140)
    ]
    found = score([*usual, *crowd, *again], SPOTS)
    assert {Sign.SHARED_CODE} == signs(found, 100)
    assert held(found) == []


def test_a_booth_that_is_always_full_has_no_bursts() -> None:
    assert not bursts([scan(member, 1, member // 10) for member in range(400)])


def test_friends_who_scan_one_after_the_other_are_no_ring() -> None:
    friends = [scan(member, booth, booth * 300 + member * 6) for booth in range(1, 9) for member in range(6)]
    assert together(friends) == []


def test_a_family_of_three_is_no_ring_however_close() -> None:
    assert together([scan(member, booth, booth * 300) for booth in range(1, 9) for member in range(3)]) == []


def test_six_friends_who_scan_at_the_same_moment_everywhere_are_shown_and_not_held() -> None:
    found = score([scan(member, booth, booth * 300) for booth in range(1, 9) for member in range(6)], {})
    assert signs(found, 3) == {Sign.PARTY}
    assert held(found) == []


def test_who_meets_a_ring_once_is_not_in_it() -> None:
    ring = [scan(member, booth, booth * 300 + member / 3) for booth in range(1, 9) for member in range(10)]
    passer = [scan(99, booth, booth * 300 + (0 if booth < 3 else 100)) for booth in range(1, 9)]
    assert together([*ring, *passer]) == [(Sign.RING, frozenset(range(10)))]


@given(st.lists(st.builds(scan, st.integers(1, 5), st.integers(1, 3), st.integers(0, 5_000)), max_size=30))
@example([scan(1, 1, 0), scan(1, 1, 1), scan(1, 2, 0)])
def test_scores_do_not_depend_on_the_order_in_which_uses_are_read(seen: list[Seen]) -> None:
    found = score(seen, SPOTS)
    assert found == score(seen[::-1], SPOTS)
    assert all(each.score == sum(reason.points for reason in each.reasons) for each in found)
    assert held(found) == [each for each in found if each.score >= BAR]
