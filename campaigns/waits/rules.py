"""How long a queue takes, whose turn it is, who is told, and who was called in vain; pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil
from statistics import median

from campaigns.rallies.model import Booth, BoothState
from campaigns.waits.model import Number, Steps, WaitCode, WaitState

RECENT = timedelta(minutes=15)
ENOUGH = 4  # Stamps of late from which a booth's pace is read; before them the plan's word counts.
FASTER, SLOWER = 4, 3  # A pace is believed up to four times as fast and three times as slow as planned.
CALLED_AT_ONCE = 2
NEARLY = 2  # Who has at most so many before them is told.
PATIENCE = timedelta(minutes=3)


def seconds_each(planned: int, stamped_at: Sequence[datetime], now: datetime) -> float:
    """Seconds that one visitor takes, by the median gap between the stamps of late; pauses and rushes do not count."""
    late = sorted(at for at in stamped_at if now - RECENT <= at <= now)
    if len(late) < ENOUGH:
        return planned
    gap = median((after - before).total_seconds() for before, after in pairwise(late))
    return min(max(gap, planned / FASTER), planned * SLOWER)


def minutes(ahead: int, seconds: float) -> int:
    """Whole minutes until the turn of somebody with so many before them; nobody before them is no wait."""
    return ceil(ahead * seconds / 60)


def why_no_number(booth: Booth, now: datetime) -> WaitCode | None:
    """Why a booth gives no number now; None when it does."""
    if not booth.opens_at <= now < booth.closes_at:
        return WaitCode.CLOSED
    return WaitCode.PAUSED if booth.state is BoothState.PAUSED else None


def ahead_of(number: Number, queue: Sequence[Number]) -> int:
    """How many open numbers of a booth come before this one."""
    return sum(each.number < number.number for each in queue)


def steps(queue: Sequence[Number], now: datetime, *, is_open: bool) -> Steps:
    """What is due in a booth's queue of open numbers; while a booth is paused nobody is called or passed over."""
    if not is_open:
        return Steps()
    called = [each for each in queue if each.state is WaitState.CALLED]
    missed = tuple(each for each in called if each.called_at is not None and now - each.called_at >= PATIENCE)
    rest = sorted((each for each in queue if each not in missed), key=lambda each: each.number)
    free = CALLED_AT_ONCE - len(called) + len(missed)
    next_ones = [each for each in rest if each.state is WaitState.WAITING][: max(free, 0)]
    nearly = [each for each in rest if each.told_at is None and ahead_of(each, rest) <= NEARLY]
    return Steps(missed, tuple(next_ones), tuple(nearly))
