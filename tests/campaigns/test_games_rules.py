"""Games of booths: every kind passes in the end or shows the way to a clerk, and nothing counts after that."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from campaigns.games.model import Attempt, Game, GameKind, GameRefusal, Move, Option
from campaigns.games.rules import answer, begin, confirm, hand_in, send_back, spin

OPTIONS = tuple(Option(each, each) for each in "甲乙丙丁")
QUIZ = Game(GameKind.QUIZ, "哪一个？", "Which one?", OPTIONS, answer=3, tries=2)
SPIN = Game(GameKind.SPIN, tries=3)
STAFF, PHOTO = Game(GameKind.STAFF, "投中", "Hit it"), Game(GameKind.PHOTO, "合影", "A picture")


def played(game: Game, *options: int) -> Attempt | GameRefusal:
    """A quiz after these answers."""
    found: Attempt | GameRefusal = begin(game)
    for option in options:
        assert isinstance(found, Attempt)
        found = answer(game, found, option)
    return found


def test_a_scan_is_worth_the_stamp_and_a_task_waits_for_a_clerk() -> None:
    assert begin(Game(GameKind.SCAN)).state is Move.PASSED
    assert begin(STAFF).state is Move.WAITING
    assert {begin(game).state for game in (QUIZ, SPIN, PHOTO)} == {Move.AGAIN}


def test_a_quiz_passes_with_the_right_option_and_is_over_with_the_last_wrong_one() -> None:
    assert played(QUIZ, 3) == Attempt(1, Move.PASSED)
    assert played(QUIZ, 1) == Attempt(1, Move.AGAIN)
    assert played(QUIZ, 1, 3) == Attempt(2, Move.PASSED)
    assert played(QUIZ, 1, 2) == Attempt(2, Move.OVER)
    assert played(QUIZ, 3, 3) is GameRefusal.ALREADY_PASSED
    assert played(QUIZ, 1, 2, 3) is GameRefusal.NO_TRIES_LEFT
    assert played(QUIZ, 9) is GameRefusal.NOT_THIS_GAME
    assert answer(SPIN, begin(SPIN), 1) is GameRefusal.NOT_THIS_GAME


@given(tries=st.integers(1, 9), draws=st.lists(st.integers(0, 8), min_size=9, max_size=9))
def test_a_wheel_always_passes_within_its_spins_and_at_once_where_0_is_drawn(tries: int, draws: list[int]) -> None:
    game, found, used = Game(GameKind.SPIN, tries=tries), Attempt(), 0
    while found.state is Move.AGAIN:
        moved = spin(game, found, draws[used])
        assert isinstance(moved, Attempt)
        found, used = moved, used + 1
    first = draws.index(0) + 1 if 0 in draws else tries
    assert used == min(first, tries) <= tries
    assert found == Attempt(used, Move.PASSED)
    assert spin(game, found, 0) is GameRefusal.ALREADY_PASSED


@given(tries=st.integers(1, 9), answers=st.lists(st.integers(1, 4), min_size=9, max_size=9))
def test_no_quiz_takes_more_answers_than_it_allows(tries: int, answers: list[int]) -> None:
    game, found = replace(QUIZ, tries=tries), begin(QUIZ)
    for option in answers:
        moved = answer(game, found, option)
        if isinstance(moved, GameRefusal):
            break
        found = moved
    assert found.tries <= tries
    assert found.state is (Move.PASSED if 3 in answers[:tries] else Move.OVER)


def test_a_picture_waits_for_a_clerk_who_takes_it_or_asks_for_another() -> None:
    sent = hand_in(PHOTO, begin(PHOTO))
    assert sent == Attempt(1, Move.WAITING)
    assert send_back(PHOTO, sent) == Attempt(1, Move.AGAIN)
    assert hand_in(PHOTO, Attempt(1, Move.AGAIN)) == Attempt(2, Move.WAITING)
    assert confirm(PHOTO, sent) == Attempt(1, Move.PASSED)
    assert confirm(PHOTO, begin(PHOTO)) is GameRefusal.NOT_BEGUN
    assert send_back(PHOTO, Attempt(1, Move.PASSED)) is GameRefusal.ALREADY_PASSED
    assert send_back(PHOTO, begin(PHOTO)) is GameRefusal.NOT_BEGUN
    assert send_back(STAFF, begin(STAFF)) is GameRefusal.NOT_THIS_GAME
    assert hand_in(STAFF, begin(STAFF)) is GameRefusal.NOT_THIS_GAME
    assert hand_in(PHOTO, Attempt(1, Move.PASSED)) is GameRefusal.ALREADY_PASSED


def test_a_clerk_helps_whoever_has_no_tries_left_and_nobody_who_has() -> None:
    assert confirm(QUIZ, Attempt(2, Move.OVER)) == Attempt(2, Move.PASSED)
    assert confirm(STAFF, begin(STAFF)) == Attempt(0, Move.PASSED)
    assert confirm(QUIZ, Attempt(1, Move.AGAIN)) is GameRefusal.NOT_THIS_GAME
    assert confirm(QUIZ, Attempt(1, Move.PASSED)) is GameRefusal.ALREADY_PASSED


def test_a_quiz_says_its_answer_to_nobody() -> None:
    assert "answer" not in repr(QUIZ)
