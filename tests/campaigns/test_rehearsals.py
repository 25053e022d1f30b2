"""Simulated visitors: the same for a seed, honest in their turn, cheats as the threat list has them."""

import io
import itertools
import json
from collections import Counter
from datetime import timedelta

import pytest
from rich.console import Console

from campaigns.rallies.targets import reached
from campaigns.rehearsals.course import course_of
from campaigns.rehearsals.model import TRICKS, Course, Manner, Verb
from campaigns.rehearsals.queues import queues
from campaigns.rehearsals.report import HandedOut, Outcomes, Way, messages_of, report
from campaigns.rehearsals.visitors import crowd
from handlers.terminal.rehearsals import print_rehearsal, rehearsal_json
from tests.rally_plans import ZONE, busier, rally_plan

PLAN = rally_plan()
CODES = [booth.code for booth in PLAN.booths]


@pytest.fixture(scope="module")
def day() -> Course:
    return course_of(PLAN, crowd(PLAN, 400, 1), 1)


def test_the_same_seed_plays_the_same_day_and_another_a_different_one(day: Course) -> None:
    assert course_of(PLAN, crowd(PLAN, 400, 1), 1) == day
    assert course_of(PLAN, crowd(PLAN, 400, 2), 2) != day
    assert (len(day.steps), day.steps[1_000].visitor, day.steps[1_000].booth) == (2_564, 11, "B8")


@pytest.mark.parametrize(("count", "rings"), [(3, 0), (60, 1), (2000, 2)])
def test_a_crowd_has_its_cheats_of_every_kind(count: int, rings: int) -> None:
    found = crowd(PLAN, count, 1)
    manners = Counter(each.manner for each in found)
    assert len(found) == count
    assert manners[Manner.RING] == 10 * rings
    if count >= 60:
        assert set(manners) == set(Manner)
        assert sum(not each.manner.is_honest for each in found) < count * 0.3


def test_a_ring_leans_on_its_first_and_others_on_the_honest() -> None:
    found = crowd(PLAN, 60, 1)
    ring = [each for each in found if each.manner is Manner.RING]
    assert [each.partner for each in ring] == [None, *[ring[0].number] * 9]
    leaning = [each for each in found if each.partner is not None and each.manner is not Manner.RING]
    assert {each.manner for each in leaning} == {Manner.PHOTOGRAPHER, Manner.DOUBLE}
    assert all(found[each.partner or 0].manner.is_honest for each in leaning)


def test_steps_are_in_order_of_time_and_within_the_event(day: Course) -> None:
    moments = [step.at for step in day.steps]
    assert moments == sorted(moments)
    assert PLAN.starts_at < moments[0] < moments[-1] < PLAN.ends_at + timedelta(minutes=5)


def test_nobody_stamps_twice_at_a_booth_nor_two_at_once(day: Course) -> None:
    scans = Counter((step.visitor, step.booth) for step in day.steps if step.verb is Verb.SCAN)
    assert max(scans.values()) == 1
    for code in CODES:
        visits = sorted((each.begun_at, each.done_at) for each in day.visits if each.booth == code)
        assert all(one[1] <= next_one[0] for one, next_one in itertools.pairwise(visits))


def test_a_live_scan_uses_a_code_of_its_half_minute_and_a_picture_a_dead_one(day: Course) -> None:
    for step in day.steps:
        age = (step.at - step.code_at).total_seconds() if step.code_at else 0
        match step.verb:
            case Verb.SCAN | Verb.RELAY:
                assert 0 <= age < 15
            case Verb.PICTURE | Verb.REPLAY:
                assert age > 40
    assert {step.verb for step in day.steps} == {Verb.SCAN, Verb.COLLECT, *TRICKS}


def test_who_collects_has_reached_the_target_before(day: Course) -> None:
    targets = {target.code: target for target in PLAN.targets}
    stamped: dict[int, set[str]] = {}
    collects = 0
    for step in day.steps:
        if step.verb in (Verb.SCAN, Verb.RELAY):
            stamped.setdefault(step.visitor, set()).add(step.booth)
        elif step.verb is Verb.COLLECT:
            collects += 1
            assert reached(targets[step.target], stamped[step.visitor])
    assert collects > 100


def test_a_slow_booth_has_the_longest_queue_and_people_give_up_there() -> None:
    plan = busier(PLAN, "B4", 150)
    course = course_of(plan, crowd(plan, 400, 1), 1)
    by_code = {each.booth: each for each in queues(course, CODES)}
    assert max(by_code.values(), key=lambda each: each.p95).booth == "B4"
    assert by_code["B4"].longest >= by_code["B4"].p95 >= by_code["B4"].mean > 0
    assert by_code["B4"].heads > 3


def test_no_visitor_waits_longer_than_the_own_patience(day: Course) -> None:
    longest = max(each.patience for each in day.visitors)
    assert max(visit.waited for visit in day.visits) <= longest


def test_a_booth_that_nobody_visits_has_an_empty_day() -> None:
    found = queues(Course((), (), (), {"B1": 2}), ["B1"])
    assert (found[0].visits, found[0].heads_at, found[0].given_up) == (0, None, 2)


def outcomes(day: Course) -> Outcomes:
    """What a product stores that lets every live code in and no other."""
    stamps = Counter(step.visitor for step in day.steps if step.verb in (Verb.SCAN, Verb.RELAY))
    collects = [step for step in day.steps if step.verb is Verb.COLLECT]
    gifts = [
        HandedOut(step.target, step.visitor, at >= 30, 300 if at >= 30 else 3000, step.at)
        for at, step in enumerate(collects[:35])
    ]
    ring = frozenset(each.number for each in day.visitors if each.manner is Manner.RING)
    return Outcomes(stamps, 200, gifts, ring, {"forged": 1})


def test_a_report_adds_cost_and_says_when_a_prize_is_gone(day: Course) -> None:
    found = report(PLAN, day, outcomes(day), Way.SERVICES, 1, 10.0, None)
    assert (found.gifts, found.gifts_fen, found.honest_refused) == (35, 30 * 3000 + 5 * 300, 0)
    assert found.steps_a_second == len(day.steps) / 10
    assert sum(each.given + each.substitutes for each in found.prizes) == 35
    assert any(each.gone_at for each in found.prizes if each.substitutes)


def test_a_report_counts_tricks_by_what_was_let_through(day: Course) -> None:
    found = report(PLAN, day, outcomes(day), Way.SERVICES, 1, 10.0, None)
    tricks = {each.verb: each for each in found.tricks}
    assert tricks[Verb.RELAY].let_through == tricks[Verb.RELAY].tried > 40
    assert {tricks[verb].let_through for verb in (Verb.PICTURE, Verb.REPLAY, Verb.FORGE)} == {0}
    assert all(each.tried for each in found.tricks)
    assert (found.ring, found.ring_held, found.ring_idle, found.honest_held) == (10, 10, 0, 0)


def test_the_busiest_minute_is_that_of_all_chats_together() -> None:
    at = PLAN.starts_at
    calls = [(at + timedelta(seconds=second), second % 3, False) for second in range(90)]
    found = messages_of([*calls, (at, 1, True)])
    assert (found.total, found.peak, found.peak_at, found.busiest_chat, found.refused) == (90, 60, at, 20, 1)
    assert messages_of([]).peak_at is None


def test_the_terminal_tells_every_part_of_a_report(day: Course) -> None:
    made = report(PLAN, day, outcomes(day), Way.CHAT, 1, 10.0, messages_of([(PLAN.starts_at, 1, False)]))
    console = Console(width=120, record=True, file=io.StringIO())
    print_rehearsal(made, ZONE, console)
    text = console.export_text()
    for part in ("through the whole bot", "保温杯", "B8", "photographed code", "10 of 10 of the ring", "1 of 1800"):
        assert part in text
    told = json.loads(rehearsal_json(made))
    assert told["queues"][0]["booth"] == "B1"
    assert told["messages"]["peak"] == 1
