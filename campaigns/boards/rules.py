"""Pure rules of a board: which notice may be placed now, and until when it is taken back."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from campaigns.boards.model import OF_A_BOOTH, BoardRefusal, Notice, NoticeKind
from campaigns.rallies.model import Booth, BoothState, Rally, RallyState

AGAIN_AFTER = timedelta(minutes=10)
NOTICE_LIVES = timedelta(minutes=15)  # "No queue" is no longer true then.


def may_tell(
    rally: Rally, kind: NoticeKind, code: str | None, placed: Iterable[Notice], now: datetime
) -> Booth | BoardRefusal | None:
    """The booth that a notice is about (None for one about the event), or why it is not placed.

    What is told must be true: a paused booth has no short queue, and one that is open is not paused.
    """
    if rally.state is not RallyState.RUNNING:
        return BoardRefusal.NOT_RUNNING
    booth = rally.booth(code) if code else None
    if (kind in OF_A_BOOTH) != (booth is not None):
        return BoardRefusal.NO_BOOTH
    if booth is not None and (booth.state is BoothState.PAUSED) != (kind is NoticeKind.PAUSED):
        return BoardRefusal.UNTRUE
    same = (each for each in placed if (each.kind, each.booth) == (kind, code) and each.cancelled_at is None)
    return BoardRefusal.JUST_TOLD if any(now - each.placed_at < AGAIN_AFTER for each in same) else booth


def may_take_back(notice: Notice | None, rally_id: int, now: datetime) -> Notice | BoardRefusal:
    """A notice that has not left yet."""
    if notice is None or notice.rally_id != rally_id:
        return BoardRefusal.TOO_LATE
    if notice.cancelled_at is not None:
        return BoardRefusal.ALREADY
    return notice if now < notice.leaves_at else BoardRefusal.TOO_LATE
