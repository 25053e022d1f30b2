"""Journeys in motion on real rows: begun once, each step once, left with a reason, whatever the order of things."""

import asyncio
import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.event import listen, remove

from bot.app import App
from campaigns.events.model import EventKind
from campaigns.journeys.model import Change, JourneyRefusal, JourneyState
from campaigns.members.model import Purpose
from storage.evidence import SqlEvidence
from storage.members import SqlMemberStore
from tests.bot.journey_town import AUTHOR, NOON, RELEASER, Town

PLAN = """
journey: tried
title: 试 | A try
why: 您买了东西 | you bought something
trigger: {event: large_inflow, amount: 1000, within: 7}
entry: {again_after: 10}
goal: product_bought
hold_out: 0
steps:
  - id: first
    send: {kind: marketing, text: 您好。 | Hello.}
  - id: rest
    wait: {until: paid, days: 5}
  - id: asked
    branch: {happened: paid, then: thanks}
  - id: nothing
    task: {why: 请联系 | call}
    next: over
  - id: thanks
    send: {kind: service, text: 谢谢。 | Thank you.}
  - id: over
    end: completed
"""

REFUSES = (
    """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.customer_id = '{customer}' THEN RAISE 'not this one'; END IF; RETURN NEW; END $$""",
    "CREATE TRIGGER refuses BEFORE INSERT ON journey_entries FOR EACH ROW EXECUTE FUNCTION refuse()",
)


@pytest.fixture
async def town(app: App, tmp_path: Path) -> Town:
    """A town with one customer of class A."""
    found = await Town(app, tmp_path / "clock.json").opens()
    await found.customer()
    return found


async def test_an_event_begins_a_journey_whose_steps_are_done_once_each(town: Town) -> None:
    await town.runs(PLAN)
    await town.happens(EventKind.LARGE_INFLOW, amount=99_999)
    await town.ticks()
    assert await town.ends("tried") == []
    await town.happens(EventKind.LARGE_INFLOW, amount=100_000)
    await town.happens(EventKind.LARGE_INFLOW, amount=100_000)
    await town.ticks()
    assert await town.ends("tried") == [None]
    [words] = await town.said("tried")
    assert words.startswith("您好。")
    assert "退订" in words
    await town.passes(days=4)
    assert await town.deeds("tried") == [("first", "sent")]
    await town.passes(days=1)
    assert await town.deeds("tried") == [("first", "sent"), ("asked", "else"), ("nothing", "task_opened")]
    assert (await town.ends("tried"), await town.tasks()) == (["completed"], 1)
    await town.passes(days=1)
    assert await town.tasks() == 1


async def test_what_happened_wakes_a_wait_and_answers_a_branch_and_a_goal_ends_it(town: Town) -> None:
    await town.runs(PLAN)
    await town.customer(12)
    for number in (11, 12):
        await town.happens(EventKind.LARGE_INFLOW, number, amount=100_000)
    await town.ticks()
    await town.passes(days=1)
    await town.happens(EventKind.PAID, 11)
    await town.happens(EventKind.PRODUCT_BOUGHT, 12)
    await town.ticks()
    assert (await town.said("tried"))[-1] == "谢谢。"
    assert await town.ends("tried") == ["completed", "reached"]
    assert await town.said("tried", 12) == []  # It had not left: who bought hears no offer for it.


async def test_who_was_in_it_enters_again_only_after_so_many_days_and_never_twice_at_once(town: Town) -> None:
    await town.runs(PLAN)
    for days in (0, 4, 3, 4):
        await town.passes(days=days)
        await town.happens(EventKind.LARGE_INFLOW, amount=100_000)
        await town.ticks()
    assert await town.ends("tried") == ["completed", None]


async def test_a_late_event_begins_nothing_and_what_came_before_the_trigger_answers_nothing(town: Town) -> None:
    await town.runs(PLAN)
    await town.happens(EventKind.LARGE_INFLOW, amount=100_000, at=NOON - timedelta(days=8))
    await town.ticks()
    assert await town.ends("tried") == []
    await town.happens(EventKind.LARGE_INFLOW, amount=100_000, at=NOON - timedelta(days=2))
    await town.ticks()
    await town.happens(EventKind.PRODUCT_BOUGHT, at=NOON - timedelta(days=3))
    await town.ticks()
    assert await town.ends("tried") == [None]
    await town.happens(EventKind.PRODUCT_BOUGHT, at=NOON - timedelta(days=1))  # Known late, but it did happen since.
    await town.ticks()
    assert await town.ends("tried") == ["reached"]


async def test_a_goal_that_is_known_before_its_trigger_is_reached_at_once(town: Town) -> None:
    await town.runs(PLAN)
    await town.happens(EventKind.PRODUCT_BOUGHT)
    await town.ticks()
    await town.happens(EventKind.LARGE_INFLOW, amount=100_000, at=NOON - timedelta(days=1))
    await town.ticks()
    assert (await town.ends("tried"), await town.said("tried")) == (["reached"], [])


async def test_two_ticks_at_once_do_each_step_once(town: Town) -> None:
    await town.runs(PLAN)
    for number in range(12, 17):
        await town.customer(number)
        await town.happens(EventKind.LARGE_INFLOW, number, amount=100_000)
    await asyncio.gather(*(town.tick() for _ in range(4)))
    await town.ticks()
    town.at(town.now + timedelta(days=5))
    await asyncio.gather(*(town.tick() for _ in range(4)))
    await town.ticks()
    assert await town.ends("tried") == ["completed"] * 5
    assert await town.tasks() == 5
    assert await town.rows("SELECT count(*) FROM deliveries WHERE campaign = 'journey:tried'") == [(5,)]


async def test_who_opts_out_is_restricted_or_erased_leaves_with_the_reason_and_hears_no_more(town: Town) -> None:
    await town.runs(PLAN)
    for number in (12, 13):
        await town.customer(number)
    for number in (11, 12, 13):
        await town.happens(EventKind.LARGE_INFLOW, number, amount=100_000)
    await town.ticks()
    async with town.app.database.unit_of_work() as uow:
        await SqlMemberStore(uow, town.app.world.vault).withdraw_consent(11, Purpose.MARKETING, town.now)
    restrict = (
        "INSERT INTO customer_restrictions (customer_id, kind, since, set_by) VALUES (:id, 'suspended', :now, 'x')"
    )
    await town.does(restrict, id=town.customers[12], now=town.now)
    await town.does("DELETE FROM data_keys WHERE owner = 'member:13'")
    await town.passes(minutes=1)
    assert await town.ends("tried") == ["opted_out", "restricted", "erased"]
    assert [await town.said("tried", number) for number in (11, 12, 13)] == [[], [], []]
    cancelled = "SELECT count(*) FROM deliveries WHERE campaign = 'journey:tried' AND state = 'cancelled'"
    assert await town.rows(cancelled) == [(3,)]


async def test_only_a_second_person_releases_and_a_version_is_kept_to_its_end(town: Town) -> None:
    await town.loads(PLAN)
    async with town.app.database.unit_of_work() as uow:
        desk = town.app.services(uow).journeys
        assert await desk.release("tried", None, f" {AUTHOR} ", "x") is JourneyRefusal.SAME_PERSON
        assert await desk.release("other", None, RELEASER, "x") is JourneyRefusal.NO_JOURNEY
        assert await desk.release("tried", 7, RELEASER, "x") is JourneyRefusal.NO_VERSION
    await town.happens(EventKind.LARGE_INFLOW, amount=100_000)
    await town.ticks()
    assert await town.ends("tried") == []  # Nothing runs before its release.
    await town.runs(PLAN)
    await town.happens(EventKind.LARGE_INFLOW, amount=100_000)
    await town.ticks()
    await town.runs(PLAN.replace("谢谢", "多谢"))
    await town.customer(12)
    await town.happens(EventKind.LARGE_INFLOW, 12, amount=100_000)
    await town.ticks()
    for number in (11, 12):
        await town.happens(EventKind.PAID, number)
    await town.ticks()
    assert ((await town.said("tried"))[-1], (await town.said("tried", 12))[-1]) == ("谢谢。", "多谢。")
    done = await town.rows("SELECT change, version, made_by FROM journey_changes ORDER BY id")
    assert done == [("load", 1, AUTHOR), ("release", 1, RELEASER), ("load", 2, AUTHOR), ("release", 2, RELEASER)]


async def test_a_paused_journey_stands_still_and_a_stopped_one_ends_for_everybody(town: Town) -> None:
    await town.runs(PLAN)
    await town.happens(EventKind.LARGE_INFLOW, amount=100_000)
    await town.ticks()

    async def change(what: Change) -> object:
        async with town.app.database.unit_of_work() as uow:
            return await town.app.services(uow).journeys.change("tried", what, RELEASER, "x")

    await change(Change.PAUSE)
    await town.passes(days=6)
    await town.customer(12)
    await town.happens(EventKind.LARGE_INFLOW, 12, amount=100_000)
    await town.ticks()
    assert (await town.deeds("tried"), await town.ends("tried")) == ([("first", "sent")], [None])
    assert await change(Change.PAUSE) is JourneyRefusal.NOT_RUNNING
    await change(Change.RESUME)
    await town.ticks()
    assert await town.ends("tried") == ["completed"]
    await town.happens(EventKind.LARGE_INFLOW, 12, amount=100_000)
    await town.ticks()
    await change(Change.STOP)
    assert await town.ends("tried") == ["completed", "stopped"]
    assert await town.said("tried", 12) == []
    assert await change(Change.STOP) is JourneyRefusal.STOPPED_ALREADY
    async with town.app.database.unit_of_work() as uow:
        [found] = await town.app.services(uow).journeys.overviews()
    assert (found.journey.state, found.figures.entered) == (JourneyState.STOPPED, 2)


async def test_who_is_held_out_hears_no_offer_but_every_service(town: Town) -> None:
    await town.runs(PLAN.replace("hold_out: 0", "hold_out: 9999"))
    await town.happens(EventKind.LARGE_INFLOW, amount=100_000)
    await town.ticks()
    await town.happens(EventKind.PAID)
    await town.ticks()
    assert await town.deeds("tried") == [("first", "held_out"), ("asked", "then"), ("thanks", "sent")]
    assert await town.said("tried") == ["谢谢。"]
    ledger = "SELECT kind, state FROM deliveries WHERE campaign = 'journey:tried' ORDER BY id"
    assert await town.rows(ledger) == [("marketing", "held_out"), ("service", "planned")]


async def test_who_comes_to_belong_to_an_audience_enters_and_who_stays_does_not_again(town: Town) -> None:
    trigger = "trigger: {audience: class = B}"
    await town.runs(PLAN.replace("trigger: {event: large_inflow, amount: 1000, within: 7}", trigger))
    await town.customer(12, "B")
    await town.ticks()
    assert await town.ends("tried") == [None]
    await town.does("UPDATE customer_classes SET letter = 'B' WHERE customer_id = :id", id=town.customers[11])
    await town.ticks()
    assert await town.ends("tried") == [None]  # Looked at once a day, and with each new run.
    await town.passes(days=1)
    assert await town.ends("tried") == [None, None]
    await town.passes(days=20)
    assert await town.ends("tried") == ["completed", "completed"]


async def test_a_journey_is_for_those_of_its_line_alone(town: Town) -> None:
    await town.runs(PLAN.replace("{again_after: 10}", "{audience: class = A}"))
    await town.customer(12, "B")
    for number in (11, 12):
        await town.happens(EventKind.LARGE_INFLOW, number, amount=100_000)
    await town.ticks()
    who = await town.rows("SELECT customer_id FROM journey_entries")
    assert who == [(town.customers[11],)]


async def test_the_evidence_of_a_message_names_the_version_and_what_began_it(town: Town) -> None:
    await town.runs(PLAN)
    await town.happens(EventKind.LARGE_INFLOW, amount=100_000)
    await town.ticks()
    [(number,)] = await town.rows("SELECT id FROM deliveries WHERE campaign = 'journey:tried'")
    async with town.app.database.unit_of_work() as uow:
        found = await SqlEvidence(uow).of(number)
    assert found is not None
    assert (found.version, found.why.trigger, found.why.source, found.why.place) == (1, "large_inflow", "file", "arm")
    assert found.why.letter == "A"


async def test_an_entry_that_cannot_go_on_is_tried_later_and_stops_nobody_else(town: Town) -> None:
    await town.runs(PLAN)
    await town.customer(12)
    for number in (11, 12):
        await town.happens(EventKind.LARGE_INFLOW, number, amount=100_000)
    [(name,)] = await town.rows("SELECT name FROM members WHERE id = 11")
    await town.does("UPDATE members SET name = '\\x00' WHERE id = 11")  # A sealed name that does not open.
    await town.ticks()
    assert (await town.said("tried"), len(await town.said("tried", 12))) == ([], 1)
    await town.does("UPDATE members SET name = :name WHERE id = 11", name=name)
    await town.passes(seconds=59)
    assert await town.said("tried") == []
    await town.passes(seconds=1)
    assert len(await town.said("tried")) == 1


async def test_an_event_that_cannot_be_taken_rests_and_holds_up_no_other(town: Town) -> None:
    await town.runs(PLAN)
    await town.customer(12)
    for statement in REFUSES:
        await town.does(statement.format(customer=town.customers[11]))
    for number in (11, 12):
        await town.happens(EventKind.LARGE_INFLOW, number, amount=100_000)
    await town.ticks()
    assert await town.rows("SELECT customer_id FROM journey_entries") == [(town.customers[12],)]
    assert await town.rows("SELECT look, times FROM setbacks") == [("journey_events", 1)]
    await town.does("DROP TRIGGER refuses ON journey_entries")
    await town.passes(minutes=1)
    assert len(await town.said("tried")) == 1
    assert await town.rows("SELECT look FROM setbacks") == []


async def test_many_who_enter_at_once_take_no_more_statements_than_few(town: Town) -> None:
    await town.runs(PLAN)
    numbers = range(12, 30)
    for number in numbers:
        await town.customer(number)

    async def statements(*who: int) -> int:
        for number in who:
            await town.happens(EventKind.LARGE_INFLOW, number, amount=100_000)
        counted = 0

        def count(*_: object) -> None:
            nonlocal counted
            counted += 1

        engine = town.app.database.engine.sync_engine
        listen(engine, "before_cursor_execute", count)
        await town.tick()
        await town.tick()
        remove(engine, "before_cursor_execute", count)
        return counted

    few, many = await statements(11, 12), await statements(*numbers[1:])
    assert len(await town.ends("tried")) == 19
    assert many <= few


async def test_in_any_order_of_ticks_and_events_nobody_is_in_two_places_and_no_step_is_done_twice(town: Town) -> None:
    chance = random.Random(20_261_102)
    await town.runs(PLAN)
    for number in (12, 13):
        await town.customer(number)
    for _ in range(40):
        if chance.random() < 0.6:
            kind = chance.choice(
                (EventKind.LARGE_INFLOW, EventKind.LARGE_INFLOW, EventKind.PAID, EventKind.PRODUCT_BOUGHT)
            )
            late = town.now - timedelta(days=chance.randrange(9))
            await town.happens(kind, chance.choice((11, 12, 13)), at=late, amount=200_000)
        else:
            town.at(town.now + timedelta(hours=chance.randrange(60)))
            await asyncio.gather(*(town.tick() for _ in range(chance.randrange(1, 4))))
        twice = """SELECT journey, customer_id FROM journey_entries WHERE outcome IS NULL
            GROUP BY journey, customer_id HAVING count(*) > 1"""
        assert await town.rows(twice) == []
    await town.passes(days=5)
    await town.passes(days=5)
    ends = await town.ends("tried")
    assert len(ends) >= 5
    assert set(ends) <= {"completed", "reached"}
    once = """SELECT count(*) FROM deliveries WHERE campaign = 'journey:tried'"""
    deeds = """SELECT count(*) FILTER (WHERE deed = 'sent'), count(*) FILTER (WHERE deed = 'task_opened')
        FROM journey_steps"""
    [(sent, tasks)] = await town.rows(deeds)
    assert (await town.rows(once), await town.tasks()) == ([(sent,)], tasks)


async def test_a_step_by_text_message_is_planned_once_outside_of_the_chat_and_taken_back_at_the_goal(
    town: Town,
) -> None:
    await town.runs(PLAN.replace("{kind: marketing, text", "{kind: marketing, channel: sms, text"))
    await town.happens(EventKind.LARGE_INFLOW, amount=100_000)
    await town.ticks()
    kept = "SELECT channel, customer_id, state FROM channel_messages WHERE campaign = 'journey:tried'"
    assert await town.rows(kept) == [("sms", town.customers[11], "planned")]
    await town.happens(EventKind.PRODUCT_BOUGHT)
    await town.ticks()
    assert await town.rows(kept) == [("sms", town.customers[11], "cancelled")]
    assert await town.ends("tried") == ["reached"]


async def test_events_that_nothing_heeds_take_no_turn_but_still_answer_a_branch(town: Town) -> None:
    await town.runs(PLAN.replace("{happened: paid, then", "{happened: logged_in, then"))
    await town.happens(EventKind.LARGE_INFLOW, amount=100_000)
    await town.ticks()
    for _ in range(3):
        await town.happens(EventKind.LOGGED_IN)
    assert await town.tick() == 0
    await town.passes(days=5)
    assert (await town.said("tried"))[-1] == "谢谢。"
