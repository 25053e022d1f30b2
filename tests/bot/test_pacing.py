"""The pace is Telegram's own: in no window do more calls leave than the platform takes."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pacing import AHEAD, SOON, Family, Pacer

START = datetime(2026, 11, 21, 4, tzinfo=UTC)
GROUPS, PEOPLE = (-100, -200), (7, 8, 9)
CALLS = st.sampled_from(
    [(chat, method) for chat in GROUPS for method in ("sendMessage", "editMessageText", "pinChatMessage")]
    + [(chat, method) for chat in PEOPLE for method in ("sendMessage", "editMessageText")]
)


@dataclass
class Street:
    """A pacer, its clock, and when each call left."""

    now: datetime = START
    left: list[tuple[datetime, int, str]] = field(default_factory=list)
    pacer: Pacer = field(init=False)

    def __post_init__(self) -> None:
        self.pacer = Pacer(lambda: self.now)

    def calls(self, chat: int, method: str) -> bool:
        if place := self.pacer.take(chat, method):
            self.left.append((place, chat, method))
        return place is not None

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def most(self, seconds: float, times: list[datetime]) -> int:
        """The most calls in any window of this length."""
        window = timedelta(seconds=seconds)
        return max((sum(start <= time < start + window for time in times) for start in times), default=0)


def is_edit(method: str) -> bool:
    return method.startswith("edit")


def check_limits(street: Street) -> None:
    """Telegram's published numbers, in every window."""
    assert street.most(1, [at for at, _, _ in street.left]) <= 30
    for group in GROUPS:
        edits = [at for at, chat, method in street.left if chat == group and is_edit(method)]
        messages = [at for at, chat, method in street.left if chat == group and method == "sendMessage"]
        assert street.most(60, edits) <= 20
        assert street.most(60, messages) <= 20
    for person in PEOPLE:
        for family in (True, False):
            calls = [at for at, chat, method in street.left if chat == person and is_edit(method) is family]
            assert street.most(1, calls) <= 3
            assert street.most(60, calls) <= 60


@given(st.lists(st.tuples(CALLS, st.floats(0, 5)), max_size=150))
@settings(max_examples=60, deadline=None)
def test_whatever_is_asked_for_no_window_holds_more_than_telegram_takes(
    wanted: list[tuple[tuple[int, str], float]],
) -> None:
    street = Street()
    for (chat, method), pause in wanted:
        street.calls(chat, method)
        street.passes(pause)
    check_limits(street)


def test_a_greedy_sender_is_held_to_every_limit_for_minutes() -> None:
    street = Street()
    for _ in range(1800):  # Three minutes, ten looks a second, every chat wants to send and to edit.
        for chat in (*GROUPS, *PEOPLE):
            street.calls(chat, "sendMessage")
            street.calls(chat, "editMessageText")
        street.passes(0.1)
    check_limits(street)
    in_group = [at for at, chat, method in street.left if chat == GROUPS[0] and not is_edit(method)]
    assert len(in_group) >= 3 * 17


def test_thirty_people_at_once_are_served_within_two_seconds() -> None:
    street = Street()
    people = set(range(1, 31))
    while people and street.now < START + timedelta(seconds=2):
        people -= {person for person in people if street.calls(person, "sendMessage")}
        street.passes(0.05)
    assert not people
    assert street.most(1, [at for at, _, _ in street.left]) <= 30


def test_a_busy_group_does_not_hold_up_a_quiet_one() -> None:
    street = Street()
    while street.calls(-100, "sendMessage"):
        pass
    assert street.calls(-200, "sendMessage")


def test_a_group_that_may_take_no_message_may_take_an_edit() -> None:
    street = Street()
    while street.calls(-100, "sendMessage"):
        pass
    assert street.calls(-100, "editMessageText")
    assert street.pacer.cooling(Family.SEND) == [-100]


def test_a_chat_that_telegram_penalised_waits_as_long_as_it_said() -> None:
    street = Street()
    street.calls(-100, "sendMessage")
    street.pacer.penalise(-100, "sendMessage", timedelta(seconds=35))
    street.passes(34)
    assert street.pacer.cooling(Family.SEND) == [-100]
    assert not street.calls(-100, "sendMessage")
    street.passes(1.01)
    assert street.calls(-100, "sendMessage")


def test_a_penalty_of_a_clock_that_is_turned_back_holds_nobody_up() -> None:
    street = Street()
    street.passes(3_600)
    street.pacer.penalise(7, "sendMessage", timedelta(seconds=35))
    street.passes(-3_600)
    assert street.pacer.cooling(Family.SEND) == []
    assert street.calls(7, "sendMessage")


def test_what_rests_long_enough_is_forgotten_and_fresh_again() -> None:
    street = Street()
    street.calls(-100, "sendMessage")
    street.passes(3600)
    assert street.pacer.cooling(Family.SEND) == []
    assert street.calls(-100, "sendMessage")


def test_a_clock_that_is_turned_back_holds_nobody_up() -> None:
    street = Street()
    while street.calls(7, "sendMessage"):
        pass
    street.passes(-3600)
    assert street.pacer.cooling(Family.SEND) == []
    assert street.calls(7, "sendMessage")


def test_pins_take_no_chats_place() -> None:
    street = Street()
    while street.calls(-100, "sendMessage"):
        pass
    assert street.calls(-100, "pinChatMessage")


def test_small_talk_leaves_places_to_what_must_arrive() -> None:
    street = Street()
    talked = 0
    for _ in range(60):
        talked += street.pacer.take(-100, "sendMessage", spare=8) is not None
        street.passes(1)
    assert talked <= 12
    assert street.calls(-100, "sendMessage")


@given(st.lists(st.floats(0.001, 0.15), min_size=20, max_size=60), st.floats(0, 3))
@settings(max_examples=30, deadline=None)
def test_places_booked_ahead_lose_no_pace_and_never_crowd_a_second(looks: list[float], rest: float) -> None:
    street, chats = Street(), count(1)
    street.passes(rest)
    begun, places = street.now, list[datetime]()
    for pause in looks:
        while place := street.pacer.book(next(chats), "sendMessage"):
            assert street.now <= place <= street.now + AHEAD
            places.append(place)
        street.passes(pause)
    assert street.most(1, places) <= 30
    assert len(places) >= (street.now - begun).total_seconds() * 30 * 0.99
    assert len(places) <= 30 * ((places[-1] - begun).total_seconds() + 0.2) + 1


def test_who_waits_for_a_handful_of_places_gets_it() -> None:
    street = Street()
    while street.pacer.room():
        street.pacer.book(street.pacer.room() + len(street.left), "pinChatMessage")
    street.now += street.pacer.room_after()
    assert street.pacer.room() > 1


def test_an_answer_leaves_at_once_though_places_are_booked_ahead() -> None:
    street, chats = Street(), count(1)
    while street.pacer.book(next(chats), "sendMessage"):
        street.passes(0)
    assert street.calls(7, "sendMessage")


def test_a_campaign_that_takes_every_place_holds_no_answer_up() -> None:
    street, chats, booked = Street(), count(100), list[datetime]()
    for second in range(60):
        for _ in range(20):
            while place := street.pacer.book(next(chats), "sendMessage"):
                booked.append(place)
            street.passes(0.05)
        assert street.calls(second + 1, "sendMessage")
        assert street.left[-1][0] - street.now <= SOON
    assert street.most(1, sorted(booked + [at for at, _, _ in street.left])) <= 30
    assert len(booked) >= 60 * 28


def test_a_crowd_that_asks_for_answers_leaves_places_to_the_campaign() -> None:
    street, chats, booked = Street(), count(100), list[datetime]()
    for _ in range(240):  # In the first two seconds answers take what is free.
        while street.calls(next(chats), "sendMessage"):
            pass
        if place := street.pacer.book(next(chats), "sendMessage"):
            booked.append(place)
        street.passes(0.05)
    assert street.most(1, sorted(booked + [at for at, _, _ in street.left])) <= 30
    assert len(booked) >= 10 * 9
    assert len(street.left) >= 12 * 19


def test_a_clock_that_was_turned_back_holds_nobody_up() -> None:
    street, chats = Street(), count(1)
    while street.pacer.book(next(chats), "sendMessage"):
        street.passes(0)
    street.passes(-3600)
    assert street.pacer.room() > 1
    assert street.pacer.book(7, "sendMessage") == street.now
