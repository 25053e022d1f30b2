"""Zones and the money game by their rules: free times, who may book, and one answer a round."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.catalogue.faults import CatalogueFault
from campaigns.catalogue.files import plain, read_catalogue, restored, written
from campaigns.catalogue.zones import ZoneKind
from campaigns.compliance.verdicts import Context, Outcome, Venue
from campaigns.compliance.words import check
from campaigns.forms.faults import FileError
from campaigns.forms.model import FaultCode
from campaigns.members.model import Language
from campaigns.minigames.model import Played
from campaigns.minigames.rules import answer, money_game
from campaigns.zones.model import Booking, BookingRefusal
from campaigns.zones.rules import AHEAD, LATEST, SHOWN, book, cancel, free_slots
from handlers.wording.minigames import ask, lesson, options

TEXT = (Path(__file__).resolve().parents[2] / "campaigns" / "catalogue" / "example.yaml").read_text("utf-8")
CATALOGUE = read_catalogue(TEXT)
ZONES = CATALOGUE.zones
LOCAL = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)  # Nine o'clock in Shanghai.
moments = st.integers(0, 60 * 24 * 30).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


def test_the_shipped_zones_are_those_of_the_papers_and_are_kept_as_they_were_read() -> None:
    assert {each.kind for each in ZONES.values()} == set(ZoneKind)
    assert ZONES["community-day"].services == ("social-card", "fraud-talk")
    assert ZONES["community-day"].weekdays == (3,)
    assert ZONES["kids-corner"].game
    assert restored(plain(CATALOGUE)) == CATALOGUE
    assert read_catalogue(written(CATALOGUE)) == CATALOGUE


@pytest.mark.parametrize(
    ("was", "becomes", "code", "place"),
    [
        ("weekdays: [3]", "weekdays: [8]", FaultCode.BAD_LIST, "zones.4.weekdays"),
        ('from: "08:00"', "from: 8 o'clock", FaultCode.BAD_CHOICE, "zones.3.from"),
        (
            'until: "11:30"\n    minutes: 40',
            'until: "10:00"\n    minutes: 40',
            CatalogueFault.ENDS_EARLY,
            "zones.2.until",
        ),
        ("[social-card, fraud-talk]", "[social-card, magic]", CatalogueFault.UNKNOWN_PRODUCT, "zones.4.services.2"),
        ("不现场销售", "保本保收益，不现场销售", FaultCode.FORBIDDEN_WORD, "zones.1.about"),
    ],
)
def test_each_mistake_of_a_zone_is_told_by_its_place(was: str, becomes: str, code: object, place: str) -> None:
    assert TEXT.count(was) == 1
    with pytest.raises(FileError) as caught:
        read_catalogue(TEXT.replace(was, becomes))
    assert [(each.code, each.place) for each in caught.value.faults] == [(code, place)]


@settings(max_examples=40)
@given(st.sampled_from(sorted(ZONES)), moments, st.integers(0, 10))
def test_every_free_time_can_be_booked_and_nothing_else(code: str, now: datetime, heads: int) -> None:
    zone = ZONES[code]
    every = [each.starts_at for each in free_slots(zone, {}, now, LOCAL)]
    assert every == sorted(set(every))
    assert len(every) <= SHOWN
    for starts_at in every:
        assert starts_at.astimezone(LOCAL).isoweekday() in zone.weekdays
        assert LATEST < starts_at - now < AHEAD + timedelta(days=1)
        assert book(zone, starts_at, [], now, LOCAL) is None
    taken = dict.fromkeys(every[:1], heads)
    left = {each.starts_at: each.left for each in free_slots(zone, taken, now, LOCAL)}
    assert left.get(every[0], 0) == max(zone.places - heads, 0)
    assert book(zone, every[0] + timedelta(minutes=7), [], now, LOCAL) is BookingRefusal.NO_SLOT
    assert book(None, every[0], [], now, LOCAL) is BookingRefusal.NO_ZONE


def test_one_place_a_day_and_nothing_at_the_last_minute() -> None:
    zone = ZONES["wealth-corner"]
    starts_at = datetime(2026, 11, 23, 9, 30, tzinfo=LOCAL)
    own = Booking(1, zone.code, 1, starts_at, date(2026, 11, 23), 1, 7)
    later = starts_at + timedelta(hours=2)
    assert book(zone, later, [own], MONDAY, LOCAL) is BookingRefusal.SAME_DAY
    assert book(zone, later + timedelta(days=1), [own], MONDAY, LOCAL) is None
    assert book(zone, later + timedelta(days=28), [], MONDAY, LOCAL) is BookingRefusal.NO_SLOT
    assert book(zone, starts_at, [], starts_at - LATEST, LOCAL) is BookingRefusal.TOO_LATE
    assert cancel(own, starts_at - LATEST) is BookingRefusal.TOO_LATE
    assert cancel(own, starts_at - LATEST - timedelta(seconds=1)) is None
    assert cancel(None, MONDAY) is BookingRefusal.NO_BOOKING


@given(st.lists(st.integers(0, 4), max_size=12))
def test_each_round_of_the_game_is_answered_once_and_the_last_one_ends_it(taps: list[int]) -> None:
    game, played = money_game(), Played(7, None, False, 0, 0, MONDAY)
    for option in taps:
        before = played
        outcome = answer(game, played, played.answered + 1, option, MONDAY)
        if outcome is not None:
            played, is_right = outcome
            assert played.right - before.right == is_right
            assert answer(game, played, before.answered + 1, option, MONDAY) is None
    assert played.right <= played.answered <= len(game.rounds)
    assert (played.ended_at is not None) is (played.answered == len(game.rounds))


@pytest.mark.parametrize("language", Language)
def test_every_round_has_one_right_answer_a_lesson_and_words_that_pass_the_gate(language: Language) -> None:
    game = money_game()
    for at, each in enumerate(game.rounds):
        played = Played(7, None, False, at, 0, MONDAY)
        assert 2 <= len(each.game.options) <= 4
        assert 1 <= each.game.answer <= len(each.game.options)
        said = [ask(played, language), *options(played, language), lesson(each, language, is_right=True)]
        for words in said:
            assert check(words, Context(venue=Venue.GROUP)).outcome is not Outcome.BLOCK, words
    assert options(Played(7, None, False, len(game.rounds), 3, MONDAY), language) == []
