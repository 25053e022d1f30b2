"""A rehearsal's codes and beats, its world on real rows, and what the command says of what it cannot play."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from bot.operations import OperationRefusedError
from bot.rehearsals.acting import TOGETHER, chunks
from bot.rehearsals.codes import Screens
from bot.rehearsals.playing import beats
from bot.rehearsals.staging import Order, find_plan, rehearse_in
from bot.settings import Settings
from campaigns.rehearsals.course import course_of
from campaigns.rehearsals.model import Manner, Step, Verb
from campaigns.rehearsals.report import Way
from campaigns.rehearsals.visitors import crowd
from campaigns.stamps.codes import Code, CodeRefusal, check
from storage.private_postgres import PrivatePostgres
from tests.databases import fresh_database
from tests.rally_plans import STARTS, rally_plan

SECRET = b"s" * 32
EXAMPLE = Path("campaigns/rallies/example.yaml")


def step(verb: Verb, seconds: float = 0, visitor: int = 1) -> Step:
    at = STARTS + timedelta(seconds=seconds)
    return Step(at, visitor, verb, "B1", at - timedelta(seconds=5 if verb is Verb.SCAN else 90))


def test_a_live_code_is_taken_even_late_and_others_never() -> None:
    screens = Screens(SECRET, {"B1": 7}, 1)
    late = timedelta(seconds=40)
    found = check(SECRET, screens.code(step(Verb.SCAN), late), STARTS + late)
    assert isinstance(found, Code)
    assert found.booth_id == 7
    assert check(SECRET, screens.code(step(Verb.PICTURE), late), STARTS + late) is CodeRefusal.EXPIRED
    forged = {check(SECRET, screens.code(step(Verb.FORGE)), STARTS) for _ in range(300)}
    assert forged == {CodeRefusal.FORGED, CodeRefusal.MALFORMED}


def test_steps_are_decided_together_with_nobody_twice_and_in_their_order() -> None:
    steps = [step(Verb.SCAN, seconds=at, visitor=at % 100) for at in range(250)]
    found = list(chunks(steps))
    assert [each for some in found for each in some] == steps
    assert max(len(some) for some in found) <= TOGETHER
    assert all(max(Counter(each.visitor for each in some).values()) == 1 for some in found)


def test_a_beat_ends_after_its_steps_and_empty_ones_are_left_out() -> None:
    found = list(beats([step(Verb.SCAN, seconds) for seconds in (0, 59, 60, 200)], STARTS, timedelta(seconds=60)))
    assert [(now - STARTS).total_seconds() for now, _ in found] == [60, 120, 240]
    assert [len(some) for _, some in found] == [2, 1, 1]


async def test_the_services_alone_give_every_honest_stamp_and_none_to_dead_or_made_up_codes(
    postgres: PrivatePostgres, tmp_path: Path
) -> None:
    plan = rally_plan(stock=3)
    heard: list[int] = []
    with fresh_database(postgres) as url:
        settings = Settings(_env_file=None, var_dir=tmp_path)
        order = Order(plan, members=8, seed=3, way=Way.SERVICES)
        found = await rehearse_in(settings, order, lambda done, *_: heard.append(done), tmp_path, url)
    course = course_of(plan, crowd(plan, 8, 3), 3)
    scans = sum(each.verb is Verb.SCAN for each in course.steps)
    relays = sum(each.verb is Verb.RELAY for each in course.steps)
    assert (found.honest_refused, found.messages, heard[-1]) == (0, None, len(course.steps))
    assert found.stamps == scans + relays
    assert found.refused["expired"] > 0
    assert found.gifts == sum(each.given + each.substitutes for each in found.prizes) > 0
    assert {each.manner for each in course.visitors} >= {Manner.FORGER, Manner.REPLAYER, Manner.PHOTOGRAPHER}


def test_the_example_can_be_rehearsed_and_a_faulty_file_is_told_by_its_lines(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, var_dir=tmp_path)
    assert find_plan(settings, str(EXAMPLE)).code == "autumn-2030"
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text(EXAMPLE.read_text("utf-8").replace("any 3 of B1..B6", "any 9 of B1..B6"), "utf-8")
    with pytest.raises(OperationRefusedError, match="Line"):
        find_plan(settings, str(faulty))
    faulty.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(OperationRefusedError, match="UTF-8"):
        find_plan(settings, str(faulty))


def test_a_code_that_nobody_loaded_is_said_to_be_neither(database_url: str, tmp_path: Path) -> None:
    settings = Settings(_env_file=None, var_dir=tmp_path, database_url=database_url)
    with pytest.raises(OperationRefusedError, match="neither a file nor the code"):
        find_plan(settings, "nothing-2030")
