"""What follows from an attempt to deliver: the whole table, and the promises that hold for every row of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.deliveries.model import Button, Delivery, Kind, Message, Reason, State
from campaigns.deliveries.rules import (
    LONGEST_BACKOFF,
    MAX_ATTEMPTS,
    REPEATABLE_METHODS,
    Ambiguous,
    Outcome,
    RateLimited,
    Refused,
    Sent,
    Undrawn,
    Unreachable,
    Verdict,
    after,
    backoff,
    closing,
)

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
SEND, EDIT = "sendMessage", "editMessageText"


def delivery(kind: Kind = Kind.SERVICE, method: str = SEND, *, attempts: int = 1, repeats: int = 0) -> Delivery:
    return Delivery(
        1, "chain:1", "reminder", -100, kind, method, {}, State.DISPATCHING, NOW, attempts=attempts, repeats=repeats
    )


def retry(reason: Reason, wait: float, *, repeats: bool = False) -> Verdict:
    return Verdict(State.RETRY, reason, NOW + timedelta(seconds=wait), repeats=repeats)


UNKNOWN_TIMED_OUT = Verdict(State.UNKNOWN, Reason.TIMED_OUT)
UNKNOWN_KILLED = Verdict(State.UNKNOWN, Reason.KILLED)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("method", [SEND, *sorted(REPEATABLE_METHODS)])
@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (Sent(7), Verdict(State.SENT, message_id=7)),
        (Sent(), Verdict(State.SENT)),
        (RateLimited(timedelta(seconds=9)), retry(Reason.RATE_LIMITED, 9)),
        (Unreachable(), retry(Reason.UNREACHABLE, 2)),
        (Undrawn(), retry(Reason.NOT_DRAWN, 2)),
        (Refused(Reason.BLOCKED, "said"), Verdict(State.SUPPRESSED, Reason.BLOCKED, detail="said")),
        (Refused(Reason.NO_PRIVATE_CHAT), Verdict(State.SUPPRESSED, Reason.NO_PRIVATE_CHAT)),
        (Refused(Reason.BOT_REMOVED), Verdict(State.SUPPRESSED, Reason.BOT_REMOVED)),
        (Refused(Reason.CARD_LOST), Verdict(State.FAILED, Reason.CARD_LOST)),
        (Refused(Reason.REFUSED_BY_PLATFORM, "said"), Verdict(State.FAILED, Reason.REFUSED_BY_PLATFORM, detail="said")),
    ],
)
def test_a_clear_answer_means_the_same_for_every_kind_and_method(
    kind: Kind, method: str, outcome: Outcome, verdict: Verdict
) -> None:
    assert after(delivery(kind, method), outcome, NOW) == verdict


@pytest.mark.parametrize(
    ("kind", "method", "repeats", "reason", "verdict"),
    [
        (Kind.SERVICE, SEND, 0, Reason.TIMED_OUT, retry(Reason.TIMED_OUT, 2, repeats=True)),
        (Kind.SERVICE, SEND, 1, Reason.TIMED_OUT, UNKNOWN_TIMED_OUT),
        (Kind.SERVICE, SEND, 0, Reason.KILLED, UNKNOWN_KILLED),
        (Kind.SERVICE, SEND, 1, Reason.KILLED, UNKNOWN_KILLED),
        (Kind.MARKETING, SEND, 0, Reason.TIMED_OUT, UNKNOWN_TIMED_OUT),
        (Kind.MARKETING, SEND, 0, Reason.KILLED, UNKNOWN_KILLED),
        (Kind.CARD, SEND, 0, Reason.TIMED_OUT, UNKNOWN_TIMED_OUT),
        (Kind.CARD, SEND, 0, Reason.KILLED, UNKNOWN_KILLED),
        (Kind.CARD, EDIT, 0, Reason.TIMED_OUT, retry(Reason.TIMED_OUT, 2)),
        (Kind.CARD, EDIT, 0, Reason.KILLED, retry(Reason.KILLED, 2)),
        (Kind.SERVICE, "pinChatMessage", 0, Reason.KILLED, retry(Reason.KILLED, 2)),
    ],
)
def test_an_ambiguous_answer_repeats_only_what_may_be_repeated(
    kind: Kind, method: str, repeats: int, reason: Reason, verdict: Verdict
) -> None:
    assert after(delivery(kind, method, repeats=repeats), Ambiguous(reason), NOW) == verdict


def test_a_platform_that_stays_away_is_given_up_at_last() -> None:
    tired = delivery(attempts=MAX_ATTEMPTS)
    assert after(tired, Unreachable(), NOW) == Verdict(State.FAILED, Reason.TOO_MANY_ATTEMPTS)
    edit = delivery(Kind.CARD, EDIT, attempts=MAX_ATTEMPTS)
    assert after(edit, Ambiguous(Reason.TIMED_OUT), NOW) == Verdict(State.FAILED, Reason.TOO_MANY_ATTEMPTS)


def test_waiting_for_the_platforms_pace_is_never_a_failure() -> None:
    patient = delivery(attempts=MAX_ATTEMPTS * 10)
    assert after(patient, RateLimited(timedelta(seconds=3)), NOW).state is State.RETRY


OUTCOMES = st.one_of(
    st.builds(Sent, st.none() | st.integers(1)),
    st.builds(RateLimited, st.timedeltas(timedelta(0), timedelta(hours=1))),
    st.builds(Unreachable),
    st.builds(Ambiguous, st.sampled_from([Reason.TIMED_OUT, Reason.KILLED])),
    st.builds(Refused, st.sampled_from(Reason), st.text()),
)
DELIVERIES = st.builds(
    delivery,
    st.sampled_from(Kind),
    st.sampled_from([SEND, *sorted(REPEATABLE_METHODS)]),
    attempts=st.integers(1, 20),
    repeats=st.integers(0, 1),
)


@given(st.integers(1, 20), st.sampled_from([Reason.TIMED_OUT, Reason.KILLED]))
def test_an_offer_is_never_sent_again_after_an_ambiguous_answer(attempts: int, reason: Reason) -> None:
    assert after(delivery(Kind.MARKETING, attempts=attempts), Ambiguous(reason), NOW).state is State.UNKNOWN


@given(DELIVERIES, OUTCOMES)
def test_only_a_first_service_message_is_recorded_as_repeated(one: Delivery, outcome: Outcome) -> None:
    verdict = after(one, outcome, NOW)
    assert one.repeats + verdict.repeats <= 1 or not verdict.repeats
    if verdict.repeats:
        assert (one.kind, one.method, one.repeats) == (Kind.SERVICE, SEND, 0)


@given(DELIVERIES, OUTCOMES)
def test_a_retry_has_a_time_and_everything_else_has_none(one: Delivery, outcome: Outcome) -> None:
    verdict = after(one, outcome, NOW)
    assert (verdict.due_at is not None) is (verdict.state is State.RETRY)
    assert verdict.due_at is None or verdict.due_at >= NOW


@given(st.integers(0, 10_000))
def test_the_wait_grows_and_stays_under_five_minutes(attempts: int) -> None:
    assert backoff(attempts) <= backoff(attempts + 1) <= LONGEST_BACKOFF


@given(st.lists(st.sampled_from(State)))
def test_the_closing_equation_balances_for_every_mix_of_states(states: list[State]) -> None:
    found = closing(len(states), states)
    ended = len(states) - found.pending
    assert found.balances
    assert found.pending == sum(state in {State.PLANNED, State.RETRY, State.DISPATCHING} for state in states)
    assert found.can_close is (found.pending == 0 and State.UNKNOWN not in states)
    assert ended == sum(found.by_state.get(state, 0) for state in State) - found.pending


@given(st.lists(st.sampled_from(State)), st.integers(1, 5))
def test_a_lost_row_is_seen(states: list[State], lost: int) -> None:
    found = closing(len(states) + lost, states)
    assert not found.balances
    assert not found.can_close


def test_a_message_carries_its_buttons_as_the_platform_wants_them() -> None:
    message = Message("你好", ((Button("我要接龙", data="j:1"), Button("官网", url="https://bank.example")),))
    assert message.payload() == {
        "text": "你好",
        "reply_markup": {
            "inline_keyboard": [
                [{"text": "我要接龙", "callback_data": "j:1"}, {"text": "官网", "url": "https://bank.example"}]
            ]
        },
    }
