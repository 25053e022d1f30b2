"""How long a queue takes and whose turn it is: paces that no rush or break turns, and each number called once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from campaigns.rallies.model import BoothState
from campaigns.waits.model import Number, WaitCode, WaitState
from campaigns.waits.rules import (
    CALLED_AT_ONCE,
    NEARLY,
    PATIENCE,
    ahead_of,
    minutes,
    seconds_each,
    steps,
    why_no_number,
)
from tests.handlers.test_stamp_cards import rally

NOW = datetime(2026, 12, 5, 4, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def number(at: int, state: WaitState = WaitState.WAITING, called: timedelta | None = None) -> Number:
    return Number(at, 1, 3, 100 + at, at, state, NOW, called_at=NOW - called if called is not None else None)


def test_before_there_are_stamps_the_plans_word_counts() -> None:
    assert seconds_each(90, [], NOW) == 90
    assert seconds_each(90, [NOW - SECOND] * 3, NOW) == 90


def test_the_pace_is_that_of_the_stamps_of_late() -> None:
    regular = [NOW - 40 * SECOND * at for at in range(10)]
    assert seconds_each(90, regular, NOW) == 40
    assert seconds_each(90, [*regular, *(NOW - timedelta(hours=1) - SECOND * at for at in range(50))], NOW) == 40


def test_a_break_or_a_burst_does_not_turn_the_pace() -> None:
    with_a_break = [NOW - 40 * SECOND * at - (timedelta(minutes=4) if at > 4 else SECOND * 0) for at in range(10)]
    assert seconds_each(90, with_a_break, NOW) == 40
    assert seconds_each(60, [NOW] * 50, NOW) == 15
    assert seconds_each(20, [NOW - timedelta(minutes=3) * at for at in range(5)], NOW) == 60


def test_twelve_visitors_of_a_minute_each_are_about_twelve_minutes() -> None:
    assert [minutes(0, 60), minutes(1, 20), minutes(12, 60)] == [0, 1, 12]


def test_the_first_two_are_called_and_the_next_three_told() -> None:
    due = steps([number(at) for at in range(1, 9)], NOW, is_open=True)
    assert [each.number for each in due.called] == [1, 2]
    assert [each.number for each in due.told] == [1, 2, 3]
    assert due.missed == ()


def test_who_did_not_come_is_passed_over_and_the_next_one_is_called() -> None:
    queue = [number(1, WaitState.CALLED, PATIENCE), number(2, WaitState.CALLED, SECOND), number(3), number(4)]
    due = steps(queue, NOW, is_open=True)
    assert ([each.number for each in due.missed], [each.number for each in due.called]) == ([1], [3])


def test_while_a_booth_is_paused_nobody_is_called_or_passed_over() -> None:
    due = steps([number(1, WaitState.CALLED, 2 * PATIENCE), number(2)], NOW, is_open=False)
    assert (due.missed, due.called, due.told) == ((), (), ())


def test_a_booth_gives_numbers_in_its_hours_unless_it_is_paused() -> None:
    booth = rally().booths[0]
    assert why_no_number(booth, booth.opens_at) is None
    assert why_no_number(booth, booth.closes_at) is WaitCode.CLOSED
    assert why_no_number(booth, booth.opens_at - SECOND) is WaitCode.CLOSED
    assert why_no_number(replace(booth, state=BoothState.PAUSED, reason="停电"), booth.opens_at) is WaitCode.PAUSED


@given(
    st.lists(
        st.tuples(st.sampled_from([WaitState.WAITING, WaitState.CALLED]), st.integers(0, 400), st.booleans()),
        max_size=12,
    )
)
def test_at_any_moment_few_are_called_in_order_and_nobody_is_told_twice(
    drawn: list[tuple[WaitState, int, bool]],
) -> None:
    queue = [
        replace(
            number(at, state, seconds * SECOND if state is WaitState.CALLED else None),
            told_at=NOW if is_told else None,
        )
        for at, (state, seconds, is_told) in enumerate(drawn, start=1)
    ]
    due = steps(queue, NOW, is_open=True)
    still = [each for each in queue if each.state is WaitState.CALLED and each not in due.missed]
    waiting = [each for each in queue if each.state is WaitState.WAITING]
    assert len(still) + len(due.called) <= max(CALLED_AT_ONCE, len(still))
    assert list(due.called) == waiting[: len(due.called)]
    rest = [each for each in queue if each not in due.missed]
    assert all(each.told_at is None and ahead_of(each, rest) <= NEARLY for each in due.told)
