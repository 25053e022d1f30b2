"""A journey's course and file: whatever the order of ticks and events, everybody is in one place and every way ends."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from campaigns.events.model import Event, EventKind
from campaigns.experiments.model import GlobalControl
from campaigns.forms.faults import FileError
from campaigns.journeys.course import Pause, arrive, begins, done, hear, may_enter, start, until
from campaigns.journeys.files import flat, plain, read_journey, restored
from campaigns.journeys.model import (
    Branch,
    Change,
    Edition,
    Entry,
    Figures,
    Journey,
    JourneyRefusal,
    JourneyState,
    Outcome,
    Overview,
    Wait,
)
from campaigns.journeys.rules import is_held_out, is_same_person, may_change
from campaigns.members.model import Language
from handlers.wording.audiences import LEXICON
from handlers.wording.journey_files import fault
from handlers.wording.journeys import overviews, picture

NOW, ZONE = datetime(2026, 11, 2, 4, tzinfo=UTC), ZoneInfo("Asia/Shanghai")
SHIPPED = sorted((Path(__file__).resolve().parents[2] / "campaigns" / "journeys").glob("*.yaml"))
PLAN = """
journey: tried
title: 试 | A try
why: 您买了东西 | you bought something
trigger: {event: large_inflow, amount: 1000}
entry: {again_after: 3}
goal: product_bought
steps:
  - id: hello
    send: {kind: marketing, text: 您好 | Hello}
  - id: rest
    wait: {until: paid, days: 4}
  - id: asked
    branch: {happened: paid, then: thanks, else: call}
  - id: call
    task: {why: 请联系 | call}
  - id: morning
    wait: {days: 1, at: 09:00}
    next: over
  - id: thanks
    send: {kind: service, text: 谢谢 | Thanks}
  - id: over
    end: completed
"""
WHOLE = read_journey(PLAN, LEXICON)
KINDS = (EventKind.LARGE_INFLOW, EventKind.PAID, EventKind.PRODUCT_BOUGHT, EventKind.LOGGED_IN)


def test_every_shipped_journey_is_whole_passes_the_gate_and_is_the_same_when_it_is_kept() -> None:
    assert len(SHIPPED) == 11
    for file in SHIPPED:
        plan = read_journey(file.read_text("utf-8"), LEXICON)
        assert (restored(plain(plan)), plan.name) == (plan, file.stem)
        drawn = picture(Edition(plan, 1, "王", NOW, ""), Language.ZH)
        assert all(f"├─ {step.id}: " in drawn for step in plan.steps)


FAULTS = (
    ("journey: tried", "journey: Tried!", 2, "a code takes"),
    ("event: large_inflow, amount: 1000", "amount: 1000", 5, "either `event` or `audience`"),
    ("event: large_inflow", "event: large_outflow", 5, "takes one of"),
    ("event: large_inflow, amount: 1000", "audience: agee > 3", 5, "cannot be read at character 1: agee"),
    ("again_after: 3", "again_after: 0", 6, "whole numbers"),
    ("{until: paid, days: 4}", "{until: paid}", 12, "days is missing"),
    ("{until: paid, days: 4}", '{until: paid, days: 4, at: "9:00"}', 12, "takes no time of day"),
    ("at: 09:00", 'at: "25:00"', 18, "25:00 is no time of day"),
    ("else: call", "else: nowhere", 13, "there is no step nowhere"),
    ("    next: over\n", "    next: rest\n", 17, "rest comes before this step"),
    ("then: thanks, else: call", "then: call, else: call", 20, "nothing leads to thanks"),
    ("- id: thanks", "- id: call", 15, "call is there twice"),
    ("task: {why: 请联系 | call}", "tag: salary", 16, "a journey may set"),
    ("task: {why: 请联系 | call}", "task: {why: 请联系}", 16, "takes 中文 | English"),
    ("您好 | Hello", "全国最好的银行 | Hello", 10, "may not be used"),
    ("kind: marketing", "kind: marketing, channel: group", 10, "takes one of"),
    ("end: completed", "end: later", 23, "takes one of"),
    ("goal: product_bought", "gaol: product_bought", 7, "is not known"),
)


def test_what_is_wrong_with_a_file_is_a_sentence_with_its_line() -> None:
    for old, new, line, said in FAULTS:
        with pytest.raises(FileError) as error:
            read_journey(PLAN.replace(old, new, 1), LEXICON)
        sentences = [fault(each, Language.EN) for each in error.value.faults]
        assert any(said in each and each.startswith(f"Line {line}: ") for each in sentences), sentences
        assert all(fault(each, Language.ZH) for each in error.value.faults)


def test_what_differs_between_two_versions_has_its_place() -> None:
    other = read_journey(PLAN.replace("days: 4", "days: 5"), LEXICON)
    assert {place for place, what in flat(other).items() if flat(WHOLE)[place] != what} == {"steps.rest.wait.days"}


def test_an_event_begins_what_it_fits_and_never_too_late() -> None:
    event = Event(EventKind.LARGE_INFLOW, NOW, "file", "1", amount=100_000)
    assert begins(WHOLE, event, NOW)
    assert not begins(WHOLE, replace(event, amount=99_999), NOW)
    assert not begins(WHOLE, replace(event, amount=None), NOW)
    assert not begins(WHOLE, replace(event, kind=EventKind.PAID), NOW)
    assert begins(WHOLE, event, NOW + timedelta(days=7))
    assert not begins(WHOLE, event, NOW + timedelta(days=7, seconds=1))


@given(st.integers(0, 40), st.integers(0, 24 * 60 - 1), st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001
@settings(max_examples=50)
def test_a_wait_for_a_time_of_day_ends_at_that_time_and_never_in_the_past(
    days: int, minute: int, now: datetime
) -> None:
    zone, moment = ZoneInfo("Europe/Berlin"), now.replace(tzinfo=UTC)
    at = time(minute // 60, minute % 60)
    due = until(Wait("w", days, at=at), moment, zone)
    assert (due.time(), due >= moment) == (at, True)
    assert days <= (due.date() - moment.astimezone(zone).date()).days <= days + 1


def test_only_a_second_person_and_only_what_a_state_allows() -> None:
    assert is_same_person("王 芳", "王芳")
    assert not is_same_person("王芳", "王方")
    assert is_same_person("王芳", "王芳 (12)")
    assert is_same_person("王芳芳 (12)", "王芳 (12)")
    assert not is_same_person("王芳 (12)", "王芳 (13)")
    assert not is_same_person("王芳(支行)", "王芳 (13)")
    assert may_change(JourneyState.RUNNING, Change.PAUSE) is JourneyState.PAUSED
    assert may_change(JourneyState.PAUSED, Change.RESUME) is JourneyState.RUNNING
    assert may_change(JourneyState.DRAFT, Change.RESUME) is JourneyRefusal.NOT_PAUSED
    assert may_change(JourneyState.DRAFT, Change.STOP) is JourneyState.STOPPED


def test_a_tenth_is_held_out_the_same_in_every_version_and_the_global_control_besides() -> None:
    nobody, some = GlobalControl("g", 0), GlobalControl("g", 500)
    units = [f"C{number}" for number in range(4_000)]
    held = {unit for unit in units if is_held_out(WHOLE, unit, nobody)}
    assert 330 < len(held) < 470
    assert held == {unit for unit in units if is_held_out(replace(WHOLE, steps=WHOLE.steps[:1]), unit, nobody)}
    assert len({unit for unit in units if is_held_out(WHOLE, unit, some)}) > len(held)


class Course(RuleBasedStateMachine):
    """One customer: events known in any order and late, ticks at any time; what the store would keep, kept here."""

    @initialize()
    def begin(self) -> None:
        self.now, self.events = NOW, list[Event]()
        self.entries, self.deeds = list[Entry](), Counter[tuple[int, str]]()

    @rule(kind=st.sampled_from(KINDS), hours=st.integers(0, 24 * 9))
    def an_event_is_known(self, kind: EventKind, hours: int) -> None:
        at = self.now - timedelta(hours=hours)
        event = Event(kind, at, "file", str(len(self.events)), amount=200_000, id=len(self.events) + 1)
        self.events.append(event)
        if begins(WHOLE, event, self.now) and may_enter(WHOLE.entry, self.entries, self.now):
            entry = Entry(len(self.entries), "tried", 1, event.id, event.kind, event.at, self.now)
            self.entries.append(start(WHOLE, entry))
        self.entries = [hear(WHOLE, entry, event, self.now) for entry in self.entries]

    @rule(hours=st.integers(0, 24 * 6))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.entries = [self.gone_on(entry) for entry in self.entries]

    @rule()
    def a_second_tick_comes_at_once(self) -> None:
        before = dict(self.deeds)
        self.time_passes(0)
        once = dict(self.deeds)
        self.time_passes(0)
        assert once == dict(self.deeds) or before != once

    @invariant()
    def nobody_is_in_two_places_and_no_step_is_done_twice(self) -> None:
        assert sum(each.outcome is None for each in self.entries) <= 1
        assert max(self.deeds.values(), default=1) == 1
        assert all((each.outcome is None) == (each.due_at is not None) for each in self.entries)

    def teardown(self) -> None:
        if not hasattr(self, "entries"):
            return
        for _ in range(4):
            self.time_passes(24 * 6)
        assert all(each.outcome in (Outcome.COMPLETED, Outcome.REACHED) for each in self.entries)

    def gone_on(self, entry: Entry) -> Entry:
        since = self.since(entry)
        while isinstance(stands := arrive(WHOLE, entry, self.now, ZONE, since.__contains__), Pause):
            self.deeds[entry.id, stands.id] += 1
            answer = isinstance(stands, Branch) and stands.happened in since
            entry = done(entry, stands, self.now, answer=answer)
        return stands

    def since(self, entry: Entry) -> set[EventKind]:
        return {each.kind for each in self.events if each.at >= entry.since and each.id != entry.event_id}


TestCourse = Course.TestCase
TestCourse.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_of_many_journeys_as_many_are_shown_with_their_buttons_as_a_message_takes() -> None:
    edition = Edition(WHOLE, 2, "王芳", NOW, "-")
    found = [
        Overview(Journey(f"tried-{at}", JourneyState.RUNNING, 1, 2), edition, "王芳", Figures()) for at in range(90)
    ]
    said = overviews(found, Language.EN, may_steer=True)
    assert len(said.text) <= 4096
    assert len(said.buttons) <= 100
    assert all(str(button.data).rpartition(":")[2] + "," in said.text for row in said.buttons for button in row)
    assert said.text.endswith("The others: `journeys list`.")
