"""What follows from an attempt to deliver: pure decisions on one delivery and what the platform answered."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.deliveries.model import PENDING, Delivery, Kind, Reason, State

POSTS, EDITS = frozenset({"sendMessage", "sendPhoto"}), frozenset({"editMessageText", "editMessageMedia"})
NAMING_A_MESSAGE = EDITS | {"pinChatMessage", "unpinChatMessage", "deleteMessage"}
REPEATABLE_METHODS = NAMING_A_MESSAGE | {
    "editMessageCaption",
    "setChatTitle",
    "setChatDescription",
    "restrictChatMember",
}
MAX_ATTEMPTS = 8
LONGEST_BACKOFF = timedelta(minutes=5)


@dataclass(frozen=True)
class Sent:
    """The platform took it; `message_id` is None for calls that make no message."""

    message_id: int | None = None


@dataclass(frozen=True)
class RateLimited:
    """429: nothing was delivered; try again after so long."""

    wait: timedelta


@dataclass(frozen=True)
class Unreachable:
    """No connection was made: nothing can have been delivered."""


@dataclass(frozen=True)
class Undrawn:
    """The picture could not be drawn, so no call was made."""


@dataclass(frozen=True)
class Ambiguous:
    """A time-out, reset, 5xx or kill during the call: it may or may not have arrived."""

    reason: Reason


@dataclass(frozen=True)
class Refused:
    """The platform refused for good: 400 or 403, with what it said."""

    reason: Reason
    detail: str = ""


Outcome = Sent | RateLimited | Unreachable | Undrawn | Ambiguous | Refused


@dataclass(frozen=True)
class Verdict:
    """The state that a delivery takes now."""

    state: State
    reason: str | None = None
    due_at: datetime | None = None
    message_id: int | None = None
    detail: str = ""
    repeats: bool = False


def after(delivery: Delivery, outcome: Outcome, now: datetime) -> Verdict:
    """Decide a delivery's next state; at most once for offers, one recorded repeat for service messages.

    Source: the delivery ledger in docs/architecture.md; sendMessage has no idempotency key.
    """
    match outcome:
        case Sent(message_id):
            return Verdict(State.SENT, message_id=message_id)
        case RateLimited(wait):
            return Verdict(State.RETRY, Reason.RATE_LIMITED, now + wait)
        case Unreachable():
            return _retry(delivery, Reason.UNREACHABLE, now)
        case Undrawn():
            return _retry(delivery, Reason.NOT_DRAWN, now)
        case Refused(reason, detail):
            return Verdict(_refusal_state(reason), reason, detail=detail)
        case Ambiguous(reason):
            return _after_ambiguity(delivery, reason, now)


def _after_ambiguity(delivery: Delivery, reason: Reason, now: datetime) -> Verdict:
    """Repeating an edit or a pin changes nothing; repeating a message would be a second message."""
    if delivery.method in REPEATABLE_METHODS:
        return _retry(delivery, reason, now)
    if delivery.kind is Kind.SERVICE and delivery.repeats == 0 and reason is not Reason.KILLED:
        return Verdict(State.RETRY, reason, now + backoff(delivery.attempts), repeats=True)
    return Verdict(State.UNKNOWN, reason)


def _retry(delivery: Delivery, reason: Reason, now: datetime) -> Verdict:
    if delivery.attempts >= MAX_ATTEMPTS:
        return Verdict(State.FAILED, Reason.TOO_MANY_ATTEMPTS)
    return Verdict(State.RETRY, reason, now + backoff(delivery.attempts))


def _refusal_state(reason: Reason) -> State:
    unreachable_person = {Reason.NO_PRIVATE_CHAT, Reason.BLOCKED, Reason.BOT_REMOVED}
    return State.SUPPRESSED if reason in unreachable_person else State.FAILED


def backoff(attempts: int) -> timedelta:
    """2, 4, 8 … seconds by attempt, at most five minutes."""
    return min(timedelta(seconds=2 ** min(attempts, 10)), LONGEST_BACKOFF)


@dataclass(frozen=True)
class Closing:
    """One campaign's closing equation; unknown must be 0 to close."""

    planned: int
    by_state: dict[State, int]

    @property
    def pending(self) -> int:
        """How many are still under way."""
        return sum(self.by_state.get(state, 0) for state in PENDING)

    @property
    def balances(self) -> bool:
        """planned = sent + failed + suppressed + held_out + cancelled + unknown + pending."""
        return self.planned == sum(self.by_state.values())

    @property
    def can_close(self) -> bool:
        """Everything came to an end, and a person resolved every unknown."""
        return self.balances and self.pending == 0 and self.by_state.get(State.UNKNOWN, 0) == 0


def closing(planned: int, states: list[State]) -> Closing:
    """Count a campaign's deliveries by state."""
    return Closing(planned, dict(Counter(states)))
