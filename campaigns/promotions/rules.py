"""Pure decisions on a version's life: which act is possible when, by whom, and what it makes of the version."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from campaigns.deliveries.rules import Closing
from campaigns.promotions.model import (
    OVER,
    Act,
    Basis,
    Plan,
    Progress,
    PromotionRefusal,
    PromotionState,
    Version,
)

LONGEST_REASON = 300
SHORTEST_DIGEST = 12
_S = PromotionState
TRANSITIONS: Mapping[tuple[PromotionState, Act], PromotionState] = {
    (_S.DRAFT, Act.EDIT): _S.DRAFT,
    (_S.CHECKED, Act.EDIT): _S.DRAFT,
    (_S.DRAFT, Act.CHECK): _S.CHECKED,
    (_S.CHECKED, Act.CHECK): _S.CHECKED,
    (_S.CHECKED, Act.SUBMIT): _S.CHECKED,
    (_S.CHECKED, Act.APPROVE): _S.REVIEWED,
    (_S.CHECKED, Act.REJECT): _S.REJECTED,
    (_S.REVIEWED, Act.REJECT): _S.REJECTED,
    (_S.REVIEWED, Act.SCHEDULE): _S.SCHEDULED,
    (_S.SCHEDULED, Act.START): _S.RUNNING,
    (_S.RUNNING, Act.PAUSE): _S.PAUSED,
    (_S.PAUSED, Act.RESUME): _S.RUNNING,
    (_S.RUNNING, Act.CLOSE): _S.CLOSED,
    (_S.PAUSED, Act.CLOSE): _S.CLOSED,
    (_S.CLOSED, Act.EVALUATE): _S.EVALUATED,
    **{(state, Act.CANCEL): _S.CLOSED for state in (_S.DRAFT, _S.CHECKED, _S.REVIEWED, _S.SCHEDULED)},
    # What runs is paused until the last call in flight has come to its end; only then does the equation close.
    **{(state, Act.CANCEL): _S.PAUSED for state in (_S.RUNNING, _S.PAUSED)},
}


def act(version: Version, wanted: Act) -> Version | PromotionRefusal:
    """The version after an act, or NOT_NOW (S-216)."""
    after = TRANSITIONS.get((version.state, wanted))
    return PromotionRefusal.NOT_NOW if after is None else replace(version, state=after)


def edit(version: Version, plan: Plan, digest: str, author_id: int, now: datetime) -> Version | PromotionRefusal:
    """Another text for a draft; what was submitted never changes."""
    if version.submitted_at is not None or version.state in OVER:
        return PromotionRefusal.UNDER_WAY
    edited = act(version, Act.EDIT)
    if isinstance(edited, PromotionRefusal):
        return PromotionRefusal.UNDER_WAY
    return replace(edited, plan=plan, digest=digest, author_id=author_id, made_at=now, checked_at=None)


def submit(version: Version, now: datetime) -> Version | PromotionRefusal:
    """Hand a checked version to a second person; from here on it never changes."""
    if version.submitted_at is not None:
        return PromotionRefusal.SUBMITTED_ALREADY
    if version.plan.closes_at <= now:
        return PromotionRefusal.TOO_LATE
    submitted = act(version, Act.SUBMIT)
    return submitted if isinstance(submitted, PromotionRefusal) else replace(submitted, submitted_at=now)


def approve(version: Version, digest: str, reviewer_id: int) -> Version | PromotionRefusal:
    """A second person approves the very content that was read; `digest` may be its first twelve characters or more."""
    return _reviewed(version, Act.APPROVE, digest, reviewer_id)


def reject(version: Version, digest: str, reviewer_id: int, reason: str) -> Version | PromotionRefusal:
    """A second person sends it back and says why; it stays as it was, its successor is a draft."""
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        return PromotionRefusal.NO_REASON
    return _reviewed(version, Act.REJECT, digest, reviewer_id)


def schedule(version: Version, basis: Basis, now: datetime) -> Version | PromotionRefusal:
    """Let an approved version start at its time; one whose window is over never starts."""
    if version.state is PromotionState.REVIEWED and version.plan.closes_at <= now:
        return PromotionRefusal.TOO_LATE
    scheduled = act(version, Act.SCHEDULE)
    if isinstance(scheduled, PromotionRefusal):
        return scheduled
    return replace(scheduled, basis=basis, scheduled_at=now)


def start(version: Version, now: datetime) -> Version | PromotionRefusal:
    """Begin: its audience is looked for next."""
    started = act(version, Act.START)
    return started if isinstance(started, PromotionRefusal) else replace(started, started_at=now, progress=Progress())


def is_due(version: Version, now: datetime) -> bool:
    """Whether a scheduled version starts now."""
    return version.state is PromotionState.SCHEDULED and version.plan.send_at <= now


def resume(version: Version) -> Version | PromotionRefusal:
    """Go on after a pause; what was cancelled stays cancelled."""
    return PromotionRefusal.CANCELLED if version.cancelled_at is not None else act(version, Act.RESUME)


def cancel(version: Version, now: datetime) -> Version | PromotionRefusal:
    """Stop for good, whatever the state."""
    if version.cancelled_at is not None:
        return PromotionRefusal.CANCELLED
    cancelled = act(version, Act.CANCEL)
    if isinstance(cancelled, PromotionRefusal):
        return cancelled
    is_over = cancelled.state is PromotionState.CLOSED
    return replace(cancelled, cancelled_at=now, ended_at=now if is_over else None)


def close(version: Version, closing: Closing, now: datetime) -> Version | PromotionRefusal:
    """End it: only when everybody is planned, or it was cancelled, and the equation closes."""
    closed = act(version, Act.CLOSE)
    if isinstance(closed, PromotionRefusal):
        return closed
    is_planned = version.progress.is_whole or version.cancelled_at is not None
    if not is_planned or not closing.can_close:
        return PromotionRefusal.STILL_OPEN
    return replace(closed, ended_at=now)


def may_plan(version: Version) -> bool:
    """Whether the next of its people may be looked for or planned: a pause stops that, a cancellation for ever."""
    return version.state is PromotionState.RUNNING and version.cancelled_at is None and not version.progress.is_whole


def _reviewed(version: Version, wanted: Act, digest: str, reviewer_id: int) -> Version | PromotionRefusal:
    if version.submitted_at is None:
        return PromotionRefusal.NOT_SUBMITTED
    if reviewer_id == version.author_id:
        return PromotionRefusal.OWN_WORK
    if len(digest) < SHORTEST_DIGEST or not version.digest.startswith(digest):
        return PromotionRefusal.CHANGED
    return act(version, wanted)
